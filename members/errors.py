"""Refusals of this app, named for the fact."""

from django.utils.translation import gettext_lazy as _

from shop.core.errors import Refusal, TooMany


class InvalidPhone(Refusal):
    code = "invalid_phone"
    status = 400
    message = _("This is not a mobile number of mainland China.")


class CodeTooSoon(TooMany):
    code = "code_too_soon"
    message = _("Too many codes were asked for. Please try again later.")


class CodeNotSent(Refusal):
    code = "code_not_sent"
    status = 503
    message = _("The code could not be sent. Please try again in a minute.")


class WrongCode(Refusal):
    code = "wrong_code"
    status = 400
    message = _("The code is wrong. You have {tries_left} tries left.")


class CodeSpent(Refusal):
    code = "code_spent"
    status = 400
    message = _("This code is no longer valid. Please ask for a new one.")


class WrongLogin(Refusal):
    code = "wrong_login"
    status = 401
    message = _("The login or the password is wrong.")


class LockedOut(TooMany):
    code = "locked_out"
    message = _("Too many wrong passwords. Please try again later.")


class AccountClosed(Refusal):
    code = "account_closed"
    status = 403
    message = _("This account is closed. Please contact the shop.")


class StaffNeedPassword(Refusal):
    code = "staff_need_password"
    status = 403
    message = _("People who work here sign in with their password.")


class WeakPassword(Refusal):
    code = "weak_password"
    status = 400
    message = _("This password is too weak: {reasons}")


class PointsShort(Refusal):
    code = "points_short"
    message = _("There are only {available} points.")


class InvalidAddress(Refusal):
    code = "invalid_address"
    status = 400
    message = _("This address is not complete.")


class TooManyAddresses(Refusal):
    code = "too_many_addresses"
    message = _("You can keep at most {limit} addresses.")


class NameNotAllowed(Refusal):
    code = "name_not_allowed"
    status = 400
    message = _("A name has 1 to 20 characters.")


class TextNotPublished(Refusal):
    code = "text_not_published"
    message = _("This text has not been published yet.")


class UnknownRole(Refusal):
    code = "unknown_role"
    status = 400
    message = _("There is no such role.")


class LoginTaken(Refusal):
    code = "login_taken"
    message = _("This login, e-mail or phone already belongs to somebody.")


class LastAdministrator(Refusal):
    code = "last_administrator"
    message = _("The shop needs at least one administrator who can sign in.")


class TooManyLooks(TooMany):
    code = "too_many_looks"
    message = _("You have looked at {limit} phone numbers today. Please ask an administrator.")


class PhoneTaken(Refusal):
    """The number belongs to another account that can't be joined with this one."""

    code = "phone_taken"
    message = _("This number belongs to an account that uses another WeChat. Please sign in with the number.")


class PhoneBound(Refusal):
    code = "phone_bound"
    message = _("A number is bound to this account already.")


class PhoneHasAccount(Refusal):
    """Somebody proved a number that has an account of its own: ask whether to join the two."""

    code = "phone_has_account"
    message = _("This number has an account here already.")

    def __init__(self, user_id: int) -> None:
        super().__init__()
        self.user_id = user_id


class WechatTaken(Refusal):
    code = "wechat_taken"
    message = _("This WeChat belongs to another account with a number of its own.")


class LastSignIn(Refusal):
    code = "last_sign_in"
    message = _("This is the only way to sign in to this account. Bind a mobile number first.")


class NotJoinable(Refusal):
    code = "not_joinable"
    message = _("These two accounts can't be joined.")


class JoinedAgain(Refusal):
    code = "joined_again"
    message = _("The account kept was joined to another one since. Part those two first.")


class MessageNotSent(Refusal):
    code = "message_not_sent"
    status = 503


class MessageNotKnown(Refusal):
    code = "message_not_known"
    status = 404


class WechatNotBound(Refusal):
    code = "wechat_not_bound"
    message = _(
        "This WeChat belongs to nobody who works here yet. Sign in once with your password to bind it."
    )


class TicketStale(Refusal):
    code = "ticket_stale"
    status = 410
    message = _("This took too long. Please start again.")
