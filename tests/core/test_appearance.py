import pytest

from shop.core import appearance, colours, settings_store
from shop.core.appearance import Appearance
from shop.core.errors import Invalid


def test_contrast_is_that_of_the_standard() -> None:
    assert colours.contrast("#000000", "#FFFFFF") == pytest.approx(21)
    assert colours.contrast("#777777", "#FFFFFF") == pytest.approx(4.48, abs=0.01)
    assert colours.parse("c83") == "#CC8833"
    for nonsense in ("", "red", "#12345", "#GGGGGG", "#fff;}"):
        with pytest.raises(ValueError, match="not a colour"):
            colours.parse(nonsense)


@pytest.mark.parametrize(
    "brand", ["#C8371B", "#1F5FAF", "#2B7A4B", "#6B2FA0", "#000000", "#8A5A00", "#D6006C"]
)
def test_what_is_derived_from_a_readable_brand_can_be_read_day_and_night(brand: str) -> None:
    look = Appearance(brand=brand)
    assert [check.words for check in look.checks() if not check.is_readable] == []
    light = look.light()
    assert min(colours.contrast(light[name], "#FFFFFF") for name in ("hero-0", "hero-1", "hero-2")) >= 4.5


@pytest.mark.parametrize("brand", ["#FFC400", "#FF8A66", "#9FE870", "#FFFFFF"])
def test_a_brand_that_cannot_be_read_is_refused_with_the_nearest_that_can(brand: str) -> None:
    failed = next(check for check in Appearance(brand=brand).checks() if not check.is_readable)
    assert colours.contrast(failed.nearest(), failed.ground) >= 4.5
    with pytest.raises(ValueError, match="read"):
        appearance.parse({"brand": brand})


def test_the_look_that_ships_is_that_of_the_style_sheet() -> None:
    look = Appearance()
    assert look.is_default
    assert look.dark()["brand"] == "#FF8A66"
    assert look.light()["brand-soft"] == "#FDEBE4"


@pytest.mark.django_db
def test_only_a_look_that_can_be_read_is_stored_and_pages_wear_it_at_once() -> None:
    with pytest.raises(Invalid):
        appearance.set_by(chosen=Appearance(brand="#FFC400"), actor="system")
    assert appearance.current() == Appearance()
    chosen = Appearance(brand="#1F5FAF", radius="round", font="serif")
    appearance.set_by(chosen=chosen, actor="system")
    settings_store.forget()
    assert appearance.current() == chosen
    sheet = chosen.stylesheet()
    assert "--brand: #1F5FAF;" in sheet
    assert "Songti" in sheet
    assert "prefers-color-scheme: dark" in sheet
    assert all(policy.name != "core.appearance" for policy in settings_store.all_policies())
