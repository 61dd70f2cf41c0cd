"""Refusals about listings and their review."""

from django.utils.translation import gettext_lazy as _

from shop.core.errors import Refusal


class ListingRefused(Refusal):
    """The check found what must not be offered. extra: findings (words), score, items (stored findings)."""

    code = "listing_refused"
    message = _("It can't be offered like this: {findings}")


class ReviewNeeded(Refusal):
    """This shop lets two people look at every new listing."""

    code = "review_needed"
    message = _("Somebody else looks at it first. Submit it for review.")


class OwnListing(Refusal):
    """This shop lets two people look at every new listing, and this is one's own."""

    code = "own_listing"
    message = _("You submitted it yourself; somebody else decides.")


class AlreadyReviewed(Refusal):
    code = "already_reviewed"
    message = _("Somebody has decided about it already.")


class NotAPaper(Refusal):
    code = "not_a_paper"
    status = 400
    message = _("Please send a PDF, JPEG or PNG of at most 10 MB.")
