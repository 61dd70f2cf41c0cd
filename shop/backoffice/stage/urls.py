"""Addresses of a demo; shop.urls takes them in only when settings.DEMO says so."""

from django.contrib import admin
from django.urls import include, path

from shop.backoffice.stage import robots, views
from shop.backoffice.stage.views import on_stage

stage_urlpatterns = [
    path("admin/stage/", admin.site.admin_view(on_stage(views.page)), name="page"),
    path("admin/stage/acts/", admin.site.admin_view(on_stage(views.acts)), name="acts"),
    path("admin/stage/play/", admin.site.admin_view(on_stage(views.play)), name="play"),
    path("admin/stage/refill/", admin.site.admin_view(on_stage(views.refill)), name="refill"),
    path("admin/stage/robots/", admin.site.admin_view(on_stage(views.switch_robots)), name="switch_robots"),
    path("demo/enter/", views.enter, name="enter"),
    path("demo/robots/", robots.answer, name="robots"),
]
urlpatterns = [path("", include((stage_urlpatterns, "stage")))]
