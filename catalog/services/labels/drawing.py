"""Labels drawn as PDF: real bars (EAN-13, EAN-8, else Code 128), Chinese embedded, true to size."""

import io
from collections.abc import Iterable, Sequence
from functools import cache

from reportlab.graphics.barcode import code128, eanbc
from reportlab.graphics.shapes import Drawing
from reportlab.lib.colors import Color, HexColor, black
from reportlab.lib.units import mm
from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.ttfonts import TTFont
from reportlab.pdfgen.canvas import Canvas

from catalog.services.labels.content import Label
from catalog.services.labels.layouts import Layout
from shop.core import typefaces

FONT = "weimall-chinese"
INK, INK_2, BRAND, LINE = HexColor("#1F1B16"), HexColor("#6B6259"), HexColor("#C8371B"), HexColor("#D9CEC2")
PAD = 2.5
DIGIT_HEIGHT = 0.3528 * 0.74  # mm of a digit for each point of its size
BAR_MODULE = 0.33  # mm, the width a scanner reads at arm's length; EAN-13 has 95 of them and quiet edges


def pdf(labels: Sequence[Label], layout: Layout, *, shop: str) -> bytes:
    """A PDF with these labels in order."""
    _learn_font()
    sink = io.BytesIO()
    canvas = Canvas(sink, pagesize=(layout.page_width * mm, layout.page_height * mm))
    canvas.setTitle(shop)
    for number, label in enumerate(labels):
        if number and number % layout.on_a_page == 0:
            canvas.showPage()
        left, top = layout.corner(number)
        canvas.saveState()
        canvas.translate(left * mm, (layout.page_height - top - layout.height) * mm)
        _draw(canvas, label, layout)
        canvas.restoreState()
    canvas.save()
    return sink.getvalue()


def _draw(canvas: Canvas, label: Label, layout: Layout) -> None:
    width, height = layout.width, layout.height
    if layout.is_framed:
        canvas.setStrokeColor(LINE)
        canvas.setLineWidth(0.3)
        canvas.rect(0.5 * mm, 0.5 * mm, (width - 1) * mm, (height - 1) * mm)
    is_wide = width >= 90
    bars_width = _bars_width(label)
    title_size = 11 if width >= 60 else 8.5
    room = width - 2 * PAD - (bars_width + 2 if is_wide else 0)
    y = height - PAD - title_size * 0.3528
    for line in _lines(label.title, title_size, room, most=2 if height >= 37 else 1):
        _write(canvas, PAD, y, line, title_size, INK, is_bold=True)
        y -= title_size * 0.3528 * 1.2
    small = 7.5 if width >= 60 else 6.5
    words = " · ".join(filter(None, [label.spec, label.article, label.shelf]))
    y += 0.4
    _write(canvas, PAD, y, _fit(words, small, room), small, INK_2)
    if is_wide:
        _price(canvas, label, PAD, PAD + 1, y - 1.5, 30, room)
        _bars(canvas, label, width - PAD - bars_width, PAD, min(height - 2 * PAD, 24))
        return
    bars_height = min(15.0, height * 0.38)
    _price(canvas, label, PAD, PAD + bars_height + 1.2, y - 1.2, 22 if width >= 60 else 15, room)
    _bars(canvas, label, max(PAD - 1, (width - bars_width) / 2), PAD - 0.5, bars_height)


def _price(canvas: Canvas, label: Label, x: float, y: float, top: float, size: float, room: float) -> None:
    """Small ¥, large yuan, smaller fen, then the unit; below it what a piece costs when that differs.

    Digits are as large as fits between y and top, `size` points at most.
    """
    whole, _, fen = label.price.partition(".")
    if label.basis and room > 45:
        _write(canvas, x, y, _fit(label.basis, 7, room), 7, INK_2)
        y += 3.4
    size = min(size, (top - y) / DIGIT_HEIGHT)
    x = _write(canvas, x, y, "¥", size * 0.6, BRAND, is_bold=True)
    x = _write(canvas, x, y, whole, size, BRAND, is_bold=True)
    x = _write(canvas, x, y, f".{fen}", size * 0.6, BRAND, is_bold=True)
    _write(canvas, x + 0.8, y, f"/ {label.unit}", max(size * 0.36, 7), INK_2)


def _bars_width(label: Label) -> float:
    """Millimetres the bars take, quiet edges included."""
    if label.is_ean:
        return (113 if len(label.code) == 13 else 81) * BAR_MODULE
    return float(code128.Code128(label.code, barWidth=0.25 * mm, quiet=True).width) / mm


def _bars(canvas: Canvas, label: Label, x: float, y: float, height: float) -> None:
    if label.is_ean:
        kind = eanbc.Ean13BarcodeWidget if len(label.code) == 13 else eanbc.Ean8BarcodeWidget
        widget = kind(
            label.code[:-1], barWidth=BAR_MODULE * mm, barHeight=height * mm, fontSize=7, humanReadable=True
        )
        drawing = Drawing()
        drawing.add(widget)
        drawing.drawOn(canvas, x * mm, y * mm)
        return
    bars = code128.Code128(label.code, barWidth=0.25 * mm, barHeight=(height - 3) * mm, quiet=True)
    canvas.setFillColor(black)
    bars.drawOn(canvas, x * mm, (y + 3) * mm)
    middle = x + _bars_width(label) / 2 - _wide(label.code, 7) / 2
    _write(canvas, middle, y, label.code, 7, INK)


def _write(
    canvas: Canvas, x: float, y: float, text: str, size: float, colour: Color, *, is_bold: bool = False
) -> float:
    """Writes and returns where the text ends. Bold is the one weight with an outline of its own colour."""
    canvas.setFillColor(colour)
    pen = canvas.beginText(x * mm, y * mm)
    pen.setFont(FONT, size)
    if is_bold:
        canvas.setStrokeColor(colour)
        canvas.setLineWidth(size * 0.022)
    pen.setTextRenderMode(2 if is_bold else 0)
    pen.textOut(text)
    pen.setTextRenderMode(0)
    canvas.drawText(pen)
    return x + _wide(text, size)


def _wide(text: str, size: float) -> float:
    return float(pdfmetrics.stringWidth(text, FONT, size)) / mm


def _fit(text: str, size: float, room: float) -> str:
    if _wide(text, size) <= room:
        return text
    while text and _wide(text + "…", size) > room:
        text = text[:-1]
    return text + "…"


def _lines(text: str, size: float, room: float, *, most: int) -> Iterable[str]:
    lines = [""]
    for sign in text:
        if _wide(lines[-1] + sign, size) > room:
            if len(lines) == most:
                lines[-1] = _fit(lines[-1] + sign + "……", size, room)
                return lines
            lines.append("")
        lines[-1] += sign
    return lines


@cache
def _learn_font() -> None:
    pdfmetrics.registerFont(TTFont(FONT, str(typefaces.CHINESE)))
