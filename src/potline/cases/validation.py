"""Validate a block or row with its pydantic model, keep what is sound, and report everything that is not."""

from __future__ import annotations

__all__ = ["RENAMED", "AnyBlock", "Report", "cell_of", "validated"]

from collections.abc import Callable, Mapping
from typing import Any, TypeVar

from pydantic import ValidationError

from potline.cases.cells import Cell, shown
from potline.cases.problems import Hint, did_you_mean
from potline.cases.schema import Block

RENAMED = {"schema": "schema_version"}

AnyBlock = TypeVar("AnyBlock", bound=Block)
Report = Callable[[str, str, str, Hint], None]


def cell_of(model: type[Block], name: str) -> Cell | None:
    """Return what a field of a model may hold."""
    info = model.model_fields.get(name)
    return next((item for item in info.metadata if isinstance(item, Cell)), None) if info else None


def validated(
    model: type[AnyBlock], given: Mapping[str, Any], report: Report, to_file: Callable[[str], str]
) -> AnyBlock:
    """Return the model of what is sound in ``given``, and report the rest: field, found, needed, hint."""
    good = dict(given)
    for name in model.required:
        if name not in good or (isinstance(good[name], str) and not good[name].strip()):
            cell = cell_of(model, name)
            report(name, "nothing", cell.needed if cell else "a number or text", "")
            good.pop(name, None)
    try:
        return model(**good)
    except ValidationError as error:
        for item in error.errors():
            name = str(item["loc"][0])
            about = item.get("ctx", {})
            if item["type"] == "extra_forbidden":
                known = [to_file(item) for item in model.model_fields if item not in RENAMED.values()]
                report(name, "an unknown key", "a known key", did_you_mean(to_file(name), known, "Keys"))
            else:
                report(name, shown(good.get(name)), about.get("needed", item["msg"]), about.get("hint", ""))
            good.pop(name, None)
    return model(**good)
