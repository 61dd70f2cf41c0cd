"""Where sales channels knock. No login, no CSRF: the signature over the raw body is the only credential."""

import json
from typing import Any

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_GET, require_POST

from catalog.selectors import sales_channels as selector
from catalog.services import sales_channels
from shop.core.errors import Invalid, Refusal

BODY_BYTES = 64_000
CODES_AT_MOST = 1000


@csrf_exempt
@require_POST
def report_sale(request: HttpRequest, code: str) -> HttpResponse:
    """`{number, lines: [{code, quantity}]}`: take what was sold elsewhere out of stock, once a number."""
    if int(request.headers.get("Content-Length") or 0) > BODY_BYTES:
        return JsonResponse({"code": "too_large", "message": "", "extra": {}}, status=413)
    try:
        channel = sales_channels.identify(code=code, headers=request.headers, body=request.body)
        number, lines = _sale(request.body)
        sale = sales_channels.sold(channel=channel, number=number, lines=lines)
    except Refusal as refusal:
        return _refused(refusal)
    return JsonResponse({"number": sale.number})


@require_GET
def list_stock(request: HttpRequest, code: str) -> HttpResponse:
    """`?after=<code>`: what the channel may sell, a thousand SKUs a page in the order of their codes."""
    try:
        channel = sales_channels.identify(
            code=code, headers=request.headers, body=request.get_full_path().encode()
        )
    except Refusal as refusal:
        return _refused(refusal)
    rows = channel.stock.filter(sku__code__gt=request.GET.get("after", ""))
    found = dict(rows.order_by("sku__code").values_list("sku__code", "sku")[:CODES_AT_MOST])
    told = selector.tellable(channel, list(found.values()))
    return JsonResponse({"items": [{"code": one, "quantity": told[pk]} for one, pk in found.items()]})


def _sale(body: bytes) -> tuple[str, list[tuple[str, int]]]:
    try:
        given: Any = json.loads(body)
        number = given["number"]
        lines = [(line["code"], line["quantity"]) for line in given["lines"]]
    except (ValueError, KeyError, TypeError) as problem:
        raise Invalid(field="body") from problem
    plain = all(isinstance(code, str) and type(quantity) is int for code, quantity in lines)
    if not isinstance(number, str) or not plain:
        raise Invalid(field="body")
    return number, lines


def _refused(refusal: Refusal) -> JsonResponse:
    return JsonResponse(refusal.as_dict(), status=refusal.status)
