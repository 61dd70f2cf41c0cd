"""Making a picture of a product better: before and after side by side, and back again."""

import json
from typing import Any

from django import forms
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import path, reverse
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from catalog.models import PictureEdit, ProductImage
from catalog.policies.shelf import WATERMARK_WORDS
from catalog.services import picture_edits
from catalog.services.retouching import RATIOS, Steps
from catalog.terms.shelf import Improvement
from members.selectors import merchant
from shop.core import uploads
from shop.core.admin import actor
from shop.core.errors import Refusal

WORDS_OF_STEPS = {
    "box": Improvement.CROP,
    "ratio": Improvement.CROP,
    "auto_light": Improvement.EXPOSURE,
    "exposure": Improvement.EXPOSURE,
    "white": Improvement.WHITE,
    "sharpen": Improvement.SHARPEN,
    "watermark": Improvement.WATERMARK,
}


class ImproveForm(forms.Form):
    ratio = forms.ChoiceField(
        label=_("Shape"), choices=[("", _("As it is")), *((one, one) for one in RATIOS)], required=False
    )
    box = forms.CharField(required=False, widget=forms.HiddenInput)
    auto_light = forms.BooleanField(label=_("Better light by itself"), required=False)
    exposure = forms.IntegerField(label=_("Brightness"), min_value=-100, max_value=100, required=False)
    white = forms.BooleanField(label=_("White background"), required=False)
    sharpen = forms.IntegerField(label=_("Sharpness"), min_value=0, max_value=100, required=False)
    watermark = forms.CharField(label=_("Watermark"), max_length=20, required=False)

    def clean_box(self) -> tuple[float, float, float, float] | None:
        raw = self.cleaned_data["box"]
        if not raw:
            return None
        try:
            left, top, width, height = (float(one) for one in json.loads(raw))
        except (ValueError, TypeError) as problem:
            raise forms.ValidationError(_("The frame is not clear.")) from problem
        return left, top, width, height

    def steps(self) -> Steps:
        said = self.cleaned_data
        return Steps(
            box=said["box"],
            ratio=said["ratio"],
            auto_light=said["auto_light"],
            exposure=said["exposure"] or 0,
            white=said["white"],
            sharpen=said["sharpen"] or 0,
            watermark=said["watermark"].strip(),
        )


class ImprovePage:
    """GET shows the tools; POST with `look` answers with a JPEG, with `keep` stores it, with `undo` takes the
    last change back."""

    def __init__(self, admin: Any) -> None:
        self.admin = admin

    def urls(self) -> list[Any]:
        door = self.admin.admin_site.admin_view
        return [
            path("pictures/<int:image_id>/improve/", door(self.view), name="catalog_product_improve"),
        ]

    def view(self, request: HttpRequest, image_id: int) -> HttpResponse:
        image = ProductImage.objects.select_related("product").filter(pk=image_id).first()
        if image is None:
            raise Http404
        if not self.admin.has_change_permission(request, image.product):
            raise PermissionDenied
        if request.method != "POST":
            return self._show(request, image)
        try:
            return self._do(request, image)
        except Refusal as refusal:
            if "look" in request.POST:
                return HttpResponse(refusal.message_text, status=422, content_type="text/plain")
            messages.error(request, refusal.message_text)
            return HttpResponseRedirect(request.path)

    def _do(self, request: HttpRequest, image: ProductImage) -> HttpResponse:
        if "undo" in request.POST:
            picture_edits.undo(image=image, actor=actor(request))
            messages.success(request, _now("The picture is as it was before."))
            return HttpResponseRedirect(request.path)
        form = ImproveForm(request.POST)
        if not form.is_valid():
            words = "; ".join(str(error) for errors in form.errors.values() for error in errors)
            return HttpResponse(words, status=422, content_type="text/plain")
        if "look" in request.POST:
            made = picture_edits.preview(image=image, steps=form.steps())
            return HttpResponse(made, content_type="image/jpeg", headers={"Cache-Control": "no-store"})
        picture_edits.apply(image=image, steps=form.steps(), actor=actor(request))
        messages.success(request, _now("The better picture is in the shop. You can take it back any time."))
        return HttpResponseRedirect(request.path)

    def _show(self, request: HttpRequest, image: ProductImage) -> HttpResponse:
        edits = list(PictureEdit.objects.filter(image=image, undone_at=None)[:10])
        context = {
            **self.admin.admin_site.each_context(request),
            "title": _now("Improve a picture"),
            "subtitle": image.product.title,
            "opts": None,
            "image": image,
            "address": uploads.derivative_url(image.path, 960),
            "form": ImproveForm(),
            "ratios": list(RATIOS),
            "watermark": WATERMARK_WORDS.get() or merchant.current().shop_name[:20],
            "edits": [(edit, _said(edit)) for edit in edits],
            "before": uploads.derivative_url(edits[-1].path, 960) if edits else "",
            "back": reverse("admin:catalog_product_change", args=[image.product_id]) + "#pictures",
        }
        return TemplateResponse(request, "admin/catalog/improve.html", context)


def _said(edit: PictureEdit) -> str:
    names = dict.fromkeys(str(WORDS_OF_STEPS[name].label) for name in edit.steps if name in WORDS_OF_STEPS)
    return " · ".join(names)
