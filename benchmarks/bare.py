"""What everything is measured against: same settings, same middleware, no query, one word."""

from django.http import HttpRequest, HttpResponse
from django.urls import path

urlpatterns = [path("bare/", lambda request: hello(request))]


def hello(request: HttpRequest) -> HttpResponse:
    return HttpResponse("hello")
