"""The fonts of figures and brief; see NOTICE.md for where they come from."""

from __future__ import annotations

__all__ = ["folder", "font_face"]

from base64 import b64encode
from functools import lru_cache
from pathlib import Path


def folder() -> Path:
    """Return the folder that holds the font files."""
    return Path(__file__).parent


@lru_cache(maxsize=1)
def font_face() -> str:
    """Return style rules that carry both weights of the text font inside them, so that a page needs no address."""
    return "".join(
        f'@font-face{{font-family:"Potline Sans";font-weight:{weight};src:url(data:font/woff2;base64,'
        f'{b64encode((folder() / f"potline-sans-{style}.woff2").read_bytes()).decode()}) format("woff2")}}\n'
        for style, weight in (("regular", 400), ("bold", 700))
    )
