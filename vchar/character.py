"""Character: everything that the user chose, as a small frozen recipe; JSON and a short code, both ways."""

import base64
import binascii
import dataclasses
import json
import re
import zlib
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import parse_qs, urlsplit

from vchar.errors import VcharError
from vchar.rig import phenotype
from vchar.rig.blendshapes import ARKIT_NAMES, PRESETS, REGIONS
from vchar.rig.wardrobe import KINDS, SLOTS, Wear, is_colour

VERSION = 6  # 1 knew no expression, 2 no view, 3 no body, 4 no motion, 5 no place
MAX_SEED = 2**32 - 1
MAX_MIXES = 12  # keeps every code short enough for a link
MAX_PLACE, ROOM = 400, 40  # letters of a place; how many of them take the room of one mix
MAX_NAME = 60
MAX_PROMPT = 400  # letters
SECONDS, ENERGY = (1, 10), 2  # of a motion: from, to; to either side
VIEW_LIMITS = {"yaw": 45, "pitch": 20, "roll": 30}  # degrees to either side
_MAX_JSON = 16_384
_SLIDER = re.compile(r"[a-z][a-z0-9_]{0,31}")
# zlib's dictionaries: what recipes are full of costs a code next to nothing. Codes name the one that they were packed
# with, so none may ever change; new words make a new one.
_FIRST_WORDS = (
    "neutral happy sad angry surprised afraid disgusted contempt laughing crying sleepy smug embarrassed shouting "
    "kissing winking excited worried thinking confused bored pouting determined in_pain "
    "age gender skin_tone skin_flush skin_detail face_width chin_length eyes_open eye_colour brow_height brow_weight "
    "nose_length lip_colour smile mouth_open hair_lightness hair_warmth hair_length hair_detail fringe beard glasses "
    "yaw pitch light_side warmth colourfulness backdrop clothes "
    + "".join(f',"{name}":0.' for name in ARKIT_NAMES)
    + '"regions":["Brows","Eyes","Cheeks & nose","Mouth","Jaw & tongue","Gaze"],"gaze":[0.'
    + ',"truncation_psi":0.,"mixes":[{"seed":,"shape":0.,"colouring":0.,"keep":["'
    + '{"vchar":2,"seed":,"sliders":{"expression":{"neutralise":true,"emotions":{"arkit":{"'
).encode()
_BODY_WORDS = (
    _FIRST_WORDS
    + b',"age":-0.,"gender":-0.,"height":-0.,"weight":-0.,"muscle":-0.,"proportions":-0.,"bust":-0.,"shoulders":-0.'
    + b',"belly":-0.,"hips":-0.,"legs":-0.t_shirt long_sleeves sweater hoodie tank_top trousers jeans shorts skirt '
    + b"sneakers boots stripes pinstripes checks two_tone"
    + b'"skin":"#view":{"yaw":-,"pitch":-,"roll":-","second":"#"},"shoes":{"kind":"","colour":"#","pattern":"plain",'
    + b'"second":"#"},"bottom":{"kind":"","colour":"#","pattern":"plain","second":"#f2efe8"},"top":{"kind":"'
    + b'{"vchar":4,"seed":,"body":{"shape":{"'
)
_WORDS = (
    _BODY_WORDS
    + b" the right left hand forward backwards slowly around stands turns sits down walks runs jumps dances kicks waves"
    + b',"energy":-0.,"loop":true,"in_place":true,"foot_lock":false,"seconds":'
    + b'{"vchar":5,"seed":,"motion":{"prompt":"a person '
)
_DICTIONARIES = {zlib.adler32(words): words for words in (_FIRST_WORDS, _BODY_WORDS, _WORDS)}


@dataclass(frozen=True)
class Mix:
    """Another face mixed in.

    seed: the other face, 0 .. 2**32-1.  shape, colouring: how much of its coarse and of its fine layers, 0..1; a model
    without layers takes their mean.
    keep: names of sliders whose reading of the face stays as it was (the padlocks).
    """

    seed: int
    shape: float
    colouring: float
    keep: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        _check_seed(self.seed)
        _round(self, "shape", 0, 1)
        _round(self, "colouring", 0, 1)
        object.__setattr__(self, "keep", tuple(sorted({_slider_name(name) for name in self.keep})))


