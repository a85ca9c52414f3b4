"""Check what evidence states in numbers: imports of the shared input month by month, and the market without a deal.

Facts are looked up in the case's series anew, months are counted as pairs of year and month, and each month's market
is cleared by going down the list of suppliers.
"""

from __future__ import annotations

__all__ = ["verify_imports", "verify_no_deal"]

import dataclasses
import math
from collections.abc import Iterable

import numpy as np

from potline.cases import Case
from potline.evidence.input_imports import InputImports, InputMonth
from potline.evidence.no_deal import HeldState, NoDealMarket
from potline.industry import selector
from potline.reading import refuse
from potline.verification import Check, Checked, verify, worst

_CLOSE = 1e-9
Month = tuple[int, int]


def verify_imports(result: InputImports) -> Checked:
    """Return the certificate of imports by month: facts, months, and the market of each month cleared again."""
    case = result.case
    if not math.isfinite(result.lag_months) or result.lag_months != int(result.lag_months):
        return _checked("imports", [("months", math.nan, 0.0, "differences", "a lag of whole months")])
    facts = [_facts(case, row, int(result.lag_months)) for row in result.months]
    market = [_cleared(case, row) for row in result.months]
    first, last = (_month(name) for name in (result.first, result.last))
    wanted: list[str] = []
    used = case.industry.input_market.product if case.industry.input_market else ""
    here = first
    while here <= last:
        bought = _name(_moved(here, -int(result.lag_months)))
        if any(_fact(case, f"{used}_fob{kind}_usd_per_t", bought) for kind in ("", "_derived")):
            wanted.append(_name(here))
        here = _moved(here, 1)
    lag = [claim.value for claim in case.claims if claim.path == "input_market.lag_months"]
    kept = result.lag_given or result.lag_months == round(lag[0] if lag else 2.0)
    named = [row.month for row in result.months] == wanted and kept
    rows = (
        ("months", 0.0 if named else 1.0, 0.0, "differences", "counted again, with what was published for each"),
        ("facts", worst(facts), 0.0, "differences", "looked up again in the series"),
        ("markets", worst(market), _CLOSE, "relative", "suppliers taken in order of cost, imports at parity"),
    )
    return _checked("imports", rows)


def verify_no_deal(result: NoDealMarket) -> Checked:
    """Return the certificate of the market without a deal: both states of the lines, their thresholds and markets."""
    case = result.case
    standing = {claim.path: claim.standing for claim in case.claims}
    known = tuple(
        plant.name
        for plant in case.industry.plants
        if plant.commissioning_kt > 0.0
        or plant.capacity_kt == math.inf
        or standing.get(f"plant[{selector(plant.name)}].running_kt") in ("reported", "derived", "disputed")
    )
    free = [plant for plant in case.industry.plants if plant.name not in known]
    room = math.fsum(plant.capacity_kt - plant.commissioning_kt for plant in free)
    share = math.fsum(plant.running_kt for plant in free) / room if room > 0.0 else 0.0
    spread = [
        plant.running_kt if plant.name in known else share * (plant.capacity_kt - plant.commissioning_kt)
        for plant in case.industry.plants
    ]
    size = math.fsum(spread) or 1.0
    moved = worst(abs(a - b) for a, b in zip(result.pro_rata.running_kt.tolist(), spread, strict=True)) / size
    same = result.observed.industry == case.industry and result.known == known
    rows = [
        ("states", 0.0 if same else 1.0, 0.0, "differences", "the case's, and who is known"),
        ("idle capacity spread evenly", moved, _CLOSE, "of running capacity", "added up again"),
    ]
    checks = list(_checked("no deal", rows).checks)
    for name, state in (("observed", result.observed), ("pro rata", result.pro_rata)):
        checks += _state(name, state)
    return Checked(tuple(checks))


def _state(name: str, state: HeldState) -> list[Check]:
    """Return the checks of one state: its thresholds, its market, and that they belong together."""
    offers = state.market.avoidable
    apart = [
        0.0 if state.stops.industry == state.industry and state.market.industry == state.industry else 1.0,
        0.0 if np.array_equal(getattr(offers, "stop_per_t", ()), state.stops.p_stop_per_t) else 1.0,
        0.0 if np.array_equal(getattr(offers, "restart_per_t", ()), state.stops.p_restart_per_t) else 1.0,
    ]
    rows = [Check(name=f"no deal, {name}: one state", value=worst(apart), tolerance=0.0, unit="differences")]
    for part in (state.stops, state.market):
        rows += [dataclasses.replace(row, name=f"no deal, {name}: {row.name}") for row in verify(part).checks]
    return rows


def _facts(case: Case, row: InputMonth, lag: int) -> float:
    """Return the number of facts of a month that are not those published."""
    assert case.industry.input_market is not None
    assert case.industry.input_market.parity is not None
    used, sold = case.industry.input_market.product, case.industry.product.split()
    bought = _name(_moved(_month(row.month), -lag))
    observed = _fact(case, f"{used}_fob_usd_per_t", bought)
    fob = observed or _fact(case, f"{used}_fob_derived_usd_per_t", bought) or (math.nan,) * 3
    customs = _fact(case, f"{used}_imports_kt_per_month", row.month)
    runs = math.fsum(plant.running_kt for plant in case.industry.plants)
    built = math.fsum(item.capacity_kt for item in case.industry.input_market.suppliers)
    output = _nearest(case, "_".join([*sold, "output_kt_per_year"]), row.month, runs)
    capacity = _nearest(case, f"{used}_capacity_kt_per_year", row.month, built)
    said: list[tuple[object, object]] = [
        (row.fob_month, bought),
        (row.fob_standing, "observed" if observed else "derived"),
        (row.scored, observed is not None and customs is not None),
        *zip((row.fob_usd_per_t, row.fob_low, row.fob_high), fob, strict=True),
        *zip((row.customs_kt, row.customs_low, row.customs_high), customs or (math.nan,) * 3, strict=True),
        *zip((row.product_output_kt, row.output_from), output, strict=True),
        *zip((row.input_capacity_kt, row.capacity_from), capacity, strict=True),
    ]
    return float(sum(not _alike(a, b) for a, b in said))


