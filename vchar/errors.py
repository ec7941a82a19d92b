"""The one kind of failure that a user is shown."""


class VcharError(Exception):
    """A failure the user can act on: `str(error)` says in one sentence what happened, why, and what next."""
