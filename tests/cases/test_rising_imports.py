"""A case that states how imports rise above parity: numbers with unit, range, source and standing, like all others."""

from __future__ import annotations

import math
from pathlib import Path

import pytest

from potline.cases import check, load
from potline.errors import InputError

SLOPE = 'unit = "kt/year per EUR/t"\nvat = "excluded"'


def number(name: str, value: object, rest: str) -> str:
    shown = f'"{value}"' if isinstance(value, str) else value
    return f'\n[numbers."trade.{name}"]\nvalue = {shown}\n{rest}\nsource = "example"\nstanding = "assumed"\n'


def stating(folder: Path, *numbers: str, old: str = "", new: str = "") -> Path:
    """Add numbers to the starter; replace a text of it."""
    file = folder / "case.toml"
    text = file.read_text(encoding="utf-8")
    assert old in text, old
    text = text.replace(old, new) if old else text
    place = text.index("[numbers.discount_rate]")
    file.write_text(text[:place] + "".join(numbers).lstrip() + "\n" + text[place:], encoding="utf-8")
    return folder


def test_a_slope_and_a_spread_are_claims_with_range_and_standing(starter):
    spread = number("headroom_spread_eur_per_t", "60 in 30..120", 'unit = "EUR/t"\nvat = "included"')
    case = load(stating(starter, number("import_supply_slope_kt_per_price", "1.5 in 0.5..4", SLOPE), spread))
    trade = case.industry.trade
    assert trade.import_supply_slope_kt_per_price == trade.slope_kt_per_price == 1.5
    assert trade.headroom_spread_per_t == pytest.approx(50.0)  # 60 with a tax of 20 %
    assert (trade.rises, trade.import_tranches) == (True, ())
    claim = case.claims["trade.import_supply_slope_kt_per_price"]
    assert (claim.low, claim.value, claim.high, claim.standing) == (0.5, 1.5, 4.0, "assumed")
    assert case.claims["trade.headroom_spread_per_t"].value == 60.0
    moved = case.override("trade.headroom_spread_eur_per_t=120", "trade.import_supply_slope_kt_per_price*=2")
    assert moved.industry.trade.headroom_spread_per_t == pytest.approx(100.0)
    assert moved.industry.trade.slope_kt_per_price == 3.0


def test_the_slope_may_follow_from_the_market_abroad(starter):
    plain = 'unit = "kt/year"\nvat = "none"', 'unit = "1"\nvat = "none"'
    abroad = (
        number("rest_of_world.quantity_kt", 25_000, plain[0]),
        number("rest_of_world.supply_elasticity", "0.3..1.2", plain[1]),
    )
    trade = load(stating(starter, *abroad)).industry.trade
    parity = trade.parity
    landed = parity.fob_usd_per_t * parity.exchange_rate * (1.0 + parity.duty_share)
    assert trade.slope_kt_per_price == pytest.approx(25_000 * 0.75 / landed)
    assert trade.import_supply_slope_kt_per_price == math.inf


def test_a_case_that_says_nothing_has_a_flat_ceiling(starter):
    trade = load(starter).industry.trade
    assert (trade.slope_kt_per_price, trade.headroom_spread_per_t, trade.rises) == (math.inf, 0.0, False)
    assert trade.import_tranches[0].price_per_t == trade.ceiling_per_t


def told(folder: Path) -> list[str]:
    return [str(problem).partition(": ")[2] for problem in check(folder)]


def test_what_has_no_place_is_refused_by_name(starter):
    slope = number("import_supply_slope_kt_per_price", 1.5, SLOPE)
    stating(starter, slope, number("rest_of_world.quantity_kt", 25_000, 'unit = "kt/year"\nvat = "none"'))
    assert told(starter) == [
        "found nothing; needed the net elasticity of what is left over abroad for export, of that quantity, because "
        "other numbers of trade.rest_of_world are given. Add a table "
        '`[numbers."trade.rest_of_world.supply_elasticity"]` with value, unit, vat, source and standing.',
        "found a slope beside trade.rest_of_world; needed one of the two. The slope follows from the market abroad: "
        "leave one of the two away.",
    ]


def test_a_slope_below_0_and_one_with_tax_are_refused(starter):
    stating(starter, number("import_supply_slope_kt_per_price", -1, SLOPE))
    assert told(starter) == ["found -1; needed 0 or more."]


def test_a_slope_for_money_with_tax_is_refused(starter):
    stating(starter, number("import_supply_slope_kt_per_price", 1, SLOPE.replace("excluded", "included")))
    assert told(starter) == [
        'found vat = "included"; needed vat = "excluded". Multiply it by 1 and the VAT rate: a unit of money without '
        "tax is more of the price.",
    ]


def test_a_spread_is_refused_with_isoelastic_demand(starter):
    spread = number("headroom_spread_eur_per_t", 60, 'unit = "EUR/t"\nvat = "excluded"')
    stating(starter, spread, old='demand = "linear"  ', new='demand = "isoelastic"')
    assert told(starter) == [
        'found a spread of the headroom with isoelastic demand; needed linear demand. Write `demand = "linear"` in '
        "`[case]`, or leave the spread away.",
    ]


def test_a_slope_without_a_parity_is_refused(starter):
    file = starter / "case.toml"
    lines = file.read_text(encoding="utf-8").split("\n\n")
    file.write_text("\n\n".join(part for part in lines if '"trade.parity' not in part), encoding="utf-8")
    stating(starter, number("import_supply_slope_kt_per_price", 1.5, SLOPE))
    assert any("because trade.import_supply_slope_kt_per_price is given" in text for text in told(starter))


def test_an_override_cannot_bring_a_spread_to_isoelastic_demand(starter):
    case = load(stating(starter, old='demand = "linear"  ', new='demand = "isoelastic"'))
    with pytest.raises(InputError, match="1 with isoelastic demand; needed linear demand"):
        case.override("trade.headroom_spread_eur_per_t=1")