@dataclass(frozen=True)
class Expression:
    """What a face is asked to do; the empty one leaves it as it is.

    neutralise: forget the face's own expression first.  emotions: strength 0..1 by name in `PRESETS`.
    arkit: weight 0..1 by ARKit name, whatever the emotions say.  gaze: x (-1..1, to the picture's right) and y (up);
    None leaves the eyes alone.  regions: names in `REGIONS`, the only ones that `neutralise` and `emotions` reach;
    none means all of the face.
    Raises VcharError for anything else. Numbers are rounded to 2 decimals.
    """

    neutralise: bool = False
    emotions: Mapping[str, float] = field(default_factory=dict, hash=False)
    arkit: Mapping[str, float] = field(default_factory=dict, hash=False)
    gaze: tuple[float, float] | None = None
    regions: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        if not isinstance(self.neutralise, bool):
            raise VcharError(f"An expression's neutralise is true or false, not {_short(self.neutralise)}.")
        emotions = _shares(self.emotions, PRESETS, "emotion")
        object.__setattr__(self, "emotions", {name: strength for name, strength in emotions.items() if strength})
        object.__setattr__(self, "arkit", _shares(self.arkit, ARKIT_NAMES, "ARKit action"))
        object.__setattr__(self, "regions", tuple(r for r in REGIONS if r in _known(self.regions, REGIONS, "region")))
        if self.gaze is not None:
            if not isinstance(self.gaze, list | tuple) or len(self.gaze) != 2:
                raise VcharError(f"A gaze is two numbers, right and up, not {_short(self.gaze)}.")
            object.__setattr__(self, "gaze", tuple(round(_number(each, "gaze", -1, 1), 2) for each in self.gaze))

    def to_json(self) -> str:
        """The expression alone, for another face; `from_json` takes it back."""
        return json.dumps({"vchar_expression": 1, **dataclasses.asdict(self)}, indent=2)

    @classmethod
    def from_json(cls, text: str) -> "Expression":
        """Read what `to_json` wrote, or the expression in a character's recipe; VcharError for anything else."""
        data = _read_json(text)
        if isinstance(data, dict) and "vchar" in data:
            return Character.from_json(text).expression
        if not isinstance(data, dict) or data.pop("vchar_expression", None) != 1:
            raise VcharError("This JSON is no expression of this vchar; choose a preset or recipe that vchar made.")
        return _from_fields(cls, data)


@dataclass(frozen=True)
class View:
    """Where the head looks, in degrees, whatever way it looked before; all 0 is straight into the camera.

    yaw: -45..45, to the picture's right.  pitch: -20..20, up.  roll: -30..30, clockwise in the picture.
    Raises VcharError outside these ranges. Numbers are rounded to 1 decimal.
    """

    yaw: float = 0.0
    pitch: float = 0.0
    roll: float = 0.0

    def __post_init__(self) -> None:
        for name, limit in VIEW_LIMITS.items():
            angle = _number(getattr(self, name), f"{name} of a view, in degrees,", -limit, limit)
            object.__setattr__(self, name, round(angle, 1) + 0.0)  # no -0.0


@dataclass(frozen=True)
class Body:
    """A body and what it wears.

    shape: -1..1 by name in `vchar.rig.phenotype.NAMES`, 0 (neutral) is left out.  top, bottom, shoes: what is worn.
    skin: sRGB such as #c79f86; None is taken from the face.
    Raises VcharError for anything else. Numbers are rounded to 2 decimals.
    """

    shape: Mapping[str, float] = field(default_factory=dict, hash=False)
    top: Wear = field(default_factory=lambda: Wear("t_shirt", "#4a6fa5"))
    bottom: Wear = field(default_factory=lambda: Wear("jeans", "#2f4468"))
    shoes: Wear = field(default_factory=lambda: Wear("sneakers", "#e8e4da"))
    skin: str | None = None

    def __post_init__(self) -> None:
        if not isinstance(self.shape, Mapping):
            raise VcharError("Body sliders must be given as names with values, such as height=0.5.")
        _known(self.shape, phenotype.NAMES, "body slider")
        values = {n: _number(self.shape[n], f"body slider {n}", -1, 1) for n in phenotype.NAMES if n in self.shape}
        object.__setattr__(self, "shape", {n: round(v, 2) for n, v in values.items() if round(v, 2)})
        for slot in SLOTS:
            if not isinstance(getattr(self, slot), Wear):
                object.__setattr__(self, slot, _from_fields(Wear, getattr(self, slot)))
            kind = getattr(self, slot).kind
            if KINDS[kind].slot != slot:
                raise VcharError(f"{KINDS[kind].label} can't be worn as {slot}; choose another garment.")
        if self.skin is not None and not is_colour(self.skin):
            raise VcharError(f"A skin's colour looks like #c79f86, not {_short(self.skin)}.")

    @property
    def outfit(self) -> tuple[Wear, ...]:
        """Everything that is worn."""
        return self.top, self.bottom, self.shoes


