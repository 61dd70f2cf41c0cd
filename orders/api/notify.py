"""Where gateways knock. No login, no CSRF: the signature over the raw body is the only credential."""

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST

from orders.services import notices


@csrf_exempt
@require_POST
def receive(request: HttpRequest, gateway: str, kind: str) -> HttpResponse:
    if int(request.headers.get("Content-Length") or 0) > notices.BODY_BYTES:
        return JsonResponse({"code": "FAIL", "message": "too large"}, status=413)
    status = notices.receive(gateway=gateway, kind=kind, headers=request.headers, body=request.body)
    if status == 204:
        return HttpResponse(status=204)
    return JsonResponse({"code": "FAIL", "message": "失败"}, status=status)
