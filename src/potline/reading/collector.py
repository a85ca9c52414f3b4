"""The collector of cycles rests while many nouns are made."""

from __future__ import annotations

__all__ = ["uncollected"]

import gc
from collections.abc import Generator
from contextlib import contextmanager


@contextmanager
def uncollected() -> Generator[None]:
    """Let the collector of cycles rest: nouns make none, and it would visit millions of them again and again.

    At the end all is put with what has long been there, lest it is visited at once.
    """
    running = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if running:
            if not gc.get_freeze_count():
                gc.freeze()
                gc.unfreeze()
            gc.enable()
