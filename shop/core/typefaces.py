"""Typefaces that pictures are written with."""

from pathlib import Path

CHINESE = Path(__file__).parent / "fonts" / "noto-sans-sc-chinese-simplified-400-normal.ttf"
