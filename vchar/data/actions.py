"""What the recorded clips show, in plain words: an action's name, how its clips are described, how people ask for it.

Each row holds the name, a pattern that finds the action in a tidied description, and phrases that ask for it, with the
verbs in their base form so that they can be put into sentences. The first row that fits counts.
"""

from typing import NamedTuple


class Action(NamedTuple):
    """A thing that can be done."""

    name: str
    pattern: str
    phrases: tuple[str, ...]


def _table(text: str) -> tuple[Action, ...]:
    rows = [line.split(" : ") for line in text.strip().splitlines()]
    return tuple(Action(name.strip(), pattern.strip(), tuple(phrases.split(", "))) for name, pattern, phrases in rows)


# Looked for in the whole description, before it is taken apart.
WHOLE = _table("""
climb           : playground : climb, climb up and hang from a bar, climb on a climbing frame
climb           : climb ladder : climb a ladder, climb up a ladder, climb
climb stairs    : climb 3 steps : climb stairs, walk up some steps, go upstairs
walk            : uneven terrain : walk on uneven ground, walk over rough terrain, hike
hop             : jump up and down, hop on one : hop on one foot, jump up and down, play hopscotch
jumping jacks   : jumping jacks, (jog|side) : exercise, do jumping jacks and squats, warm up
jumping jacks   : jumping jacks : do jumping jacks, jump like a jumping jack
reach           : jump up to grab : jump up and reach for something, reach up high, stretch on tiptoe
wash            : wash self : wash oneself, take a shower, scrub the body
pick up         : scoop up : pick something up, bend down and pick something up from the floor, pick up an object
sword           : swordplay : fight with a sword, swing a sword, fence
drink           : soda|consume item|use item : drink, drink from a bottle, have a drink
wash windows    : wash window : wash windows, clean a window, wipe a window
mop             : mop : mop the floor, clean the floor, sweep the floor
laugh           : laugh : laugh, laugh out loud, giggle
direct traffic  : direct traffic : direct traffic, wave and point, wave with both arms
sit             : sit on high stool$ : sit on a high stool, sit on a bar stool, sit and dangle the legs
sit down        : sit on (high )?st.*stand up : sit down and stand up, sit down on a chair, take a seat
sit             : sit on stepstool : sit on a chair, sit and relax, sit with crossed legs
teapot          : teapot : act out a nursery rhyme, pretend to be a teapot
gesture         : alaskan : tell a story with gestures, talk with the hands
gesture         : basketball signals : give referee signals, make signs with the arms
pirouette       : pirouette : dance ballet with a pirouette, do a pirouette, spin like a ballet dancer
leap            : jete : dance ballet with leaps, leap like a ballet dancer, do a grand jete
ballet          : arabesque|attitude|glissade|rond de|retire|pointe|ballet : dance ballet, do ballet, dance gracefully
salsa           : salsa : dance salsa, salsa, dance a salsa with a partner
lambada         : lambada : dance the lambada, dance a latin dance, dance
charleston      : charleston : dance the charleston, dance a swing dance, dance
indian dance    : indian dance|presentation of her : dance an indian dance, dance a classical indian dance, dance
robot dance     : start (hop|walk|duck)|^jump stop : dance like Michael Jackson, dance a funny dance, dance pop
breakdance      : breaksequence|uprightsequence|longsequence : breakdance, dance breakdance, do a breakdance
ymca            : ymca : dance YMCA, do the YMCA, dance
whirl           : whirl : dance and whirl, whirl around, spin around
cartwheel       : cartwheel : do a cartwheel, turn a cartwheel
backflip        : backflip : do a backflip, flip backwards, do a somersault in the air
balance         : balance on one|lean back on bent : balance on one leg, stand on one foot
modern dance    : dance - : dance, dance a modern dance, dance expressively
dance           : dance|dancing : dance, dance freely, dance happily
hang            : acrobatics : spin and hang on ropes, do acrobatics
chicken         : chicken : walk like a chicken, imitate a chicken
prairie dog     : prairie : imitate a prairie dog
dog             : dog( |$) : walk like a dog, imitate a dog, crawl on all fours like a dog
cat             : ^cat$ : walk like a cat, imitate a cat, crawl on all fours like a cat
animal : (whale|bear|elephant|mouse|dinosaur|snake|monkey) : imitate {an} {0}, move like {an} {0}, act like {an} {0}
box             : boxing : box, throw punches, punch
jump and kick   : jumps kicks and : jump and kick and punch, fight
walk and sit    : walk, sitting : walk and sit down and stand up, walk and sit down and look around
walk            : sadwalk : walk sadly, walk slowly with the head down, trudge
walk            : quickwalk : walk quickly, walk fast
walk            : walkstraight : walk, walk straight ahead, walk forward
jump            : jump turn|turn jump : jump and turn, jump
karate          : ^(empi|bassai|heian|form|extended) : perform a karate kata, do martial arts, practise karate
karate          : gedanbarai|syutou|oiduki|syotei : practise karate strikes, punch and step forward, do martial arts
kick            : mawashigeri : do a roundhouse kick, kick, practise karate kicks
tai chi         : tai chi : do tai chi, move slowly and calmly
head butt       : head butt : fight with head butts, headbutt
taunt           : provocation|taunt : taunt an opponent, provoke someone, challenge someone to fight
sneak           : sneak|stealth : sneak, creep quietly, walk stealthily, tiptoe quietly
zombie          : zombie|skeletons walk : walk like a zombie, shuffle like a zombie, limp, stagger like the undead
crawl backwards : crawl back : crawl backwards, crawl back on all fours
crawl           : crawl : crawl, crawl on all fours, crawl forward
swim            : swim idle : tread water, float in the water
swim            : swim : swim, swim forward
basketball      : dribble.*shoot : dribble and shoot a basketball, throw a basketball
basketball      : dribble : dribble a basketball, bounce a ball, play basketball
golf            : golf : play golf, swing a golf club
navigate        : navigate : walk in several directions, walk to and fro
motorcycle      : motorcycle|driving : ride a motorcycle, sit as if driving, drive
death           : death resurrect : fall dead and rise again
death           : death : die, fall down dead, collapse
get hit         : hit [ab]|block hit : get hit, stagger from a hit
awaken          : awaken|spawn ground : rise from the ground, get up from the grave
land            : spawn air : drop from the air and land, land
sit-ups         : sit ups : do sit-ups, do crunches
push-ups        : push ?ups? : do push-ups, do press-ups
push            : ^push$ : push something heavy, push a box
lie down        : lie down|crouch to lie|^lie$ : lie down, lie down on the floor
sleep           : lie idle|sleeping : lie on the ground, sleep
get up          : lie stand ?up|lie to crouch : get up from the floor, stand up from lying, get up
sit on floor    : sit floor down : sit down on the floor, sit down
sit on floor    : sit floor idle : sit on the floor
stand up        : sit floor stand ?up|sit chair stand ?up|sitting exit : stand up, get up from a seat
sit down        : sit chair down|sitting enter : sit down, sit down on a chair, take a seat
sit             : sitting : sit on a chair, sit, sit and talk
meditate        : meditate : meditate, sit cross-legged
kneel           : kneel : kneel, kneel down
roll            : dive over|roll : do a forward roll, dive and roll
fist pump       : fist pump : pump the fist in triumph, pump the fist
victory         : victory : celebrate a victory, strike a victory pose, pump the fist in triumph
cheer           : cheer : cheer, cheer with raised arms, celebrate
bow             : bow to|to bow|^bow$ : bow, take a bow
greet           : greeting : greet someone, say hello, greet someone with the {side} hand
wave            : wav(e|ing) : wave, wave hello, wave with the hand, greet someone, wave with the {side} hand
dab             : ^dab : dab, do the dab
nod             : nod : nod, nod the head
reject          : reject : shake the head and say no, refuse
angry           : angry : be angry, stamp angrily
confused        : confused : be confused, look puzzled
dizzy           : dizzy : be dizzy, sway dizzily
tired           : tired : be tired, stand hunched
interact        : interact : use something in front, press a button
levitate        : levitate : levitate, float in the air
magic           : magic|spell : cast a spell, do magic
bow and arrow   : ranged bow : shoot with a bow, aim a bow, draw a bow
carry           : hold(ing)? ?(bow|rifle) : run with a weapon
shoot           : ranged|pistol|rifle : aim a gun, shoot with a gun
torch           : torch : hold a torch
kick            : kick : kick, do a kick, kick hard, kick with the {side} leg
kick            : roundhouse|crescent|cresent|capoeira : do a {0} kick, kick with the {side} leg, kick, kick high
block           : melee block : block with a shield, defend
punch           : punch : punch, throw a punch, hit with the fist
sword attack    : melee (1h|2h|dual).*attack|sword attack|block attack : attack with a sword, strike with a sword, slash
fight           : unarmed idle : take a fighting stance, get ready to fight
sword           : melee|sword : hold a sword ready, stand with a sword
punch           : jab (left|right)|(left|right) jab : punch, jab with the {side} hand, throw a {side} punch
punch           : (hook|cross|uppercut|backfist) : punch, throw a {side} {0}, punch with the {side} hand
block           : block : block a punch, block with the arms, defend
dodge           : dodge : dodge, dodge to the {side}, evade a punch
warm up         : warm up : warm up before a fight, loosen up
fight           : advance|retreat|switch stance|ready|defend|fighting idle : take a fighting stance, get ready to fight
lift            : lift : lift a box, lift something heavy, lift something up
pick up         : pick ?up : pick something up, pick up a box, bend down and pick something up
put down        : put down : put something down, put down a box
carry           : with box : carry a box, walk with a box
side step       : run side ?step : run and sidestep to the {side}, sidestep while running
side step       : side ?step|strafe : sidestep to the {side}, step sideways, step to the {side}
swing arms      : swing arms : swing the arms, stand and swing the arms
sway            : sway : sway from side to side, sway
look around     : look around : look around, look in all directions
turn around     : ^turn around$ : turn around, turn around on the spot, turn back
fight           : guard turn : turn to the {side} in a fighting stance, turn around slowly as a fighter
jump over       : jump over|run over : jump over an obstacle, run and jump over something, leap over something
duck            : duck : duck under something, run and duck
hop             : hop stop : hop
""")

