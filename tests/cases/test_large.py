"""What reading does for many rows at once is what it does for each."""

from __future__ import annotations

import gc
import pickle
import subprocess
import sys
from pathlib import Path

from potline.cases import check, load
from potline.cases.files import MOST_ROWS
from potline.reading import uncollected
from potline.sources import Claims


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


def test_claims_are_made_when_they_are_asked_for(starter: Path) -> None:
    case, other = load(starter), load(starter)
    unmade = case.claims._unmade
    assert unmade is not None
    assert len(case.claims) == len(tuple(other.claims)) > 50
    assert case.claims.get("plant[Gamma].capacity_kt") == other.claims["plant[Gamma].capacity_kt"]
    assert case.claims.get("plant[Gamma].name") is None
    assert case.claims.standings == other.claims.standings
    assert case.claims._unmade is unmade
    assert other.claims._unmade is None
    assert pickle.loads(pickle.dumps(case)) == case
    assert Claims(tuple(case.claims)) == other.claims
    assert hash(case.claims) == hash(other.claims)
    assert [case.claims.get(claim.path) for claim in other.claims] == list(other.claims)


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
