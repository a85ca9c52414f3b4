"""documented_stops.csv: what lines are documented to have done is read with its price, or refused with its row."""

from __future__ import annotations

import math
from pathlib import Path

import pytest

from potline.cases import load
from potline.errors import InputError

HEAD = "event,month,kind,where,moved_kt,price,price_unit,otherwise,not_tested,quote,source,standing,note\n"


def test_events_are_read_with_their_plants_and_prices_without_tax(starter: Path) -> None:
    (starter / "documented_stops.csv").write_text(
        HEAD
        + "spring,2024-01,stopped,Southland,50 in 40..60,1800 in 1740..1860,EUR/t incl. VAT,demand.elasticity=0.3,,"
        + "said,example,reported,guess\n"
        + "forced,2023-07,stopped,,70,,,,forced,,example,reported,\n"
        + "ran on,2024-02,ran_on,Gamma,,1500,EUR/t,,,,example,derived,\n",
        encoding="utf-8",
    )
    case = load(starter)
    spring, forced, ran_on = case.documented_stops
    assert spring.plants == tuple(p.name for p in case.industry.plants if p.government == "Southland")
    assert (spring.price_low_per_t, spring.price_per_t, spring.price_high_per_t) == pytest.approx((1450, 1500, 1550))
    assert (spring.moved_low_kt, spring.moved_kt, spring.moved_high_kt) == (40.0, 50.0, 60.0)
    assert spring.otherwise == ("demand.elasticity=0.3",)
    assert spring.tested
    assert not forced.tested
    assert math.isnan(forced.price_per_t)
    assert forced.plants == ()
    assert (ran_on.plants, ran_on.price_per_t) == (("Gamma",), 1500.0)
    assert len(case.claims) == len(load(starter).claims)


@pytest.mark.parametrize(
    ("row", "found"),
    [
        ("e,2024-01,stopped,Nowhere,5,1500,EUR/t,,,,example,reported,", "column where: found 'Nowhere'; needed a"),
        (
            "e,2024-01,stopped,,5,1500,,,,,example,reported,",
            "column price_unit: found ''; needed 'EUR/t', or EUR/t incl. VAT",
        ),
        ("e,2024-01,stopped,,5,1500,USD/t,,,,example,reported,", "column price_unit: found 'USD/t'"),
        ("e,2024-01,stopped,,5,,,,,,example,reported,", "column price: found nothing; needed the price quoted then"),
        ("e,2024-01,stopped,,5,0,EUR/t,,,,example,reported,", "column price: found 0; needed a price above 0"),
        ("e,2024-01,stopped,,,1500,EUR/t,,,,example,reported,", "column moved_kt: found nothing; needed the capacity"),
        ("e,2024-01,ran_on,,5,1500,EUR/t,,,,example,reported,", "column moved_kt: found 5; needed 0 or nothing"),
        ("e,2024-01,restarted,,5,1500,EUR/t,,,,example,reported,", "column not_tested: found nothing; needed why"),
        ("e,2024-01,halt,,5,1500,EUR/t,,,,example,reported,", "column kind"),
        ("e,2024-1,stopped,,5,1500,EUR/t,,,,example,reported,", "column month"),
        ("e,2024-01,stopped,,5,1500,EUR/t,demand.elasticity=-1,,,example,reported,", "column otherwise: found a"),
        ("e,2024-01,stopped,,5,1500,EUR/t,prize=1,,,example,reported,", "column otherwise: found unknown number"),
        ("e,2024-01,stopped,,5,1500,EUR/t,,,,nobody,reported,", "column source: found 'nobody'"),
        ("e,2024-01,stopped,,5,1500,EUR/t,,,,example,,", "column standing"),
    ],
)
def test_a_row_that_cannot_stand_is_refused(starter: Path, row: str, found: str) -> None:
    (starter / "documented_stops.csv").write_text(f"{HEAD}{row}\n", encoding="utf-8")
    with pytest.raises(InputError) as caught:
        load(starter)
    assert f"documented_stops.csv row 2, {found}" in str(caught.value)


def test_an_event_twice_is_refused(starter: Path) -> None:
    row = "e,2024-01,stopped,,5,1500,EUR/t,,,,example,reported,\n"
    (starter / "documented_stops.csv").write_text(HEAD + row + row, encoding="utf-8")
    with pytest.raises(InputError, match=r"event 'e 2024-01' again \(first in row 2\)"):
        load(starter)
