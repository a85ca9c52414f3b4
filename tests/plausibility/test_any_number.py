"""Whatever number a case can hold, its warnings are found: every number at the smallest and the largest size."""

from __future__ import annotations

import math
from pathlib import Path

import pytest

from potline.cases import load, new
from potline.cases.cells import SMALLEST, Quantity
from potline.cases.schema import NUMBERS
from potline.cases.tables import GovernmentRow, PlantRow, SupplierRow
from potline.cases.validation import cell_of
from potline.errors import InputError
from potline.plausibility import check


def named() -> dict[str, Quantity]:
    """Return what an override of the starter case can name, with its bounds."""
    found = {name.replace("_cur", "_eur"): cell for name, cell in NUMBERS.items()}
    for noun, row in (("plant", PlantRow), ("government", GovernmentRow), ("supplier", SupplierRow)):
        for name in row.model_fields:
            cell = cell_of(row, name)
            if isinstance(cell, Quantity):
                found[f"{noun}[*].{name.replace('_cur', '_eur')}"] = cell
    return found | {"plant[*].alumina_use_t_per_t": Quantity(minimum=0.0), "plant[Gamma].running_kt": Quantity()}


ABROAD = """
[numbers."trade.rest_of_world.quantity_kt"]
value = "25000 in 20000..30000"
unit = "kt/year"
vat = "none"
source = "example"
standing = "assumed"

[numbers."trade.rest_of_world.supply_elasticity"]
value = "0.6 in 0.3..1.2"
unit = "1"
vat = "none"
source = "example"
standing = "assumed"
"""


@pytest.mark.parametrize(("path", "cell"), named().items(), ids=lambda value: value if isinstance(value, str) else "")
def test_warnings_are_found_at_any_size(tmp_path: Path, path: str, cell: Quantity) -> None:
    new(tmp_path / "case")
    if "rest_of_world" in path:
        with pytest.raises(InputError, match=r"a case without 'trade\.rest_of_world'; needed one that states it"):
            load(tmp_path / "case").override(f"{path}=1.0")
        with (tmp_path / "case" / "case.toml").open("a", encoding="utf-8") as file:
            file.write(ABROAD)
    case = load(tmp_path / "case")
    taken = 0
    for size in (SMALLEST, 1e-3, 1.0, 1e6, cell.largest):
        for value in (size, -size, 0.0):
            try:
                moved = case.override(f"{path}={value!r}")
            except InputError:
                continue
            taken += 1
            for warning in check(moved):
                assert "nan" not in str(warning), f"{path}={value}: {warning}"
                assert all((warning.kind, warning.where, warning.found, warning.usual)), f"{path}={value}: {warning}"
    assert taken > 0
    assert math.isfinite(cell.largest)