def _alike(a: object, b: object) -> bool:
    if isinstance(a, float) and isinstance(b, float):
        return a == b or (math.isnan(a) and math.isnan(b)) or abs(a - b) <= _CLOSE * abs(b)
    return a == b


def _cleared(case: Case, row: InputMonth) -> float:
    """Return the largest relative gap of parity, price and imports of a month, over its range of prices abroad."""
    industry, market = case.industry, case.industry.input_market
    assert market is not None
    assert market.parity is not None
    terms = market.parity
    freight = _nearest(case, f"{market.product}_freight_usd_per_t", row.fob_month, terms.freight_usd_per_t)[0]
    rate = (_fact(case, "_".join([*case.currency.lower().split(), "per_usd"]), row.month) or (terms.exchange_rate,))[0]
    runs = math.fsum(plant.running_kt for plant in industry.plants)
    use = math.fsum(
        plant.running_kt * item.use_per_t
        for plant in industry.plants
        for item in plant.inputs
        if item.product == market.product
    )
    wanted = row.product_output_kt * use / runs + market.other_use_kt if runs > 0.0 else math.nan
    built = math.fsum(item.capacity_kt for item in market.suppliers)
    grown = row.input_capacity_kt / built if built > 0.0 else 1.0
    merit = sorted((item.cash_cost_per_t, grown * item.capacity_kt) for item in market.suppliers)

    def held(fob: float) -> tuple[float, float, float]:
        landed = (fob + freight) * rate * (1.0 + terms.duty_share) + terms.port_charges_per_t / (1.0 + terms.vat_rate)
        left, price = wanted, landed
        for cost, capacity in merit:
            if cost > landed or left <= _CLOSE * wanted:
                break
            left, price = left - capacity, cost
        return landed, landed if left > _CLOSE * wanted else price, max(left, 0.0) / 12.0 if left > 0.0 else 0.0

    parity, price, imports = held(row.fob_usd_per_t)
    tax = 1.0 + industry.vat_rate
    ends = [held(fob)[2] for fob in (row.fob_high, row.fob_low)]
    pairs = (
        (row.parity_with_vat_per_t, tax * parity, tax * parity),
        (row.price_per_t, price, price),
        (row.price_with_vat_per_t, tax * price, price),
        (row.imports_kt, imports, wanted / 12.0),
        (row.imports_low, ends[0], wanted / 12.0),
        (row.imports_high, ends[1], wanted / 12.0),
    )
    return worst(abs(said - found) / (abs(size) or 1.0) for said, found, size in pairs)


def _fact(case: Case, name: str, month: str) -> tuple[float, float, float] | None:
    for series in case.series:
        if series.name == name:
            for k, there in enumerate(series.months):
                if there == month:
                    return series.values[k], series.lows[k], series.highs[k]
    return None


def _nearest(case: Case, name: str, month: str, otherwise: float) -> tuple[float, str]:
    """Return the fact fewest months away, the earlier of two, and its month; else the case's own."""
    year, part = _month(month)
    best: tuple[float, str] | None = None
    away = math.inf
    for series in case.series:
        if series.name == name:
            for value, there in sorted(zip(series.values, series.months, strict=True), key=lambda pair: pair[1]):
                other = _month(there)
                gap = abs(12 * (other[0] - year) + other[1] - part)
                if gap < away:
                    best, away = (value, there), gap
    return best or (otherwise, f"{case.date} (case)")


def _month(name: str) -> Month:
    return int(name[:4]), int(name[5:7])


def _name(month: Month) -> str:
    return f"{month[0]:04d}-{month[1]:02d}"


def _moved(month: Month, by: int) -> Month:
    year, part = month
    for _ in range(abs(by)):
        part += 1 if by > 0 else -1
        year, part = (year + 1, 1) if part > 12 else (year - 1, 12) if part < 1 else (year, part)
    return year, part


def _checked(answer: str, rows: Iterable[tuple[str, float, float, str, str]]) -> Checked:
    return Checked(
        tuple(
            Check(name=f"{answer}: {name}", value=value, tolerance=tolerance, unit=unit, method=method)
            for name, value, tolerance, unit, method in rows
        )
    )


@verify.register
def _(result: InputImports, tolerance: object = None) -> Checked:
    _none(tolerance, "an InputImports")
    return verify_imports(result)


@verify.register
def _(result: NoDealMarket, tolerance: object = None) -> Checked:
    _none(tolerance, "a NoDealMarket")
    return verify_no_deal(result)


def _none(tolerance: object, kind: str) -> None:
    if tolerance is not None:
        raise refuse("tolerance", repr(tolerance), f"none for {kind}", "Each of its checks states its own.")
