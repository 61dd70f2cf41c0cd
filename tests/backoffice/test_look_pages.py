"""The merchant's colours and the catalogue of parts."""

import pytest

from shop.backoffice import tokens
from shop.backoffice.specimens import SPECIMENS
from shop.core import appearance, settings_store
from shop.core.appearance import Appearance
from shop.core.models import AuditEntry
from tests.backoffice.lived_in import desk

pytestmark = pytest.mark.django_db

CHOSEN = {
    "brand": "#1f5faf", "soft": "", "brand_dark": "", "soft_dark": "", "radius": "round", "font": "sans"
}  # fmt: skip


def test_colours_that_can_be_read_are_worn_and_noted() -> None:
    answer = desk("administrator").post("/admin/appearance/", CHOSEN)
    assert answer.status_code == 302
    settings_store.forget()
    assert appearance.current() == Appearance(brand="#1F5FAF", radius="round")
    assert AuditEntry.objects.filter(target="setting:core.appearance").count() == 1


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"brand": "#FFC400"}, "brand"),
        ({"soft": "#C8371B"}, "soft"),
        ({"brand_dark": "#221E1A"}, "brand_dark"),
        ({"brand": "red;}"}, "brand"),
        ({"radius": "wavy"}, "radius"),
    ],
)
def test_what_cannot_be_read_is_refused_beside_the_field_and_nothing_changes(
    changes: dict[str, str], field: str
) -> None:
    answer = desk("administrator").post("/admin/appearance/", CHOSEN | changes)
    assert answer.status_code == 200
    assert answer.context["form"].errors[field]
    assert appearance.current().is_default


def test_the_preview_shows_a_choice_that_is_not_saved() -> None:
    answer = desk("administrator").get("/admin/appearance/look/", {"brand": "#2B7A4B", "theme": "dark"})
    assert "--brand: #2B7A4B;" in answer.content.decode()
    assert answer["X-Frame-Options"] == "SAMEORIGIN"
    assert appearance.current().is_default


def test_only_who_may_change_settings_changes_the_look() -> None:
    assert desk("warehouse").get("/admin/appearance/").status_code == 403
    assert desk("warehouse").post("/admin/appearance/", CHOSEN).status_code == 403
    assert appearance.current().is_default


@pytest.mark.parametrize("language", ["zh", "en"])
def test_the_catalogue_draws_every_part_by_the_line_it_shows(language: str) -> None:
    page = desk("administrator").get("/admin/design/parts/", {"lang": language, "theme": "dark"})
    text = page.content.decode()
    assert page.status_code == 200
    assert all(f'id="{specimen.name}"' in text for specimen in SPECIMENS)
    assert ("立即购买" in text) is (language == "zh")
    assert "color-scheme: dark" in text


def test_both_themes_are_found_in_the_style_sheet() -> None:
    assert "--brand: #C8371B" in tokens.forced("light")
    assert "--brand: #FF8A66" in tokens.forced("dark")
    assert tokens.forced("other") == ""
