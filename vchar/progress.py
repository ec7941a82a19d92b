"""How long work tells what it is doing."""

from collections.abc import Callable

Progress = Callable[[float, str], None]
"""Called with the share done (0..1) and the step's name; it cancels the work by raising."""


def silent(_share: float, _step: str) -> None:
    """A Progress that tells nobody."""