@dataclass(frozen=True)
class Motion:
    """What the body does.

    prompt: in words; several, one a line, become one motion; at most MAX_PROMPT letters.  seconds: 1..10, of each line.
    seed: 0 .. 2**32-1.  energy: -2..2, 0 as usual for what is asked.  loop: the last frame goes on into the first.
    in_place: no travel.  foot_lock: feet that stand stay where they are.
    Raises VcharError for anything else. Numbers are rounded to 2 decimals.
    """

    prompt: str = "a person walks forward"
    seconds: float = 4.0
    seed: int = 0
    energy: float = 0.0
    loop: bool = False
    in_place: bool = False
    foot_lock: bool = True

    def __post_init__(self) -> None:
        if not isinstance(self.prompt, str) or len(self.prompt) > MAX_PROMPT:
            raise VcharError(f"The prompt is too long; say it in at most {MAX_PROMPT} letters, or make two motions.")
        _check_seed(self.seed)
        object.__setattr__(self, "seconds", round(_number(self.seconds, "seconds of a motion", *SECONDS), 2))
        object.__setattr__(self, "energy", round(_number(self.energy, "energy of a motion", -ENERGY, ENERGY), 2))
        for name in ("loop", "in_place", "foot_lock"):
            if not isinstance(getattr(self, name), bool):
                raise VcharError(f"A motion's {name} is true or false, not {_short(getattr(self, name))}.")

    @property
    def steps(self) -> tuple[str, ...]:
        """The prompts one after another."""
        return tuple(line.strip() for line in self.prompt.splitlines() if line.strip())


