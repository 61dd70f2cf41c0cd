"""Listing a product from a phone in a minute: photograph, frame, name, category, price, stock, done."""

from decimal import Decimal
from typing import Any

from django import forms
from django.core.exceptions import PermissionDenied
from django.core.files.uploadedfile import UploadedFile
from django.db.models import Count, QuerySet
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import path, reverse
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from catalog.models import Category, Place, Product
from catalog.selectors import staff_lists
from catalog.selectors.categories import tree_order
from catalog.services import quick_listing
from catalog.services.quick_listing import Listed
from catalog.terms import TITLE_LENGTH
from shop.core import idempotency, numbers, uploads
from shop.core.admin import actor
from shop.core.errors import Refusal

CHIPS = 8
PICTURES = 5
STOCKS = (1, 5, 10, 20, 50)
NEEDED = ("catalog.add_product", "catalog.shelve_product")
LAST = "quick_listing.category"


class QuickForm(forms.Form):
    """What somebody with a phone in one hand can say about a product."""

    title = forms.CharField(label=_("What is it?"), max_length=TITLE_LENGTH)
    category = forms.ModelChoiceField(
        Category.objects.all(), label=_("Where does it belong?"), empty_label=_("Another category …")
    )
    price = forms.DecimalField(
        label=_("What does it cost?"),
        min_value=Decimal("0.01"),
        max_value=Decimal("999999.99"),
        decimal_places=2,
    )
    stock = forms.IntegerField(label=_("How many are there?"), min_value=0, max_value=99999, initial=0)
    place = forms.ModelChoiceField(Place.objects.none(), label=_("Where do they lie?"), required=False)
    barcode = forms.CharField(label=_("Barcode"), max_length=40, required=False)
    improve = forms.BooleanField(label=_("Improve light and sharpness"), required=False)
    once = forms.CharField(max_length=64, widget=forms.HiddenInput)

    def __init__(self, *args: Any, places: QuerySet[Place], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["place"].queryset = places  # type: ignore[attr-defined]
        self.fields["place"].empty_label = None  # type: ignore[attr-defined]
        leaves = Category.objects.filter(children=None).select_related("parent__parent")
        self.fields["category"].queryset = leaves.order_by(*tree_order())  # type: ignore[attr-defined]


class QuickPage:
    """GET shows the page; POST lists the product and answers with what became of it."""

    def __init__(self, admin: Any) -> None:
        self.admin = admin

    def urls(self) -> list[Any]:
        door = self.admin.admin_site.admin_view
        return [
            path("quick/", door(self.view), name="catalog_product_quick"),
            path("quick/<int:product_id>/", door(self.listed), name="catalog_product_quick_done"),
        ]

    def view(self, request: HttpRequest) -> HttpResponse:
        if not request.user.has_perms(NEEDED):
            raise PermissionDenied
        places = _places(request)
        if request.method != "POST":
            start = {
                "once": numbers.token(),
                "stock": 10 if places else 0,
                "place": places.first(),
                "category": request.session.get(LAST),
                "improve": True,
            }
            return self._show(request, QuickForm(initial=start, places=places))
        form = QuickForm(request.POST, places=places)
        if not form.is_valid():
            return self._show(request, form, status=422)
        try:
            listed = self._list(request, form.cleaned_data)
        except Refusal as refusal:
            form.add_error(None, refusal.message_text)
            return self._show(request, form, status=422)
        request.session[LAST] = form.cleaned_data["category"].pk
        return HttpResponseRedirect(reverse("admin:catalog_product_quick_done", args=[listed.product.pk]))

    def listed(self, request: HttpRequest, product_id: int) -> HttpResponse:
        """What shoppers see of it now, and on to the next one."""
        product = self.admin.get_object(request, str(product_id))
        if product is None or not self.admin.has_view_permission(request, product):
            raise PermissionDenied
        context = {
            **self._around(request, _now("Listed") if product.status == "on_shelf" else _now("Saved")),
            "product": product,
            "picture": uploads.derivative_url(product.image_path, 480),
            "is_on_shelf": product.status == "on_shelf",
            "obstacle": request.session.pop(f"quick_listing.{product.pk}", ""),
        }
        return TemplateResponse(request, "admin/catalog/quick_done.html", context)

    def _list(self, request: HttpRequest, said: dict[str, Any]) -> Listed:
        files: list[UploadedFile] = request.FILES.getlist("picture")[:PICTURES]
        may_stock = request.user.has_perm("catalog.adjust_stock")

        def action() -> Listed:
            return quick_listing.list_now(
                title=said["title"],
                category=said["category"],
                price=said["price"],
                stock=said["stock"] if may_stock else 0,
                place_id=said["place"].pk if may_stock and said["place"] else None,
                files=files,  # type: ignore[arg-type]
                barcode=said["barcode"],
                improve=said["improve"],
                actor=actor(request),
            )

        words = {"title": said["title"], "price": str(said["price"]), "category": said["category"].pk}
        listed, _is_new = idempotency.run(
            scope=f"quick_listing:{request.user.pk}",
            key=said["once"],
            fingerprint=idempotency.fingerprint(words),
            action=action,
            dump=lambda done: {"product": done.product.pk, "obstacle": done.obstacle},
            load=lambda kept: Listed(Product.objects.get(pk=kept["product"]), kept["obstacle"]),
        )
        if listed.obstacle:
            request.session[f"quick_listing.{listed.product.pk}"] = listed.obstacle
        return listed

    def _show(self, request: HttpRequest, form: QuickForm, status: int = 200) -> HttpResponse:
        context = {
            **self._around(request, _now("List in a minute")),
            "form": form,
            "chips": _chips(request),
            "keys": ("1", "2", "3", "4", "5", "6", "7", "8", "9", ".", "0"),
            "stocks": STOCKS,
            "title_length": TITLE_LENGTH,
            "pictures": PICTURES,
            "words": _words(),
        }
        return TemplateResponse(request, "admin/catalog/quick.html", context, status=status)

    def _around(self, request: HttpRequest, title: str) -> dict[str, Any]:
        return {**self.admin.admin_site.each_context(request), "title": title, "opts": None}


def _places(request: HttpRequest) -> QuerySet[Place]:
    if not request.user.has_perm("catalog.adjust_stock"):
        return Place.objects.none()
    return staff_lists.visible_places(request.user)


def _chips(request: HttpRequest) -> list[Category]:
    """The categories this shop lists most in, the last one used first."""
    leaves = Category.objects.filter(children=None).annotate(many=Count("products")).order_by("-many", "pk")
    chips: list[Category] = [*leaves[:CHIPS]]
    last = request.session.get(LAST)
    if last and last not in {one.pk for one in chips}:
        chips = [*Category.objects.filter(pk=last, children=None), *chips][:CHIPS]
    return sorted(chips, key=lambda one: one.pk != last)


def _words() -> dict[str, str]:
    return {
        "picture": _now("Take a picture first"),
        "title": _now("Say what it is"),
        "category": _now("Choose a category"),
        "price": _now("Set the price"),
        "ready": _now("Ready for the shelf"),
        "sending": _now("Sending …"),
        "small": _now("This picture is small: {size} px. Shoppers like 800 or more."),
        "unreadable": _now("This file can't be read as a picture."),
        "remove": _now("Remove this picture"),
        "number": _now("Picture {number}"),
    }
