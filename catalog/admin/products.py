"""Products: a list that says what matters, a page to write them, buttons to offer them."""

from typing import Any

from django import forms
from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.db.models import Model, QuerySet
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import path, reverse
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext
from unfold.contrib.filters.admin import RelatedDropdownFilter
from unfold.contrib.forms.widgets import WysiwygWidget
from unfold.decorators import action, display
from unfold.widgets import UnfoldAdminSelect2MultipleWidget

from catalog.admin import listing_panel, next_step, pictures, videos
from catalog.admin.base import GoodsAdmin, NeverDeleted, price_range
from catalog.admin.exchange import EXPORTING, IMPORTING, ExchangePages
from catalog.admin.fields import CategoryField, PicturesField
from catalog.admin.listing_panel import ListingPanel
from catalog.admin.parameter_field import ParametersField
from catalog.admin.pictures import PicturesPanel
from catalog.admin.shelf_pages import ShelfPages
from catalog.admin.specs import SpecsPage
from catalog.models import Category, Product, Tag
from catalog.selectors import staff_lists
from catalog.selectors.categories import tree_order
from catalog.services import duplicates, images, listing_parameters, listings, products
from catalog.states import PRODUCT
from catalog.terms import ProductStatus
from catalog.terms.listing import NEVER_SHOWN
from shop.core import uploads
from shop.core.admin import ReasonForm, actor, service_action
from shop.core.errors import Refusal

STATUS_COLOURS = {
    ProductStatus.DRAFT.value: "warning",
    ProductStatus.CHECKED.value: "info",
    ProductStatus.APPROVED.value: "info",
    ProductStatus.REJECTED.value: "danger",
    ProductStatus.ON_SHELF.value: "success",
    ProductStatus.OFF_SHELF.value: "danger",
}
STOCK_COLOURS = {"out": "danger", "low": "warning", "": None}
LOW = 5
NAMES = (
    *("title", "subtitle", "category", "brand", "description", "sale_unit", "is_weighed"),
    *("no_reason_return", "freight_template", "minimum_quantity", "quantity_multiple"),
    *("promised_ship_hours", "position"),
)