@dataclass(frozen=True)
class Character:
    """A character's recipe: the same recipe gives the same pixels on the same machine.

    seed: 0 .. 2**32-1.  place: where the face lies in the latent space of its generator if no seed made it, as
    `vchar.generators.places` writes it; the seed then only names it.  sliders: value -1..1 by name, 0 (neutral) is left
    out.  truncation_psi: 0..1, how far from the average face.  mixes: other faces mixed in, in this order.
    expression: what the face does.  view: where the head looks, None as its picture has it.  body: its shape and
    clothes.  motion: what the body does.  model: which generator.  name: for files.
    Raises VcharError for anything outside these ranges. Numbers are rounded to 3 decimals.
    """

    seed: int = 24
    sliders: Mapping[str, float] = field(default_factory=dict, hash=False)
    truncation_psi: float = 0.7
    mixes: tuple[Mix, ...] = ()
    expression: Expression = field(default_factory=Expression)
    view: View | None = None
    body: Body = field(default_factory=Body)
    motion: Motion = field(default_factory=Motion)
    model: str = "mobilestylegan-ffhq"
    name: str = ""
    place: str = ""

    def __post_init__(self) -> None:
        _check_seed(self.seed)
        _check_place(self.place)
        _round(self, "truncation_psi", 0, 1)
        if not isinstance(self.sliders, Mapping):
            raise VcharError("Sliders must be given as names with values, such as age=0.5.")
        values = {_slider_name(n): _number(v, f"slider {n}", -1, 1) for n, v in sorted(self.sliders.items())}
        object.__setattr__(self, "sliders", {n: v for n, v in values.items() if v})
        object.__setattr__(self, "mixes", tuple(m if isinstance(m, Mix) else _from_fields(Mix, m) for m in self.mixes))
        if len(self.mixes) > self.most_mixes:
            raise VcharError(f"A character can mix at most {self.most_mixes} faces, not {len(self.mixes)}; drop some.")
        if not isinstance(self.expression, Expression):
            object.__setattr__(self, "expression", _from_fields(Expression, self.expression))
        if self.view is not None and not isinstance(self.view, View):
            object.__setattr__(self, "view", _from_fields(View, self.view))
        if not isinstance(self.body, Body):
            object.__setattr__(self, "body", _from_fields(Body, self.body))
        if not isinstance(self.motion, Motion):
            object.__setattr__(self, "motion", _from_fields(Motion, self.motion))
        if not isinstance(self.model, str) or not re.fullmatch(r"[a-z0-9-]{1,40}", self.model):
            raise VcharError(f"{self.model!r} is not the name of a model; leave it out to use the default one.")
        if not isinstance(self.name, str) or len(self.name) > MAX_NAME or not self.name.isprintable():
            raise VcharError(
                f"A character's name is plain text of at most {MAX_NAME} characters; choose a shorter one."
            )

    @property
    def most_mixes(self) -> int:
        """How many faces can be mixed in: fewer where a place has to fit into a link, too."""
        return MAX_MIXES - len(self.place) // ROOM

    @property
    def face(self) -> "Character":
        """The face by itself: no expression, no view, no body, no name."""
        plain = {"expression": Expression(), "view": None, "body": Body(), "motion": Motion(), "name": ""}
        return dataclasses.replace(self, **plain)

    def with_sliders(self, values: Mapping[str, float]) -> "Character":
        """The same character with these sliders set; the others stay."""
        return dataclasses.replace(self, sliders={**self.sliders, **values})

    def to_json(self) -> str:
        """The whole recipe, readable; `from_json` takes it back."""
        return json.dumps({"vchar": VERSION, **dataclasses.asdict(self)}, indent=2, ensure_ascii=False)

    @classmethod
    def from_json(cls, text: str) -> "Character":
        """Read a recipe; VcharError for what is no recipe, has unknown keys, or comes from a newer vchar."""
        data = _read_json(text)
        if not isinstance(data, dict) or "vchar" not in data:
            raise VcharError(
                'This JSON is not a vchar recipe (it has no "vchar" version); choose a file that vchar made.'
            )
        version = data.pop("vchar")
        if not isinstance(version, int) or isinstance(version, bool) or version < 1:
            raise VcharError(f"This recipe has no valid version ({version!r}); choose a file that vchar made.")
        if version > VERSION:
            raise VcharError(f"This recipe was made by a newer vchar (format {version}); update vchar to open it.")
        return _from_fields(cls, data)

    def to_code(self) -> str:
        """A URL-safe code below 2,000 characters; `from_code` takes it back."""
        chosen = _chosen(self)
        chosen |= {part: _chosen(getattr(self, part)) for part in ("body", "motion") if part in chosen}
        text = json.dumps({"vchar": VERSION, **chosen}, separators=(",", ":"), ensure_ascii=False)
        packer = zlib.compressobj(9, zdict=_WORDS)
        packed = packer.compress(text.encode()) + packer.flush()
        return base64.urlsafe_b64encode(packed).decode().rstrip("=")

    @classmethod
    def from_code(cls, code: str) -> "Character":
        """Read a code; VcharError when it is damaged (zlib's checksum tells) or was never one."""
        try:
            packed = base64.b64decode(code + "=" * (-len(code) % 4), altchars=b"-_", validate=True)
            unpacker = zlib.decompressobj(zdict=_DICTIONARIES.get(int.from_bytes(packed[2:6]), b""))
            text = unpacker.decompress(packed, _MAX_JSON).decode()
            if not unpacker.eof:
                raise ValueError("incomplete")
        except (binascii.Error, zlib.error, ValueError) as error:
            raise VcharError("This code is damaged or incomplete; copy the whole link or code again.") from error
        return cls.from_json(text)

    @classmethod
    def parse(cls, text: str) -> "Character":
        """Read whatever a user pastes: a recipe's JSON, a code, or a link with `?c=`."""
        text = text.strip()
        if text.startswith("{"):
            return cls.from_json(text)
        if "?" in text:
            text = parse_qs(urlsplit(text).query).get("c", [""])[0]
        if not text:
            raise VcharError("There is no vchar code in this; paste a whole vchar link, code or recipe.")
        return cls.from_code(text)

    @property
    def file_stem(self) -> str:
        """A safe name for files: lower case, ASCII, no spaces."""
        return re.sub(r"[^a-z0-9]+", "_", self.name.lower()).strip("_") or f"face_{self.seed}"


