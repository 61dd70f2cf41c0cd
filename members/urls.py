from django.urls import path

from members.api.me import MeView
from members.api.sessions import CurrentSessionView, SessionsView
from members.api.wechat_sessions import WechatBindingView, WechatSessionsView

api_urlpatterns = [
    path("sessions/", SessionsView.as_view(), name="sessions"),
    path("sessions/current/", CurrentSessionView.as_view(), name="session"),
    path("sessions/wechat/", WechatSessionsView.as_view(), name="wechat_sessions"),
    path("sessions/wechat/bind/", WechatBindingView.as_view(), name="wechat_binding"),
    path("me/", MeView.as_view(), name="me"),
]
