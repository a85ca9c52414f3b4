"""What no number can be is refused at the edge; what it can just be is taken."""

from __future__ import annotations

from pathlib import Path

import pytest

from potline.cases import check, load
from potline.errors import InputError


def changed(folder: Path, file: str, old: str, new: str) -> int:
    """Replace the first ``old`` by ``new`` and return the line of it."""
    text = (folder / file).read_text(encoding="utf-8")
    assert old in text, old
    (folder / file).write_text(text.replace(old, new, 1), encoding="utf-8")
    return text[: text.index(old)].count("\n") + 1


def texts(folder: Path) -> list[str]:
    return [str(problem) for problem in check(folder)]


OUT_OF_SIZE = {
    "a price of power beyond any": (
        "plants.csv", ",0.0468,", ",1e308,",
        "plants.csv row 6, column power_price_eur_per_kwh: found 1e308 for plant 'Gamma'; "
        "needed 0 or more, of a size from 1e-9 to 1e12.",
    ),
    "a capacity beyond any": (
        "plants.csv", ",200,,", ",1e30,,",
        "plants.csv row 4, column capacity_kt: found 1e30 for plant 'Beta North'; "
        "needed 0 or more, of a size from 1e-9 to 1e9.",
    ),
    "a cost beyond any": (
        "plants.csv", ",345,", ",1e15,",
        "plants.csv row 6, column other_cost_eur_per_t: found 1e15 for plant 'Gamma'; "
        "needed a number, of a size from 1e-9 to 1e12.",
    ),
    "a quantity next to nothing": (
        "case.toml", "value = 930", "value = 5e-324",
        "case.toml line {line}, key numbers.\"demand.quantity_kt\".value: found 5e-324; "
        "needed above 0, of a size from 1e-9 to 1e9.",
    ),
    "an elasticity beyond any": (
        "case.toml", '"0.5 in 0.3..0.9"', "80",
        "case.toml line {line}, key numbers.\"demand.elasticity\".value: found 80; "
        "needed above 0, of a size from 1e-9 to 20.",
    ),
    "a rate beyond any": (
        "case.toml", "value = 0.10", "value = 21",
        "case.toml line {line}, key numbers.discount_rate.value: found 21; needed above 0, of a size from 1e-9 to 20.",
    ),
    "a factor whose end is out of bounds": (
        "case.toml", '"1 in 0.95..1.10"', '"1 in -0.5..1.10"',
        "case.toml line {line}, key factors[3].range: found an end, -0.5, with a result of -0.0215; "
        "needed 0 or more.",
    ),
}  # fmt: skip


@pytest.mark.parametrize("name", OUT_OF_SIZE)
def test_what_no_number_can_be_is_refused(starter: Path, name: str) -> None:
    file, old, new, expected = OUT_OF_SIZE[name]
    line = changed(starter, file, old, new)
    assert texts(starter) == [expected.replace("{line}", str(line))]


@pytest.mark.parametrize(
    ("override", "expected"),
    [
        ("plant[Gamma].power_price_eur_per_kwh=1e308", "found a result of 8.33333e+307; needed 0 or more, of a size "
         "from 1e-9 to 1e12."),
        ("demand.quantity_kt=5e-324", "found a result of 4.94066e-324; needed above 0, of a size from 1e-9 to 1e9."),
        ("plant[Gamma].capacity_kt=1e30", "found a result of 1e+30; needed 0 or more, of a size from 1e-9 to 1e9."),
        ("demand.elasticity=80", "found a result of 80; needed above 0, of a size from 1e-9 to 20."),
    ],
)  # fmt: skip
def test_an_override_out_of_size_is_refused(starter: Path, override: str, expected: str) -> None:
    with pytest.raises(InputError) as caught:
        load(starter).override(override)
    assert str(caught.value) == f"override {override!r}: {expected}"


