"""What can go wrong, by situation: each error carries its HTTP status and the sentence that the user reads."""


class HiringError(Exception):
    """An error whose text is written for the person who reads it."""

    status = 400


class UnsafeDatabase(HiringError):
    """The database could lose or corrupt what is written; the sentence says why, and what to do."""

    status = 503


class NotFound(HiringError):
    """The thing does not exist, or this person may not know that it does: both give the same answer."""

    status = 404

    def __init__(self, message: str = "There is nothing here, or it is not yours to see.") -> None:
        super().__init__(message)


class Forbidden(HiringError):
    """The person may see the thing but not do this to it."""

    status = 403


class Conflict(HiringError):
    """The thing has moved on: somebody else changed it, or its state no longer allows this."""

    status = 409


class Invalid(HiringError):
    """What was entered can't be accepted; `fields` maps a field's name to its sentence."""

    status = 422

    def __init__(self, message: str, fields: dict[str, str] | None = None) -> None:
        super().__init__(message)
        self.fields = fields or {}


class Unavailable(HiringError):
    """A part of the machine did not answer in time; trying again may help."""

    status = 503
