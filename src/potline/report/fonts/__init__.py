"""The fonts of figures and brief; see NOTICE.md for where they come from."""

from __future__ import annotations

__all__ = ["folder", "font_face", "han_face"]

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
        f'{_text(f"potline-sans-{style}.woff2")}) format("woff2")}}\n'
        for style, weight in (("regular", 400), ("bold", 700))
    )


@lru_cache(maxsize=1)
def han_face() -> str:
    """Return style rules that carry the Han font (half a megabyte) and have a page use it where the reader has none."""
    return (
        f'@font-face{{font-family:"Potline Han";src:url(data:font/woff2;base64,{_text("potline-han.woff2")}) '
        'format("woff2")}\nbody{font-family:"Potline Sans","PingFang SC","Microsoft YaHei","Noto Sans CJK SC",'
        '"Noto Sans SC","Potline Han",sans-serif}\n'
    )


def _text(name: str) -> str:
    return b64encode((folder() / name).read_bytes()).decode()
