from __future__ import annotations

from pathlib import Path

import pytest

from potline.cases import new


@pytest.fixture
def starter(tmp_path: Path) -> Path:
    """A fresh copy of the starter case."""
    folder = tmp_path / "case"
    new(folder)
    return folder
