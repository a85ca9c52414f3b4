"""A state that the model would not hold: what runs, what stands idle and what is bought, at the price of the date.

A running line whose stopping price lies above the price would have stopped, an idle one whose restart price lies below
it would have come back, tonnes that nobody buys would not be made, and a price above import parity brings any tonnage
in (``docs/model.md``, section 3).
"""

from __future__ import annotations

__all__ = ["contradictions", "unheld"]

import dataclasses
import math
from collections.abc import Iterator, Sequence

import numpy as np

from potline.cases import Case
from potline.compiled import compile_industry
from potline.errors import PotlineError
from potline.industry import Industry, Plant, StatePurchase
from potline.plausibility.usual import usual_ranges
from potline.plausibility.warning import CaseWarning
from potline.shutdown import terms_of
from potline.shutdown.terms import options_of

_LINES = "state of the plants"
_NEAR = 1e-9
_HINT = "Look at their costs, at running_kt and at the price."
_RUNNING = ("that run although they stop below", "lines that run usually have stopping prices at or below the price")
_TAKEN_OFF = " Answers take what is not explained off their cost."
_ENDS = " Answers have two ends: they do not come back within a term, or with the first money more."
_IDLE = ("that stand idle although they restart above", "idle lines usually have restart prices at or above the price")


def unheld(case: Case) -> Iterator[CaseWarning]:
    """Yield a warning for each way in which the state of the case would not hold at its price."""
    industry = case.industry
    if not (math.isfinite(industry.price_per_t) and industry.plants):
        return
    yield from _bought(case)
    yield from _priced_out(case)
    if industry.process is not None:
        yield from _lines(case)


def contradictions(case: Case) -> Iterator[CaseWarning]:
    """Yield a warning for two inputs that say different things of one fact."""
    trade, market = case.industry.trade.parity, case.industry.input_market
    other = market.parity if market is not None else None
    if trade is not None and other is not None:
        first, second = trade.exchange_rate, other.exchange_rate
        if not abs(first - second) <= 0.01 * first:
            yield CaseWarning(
                kind="contradiction",
                where="trade.parity.exchange_rate and input_market.parity.exchange_rate",
                found=f"{first:g} and {second:g} {case.currency}/USD",
                usual="one exchange rate at one date",
                hint="Write the same in both.",
            )


def _money(case: Case, price_per_t: float) -> str:
    shown = case.industry.with_vat(price_per_t)
    digits = 0 if abs(shown) >= 1000.0 else 2
    return f"{shown:,.{digits}f} {case.currency}/t" + (" as quoted" if case.industry.vat_rate else "")


def _kt(quantity_kt: float) -> str:
    return f"{quantity_kt:,.0f}" if quantity_kt >= 100.0 else f"{quantity_kt:.3g}"


def _plants(count: int) -> str:
    return f"{count} plant{'s' * (count > 1)}"


def _bought(case: Case) -> Iterator[CaseWarning]:
    """Say where running lines make more or less than is bought, and neither trade nor a state purchase explains it."""
    industry = case.industry
    price, row = industry.price_per_t, usual_ranges()["state.balance"]
    running = sum(plant.running_kt for plant in industry.plants)
    asked = industry.demand.quantity_at(price)
    if not math.isfinite(running + asked) or asked <= 0.0 or row.holds(running / asked):
        return
    stored = sum(policy.quantity_kt for policy in industry.policies if isinstance(policy, StatePurchase))
    trade = industry.trade
    come = sum(item.quantity_kt for item in trade.import_tranches if item.price_per_t <= price * (1.0 + _NEAR))
    come += trade.slope_kt_per_price * max(price - trade.ceiling_per_t, 0.0) if trade.rises else 0.0
    leave = math.inf if price <= industry.trade.export_floor_per_t * (1.0 + _NEAR) else 0.0
    over = running > asked
    explained = running <= (asked + stored + leave) * row.high if over else running + come >= asked * row.low
    if explained:
        return
    rest = "nothing takes" if over else "nothing brings"
    yield CaseWarning(
        kind="state",
        where=_LINES,
        found=f"{_kt(running)} kt/year that run and {_kt(asked)} that are bought at {_money(case, price)}; {rest} the "
        f"other {_kt(abs(running - asked))}",
        usual=f"what runs is usually {row.low:g} to {row.high:g} times what is bought, with trade",
        field=row.field,
        hint="Look at demand.quantity_kt and running_kt.",
    )


