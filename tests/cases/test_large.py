"""What reading does for many rows at once is what it does for each."""

from __future__ import annotations

import gc
import pickle
import subprocess
import sys
from collections.abc import Iterable
from dataclasses import fields
from pathlib import Path
from typing import Any

from potline.cases import check, load
from potline.cases.files import MOST_ROWS
from potline.reading import uncollected
from potline.sources import Claim, Claims


def with_costs(folder: Path, costs: list[str]) -> Path:
    """Give the case one plant more for each text of a cost, like Gamma in all else; the first stands in row 8."""
    with (folder / "plants.csv").open("a", encoding="utf-8") as file:
        for k, cost in enumerate(costs):
            file.write(f'P{k},Gamma,Southland,1,,grid,0.05,13900,1.93,360,"{cost}",1,,\n')
    return folder


def test_a_column_of_all_kinds_of_numbers(starter: Path) -> None:
    written = ["5", "5", "5.0", "-0", "1e3", "4..6", "5 in 4..9", " 7 ", "+8", "1e-9", "999999999999"]
    read = [(5, 5, 5), (5, 5, 5), (5, 5, 5), (0, 0, 0), (1e3, 1e3, 1e3), (4, 5, 6), (4, 5, 9), (7, 7, 7), (8, 8, 8),
            (1e-9, 1e-9, 1e-9), (999999999999, 999999999999, 999999999999)]  # fmt: skip
    case = load(with_costs(starter, written))
    claims = [case.claims[f"plant[P{k}].other_cost_per_t"] for k in range(len(written))]
    assert [(claim.low, claim.value, claim.high) for claim in claims] == read
    assert [plant.other_cost_per_t for plant in case.industry.plants[6:]] == [central for _, central, _ in read]
    assert [claim.where for claim in claims] == [f"plants.csv row {k + 8}" for k in range(len(written))]


def test_each_bad_cell_of_a_column_is_named_among_good_ones(starter: Path) -> None:
    written = ["5", "1e13", "", "1,5", "0.0000000001", "6", "six", "-1000000000001", "4..6"]
    sized, where = "needed a number, of a size from 1e-9 to 1e12.", "column other_cost_eur_per_t: found"
    assert [str(problem) for problem in check(with_costs(starter, written))] == [
        f"plants.csv row 9, {where} 1e13 for plant 'P1'; {sized}",
        f"plants.csv row 10, {where} nothing for plant 'P2'; needed a number, `0` where there is none.",
        f"plants.csv row 11, {where} '1,5' for plant 'P3'; needed a number without commas. Write `1.5`; a decimal sign "
        "is a point.",
        f"plants.csv row 12, {where} 0.0000000001 for plant 'P4'; {sized}",
        f"plants.csv row 14, {where} 'six' for plant 'P6'; needed a number, `low..high` or `central in low..high`.",
        f"plants.csv row 15, {where} -1000000000001 for plant 'P7'; {sized}",
    ]


class Asked:
    """Claims not yet made, and which of their fields were asked for."""

    def __init__(self, made: tuple[Claim, ...]) -> None:
        self.made, self.asked = made, list[str]()

    def __len__(self) -> int:
        return len(self.made)

    def column(self, name: str) -> Iterable[Any]:
        self.asked.append(name)
        return [getattr(claim, name) for claim in self.made]

    def only(self, place: int) -> Asked:
        return Asked(self.made[place : place + 1])


def test_claims_are_made_when_they_are_asked_for(starter: Path) -> None:
    made = tuple(load(starter).claims)
    unmade = Asked(made)
    claims = Claims.later(unmade)
    assert len(claims) == len(made) > 50
    assert unmade.asked == []
    assert [claims.get(claim.path) for claim in made] == list(made)
    assert (claims.get("plant[Gamma].name"), claims["plant[Gamma].capacity_kt"].value) == (None, 150.0)
    assert unmade.asked == ["path"]
    assert claims.standings == Claims(made).standings == {"assumed": len(made)}
    assert unmade.asked == ["path", "standing"]
    assert claims == Claims(made)
    assert hash(claims) == hash(Claims(made))
    assert sorted(unmade.asked[2:]) == sorted(item.name for item in fields(Claim))
    assert (claims.all, len(claims), claims.get(made[3].path)) == (made, len(made), made[3])


def test_a_case_whose_claims_are_unmade_is_the_same_elsewhere(starter: Path) -> None:
    case = load(starter)
    assert pickle.loads(pickle.dumps(case)) == case == load(starter)


def test_the_collector_is_left_as_it_was() -> None:
    assert gc.isenabled()
    with uncollected():
        assert not gc.isenabled()
        with uncollected():
            pass
        assert not gc.isenabled()
    assert gc.isenabled()
    assert gc.get_freeze_count() == 0


def test_a_table_too_long_is_refused_before_anything_heavy_is_imported(starter: Path) -> None:
    (starter / "plants.csv").write_bytes(b"plant\n" * (MOST_ROWS + 1))
    (starter / "firms.csv").write_bytes(b"not looked at")
    program = (
        "import sys; from potline.cli import main; sys.argv[1:1] = ['check']\n"
        "try:\n    main()\n"
        "except SystemExit as left:\n    assert left.code == 2\n"
        "assert not {'numpy', 'numba', 'polars', 'altair', 'scipy'} & set(sys.modules)"
    )
    ended = subprocess.run(
        [sys.executable, "-c", program, str(starter)], check=True, timeout=60, capture_output=True, text=True
    )
    assert ended.stderr == (
        "plants.csv row 200001: found more rows; needed at most 200,000 rows. Split it, or add small ones up.\n"
    )
