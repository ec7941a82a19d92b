"""Descriptions of recorded clips, often telegrams such as "walk to crouch", made into sentences that people write."""

import re
from collections.abc import Callable
from functools import cache
from itertools import product

from vchar.data.actions import PARTS, WHOLE, Action
from vchar.data.motions import Motion

SENTENCES = ("a person {s}", "{base}", "{ing}", "someone {s}", "a character {s}", "the person is {ing}")
MOST = 40  # sentences a clip
_REPAIRS = (
    (r"trun", "turn"), (r"cresent", "crescent"), (r"(?<=\s)2(?=[a-z]{3})", "to "), (r"\bt ?2$|take \d+|working", ""),
    (r"^fighting \d+ |^walk \d+ (?=sneak)", ""), (r"[ _](loop|rm)\b", ""), (r"to turn", "turn"),
    (r"box lift", "lift box"), (r"^(walking|running) [abc]$", r"\1"), (r"\bwalking\b", "walk"), (r"\brunning\b", "run"),
    (r"\b1to\b", "to"), (r"(death)0\d", r"\1"),
)  # fmt: skip
_DOUBLED = {
    "run", "sit", "jog", "skip", "hop", "get", "stop", "step", "swim", "hit", "mop", "put", "spin", "jab", "nod", "dab",
    "squat", "let", "scrub", "sidestep",
}  # fmt: skip
_SEVERAL = re.compile(r"turn|stop|stand|start|over|pick|put|sit|lie|kick|jump|death|victory|bow")
_COMMON = {"idle", "walk", "run", "relax", "fight"}  # what a clip isn't named after if it shows more
_JOINABLE = {"pick up", "lift", "put down", "fight", "bow", "carry", "taunt", "warm up"}  # also looked for part by part
_SWAPPED = re.compile(r"\b(left|right)(?=\b|\s|-)")


def action(motion: Motion) -> str:
    """The name of what a clip shows; of several things, the first that is more than standing and walking."""
    names = [found.name for found, _ in _found(motion.description)]
    rare = [name for name in names if name not in _COMMON]
    moving = [name for name in names if name != "idle"]
    return (rare or moving or names or ["other"])[0]


def sentences(motion: Motion) -> tuple[str, ...]:
    """What people might write to get this clip; the plainest sentence first."""
    found = _found(motion.description)
    if not found:
        return (f"a person performs {tidy(motion.description)}",)
    choices = [phrases for _, phrases in found]
    said: dict[str, None] = {}
    for pattern in SENTENCES:
        for steps in product(*choices):
            said[_joined(pattern, steps)] = None
    still = " on the spot" if "in_place" in motion.flags else ""
    texts = [text + still for text in said]
    stride = max(1, len(texts) // MOST)
    return tuple(texts[::stride])


def phrases(actions: set[str]) -> tuple[tuple[str, str], ...]:
    """For each of the actions, by its name, the ways to ask for it: short sentences first.

    What is said of several actions, such as "dance", asks for the one of that name, or else for the first.
    """
    owners: dict[str, str] = {}
    for row in (*WHOLE, *PARTS):
        for phrase in row.phrases if row.name in actions else ():
            if "{" not in phrase and (phrase not in owners or phrase == row.name):
                owners[phrase] = row.name
    said = [(name, SENTENCES[0].format(s=_each(_third, phrase))) for phrase, name in owners.items()]
    return (*sorted(said, key=lambda one: len(one[1])), *((name, phrase) for phrase, name in owners.items()))


def composite(motion: Motion) -> bool:
    """Whether a clip shows several things one after another, so that a part of it isn't what its text says."""
    return len(_found(motion.description)) > 1 or bool(_SEVERAL.search(tidy(motion.description)))


def mirrored(text: str) -> str:
    """Left and right exchanged."""
    return _SWAPPED.sub(lambda side: "right" if side[1] == "left" else "left", text)


def tidy(description: str) -> str:
    """A description without the file names' leftovers."""
    text = description.lower().replace("_", " ")
    for pattern, repair in _REPAIRS:
        text = re.sub(pattern, repair, text)
    return " ".join(text.split())


@cache
def _found(description: str) -> tuple[tuple[Action, tuple[str, ...]], ...]:
    """The actions in a description in their order, each with its phrases filled in."""
    text = tidy(description)
    whole = next(((row, match) for row in WHOLE if (match := re.search(row.pattern, text))), None)
    if whole and not (" to " in text and whole[0].name in _JOINABLE):
        return ((whole[0], _filled(*whole, text)),)
    found: list[tuple[Action, tuple[str, ...]]] = []
    for part in re.split(r" to |, ", text):
        rows = ((row, match) for row in (*WHOLE, *PARTS) if (match := re.search(row.pattern, part)))
        if hit := next(rows, None):
            found.append((hit[0], _filled(*hit, part)))
    return tuple(found)


def _filled(row: Action, match: re.Match[str], text: str) -> tuple[str, ...]:
    side = next((s for s in ("left", "right") if s in text), "")
    what = next((group for group in match.groups() if group), match[0])
    article = "an" if what[0] in "aeiou" else "a"
    said = [phrase for phrase in row.phrases if side or "{side}" not in phrase]
    return tuple(phrase.format(what, side=side, an=article) for phrase in said)


def _joined(pattern: str, steps: tuple[str, ...]) -> str:
    """One sentence about steps in base form."""
    forms = {"base": steps, "s": [_each(_third, step) for step in steps], "ing": [_each(_gerund, s) for s in steps]}
    return pattern.format(**{name: " and then ".join(form) for name, form in forms.items()})


def _each(form: Callable[[str], str], step: str) -> str:
    return " and ".join(form(clause) for clause in step.split(" and "))


def _third(clause: str) -> str:
    verb, _, rest = clause.partition(" ")
    if verb == "be":
        verb = "is"
    elif re.search(r"(s|sh|ch|x|o)$", verb):
        verb += "es"
    else:
        verb = verb[:-1] + "ies" if re.search(r"[^aeiou]y$", verb) else verb + "s"
    return f"{verb} {rest}".strip()


def _gerund(clause: str) -> str:
    verb, _, rest = clause.partition(" ")
    if verb in _DOUBLED:
        verb += verb[-1]
    elif verb == "die":
        verb = "dy"
    elif verb == "lie":
        verb = "ly"
    elif verb.endswith("e") and not verb.endswith(("be", "ee", "oe")):
        verb = verb[:-1]
    return f"{verb}ing {rest}".strip()