def test_a_use_at_a_price_beyond_any_amount_is_refused(starter: Path) -> None:
    with pytest.raises(InputError) as caught:
        load(starter).override("plant[Gamma].power_price_eur_per_kwh=1e11")
    said = "for plant 'Gamma'; needed use times price of 1e12 or less."
    assert str(caught.value) == (
        "override 'plant[Gamma].power_price_eur_per_kwh=1e11': found a use of 13900 at 8.33333e+10, "
        f"1.15833e+15 a tonne, {said}"
    )
    changed(starter, "plants.csv", ",0.0468,", ",1e12,")
    assert texts(starter) == [
        "plants.csv row 6, column power_use_kwh_per_t: found a use of 13900 at 8.33333e+11, 1.15833e+16 a tonne, "
        f"{said}"
    ]


@pytest.mark.parametrize(
    ("texts_given", "where"),
    [
        (("process.drift=0.9",), "process.drift=0.9"),
        (("process.drift+=0.1",), "process.drift+=0.1"),
        (("discount_rate=0.05", "process.drift=0.06"), "process.drift=0.06"),
        (("process.drift=0.06", "discount_rate=0.05"), "discount_rate=0.05"),
        (
            ("process.mean_price_eur_per_t=1860", "process.kappa=0.2", "process.drift=0.2", "process.kappa*=0"),
            "process.kappa*=0",
        ),
    ],
)
def test_a_price_that_outgrows_the_discount_rate_is_refused(
    starter: Path, texts_given: tuple[str, ...], where: str
) -> None:
    with pytest.raises(InputError) as caught:
        load(starter).override(*texts_given)
    said = [str(problem) for problem in caught.value.problems]
    assert any(text.startswith(f"override {where!r}: found a drift of ") for text in said)
    assert all(text.endswith("needed a drift below the discount rate. Else for ever is worth no number.")
               for text in said)  # fmt: skip


def test_a_drift_below_the_discount_rate_or_a_return_to_a_mean_is_taken(starter: Path) -> None:
    case = load(starter)
    assert case.override("process.drift=0.0999").industry.process is not None
    back = case.override("process.mean_price_eur_per_t=1860", "process.kappa=0.2", "process.drift=0.2")
    assert back.industry.process is not None
    assert back.industry.process.drift == 0.2


def test_a_case_whose_price_outgrows_the_discount_rate_is_refused(starter: Path) -> None:
    text = (starter / "case.toml").read_text(encoding="utf-8")
    drift = '[numbers."process.drift"]\nvalue = 0.1\nunit = "a year"\nvat = "none"\nsource = "example"\n'
    (starter / "case.toml").write_text(f'{text}\n{drift}standing = "assumed"\n', encoding="utf-8")
    (said,) = texts(starter)
    assert said.endswith(
        'key numbers."process.drift".value: found a drift of 0.1 a year at a discount rate of 0.1; '
        "needed a drift below the discount rate."
    )


@pytest.mark.parametrize("inside", ["demand.quantity_kt=1e-9", "demand.quantity_kt=1e9", "demand.elasticity=20"])
def test_the_largest_and_the_smallest_size_are_taken(starter: Path, inside: str) -> None:
    assert load(starter).override(inside).changes == (inside,)


def test_demand_of_constant_elasticity_has_a_least_one(starter: Path) -> None:
    changed(starter, "case.toml", 'demand = "linear"', 'demand = "isoelastic"')
    assert texts(starter) == []
    needed = 'needed 0.05 or more with demand = "isoelastic": at 0.05 half the quantity costs a million times as much.'
    with pytest.raises(InputError) as caught:
        load(starter).override("demand.elasticity=0.049")
    assert str(caught.value) == f"override 'demand.elasticity=0.049': found a result of 0.049; {needed}"
    line = changed(starter, "case.toml", '"0.5 in 0.3..0.9"', '"0.5 in 0.04..0.9"')
    assert texts(starter) == [f'case.toml line {line}, key numbers."demand.elasticity".value: found 0.04; {needed}']


def test_a_factor_that_runs_more_than_is_built_is_refused(starter: Path) -> None:
    line = changed(starter, "case.toml", "plant[power_source=grid].power_price_per_kwh", "plant[North 2].running_kt")
    changed(starter, "case.toml", '"1 in 0.95..1.10"', '"1 in 0.95..1.30"')
    assert texts(starter) == [
        f"case.toml line {line + 2}, key factors[3].range: found an end, 1.3, with running_kt + commissioning_kt = 156 "
        "for plant 'North 2'; needed at most capacity_kt = 150."
    ]
