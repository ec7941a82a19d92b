"""Undo and redo for one visitor: an immutable stack of recipes."""

from __future__ import annotations

from dataclasses import dataclass, replace

DEPTH = 50  # steps that can be undone
GESTURE_SECONDS = 1.0  # changes of one control that follow each other faster than this are one gesture


@dataclass(frozen=True)
class History:
    """Recipes as JSON, oldest first; `entries[cursor]` is the one on screen."""

    entries: tuple[str, ...]
    cursor: int = 0
    gesture: str = ""  # the control that made the newest entry
    touched: float = 0.0  # when it last did, in seconds

    @property
    def current(self) -> str:
        return self.entries[self.cursor]

    @property
    def can_undo(self) -> bool:
        return self.cursor > 0

    @property
    def can_redo(self) -> bool:
        return self.cursor < len(self.entries) - 1

    def record(self, recipe: str, gesture: str, now: float) -> History:
        """Add `recipe`, made by the control `gesture` at time `now` [s], or amend the entry this gesture began.

        A drag and a held arrow key send many changes of one control; both are undone in one step.
        """
        if recipe == self.current:
            return self
        goes_on = gesture == self.gesture and now - self.touched < GESTURE_SECONDS and not self.can_redo
        past = self.entries[: self.cursor if goes_on else self.cursor + 1]
        entries = (*past, recipe)[-(DEPTH + 1) :]
        return History(entries, len(entries) - 1, gesture, now)

    def undo(self) -> History:
        return replace(self, cursor=max(self.cursor - 1, 0), gesture="")

    def redo(self) -> History:
        return replace(self, cursor=min(self.cursor + 1, len(self.entries) - 1), gesture="")
