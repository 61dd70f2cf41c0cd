"""The merchant's look: brand colour, its soft ground, corners and type. What can't be read is refused; what
isn't chosen is derived, the dark theme too. Pages get it as a style sheet of tokens."""

import hashlib
from collections.abc import Mapping
from dataclasses import asdict, dataclass, fields
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from shop.core import colours
from shop.core.colours import READABLE, WHITE
from shop.core.settings_store import Policy

CARD, PAPER, CARD_DARK, PAPER_DARK = "#FFFFFF", "#FFF9F4", "#221E1A", "#171412"
SHIPPED = {"#C8371B": {"soft": "#FDEBE4", "brand_dark": "#FF8A66", "soft_dark": "#3A211A"}}
RADII: dict[str, tuple[Promise, str, str]] = {
    "square": (_("Square"), "2px", "2px"),
    "soft": (_("Soft"), "12px", "8px"),
    "round": (_("Round"), "20px", "12px"),
}
CJK = '"PingFang SC", "HarmonyOS Sans SC", "MiSans", "Microsoft YaHei", "Noto Sans CJK SC", "Noto Sans SC"'
FONTS: dict[str, tuple[Promise, str]] = {
    "sans": (_("Plain (Hei)"), ""),
    "serif": (_("Bookish (Song)"), '"Songti SC", "Noto Serif CJK SC", "Source Han Serif SC", SimSun, serif'),
    "rounded": (_("Rounded"), f'ui-rounded, "Yuanti SC", "PingFang SC", {CJK}, sans-serif'),
}


@dataclass(frozen=True, slots=True)
class Appearance:
    """Colours as #RRGGBB; empty soft and dark colours are derived."""

    brand: str = "#C8371B"
    soft: str = ""
    brand_dark: str = ""
    soft_dark: str = ""
    radius: str = "soft"
    font: str = "sans"

    @property
    def is_default(self) -> bool:
        return self == Appearance()

    def light(self) -> dict[str, str]:
        """The brand's tokens by day, all #RRGGBB."""
        soft = self.soft or SHIPPED.get(self.brand, {}).get("soft") or _soft(self.brand)
        hero = colours.until(self.brand, "#000000", lambda one: colours.contrast(one, WHITE) >= 5.5)
        return {
            "brand": self.brand,
            "on-brand": colours.text_on(self.brand),
            "brand-soft": soft,
            "brand-deep": colours.mix(self.brand, "#000000", 0.16),
            "hero-0": colours.mix(hero, "#000000", 0.36),
            "hero-1": hero,
            "hero-2": colours.until(
                colours.mix(hero, WHITE, 0.14), hero, lambda one: colours.contrast(one, WHITE) >= READABLE
            ),
            "hero-3": colours.mix(hero, WHITE, 0.3),
        }

    def dark(self) -> dict[str, str]:
        """The brand's tokens by night."""
        shipped = SHIPPED.get(self.brand, {})
        soft = self.soft_dark or shipped.get("soft_dark") or colours.mix(self.brand, PAPER_DARK, 0.8)
        brand = self.brand_dark or shipped.get("brand_dark") or _lit(self.brand, soft)
        return {
            "brand": brand,
            "on-brand": colours.text_on(brand),
            "brand-soft": soft,
            "brand-deep": colours.mix(brand, WHITE, 0.2),
        }

    def checks(self) -> list["Check"]:
        """Every pair of colours that carries words, and how well it can be read."""
        light, dark = self.light(), self.dark()
        return [
            Check("brand", _("Words on the main button"), light["on-brand"], light["brand"]),
            Check("brand", _("Prices on a card"), light["brand"], CARD),
            Check("brand", _("Links on the page"), light["brand"], PAPER),
            Check("soft", _("Words on badges"), light["brand"], light["brand-soft"]),
            Check("brand_dark", _("Words on the main button, dark"), dark["on-brand"], dark["brand"]),
            Check("brand_dark", _("Prices on a card, dark"), dark["brand"], CARD_DARK),
            Check("soft_dark", _("Words on badges, dark"), dark["brand"], dark["brand-soft"]),
        ]

    def stylesheet(self) -> str:
        """Tokens only, for the layer of that name."""
        card, field = RADII[self.radius][1:]
        light = self.light() | {"r-card": card, "r-field": field}
        if font := FONTS[self.font][1]:
            light["font"] = font
        return (
            f"@layer tokens {{ :root {{ {_declared(light)} }} "
            f"@media (prefers-color-scheme: dark) {{ :root {{ {_declared(self.dark())} }} }} }}\n"
        )

    def version(self) -> str:
        """Changes with the style sheet, so that it can be kept for ever under its address."""
        return hashlib.sha256(self.stylesheet().encode()).hexdigest()[:12]


@dataclass(frozen=True, slots=True)
class Check:
    """`field` is the one to change when the pair can't be read."""

    field: str
    words: Promise
    text: str
    ground: str

    @property
    def ratio(self) -> float:
        return colours.contrast(self.text, self.ground)

    @property
    def is_readable(self) -> bool:
        return self.ratio >= READABLE

    def nearest(self) -> str:
        """The nearest shade of the text's colour that can be read on this ground."""
        towards = "#000000" if colours.text_on(self.ground) != WHITE else WHITE
        return colours.until(self.text, towards, lambda one: colours.contrast(one, self.ground) >= READABLE)


def parse(raw: Any) -> Appearance:
    """An Appearance of a mapping with any of its fields. ValueError for what is no colour, no choice of ours,
    or can't be read: saving it any way but through the form is refused too."""
    if not isinstance(raw, Mapping):
        raise TypeError("not a mapping")
    values = {field.name: str(raw.get(field.name, field.default)).strip() for field in fields(Appearance)}
    for name in ("brand", "soft", "brand_dark", "soft_dark"):
        if values[name] or name == "brand":
            values[name] = colours.parse(values[name])
    if values["radius"] not in RADII or values["font"] not in FONTS:
        raise ValueError("no such choice")
    found = Appearance(**values)
    if not all(check.is_readable for check in found.checks()):
        raise ValueError("can't be read")
    return found


def set_by(*, chosen: Appearance, actor: str) -> None:
    """Stores it as the shop's look; Invalid when it can't be read."""
    POLICY.set(asdict(chosen), actor=actor)


def current() -> Appearance:
    """The look in force; changes of other processes are seen within 5 s."""
    return Appearance(**POLICY.get())


POLICY: Policy[dict[str, str]] = Policy(
    "core.appearance",
    kind="appearance",
    default=asdict(Appearance()),
    parse=lambda raw: asdict(parse(raw)),
    label=_("Appearance"),
    has_own_page=True,
)


def _soft(brand: str) -> str:
    """The strongest tint on which the brand colour itself can be read with some to spare."""
    return colours.until(
        colours.mix(brand, WHITE, 0.86), WHITE, lambda one: colours.contrast(brand, one) >= READABLE + 0.1
    )


def _lit(brand: str, soft: str) -> str:
    """The brand colour as light as the night needs it."""
    return colours.until(
        brand, WHITE, lambda one: min(colours.contrast(one, CARD_DARK), colours.contrast(one, soft)) >= 5
    )


def _declared(tokens: Mapping[str, str]) -> str:
    return " ".join(f"--{name}: {value};" for name, value in tokens.items())
