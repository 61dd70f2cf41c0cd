"""Refusals about goods and what describes them."""

from django.utils.translation import gettext_lazy as _

from shop.core.errors import Refusal


class ProductIncomplete(Refusal):
    """A product lacks what a shopper must see. extra: missing (list of words)."""

    code = "product_incomplete"
    message = _("Complete this first: {missing}.")


class TooManyAxes(Refusal):
    """More specification axes than allowed. extra: limit."""

    code = "too_many_axes"
    status = 400
    message = _("A product has at most {limit} specifications.")


class TooManySkus(Refusal):
    """More SKUs than allowed. extra: limit."""

    code = "too_many_skus"
    status = 400
    message = _("A product has at most {limit} SKUs.")


class SpecsUnclear(Refusal):
    """Axes and rows of a specification table don't fit. extra: detail."""

    code = "specs_unclear"
    status = 400
    message = _("The specification table is not right: {detail}")


class CodeTaken(Refusal):
    """Another SKU has this code or barcode. extra: value."""

    code = "code_taken"
    message = _("{value} already belongs to another SKU.")


class TooManyPictures(Refusal):
    """A product has no room for more pictures. extra: limit."""

    code = "too_many_pictures"
    status = 400
    message = _("A product has at most {limit} pictures.")


class CategoryTooDeep(Refusal):
    """Categories have three levels. extra: limit."""

    code = "category_too_deep"
    status = 400
    message = _("Categories have at most {limit} levels.")


class CategoryInUse(Refusal):
    """The category still holds products or categories."""

    code = "category_in_use"
    message = _("Move its products and categories elsewhere first.")


class SynonymUnclear(Refusal):
    """Words of the same meaning that can't be kept: fewer than two, or one is in another group.
    extra: detail.
    """

    code = "synonym_unclear"
    status = 400
    message = _("Write two to eight words that aren't in another group ({detail}).")


class TooManyFavourites(Refusal):
    """The list is full. extra: limit."""

    code = "too_many_favourites"
    message = _("Your list is full: {limit} favourites at most. Remove some first.")
