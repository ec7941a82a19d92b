"""All that the studio knows about one visitor, and every way in which it changes."""

from __future__ import annotations

import secrets
import time
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace

from vchar.character import Character, Mix
from vchar.ui.history import History

FIRST_TASTE = 0.5  # of the shape and of the colouring of a face that is newly mixed in
SEEDS = 2**31  # seeds that the dice can throw


@dataclass(frozen=True)
class Session:
    """One visitor's state: recipes only, never pictures. Every method returns a new session."""

    history: History
    kept: str  # the recipe that "Compare" and "Revert" go back to
    locked: frozenset[str] = frozenset()  # names of the sliders behind a padlock

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

    def choose(self, character: Character, gesture: str) -> Session:
        """Make `character` the one on screen; changes of one `gesture` in quick succession are one step of undo."""
        return replace(self, history=self.history.record(character.to_json(), gesture, time.monotonic()))

    def load(self, character: Character, gesture: str) -> Session:
        """As `choose`, for a character that comes from outside: it becomes the point of comparison too."""
        return self.choose(character, gesture).keep()

    def keep(self) -> Session:
        return replace(self, kept=self.history.current)

    def undo(self) -> Session:
        return replace(self, history=self.history.undo())

    def redo(self) -> Session:
        return replace(self, history=self.history.redo())

    def revert(self) -> Session:
        return self.choose(self.kept_character, "revert")

    def lock(self, names: Iterable[str]) -> Session:
        return replace(self, locked=frozenset(names))

    def reseed(self, seed: int, gesture: str) -> Session:
        """Another face: what was mixed into the old one goes with it, the sliders stay."""
        return self.choose(replace(self.character, seed=seed, mixes=()), gesture)

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

    def mix(self, mix: Mix | None, gesture: str) -> Session:
        """Replace the last parent, add the first one, or take it away (None)."""
        before = self.character
        return self.choose(replace(before, mixes=(*before.mixes[:-1], *([mix] if mix else []))), gesture)


def new_seed() -> int:
    """A throw of the dice. Only the number matters: the picture follows from it alone."""
    return secrets.randbelow(SEEDS)
