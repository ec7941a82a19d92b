"""What a user may do with what a model makes."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Licence:
    """The licence lineage of a model in three lengths."""

    name: str  # of the model, as users see it
    short: str  # half a line, beside the name and in every exported file
    text: str  # the whole lineage, a few sentences
    what: str = "face of nobody real"  # is made with it
