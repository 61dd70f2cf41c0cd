"""What the page of a product leads to beyond its form: listing by phone, pictures made better, videos, taking
it down at once."""

from typing import Any

from django import forms
from django.http import HttpRequest
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from catalog.admin.improve import ImprovePage
from catalog.admin.quick import QuickPage
from catalog.admin.videos import VideosPanel
from catalog.models import Product
from catalog.services import take_downs
from catalog.terms.shelf import TakeDownCause
from shop.core.admin import actor, service_action


class TakeDownForm(forms.Form):
    cause = forms.ChoiceField(label=_("Why?"), choices=TakeDownCause.choices)
    reason = forms.CharField(label=_("What is wrong, in a few words"), max_length=200, required=False)


class ShelfPages:
    """For the admin of products: the addresses and the button."""

    def shelf_urls(self) -> list[Any]:
        return [*QuickPage(self).urls(), *ImprovePage(self).urls(), *VideosPanel(self).urls()]

    @service_action(
        _("Take down at once"),
        permission="catalog.take_down_product",
        form=TakeDownForm,
        confirm=_(
            "It leaves the shelf this moment and can't come back until somebody settles what follows. "
            "Promotions of it stop. Orders that exist are not touched."
        ),
        when=lambda product: product.status == "on_shelf",
        icon="e911_emergency",
        danger=True,
    )
    def take_down(self, request: HttpRequest, product: Product, data: dict[str, Any]) -> str:
        take_downs.take_down(
            product=product, cause=data["cause"], reason=data["reason"], actor=actor(request)
        )
        return _now("It is taken down. What follows stands under take-downs.")
