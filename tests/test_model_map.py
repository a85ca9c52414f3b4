"""docs/model.md maps equations to functions; every name in it resolves."""

import importlib
import pathlib
import re

import pytest

PAGE = pathlib.Path(__file__).resolve().parents[1] / "docs" / "model.md"
NAMES = sorted(set(re.findall(r"`(potline(?:\.\w+)+)`", PAGE.read_text(encoding="utf-8"))))


def test_the_map_is_not_empty():
    assert len(NAMES) >= 25


@pytest.mark.parametrize("name", NAMES)
def test_every_name_of_the_map_resolves(name):
    parts = name.split(".")
    for cut in range(len(parts), 0, -1):
        try:
            value = importlib.import_module(".".join(parts[:cut]))
        except ModuleNotFoundError:
            continue
        for part in parts[cut:]:
            value = getattr(value, part)
        return
    pytest.fail(f"{name} does not resolve")
