"""Every route of the URL conf, with an address at which it can be asked for."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from django.contrib import admin
from django.urls import URLPattern, URLResolver, get_resolver

PARAMETER = re.compile(r"<(?:\w+:)?(\w+)>")
# Django's and the tools' own doors
NOT_OURS = re.compile(r"^(static/|readyz|metrics|api/v1/$|__debug__|admin/r/|admin/\^|api/v1/\(|admin/\(\?P)")


@dataclass(frozen=True)
class Route:
    """`name` with its namespaces, the pattern as text, the names in it."""

    name: str
    pattern: str

    @property
    def area(self) -> str:
        if self.pattern.startswith(("admin/", "demo/")):
            return "admin"
        return "api" if self.pattern.startswith("api/") else "shop"

    @property
    def parameters(self) -> list[str]:
        return PARAMETER.findall(self.pattern)

    def address(self, values: Mapping[str, Any]) -> str:
        """Raises KeyError for a parameter nobody has a value for."""
        return "/" + PARAMETER.sub(lambda found: str(values[found[1]]), self.pattern)


def everything() -> list[Route]:
    return [route for route in _walk(get_resolver(), "", "") if not NOT_OURS.match(route.pattern)]


def _walk(resolver: URLResolver, prefix: str, namespace: str) -> Iterator[Route]:
    for one in resolver.url_patterns:
        text = prefix + str(one.pattern).removeprefix("^").removesuffix("$")
        if isinstance(one, URLPattern):
            yield Route(namespace + (one.name or ""), text)
        else:
            yield from _walk(one, text, namespace + (f"{one.namespace}:" if one.namespace else ""))


def model_pages() -> dict[str, tuple[Any, str]]:
    """The standard admin pages by their pattern: (model admin, what one needs there)."""
    needs = {
        "": "view",
        "add/": "add",
        "<path:object_id>/change/": "view",
        "<path:object_id>/delete/": "delete",
    }
    found: dict[str, tuple[Any, str]] = {}
    for model, page in admin.site._registry.items():
        base = f"admin/{model._meta.app_label}/{model._meta.model_name}/"
        for rest, need in needs.items():
            found[base + rest] = (page, need)
        found[f"{base}<path:object_id>/history/"] = (page, "view")
        found[f"{base}<path:object_id>/"] = (page, "redirect")
    return found
