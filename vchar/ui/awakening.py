"""The first seconds: fetch and load the networks while the page tells how far it is."""

from __future__ import annotations

from collections.abc import Generator
from contextlib import closing

from vchar import generators
from vchar.character import Character
from vchar.errors import VcharError
from vchar.studio import Studio
from vchar.ui.desk import warn
from vchar.ui.jobs import heard
from vchar.ui.preview import Answer, failed, waiting
from vchar.ui.session import Session

STANDS_IN = "{gone} couldn't be fetched, so {here} makes this face. Choose the other in the Face tab to try again."
CANCELLED = "Fetching was cancelled. The studio needs the face model for its pictures; try again when you like."


def awaken(faces: generators.Generator) -> Generator[Answer, None, None]:
    """Answers for the stage until `faces` is ready or has failed; closing the iterator cancels the work."""
    if faces.ready:
        return
    yield waiting("Waking the studio …")
    try:
        with closing(heard(faces.prepare)) as news:
            yield from (waiting(step, share) for share, step in news)
    except VcharError as error:
        yield failed(error)


def stand_in(studio: Studio, session: Session) -> Session:
    """The session; that of a visitor who has chosen nothing yet, with a generator that is at hand if theirs isn't."""
    missing = studio.generator(session.character)
    others = [each for each in studio.generators if each is not missing]
    if missing.ready or session.character != Character() or session.changed or not others:
        return session
    others[0].prepare()
    warn(STANDS_IN.format(gone=missing.label, here=others[0].label))
    return Session.start(Character(model=others[0].model))
