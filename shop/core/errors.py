"""Refusals: what the shop says no to, named for the fact. Every surface shows them in its own way."""

from typing import Any, ClassVar

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _


def in_words(problem: BaseException) -> str:
    """Kind and message of an exception, without the row of data Postgres adds to its own."""
    return f"{type(problem).__name__}: {str(problem).partition('DETAIL:')[0].strip()}"


class Refusal(Exception):
    """A rule said no; nothing was changed. `extra` holds JSON values for the reader and for `message`'s
    {names}."""

    code: ClassVar[str] = "refused"
    status: ClassVar[int] = 409
    message: ClassVar[str | Promise] = _("That is not possible.")

    def __init__(self, **extra: Any) -> None:
        self.extra = extra
        super().__init__(self.code)

    @property
    def message_text(self) -> str:
        return str(self.message).format(**self.extra)

    def as_dict(self) -> dict[str, Any]:
        return {"code": self.code, "message": self.message_text, "extra": self.extra}

    def __str__(self) -> str:
        return f"{self.code} {self.extra}" if self.extra else self.code


class Invalid(Refusal):
    code = "invalid"
    status = 400
    message = _("Something in the request is not right.")


class NotFound(Refusal):
    code = "not_found"
    status = 404
    message = _("This does not exist.")


class Forbidden(Refusal):
    code = "forbidden"
    status = 403
    message = _("You are not allowed to do this.")


class Busy(Refusal):
    code = "busy"
    status = 503
    message = _("The shop is busy. Please try again in a moment.")


class IllegalMove(Refusal):
    code = "illegal_move"
    status = 409
    message = _("This is no longer possible in the present state.")


class LostRace(IllegalMove):
    code = "lost_race"
    message = _("Somebody else was faster. Please look again.")


class KeyReused(Refusal):
    code = "key_reused"
    status = 422
    message = _("This idempotency key was used for another request.")


class InProgress(Refusal):
    code = "in_progress"
    status = 409
    message = _("The same request is still being worked on.")


class TooMany(Refusal):
    """Give `retry_after` in seconds."""

    code = "too_many"
    status = 429
    message = _("Too often. Please wait a moment.")

    def __init__(self, *, retry_after: int = 60, **extra: Any) -> None:
        super().__init__(retry_after=retry_after, **extra)