# Looked for in each part of a description such as "walk to crouch".
PARTS = _table("""
walk backwards  : walk (back|backwards)$|walking backwards : walk backwards, walk back, step backwards
run backwards   : run back(wards)?$ : run backwards
turn around     : walk back(wards)? turn forward : walk backwards and turn around and walk forward
walk backwards  : walk back(wards)? stop forward : walk backwards and stop and walk forward
run backwards   : run back(wards)? (stop|turn) run forward : run backwards and turn and run forward
turn around     : run turn around : run and turn around, run and turn back
turn around     : walk turn (around|change) : walk and turn around, turn around, walk and turn back
run and turn    : run.*(turn|curve).*(left|right) : run and turn {side}, run in a curve to the {side}
run and turn    : run.*change : run and change direction
run and turn    : run.*(left|right) : run to the {side}, run in a curve to the {side}
turn : (turn|veer).*(left|right)|(left|right).*turn : turn {side}, turn to the {side}, walk in a curve to the {side}
leap            : leap : leap, run and leap, jump far
run and stop    : run.*stop : run and stop, run and stop suddenly
high jump       : high jump : jump high, jump up, jump
jump            : forward jump : jump forward, jump
jump            : jump : jump, jump up, leap up
stride          : stride : walk with large steps, stride
walk slowly     : slow walk : walk slowly, stroll, walk
walk fast       : brisk walk : walk briskly, walk quickly, walk
hop             : hop : hop, hop on one leg
skip            : skip : skip, skip along happily
crouch          : crouch (fwd|walk|forward) : walk crouched, sneak crouched
crouch          : crouch : crouch, crouch down, squat
run             : jog : jog, run slowly, run
run             : run : run, run forward, run fast
idle            : talking : talk, stand and talk
idle            : idle|stand|listening : stand still, idle, stand, stand around
stretch         : stretch : stretch
turn            : turn : turn
walk            : walk : walk, walk forward, walk normally, stroll
relax           : relax : relax, let the arms hang
""")
