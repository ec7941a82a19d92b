"""All that the studio knows about one visitor, and every way in which it changes."""

from __future__ import annotations

import secrets
import time
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace

from vchar.character import Body, Character, Expression, Mix, Motion, View
from vchar.errors import VcharError
from vchar.turning import Angles, Trust
from vchar.ui.history import History
from vchar.ui.photo import Photo

FIRST_TASTE = 0.5  # of the shape and of the colouring of a face that is newly mixed in
SEEDS = 2**31  # seeds that the dice can throw


@dataclass(frozen=True)
class Rest:
    """What a generated face does by itself: weight 0..1 by ARKit name; empty where it can't be read.

    angles: where it looks.  trust: how far it can be turned, None as long as nobody asked.
    """

    face: Character  # by itself
    own: Mapping[str, float] = field(hash=False)
    angles: Angles = (0.0, 0.0, 0.0)
    trust: Trust | None = None


@dataclass(frozen=True)
class Session:
    """One visitor's state: recipes, and the photo that the visitor opened. Every method returns a new session."""

    history: History
    kept: str  # the recipe that "Compare" and "Revert" go back to
    locked: frozenset[str] = frozenset()  # names of the sliders behind a padlock
    locked_body: frozenset[str] = frozenset()  # the same of the body's sliders
    photo: Photo | None = None  # stands on the stage instead of the generated face
    rest: Rest | None = None  # what was last read of a generated face

    @classmethod
    def start(cls, character: Character) -> Session:
        recipe = character.to_json()
        return cls(History((recipe,)), recipe)

    @property
    def character(self) -> Character:
        return Character.from_json(self.history.current)

    @property
    def kept_character(self) -> Character:
        return Character.from_json(self.kept)

    @property
    def changed(self) -> bool:
        """Is the character on screen another than the kept one?"""
        return self.history.current != self.kept

    @property
    def face(self) -> Character:
        """The generated face by itself."""
        return self.character.face

    @property
    def own(self) -> Mapping[str, float] | None:
        """What the face on the stage does by itself, by ARKit name; None as long as that wasn't read."""
        if self.photo:
            return self.photo.full.own
        return self._rest.own if self._rest else None

    @property
    def angles(self) -> Angles:
        """Where the face on the stage looks by itself; straight ahead as long as that wasn't read."""
        if self.photo:
            return self.photo.full.angles
        return self._rest.angles if self._rest else (0.0, 0.0, 0.0)

    @property
    def trust(self) -> Trust | None:
        """How far the head on the stage can be turned; None as long as that isn't known."""
        if self.photo:
            return self.photo.trust
        return self._rest.trust if self._rest else None

    @property
    def _rest(self) -> Rest | None:
        return self.rest if self.rest and self.rest.face == self.face else None

    def choose(self, character: Character, gesture: str) -> Session:
        """Make `character` the one on screen; changes of one `gesture` in quick succession are one step of undo."""
        return self._go(self.history.record(character.to_json(), gesture, time.monotonic()))

    def load(self, character: Character, gesture: str) -> Session:
        """As `choose`, for a character that comes from outside: it becomes the point of comparison too."""
        return self.choose(character, gesture).keep()

    def keep(self) -> Session:
        return replace(self, kept=self.history.current)

    def undo(self) -> Session:
        return self._go(self.history.undo())

    def redo(self) -> Session:
        return self._go(self.history.redo())

    def _go(self, history: History) -> Session:
        """The session at another point; another generated face takes the place of a photo."""
        gone = replace(self, history=history)
        if gone.character.model != self.character.model:  # whose sliders are others
            gone = gone.lock(())
        return gone if gone.face == self.face else replace(gone, photo=None)

    def revert(self) -> Session:
        return self.choose(self.kept_character, "revert")

    def express(self, expression: Expression, gesture: str) -> Session:
        """Ask the face on the stage for `expression`."""
        return self.choose(replace(self.character, expression=expression), gesture)

    def turn(self, view: View | None) -> Session:
        """Ask the head on the stage to look as `view` says; None: where it looks by itself."""
        return self.choose(replace(self.character, view=view), "turn")

    def embody(self, body: Body, gesture: str) -> Session:
        """Give the character another body or other clothes."""
        return self.choose(replace(self.character, body=body), gesture)

    def ask(self, motion: Motion, gesture: str) -> Session:
        """Ask the body for `motion`."""
        return self.choose(replace(self.character, motion=motion), gesture)

    def note(self, rest: Rest) -> Session:
        """Remember what a generated face does by itself."""
        return replace(self, rest=rest)

    def open(self, photo: Photo) -> Session:
        """Put a photo on the stage, as it is."""
        shown = replace(self.character, expression=Expression(), view=None)
        return replace(self.choose(shown, "photo").keep(), photo=photo)

    def close(self) -> Session:
        """Forget the photo."""
        return replace(self, photo=None)

    def lock(self, names: Iterable[str]) -> Session:
        return replace(self, locked=frozenset(names))

    def lock_body(self, names: Iterable[str]) -> Session:
        return replace(self, locked_body=frozenset(names))

    def reseed(self, seed: int, gesture: str) -> Session:
        """Another face: what was mixed into the old one goes with it, the sliders stay."""
        return self.choose(replace(self.character, seed=seed, place="", mixes=()), gesture)

    def become(self, model: str) -> Session:
        """Let another generator make the face: its people and its sliders are others, so it starts anew."""
        return self.choose(replace(self.character, model=model, place="", sliders={}, mixes=()), "model")

    def resemble(self, found: Character) -> Session:
        """Take on another character's face; name, body and motion stay."""
        before = self.character
        return self.choose(replace(found, name=before.name, body=before.body, motion=before.motion), "like")

    def slide(self, values: Mapping[str, float]) -> Session:
        """Set all face sliders to `values` (-1..1 by name); neutral ones leave the recipe."""
        before = self.character
        after = {name: value for name, value in values.items() if value}
        moved = sorted(name for name in values if before.sliders.get(name, 0.0) != values[name])
        return self.choose(replace(before, sliders=after), f"slide {' '.join(moved)}")

    @property
    def parent(self) -> Mix | None:
        """The other face mixed in last, if there is one."""
        mixes = self.character.mixes
        return mixes[-1] if mixes else None

    def meet(self, seed: int) -> Session:
        """Let the face of `seed` be the other parent; the first one shows at once what it brings."""
        parent = self.parent or Mix(seed, FIRST_TASTE, FIRST_TASTE, tuple(self.locked))
        return self.mix(replace(parent, seed=seed), "other face")

    def meet_character(self, other: Character) -> Session:
        """As `meet`; VcharError where another generator made that face, or a picture did."""
        if other.model != self.character.model:
            raise VcharError("That face is of another model, so the two can't be mixed; choose one of the same model.")
        if other.place:
            raise VcharError("That face comes from a picture, not from a seed; open it and mix this one into it.")
        return self.meet(other.seed)

    def mix(self, mix: Mix | None, gesture: str) -> Session:
        """Replace the last parent, add the first one, or take it away (None)."""
        before = self.character
        return self.choose(replace(before, mixes=(*before.mixes[:-1], *([mix] if mix else []))), gesture)


def new_seed() -> int:
    """A throw of the dice. Only the number matters: the picture follows from it alone."""
    return secrets.randbelow(SEEDS)
