"""Is it alive, is it ready, how much does it do; and the media files."""

import hmac
import ipaddress
import posixpath
from datetime import timedelta

import redis
from django.conf import settings
from django.core.exceptions import SuspiciousFileOperation
from django.db import DatabaseError
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseForbidden, JsonResponse
from django.http.response import HttpResponseBase
from django.views.decorators.cache import never_cache
from django.views.static import serve
from django_prometheus.exports import ExportToDjangoView
from redis.exceptions import RedisError

from shop.core import clock, crypto, gauges, ranges
from shop.core.models import JobRun

WORKER_SILENCE = timedelta(seconds=45)


@never_cache
def alive(request: HttpRequest) -> HttpResponse:
    return HttpResponse("ok\n", content_type="text/plain")


@never_cache
def ready(request: HttpRequest) -> JsonResponse:
    """Each part by name; 503 when one isn't in order."""
    parts = {"database": _database(), "broker": _broker(), "worker": _worker()}
    is_ready = set(parts.values()) == {"ok"}
    return JsonResponse({"ready": is_ready, **parts}, status=200 if is_ready else 503)


@never_cache
def metrics(request: HttpRequest) -> HttpResponse:
    """Prometheus text: with METRICS_TOKEN for its bearer, without for the private network only."""
    if not _may_read_metrics(request):
        return HttpResponseForbidden()
    response: HttpResponse = ExportToDjangoView(request)
    response.content += gauges.text().encode()
    return response


def media(request: HttpRequest, path: str) -> HttpResponseBase:
    """A stored file. What lies under private/ needs an unexpired signature of `crypto.sign_path`."""
    name = posixpath.normpath(path).lstrip("/")
    is_private = name.startswith("private/")
    if is_private and not crypto.check_signed(
        request.path, request.GET.get("expires", ""), request.GET.get("signature", "")
    ):
        raise Http404
    try:
        response = ranges.in_part(request, serve(request, name, document_root=settings.MEDIA_ROOT))
    except SuspiciousFileOperation as problem:
        raise Http404 from problem
    response["Cache-Control"] = "private, no-store" if is_private else "public, max-age=31536000, immutable"
    response["Content-Security-Policy"] = "default-src 'none'; sandbox"
    return response


def _database() -> str:
    try:
        clock.now()
    except DatabaseError:
        return "no answer"
    return "ok"


def _broker() -> str:
    try:
        client = redis.Redis.from_url(settings.REDIS_URL, socket_timeout=1, socket_connect_timeout=1)
        client.ping()
    except (RedisError, OSError):
        return "no answer"
    return "ok"


def _worker() -> str:
    try:
        run = JobRun.objects.filter(name="core.heartbeat").first()
        if run is None or run.succeeded_at is None:
            return "no heartbeat yet"
        silence = clock.now() - run.succeeded_at
    except DatabaseError:
        return "unknown"
    return "ok" if silence < WORKER_SILENCE else f"silent for {round(silence.total_seconds())} s"


def _may_read_metrics(request: HttpRequest) -> bool:
    if settings.METRICS_TOKEN:
        given = request.headers.get("Authorization", "").removeprefix("Bearer ")
        return hmac.compare_digest(given.encode(), settings.METRICS_TOKEN.encode())
    if request.headers.get("X-Forwarded-For"):
        return False
    try:
        return ipaddress.ip_address(request.META.get("REMOTE_ADDR", "")).is_private
    except ValueError:
        return False
