"""Refusals about bundle products and gift boxes."""

from django.utils.translation import gettext_lazy as _

from shop.core.errors import Refusal


class BundleInBundle(Refusal):
    """extra: title."""

    code = "bundle_in_bundle"
    message = _("“{title}” is a bundle itself. A bundle is made of single goods only.")


class InsideABundle(Refusal):
    """extra: title."""

    code = "inside_a_bundle"
    message = _("“{title}” is part of a bundle, so it can't become one itself.")


class BundleTooSmall(Refusal):
    code = "bundle_too_small"
    message = _("A bundle holds at least two pieces.")


class BundleTwice(Refusal):
    """extra: title."""

    code = "bundle_twice"
    message = _("“{title}” is listed twice. Give one row the number of pieces.")


class StockOfItsOwn(Refusal):
    """The SKU has been in stock as an ordinary one. extra: code."""

    code = "stock_of_its_own"
    message = _(
        "{code} has had stock of its own, so it can't become a bundle. Make a new specification for it."
    )


class BundleHasNoStock(Refusal):
    """extra: code."""

    code = "bundle_has_no_stock"
    message = _("{code} is a bundle: it has no stock of its own. Book its components instead.")


class PartnerMissing(Refusal):
    code = "partner_missing"
    message = _("A share needs a partner brand who gets it.")


class ComponentSoldOut(Refusal):
    """extra: sku_id (the bundle's), title, component, available (pieces of the component)."""

    code = "component_sold_out"
    message = _("“{component}” in “{title}” is short: {available} left.")


class PlaceLacks(Refusal):
    """Goods of an order can't be held at another place. extra: sku_id, title, available."""

    code = "place_lacks"
    message = _("“{title}” is short there: {available} free. Nothing was moved.")
