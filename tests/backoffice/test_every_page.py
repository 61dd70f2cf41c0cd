"""Every page of the back office opens, costs the same for any number of rows, and never counts everything."""

import re
from typing import Any

import pytest
from django.contrib import admin
from django.core.cache import cache
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from shop.core.models import AuditEntry
from tests.backoffice.lived_in import desk, live

pytestmark = pytest.mark.django_db

PAGES = [(model, page) for model, page in admin.site._registry.items()]
WHOLE_COUNT = re.compile(r'^SELECT COUNT\\(\\*\\) AS "__count" FROM "\\w+"$')


def address(model: Any, verb: str, *args: Any) -> str:
    return reverse(f"admin:{model._meta.app_label}_{model._meta.model_name}_{verb}", args=args)


def queries_of(client: Client, path: str) -> list[str]:
    cache.clear()
    with CaptureQueriesContext(connection) as asked:
        answer = client.get(path, follow=True)
    assert answer.status_code == 200, f"{path}: {answer.status_code}"
    return [query["sql"] for query in asked]


@pytest.mark.usefixtures("bank")
def test_lists_cost_the_same_for_any_number_of_rows_and_count_nothing_over_everything() -> None:
    store = live()
    client = desk("administrator")
    for model, _page in PAGES:
        client.get(address(model, "changelist"))  # what a process learns once, such as content types
    few = {model: queries_of(client, address(model, "changelist")) for model, _page in PAGES}
    empty = [model._meta.label for model, _page in PAGES if not model._default_manager.exists()]
    assert empty == [], "a page without a row behind it proves nothing"
    live(store)
    for model, _page in PAGES:
        more = queries_of(client, address(model, "changelist"))
        assert len(more) <= len(few[model]), f"{model._meta.label}: {len(few[model])} → {len(more)} queries"
        assert not [sql for sql in more if WHOLE_COUNT.match(sql)], f"{model._meta.label} counts everything"
        assert len(more) <= 30, f"{model._meta.label} needs {len(more)} queries"


@pytest.mark.usefixtures("bank")
def test_every_object_and_every_form_opens() -> None:
    live()
    client = desk("administrator")
    request = client.get("/admin/").wsgi_request
    seen = AuditEntry.objects.count()
    for model, page in PAGES:
        row = page.get_queryset(request).order_by("pk").first()
        if row is not None:
            answer = client.get(address(model, "change", row.pk), follow=True)
            assert answer.status_code == 200, f"{model._meta.label} {row.pk}: {answer.status_code}"
        if page.has_add_permission(request):
            assert client.get(address(model, "add")).status_code == 200, model._meta.label
        shown = client.get(address(model, "changelist"), {"q": "1"}, follow=True)
        assert shown.status_code == 200, f"{model._meta.label}: search {shown.status_code}"
    assert AuditEntry.objects.count() == seen, "looking leaves no trace"


@pytest.mark.usefixtures("bank")
def test_every_button_names_permissions_that_exist_and_is_refused_to_who_lacks_them() -> None:
    live()
    known = {
        f"{app}.{name}"
        for app, name in admin.models.ContentType.objects.values_list("app_label", "permission__codename")
    }
    nobody = desk("warehouse")
    person = nobody.get("/admin/").wsgi_request.user
    for model, page in PAGES:
        row = model._default_manager.order_by("pk").first()
        for action in page._get_base_actions_detail():
            method = action.method
            wanted = {*getattr(method, "permissions", ()), *getattr(method, "allowed_permissions", ())}
            named = {name for name in wanted if "." in name}
            assert named <= known, f"{model._meta.label}.{action.action_name}: {named}"
            assert wanted, f"{model._meta.label}.{action.action_name} is open to everybody"
            if row is not None and named and not person.has_perms(named):
                path = reverse(f"admin:{action.action_name}", args=[row.pk])
                assert nobody.post(path).status_code in (403, 404), path
