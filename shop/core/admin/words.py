"""How states are shown: a coloured word, in lists and on pages alike."""

from typing import Any

from django.template.loader import render_to_string
from django.utils.safestring import SafeString


def coloured(text: Any, tone: str = "default") -> SafeString:
    """The text as Unfold's label; tones are primary, info, success, warning, danger and default."""
    return SafeString(render_to_string("unfold/helpers/label.html", {"text": text, "type": tone}).strip())
