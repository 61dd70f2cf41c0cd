from django.urls import path

from members.api.me import MeView
from members.api.sessions import CurrentSessionView, SessionsView

api_urlpatterns = [
    path("sessions/", SessionsView.as_view(), name="sessions"),
    path("sessions/current/", CurrentSessionView.as_view(), name="session"),
    path("me/", MeView.as_view(), name="me"),
]