class OptionalReason(ReasonForm):
    """A reason that may stay empty."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["reason"].required = False


class ProductForm(forms.ModelForm):
    labels_by_hand = forms.ModelMultipleChoiceField(
        Tag.objects.all(), label=_("tags"), required=False, widget=UnfoldAdminSelect2MultipleWidget
    )
    pictures = PicturesField(
        label=_("add pictures"), help_text=_("JPEG, PNG or WebP, several at once; square ones look best.")
    )

    parameters = ParametersField(
        label=_("parameters"), help_text=_("What shoppers read under “Details”; the category asks for them.")
    )

    class Meta:
        model = Product
        fields = list(NAMES)
        field_classes = {"category": CategoryField}
        widgets = {"description": WysiwygWidget}
        help_texts = {
            "title": _("At most 30 characters: what it is, its strong point, its size."),
            "sale_unit": _("What one piece is called: 件, 斤, 盒 …"),
            "no_reason_return": _("Fresh food is exempt."),
            "freight_template": _("Empty: the default template."),
            "position": _("Smaller comes first where shoppers don't sort."),
        }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if self.instance.pk and "labels_by_hand" in self.fields:
            by_hand = self.instance.producttag_set.filter(is_automatic=False)
            self.fields["labels_by_hand"].initial = list(by_hand.values_list("tag", flat=True))
        asked = self.fields.get("parameters")
        if isinstance(asked, ParametersField):
            chosen = self.data.get("category") or self.instance.category_id or self.initial.get("category")
            asked.ask(self.instance, chosen)


@admin.register(Product)
class ProductAdmin(ShelfPages, NeverDeleted, GoodsAdmin):
    form = ProductForm
    list_display = (
        "show_product",
        "show_status",
        "category",
        "show_price",
        "show_stock",
        "sold_count",
        "on_shelf_at",
    )
    list_filter = (
        "status",
        ("category", RelatedDropdownFilter),
        ("brand", RelatedDropdownFilter),
        ("tags", RelatedDropdownFilter),
    )
    search_fields = ("title",)
    search_help_text = _("Part of a word, pinyin, a code or a barcode")
    ordering = ("-id",)
    autocomplete_fields = ("brand",)
    actions = ("put_selected_on_shelf", "take_selected_off_shelf")
    actions_list = ("bring_in", "take_out")
    actions_detail = ("specs", "put_on_shelf", "take_off_shelf", "take_down", "duplicate")
    change_form_outer_before_template = "admin/catalog/product_top.html"
    readonly_fields = ("say_status", "show_price", "say_stock", "sold_count", "on_shelf_at", "created_at")
    fieldsets = (
        (
            None,
            {
                "fields": (
                    ("title", "subtitle"),
                    ("category", "brand"),
                    ("labels_by_hand", "position"),
                    "pictures",
                )
            },
        ),
        (
            _("Sale"),
            {
                "fields": (
                    ("sale_unit", "is_weighed"),
                    ("minimum_quantity", "quantity_multiple"),
                    ("freight_template", "promised_ship_hours"),
                    "no_reason_return",
                )
            },
        ),
        (_("Parameters"), {"fields": ("parameters",)}),
        (_("Description"), {"fields": ("description",)}),
    )
    standing = (
        _("Standing"),
        {
            "fields": (
                ("say_status", "on_shelf_at"),
                ("show_price", "say_stock"),
                ("sold_count", "created_at"),
            )
        },
    )

    def get_queryset(self, request: HttpRequest) -> QuerySet[Product]:
        found = super().get_queryset(request).select_related("category", "brand")
        return staff_lists.with_stock_and_picture(found)

    def get_fieldsets(self, request: HttpRequest, obj: Model | None = None) -> Any:
        found = super().get_fieldsets(request, obj)
        if obj is None:
            return found
        (_none, words), *rest = found
        kept = tuple(name for name in words["fields"] if name != "pictures")
        return [(None, {"fields": kept}), *rest, self.standing]

    def get_search_results(
        self, request: HttpRequest, queryset: QuerySet[Product], search_term: str
    ) -> tuple[QuerySet[Product], bool]:
        return staff_lists.matching(queryset, search_term), False

    def formfield_for_foreignkey(self, db_field: Any, request: HttpRequest, **kwargs: Any) -> Any:
        if db_field.name == "category":
            kwargs["queryset"] = Category.objects.select_related("parent__parent").order_by(*tree_order())
        return super().formfield_for_foreignkey(db_field, request, **kwargs)

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """What shoppers see is changed by those only who may put it there."""
        allowed = super().has_change_permission(request, obj)
        if not isinstance(obj, Product) or obj.status in NEVER_SHOWN:
            return allowed
        return allowed and self.has_shelve_permission(request)

    @property
    def media(self) -> Any:
        return super().media + forms.Media(css={"all": ["backoffice/editing.css", "catalog/listing.css"]})

    def get_urls(self) -> list[Any]:
        page = SpecsPage(self)
        view = self.admin_site.admin_view(page.view)
        return [
            path("<int:product_id>/specs/", view, name="catalog_product_matrix"),
            *ExchangePages(self).urls(),
            *PicturesPanel(self).urls(),
            *ListingPanel(self).urls(),
            *self.shelf_urls(),
            *super().get_urls(),
        ]

    def render_change_form(self, request: HttpRequest, context: Any, *args: Any, **kwargs: Any) -> Any:
        product = kwargs.get("obj")
        context["listing"] = listing_panel.panel(request, product)
        if product is not None:
            may_change = self.has_change_permission(request, product)
            context |= {
                "standing": next_step.of(request, product),
                "pictures": pictures.panel(product) if may_change else None,
                "films": videos.panel(product) if may_change else None,
            }
        return super().render_change_form(request, context, *args, **kwargs)

    def save_form(self, request: HttpRequest, form: Any, change: bool) -> Product:
        product: Product = form.save(commit=False)
        return product

    def save_model(self, request: HttpRequest, obj: Any, form: Any, change: bool) -> None:
        data = form.cleaned_data
        fields = {name: data[name] for name in NAMES}
        tags = list(data["labels_by_hand"])
        who = actor(request)
        if change:
            products.update(product=obj, actor=who, tags=tags, **fields)
        else:
            obj.pk = products.create(actor=who, tags=tags, **fields).pk
            obj.refresh_from_db()
        listing_parameters.save(product=obj, values=data.get("parameters", {}), actor=who)
        for file in data.get("pictures", ()):
            try:
                images.add(product=obj, file=file, actor=who)
            except Refusal as refusal:
                messages.error(request, f"{file.name}: {refusal.message_text}")
        listings.check(product=obj)

    def save_related(self, request: HttpRequest, form: Any, formsets: Any, change: bool) -> None:
        """The service has written tags already; pictures have a panel of their own."""

    def response_add(self, request: HttpRequest, obj: Product, post_url_continue: Any = None) -> HttpResponse:
        """On to the specifications, without which nothing can be sold."""
        if "_addanother" in request.POST or "_popup" in request.POST:
            return super().response_add(request, obj, post_url_continue)
        messages.success(request, _now("The draft is saved. Now say what is sold, and for how much."))
        return HttpResponseRedirect(reverse("admin:catalog_product_matrix", args=[obj.pk]))

    @action(
        description=_("Specifications and prices"),
        permissions=["change"],
        icon="table",
        url_path="specs-page",
    )
    def specs(self, request: HttpRequest, object_id: str) -> HttpResponse:
        return HttpResponseRedirect(reverse("admin:catalog_product_matrix", args=[object_id]))

    @action(description=_("Import"), permissions=["bring_in"], icon="upload", url_path="import-page")
    def bring_in(self, request: HttpRequest) -> HttpResponse:
        return HttpResponseRedirect(reverse("admin:catalog_product_import"))

    @action(description=_("Export"), permissions=["take_out"], icon="download", url_path="export-page")
    def take_out(self, request: HttpRequest) -> HttpResponse:
        return HttpResponseRedirect(reverse("admin:catalog_product_export"))

    def has_bring_in_permission(self, request: HttpRequest) -> bool:
        return request.user.has_perms(IMPORTING)

    def has_take_out_permission(self, request: HttpRequest) -> bool:
        return request.user.has_perms(EXPORTING)

    @service_action(
        _("Put on the shelf"),
        permission="catalog.shelve_product",
        confirm=_("Shoppers see it and can buy it at once."),
        when=lambda product: product.status != ProductStatus.ON_SHELF,
        icon="storefront",
    )
    def put_on_shelf(self, request: HttpRequest, product: Product, data: dict[str, Any]) -> str:
        products.put_on_shelf(product=product, actor=actor(request))
        return _now("It is on the shelf.")

    @service_action(
        _("Take off the shelf"),
        permission="catalog.shelve_product",
        form=OptionalReason,
        confirm=_("It can no longer be bought; orders that exist are not touched."),
        when=lambda product: PRODUCT.allows(product.status, ProductStatus.OFF_SHELF),
        icon="visibility_off",
        danger=True,
    )
    def take_off_shelf(self, request: HttpRequest, product: Product, data: dict[str, Any]) -> str:
        products.take_off_shelf(product=product, actor=actor(request), reason=data["reason"])
        return _now("It is off the shelf.")

    def has_duplicate_permission(self, request: HttpRequest, object_id: Any = None) -> bool:
        return self.has_add_permission(request)

    @action(description=_("Duplicate"), permissions=["duplicate"], icon="content_copy", url_path="duplicate")
    def duplicate(self, request: HttpRequest, object_id: str) -> HttpResponse:
        """GET asks, POST copies and opens the copy."""
        product = self.get_object(request, object_id)
        if product is None:
            raise Http404
        if request.method == "POST":
            copy = duplicates.duplicate(product=product, actor=actor(request))
            messages.success(request, _now("This is the copy. Give it a title of its own."))
            return HttpResponseRedirect(reverse("admin:catalog_product_change", args=[copy.pk]))
        context = {
            **self.admin_site.each_context(request),
            "title": _now("Duplicate"),
            "subtitle": product.title,
            "opts": self.model._meta,
            "original": product,
            "confirm": _now("A new draft with the same words, pictures and prices, without codes and stock."),
            "back": reverse("admin:catalog_product_change", args=[product.pk]),
        }
        return TemplateResponse(request, "admin/core/service_action.html", context)

    @admin.action(description=_("Put on the shelf"), permissions=["shelve"])
    def put_selected_on_shelf(self, request: HttpRequest, queryset: QuerySet[Product]) -> None:
        self._shelve(request, queryset, products.put_on_shelf)

    @admin.action(description=_("Take off the shelf"), permissions=["shelve"])
    def take_selected_off_shelf(self, request: HttpRequest, queryset: QuerySet[Product]) -> None:
        self._shelve(request, queryset, products.take_off_shelf)

    def has_shelve_permission(self, request: HttpRequest) -> bool:
        return request.user.has_perm("catalog.shelve_product")

    def _shelve(self, request: HttpRequest, queryset: QuerySet[Product], service: Any) -> None:
        if not self.has_shelve_permission(request):
            raise PermissionDenied
        count = 0
        for product in queryset:
            try:
                service(product=product, actor=actor(request))
                count += 1
            except Refusal as refusal:
                messages.error(request, f"{product.title}: {refusal.message_text}")
        if count:
            done = ngettext("%(count)d product changed.", "%(count)d products changed.", count)
            messages.success(request, done % {"count": count})

    @display(description=_("product"), ordering="title", header=True)
    def show_product(self, product: Product) -> list[Any]:
        image = {
            "path": uploads.derivative_url(product.image_path, 160),  # type: ignore[attr-defined]
            "squared": True,
            "width": 48,
            "height": 48,
        }
        return [product.title, product.subtitle, "", image]

    @display(description=_("status"), ordering="status", label=STATUS_COLOURS)
    def show_status(self, product: Product) -> tuple[str, str]:
        return product.status, product.get_status_display()

    @display(description=_("price"), ordering="lowest_price")
    def show_price(self, product: Product) -> str:
        return price_range(product.lowest_price, product.highest_price)

    @display(description=_("free stock"), ordering="available", label=STOCK_COLOURS)
    def show_stock(self, product: Product) -> tuple[str, str]:
        free = product.available  # type: ignore[attr-defined]
        return "out" if free <= 0 else "low" if free <= LOW else "", str(free)

    @display(description=_("status"))
    def say_status(self, product: Product) -> str:
        return product.get_status_display()

    @display(description=_("free stock"))
    def say_stock(self, product: Product) -> int:
        return product.available  # type: ignore[attr-defined]
