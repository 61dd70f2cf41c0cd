"""Where WeChat knocks. No login, no CSRF: the signature is the only credential."""

from django.http import HttpRequest, HttpResponse
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods

from members.services import pushes
from shop.core.wechat import callbacks
from shop.core.wechat.callbacks import Untrusted

PLAIN = "text/plain; charset=utf-8"
LONGEST_ECHO = 100


@csrf_exempt
@require_http_methods(["GET", "POST"])
def receive(request: HttpRequest) -> HttpResponse:
    """GET: the check of the address. POST: an encrypted push; answered at once, worked on later."""
    given = {name: request.GET.get(name, "") for name in ("timestamp", "nonce")}
    try:
        if request.method == "GET":
            callbacks.verify(signature=request.GET.get("signature", ""), **given)
            return HttpResponse(request.GET.get("echostr", "")[:LONGEST_ECHO], content_type=PLAIN)
        if int(request.headers.get("Content-Length") or 0) > callbacks.BODY_BYTES:
            return HttpResponse(status=413)
        fields = callbacks.decrypt(body=request.body, signature=request.GET.get("msg_signature", ""), **given)
    except Untrusted:
        return HttpResponse(status=401)
    pushes.receive(fields=fields)
    return HttpResponse("success", content_type=PLAIN)