def _chosen(recipe: "Character | Body | Motion") -> dict[str, Any]:
    """The fields that differ from a new recipe's."""
    defaults = dataclasses.asdict(type(recipe)())
    return {k: v for k, v in dataclasses.asdict(recipe).items() if v != defaults[k]}


def _read_json(text: str) -> Any:  # noqa: ANN401 (whatever JSON holds)
    if len(text) > _MAX_JSON:
        raise VcharError("This is too long to be a vchar recipe; choose the JSON file or link that vchar made.")
    try:
        return json.loads(text)
    except (ValueError, RecursionError) as error:
        raise VcharError("This is not a vchar recipe (no valid JSON); choose a file that vchar made.") from error


def _from_fields(cls: type, data: Any) -> Any:  # noqa: ANN401 (a decoded JSON value in, an instance of cls out)
    if not isinstance(data, dict):
        raise VcharError(f"This recipe is damaged: {data!r} should be a group of named values.")
    unknown = sorted(set(data) - {f.name for f in dataclasses.fields(cls)})
    if unknown:
        raise VcharError(
            f"This recipe has keys that vchar doesn't know ({', '.join(unknown)}); update vchar or remove them."
        )
    try:
        return cls(**data)
    except (TypeError, AttributeError) as error:
        raise VcharError(f"This recipe is damaged ({error}); choose a file that vchar made.") from error


def _check_seed(seed: object) -> None:
    if isinstance(seed, bool) or not isinstance(seed, int) or not 0 <= seed <= MAX_SEED:
        raise VcharError(f"A seed is a whole number from 0 to {MAX_SEED}, not {_short(seed)}.")


def _check_place(place: object) -> None:
    if not isinstance(place, str) or not re.fullmatch(rf"[A-Za-z0-9_-]{{0,{MAX_PLACE}}}", place) or len(place) % 4 == 1:
        raise VcharError(
            f"A face's place is at most {MAX_PLACE} letters, digits, - and _, not {_short(place)}; "
            "choose a recipe or link that vchar made."
        )


def _number(value: object, what: str, low: float, high: float) -> float:
    if isinstance(value, bool) or not isinstance(value, int | float) or not low <= value <= high:
        raise VcharError(f"The {what} must be a number from {low} to {high}, not {_short(value)}.")
    return round(float(value), 3)


def _round(instance: object, name: str, low: float, high: float) -> None:
    object.__setattr__(instance, name, _number(getattr(instance, name), name, low, high))


def _known(names: object, known: Collection[str], what: str) -> Collection[str]:
    """`names` unchanged; VcharError, with a list of all where that is short, if one is not in `known`."""
    if isinstance(names, str) or not isinstance(names, Iterable):
        raise VcharError(f"Every {what} goes by its name; {_short(names)} is no list of names.")
    unknown = [name for name in names if name not in known]
    if unknown:
        choice = f"choose from {', '.join(known)}" if len(known) < 30 else "names look like jawOpen"
        raise VcharError(f"There is no {what} {_short(unknown[0])}; {choice}.")
    return list(names)


def _shares(values: object, known: Collection[str], what: str) -> dict[str, float]:
    """Numbers 0..1 by name, in the order of `known`."""
    if not isinstance(values, Mapping):
        raise VcharError(f"Every {what} must be given as a name with a value.")
    _known(values, known, what)
    return {name: round(_number(values[name], f"{what} {name}", 0, 1), 2) for name in known if name in values}


def _slider_name(name: object) -> str:
    if not isinstance(name, str) or not _SLIDER.fullmatch(name):
        raise VcharError(f"{_short(name)} is not the name of a slider; names look like hair_length.")
    return name


def _short(value: object) -> str:
    text = repr(value)
    return text if len(text) <= 40 else text[:40] + "…"
