"""One shape for every error: {"code", "message", "extra"}."""

from typing import Any

import structlog
from django.conf import settings
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, JsonResponse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.csrf import csrf_exempt
from rest_framework import exceptions
from rest_framework.response import Response
from rest_framework.serializers import CharField, DictField, Serializer
from rest_framework.views import set_rollback

from shop.core import errors

log = structlog.get_logger(__name__)


class IdempotencyKeyRequired(errors.Refusal):
    code = "idempotency_key_required"
    status = 400
    message = gettext_lazy("Send an Idempotency-Key header with every writing request.")


def answer(problem: Exception, context: dict[str, Any]) -> Response | None:
    """DRF's exception handler: refusals and DRF's own exceptions in one shape; anything else is logged and a
    500."""
    set_rollback()
    if isinstance(problem, errors.Refusal):
        headers = {"Retry-After": str(problem.extra["retry_after"])} if "retry_after" in problem.extra else {}
        return Response(problem.as_dict(), status=problem.status, headers=headers)
    if isinstance(problem, Http404):
        problem = exceptions.NotFound()
    elif isinstance(problem, PermissionDenied):
        problem = exceptions.PermissionDenied()
    if isinstance(problem, exceptions.APIException):
        return _drf(problem)
    if settings.TESTING:
        return None
    log.exception("api_failed")
    return Response(_body("server_error", _("Something went wrong on our side.")), status=500)


@csrf_exempt
def unknown_address(request: HttpRequest) -> JsonResponse:
    """The last address of the API: whatever no other one took."""
    return JsonResponse(errors.NotFound().as_dict(), status=404)


def _drf(problem: exceptions.APIException) -> Response:
    headers = {}
    if getattr(problem, "auth_header", None):
        headers["WWW-Authenticate"] = problem.auth_header  # type: ignore[attr-defined]
    if isinstance(problem, exceptions.ValidationError):
        fields = problem.detail if isinstance(problem.detail, dict) else {"non_field_errors": problem.detail}
        body = _body("invalid", _("Some fields are not right."), fields=fields)
    elif isinstance(problem, exceptions.Throttled):
        wait = int(getattr(problem, "wait", None) or 60)
        headers["Retry-After"] = str(wait)
        body = _body("too_many", str(errors.TooMany.message), retry_after=wait)
    else:
        code = {"permission_denied": "forbidden", "authentication_failed": "not_authenticated"}
        name = str(problem.get_codes())
        body = _body(code.get(name, name), str(problem.detail))
    return Response(body, status=problem.status_code, headers=headers)


def _body(code: str, message: str, **extra: Any) -> dict[str, Any]:
    return {"code": code, "message": message, "extra": extra}


class ErrorSerializer(Serializer[Any]):
    """For descriptions of single answers; its component is the one named Error."""

    code = CharField()
    message = CharField()
    extra = DictField()