def _priced_out(case: Case) -> Iterator[CaseWarning]:
    industry = case.industry
    price, ceiling, floor = industry.price_per_t, industry.trade.ceiling_per_t, industry.trade.export_floor_per_t
    if price > ceiling * (1.0 + _NEAR) and not industry.trade.rises:
        yield CaseWarning(
            kind="state",
            where="price of the date",
            found=f"{_money(case, price)}, above import parity of {_money(case, ceiling)}",
            usual="a price that holds is at most import parity, where any tonnage comes in",
            hint="Look at price abroad, freight, duty and exchange rate, or at what keeps imports out.",
        )
    if price < floor * (1.0 - _NEAR):
        yield CaseWarning(
            kind="state",
            where="price of the date",
            found=f"{_money(case, price)}, below the export floor of {_money(case, floor)}",
            usual="a price that holds is at least the export floor, where any tonnage leaves",
            hint="Look at the price and at the floor.",
        )


def _lines(case: Case) -> Iterator[CaseWarning]:
    """Compare stopping prices of running lines and restart prices of idle ones with the price."""
    industry = case.industry
    asked = [plant for plant in industry.plants if _in_question(plant, industry)]
    if not asked:
        return
    try:
        compiled = compile_industry(dataclasses.replace(industry, plants=tuple(asked)))
        terms = terms_of(compiled, 1.0)
        every = np.ones(len(asked), dtype=np.bool_)
        stop = options_of(terms, terms.whole_cost, every).p_stop[0].tolist()
        restart = options_of(terms, terms.part_cost, every).p_restart[0].tolist()
    except PotlineError as error:
        yield CaseWarning(
            kind="state",
            where=_LINES,
            found=f"no stopping prices to test it by ({str(error).partition(';')[0].rstrip('.')})",
            usual="a state is tested by them",
        )
        return
    over, under = terms.not_explained[0] > 0.0, terms.restart_added[0] > 0.0
    idle = compiled.restartable_kt()[0].tolist()
    above = [(one, one.running_kt, at) for one, at, found in zip(asked, stop, over, strict=True) if found]
    below = [(one, kt, at) for one, kt, at, found in zip(asked, idle, restart, under, strict=True) if found]
    if above:
        yield _told(case, above, (*_RUNNING, _HINT + _TAKEN_OFF), sum(plant.running_kt for plant in industry.plants))
    if below:
        yield _told(case, below, (*_IDLE, _HINT + _ENDS), sum(industry.restartable_kt))


def _in_question(plant: Plant, industry: Industry) -> bool:
    """Whether a plant could be in a state that does not hold: a line stops below its cost and restarts above it."""
    if not math.isfinite(plant.capacity_kt):
        return False
    cost = plant.net_cash_cost_per_t(industry.own_inputs) - plant.pressure_per_t
    pays = industry.discount_rate * max(0.0, -plant.exit_cost_per_t)
    runs = plant.running_kt > 0.0 and cost + pays > industry.price_per_t
    return runs or (plant.idle_kt > 0.0 and cost - plant.holding_cost_per_t < industry.price_per_t)


def _told(
    case: Case, lines: Sequence[tuple[Plant, float, float]], words: tuple[str, str, str], whole_kt: float
) -> CaseWarning:
    tonnes = sum(amount for _, amount, _ in lines)
    low, high = min(at for _, _, at in lines), max(at for _, _, at in lines)
    largest = max(lines, key=lambda item: item[1])
    span = _money(case, high)
    if high - low > _NEAR * high:
        span = f"{_money(case, low).partition(' ')[0]} to {span}"
    state, usual, hint = words
    return CaseWarning(
        kind="state",
        where=_LINES,
        found=f"{_kt(tonnes)} of {_kt(whole_kt)} kt/year {state} {span}, where the price is "
        f"{_money(case, case.industry.price_per_t)} ({_plants(len(lines))}, most at {largest[0].name!r})",
        usual=usual,
        hint=hint,
    )
