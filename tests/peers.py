"""Public packages that the kernels are compared with: a test skips where one is absent, unless all are called for."""

from __future__ import annotations

import importlib
import os
from typing import Any

import pytest

# `make oracles` sets it: there an absent peer is a failure.
ALL_CALLED_FOR = os.environ.get("POTLINE_PEERS") == "all"


def peer(module: str, having: str | None = None) -> Any:
    """Import a peer; ``having`` names what tells it from another package of the same name."""
    try:
        found = importlib.import_module(module)
    except ImportError:
        absent(f"{module} is not installed")
    if having is not None and not hasattr(found, having):
        absent(f"the installed {module} has no {having}: it is another package")
    return found


def absent(reason: str) -> None:
    """Skip the test, or fail it where every peer is called for."""
    if ALL_CALLED_FOR:
        pytest.fail(reason)
    pytest.skip(f"{reason}; `make oracles` installs it")
