"""What every request gets: an id, a language, a content policy, and no-store on private pages."""

import re
import time
import uuid
from collections.abc import Callable
from typing import Any

import structlog
from csp.middleware import CSPMiddleware, PolicyParts
from django.conf import settings
from django.core.exceptions import BadRequest
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.utils import translation
from django.utils.cache import patch_cache_control, patch_vary_headers

log = structlog.get_logger("shop.requests")

Next = Callable[[HttpRequest], HttpResponse]
GIVEN_ID = re.compile(r"[A-Za-z0-9._-]{8,64}")
STAFF_TOOLS = ("/admin/", "/api/v1/docs/")
QUIET = ("/healthz", "/readyz", "/metrics", "/static/", "/media/")


class RequestId:
    """Names the request (X-Request-Id, given or new) in every log line, task and answer, and logs its end."""

    def __init__(self, get_response: Next) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        given = request.headers.get("X-Request-Id", "")
        request_id = given if GIVEN_ID.fullmatch(given) else uuid.uuid4().hex
        request.request_id = request_id  # type: ignore[attr-defined]
        structlog.contextvars.clear_contextvars()
        structlog.contextvars.bind_contextvars(request_id=request_id)
        started = time.monotonic()
        try:
            response = self.get_response(request)
            response["X-Request-Id"] = request_id
            if not request.path.startswith(QUIET):
                match = request.resolver_match
                log.info(
                    "request",
                    method=request.method,
                    route=match.route if match else "",
                    status=response.status_code,
                    ms=round((time.monotonic() - started) * 1000),
                )
            return response
        finally:
            structlog.contextvars.clear_contextvars()


class ChosenLanguage:
    """The language the person chose (cookie), else the shop's; never the browser's guess."""

    def __init__(self, get_response: Next) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        wanted = request.COOKIES.get(settings.LANGUAGE_COOKIE_NAME, "")
        language = wanted if wanted in dict(settings.LANGUAGES) else settings.LANGUAGE_CODE
        with translation.override(language):
            request.LANGUAGE_CODE = language
            response = self.get_response(request)
        response.headers.setdefault("Content-Language", language)
        if response.get("Content-Type", "").startswith("text/html"):
            patch_vary_headers(response, ("Cookie",))
        return response


class NoZeroBytes:
    """PostgreSQL knows no zero byte and nobody types one: such an address or form is refused as a whole."""

    def __init__(self, get_response: Next) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if "\0" in request.path:
            raise BadRequest("zero byte in the address")
        return self.get_response(request)

    def process_view(self, request: HttpRequest, view: Any, args: Any, kwargs: Any) -> None:
        """Forms only: JSON is read by its serializers, notices are read raw."""
        if request.method != "POST" or getattr(view, "csrf_exempt", False):
            return
        if any("\0" in value for _, values in request.POST.lists() for value in values):
            raise BadRequest("zero byte in a form")


class ContentPolicy(CSPMiddleware):
    """The strict policy everywhere, the looser one for the tools of staff, whose scripts need it."""

    def get_policy_parts(
        self, request: HttpRequest, response: HttpResponseBase, report_only: bool = False
    ) -> PolicyParts:
        parts = super().get_policy_parts(request, response, report_only)
        if request.path.startswith(STAFF_TOOLS) and not report_only:
            parts.config = settings.BACKOFFICE_SECURITY_POLICY
        return parts


class PrivatePages:
    """Pages made for somebody signed in are kept by no cache."""

    def __init__(self, get_response: Next) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        is_private = request.path.startswith(("/admin/", "/api/")) or (
            request.session.accessed and request.user.is_authenticated
        )
        if is_private and not response.has_header("Cache-Control"):
            patch_cache_control(response, private=True, no_store=True)
        return response
