"""Tonnages at other prices and in other months, checked: what each point is about, and some held again.

The case at a point is written anew here, number by number. Of every point are checked what the market is, what those
present run and that its sets are in order; the sets of all points, where they are few, else of some drawn by seed, are
held again coalition by coalition.
"""

from __future__ import annotations

__all__ = ["verify_window"]

import re
from typing import TYPE_CHECKING

import numpy as np

from potline._version import __version__
from potline.agreement.certificate import Certificate, Gaps, gathered
from potline.agreement.checks.baseline import QUESTION, baseline_of
from potline.agreement.checks.tonnages import FORM, TOLD, check_sets
from potline.cases import Case
from potline.choices import TESTED, Baseline, Belief, Rule
from potline.reading import changed

if TYPE_CHECKING:
    from potline.agreement.verdict.windows import TonnageWindow, WindowPoint

MARKET = "market of each point"
_EXACT = 1e-12
_FEW, _SOME, _SEED = 3, 2, 5
_PLANT = re.compile(r'plant\[(?:"((?:[^"]|"")+)"|([^]="]+))\]\.(\w+)')


def verify_window(result: TonnageWindow) -> Certificate:
    """Check what every point is about, and hold some of them again."""
    gaps, case, points = Gaps(), result.case, result.points
    gaps.equal(QUESTION, (result.version, bool(points), case.meeting is not None), (__version__, True, True))
    months, prices = [point.month for point in points], [point.price_per_t for point in points]
    kind = "prices" if result.prices_per_t else "months"
    gaps.equal(QUESTION, months, [""] * len(points) if result.prices_per_t else [*case.months])
    gaps.equal(QUESTION, prices if result.prices_per_t else [], [*result.prices_per_t])
    if case.meeting is None or max(gaps.worst.values()) > 0.0:
        return gathered(gaps, kind, _TOLD)
    wanted = [(b, w, k) for b in Baseline for k in TESTED for w in Belief]
    chosen = _chosen(result)
    for k, point in enumerate(points):
        gaps.equal(QUESTION, [(one.baseline, one.leaving, one.institution) for one in point.sets], wanted)
        there = _at(case, point)
        _market(gaps, there, point)
        _limits(gaps, there, point)
        if k in chosen and max(gaps.worst.values()) <= _EXACT:
            _held(gaps, there, result.rule, point, chosen[k])
    return gathered(gaps, kind, _TOLD)


def _chosen(result: TonnageWindow) -> dict[int, tuple[Baseline, ...]]:
    """Return which points are held again, and on which baselines: all of few, else the case's own price and some."""
    count, both = len(result.points), tuple(Baseline)
    if count <= _FEW:
        return dict.fromkeys(range(count), both)
    price = result.case.industry.price_per_t
    near = min(range(count), key=lambda k: abs(result.points[k].price_per_t - price))
    drawn = np.random.default_rng(_SEED + count).permutation(count)[:_SOME].tolist()
    return dict.fromkeys(drawn, (Baseline.OBSERVED,)) | {near: both}


def _at(case: Case, point: WindowPoint) -> Case:
    """Return the case at a point, written anew."""
    if not point.month:
        return _priced(case, point.price_per_t)
    there = case
    for fact in case.window:
        if fact.month != point.month:
            continue
        match = _PLANT.fullmatch(fact.path)
        name = (match[1] or match[2]).replace('""', '"') if match else ""
        if match and any(plant.name == name for plant in there.industry.plants) and match[3].endswith("_kt"):
            there = _plant_moved(there, name, match[3], fact.value)
        elif fact.path == f"price_{case.currency.lower()}_per_t":
            taxed = dict(case.bases).get(f"numbers.{fact.path}", "excluded") == "included"
            there = _priced(there, fact.value / (1.0 + case.industry.vat_rate if taxed else 1.0))
        else:
            there = there.override(fact.text)
    return there


def _plant_moved(case: Case, name: str, field: str, value: float) -> Case:
    plants = tuple(changed(plant, **{field: value}) if plant.name == name else plant for plant in case.industry.plants)
    return changed(case, industry=changed(case.industry, plants=plants))


def _priced(case: Case, price: float) -> Case:
    demand = changed(case.industry.demand, price_per_t=price)
    return changed(case, industry=changed(case.industry, price_per_t=price, demand=demand))


def _market(gaps: Gaps, there: Case, point: WindowPoint) -> None:
    """Check price, headroom and what runs."""
    industry, trade = there.industry, there.industry.trade
    gaps.same(MARKET, point.price_per_t, industry.price_per_t, industry.price_per_t)
    open_ = [tranche.price_per_t for tranche in trade.tranches if np.isinf(tranche.quantity_kt)]
    if trade.parity is not None:
        p = trade.parity
        abroad = (p.fob_usd_per_t + p.freight_usd_per_t) * p.exchange_rate * (1.0 + p.duty_share)
        open_.append(abroad + p.port_charges_per_t / (1.0 + p.vat_rate))
    gaps.same(MARKET, point.headroom_per_t, min(open_, default=np.inf) - industry.price_per_t, industry.price_per_t)
    running = sum(plant.running_kt for plant in industry.plants)
    gaps.same(MARKET, point.running_kt, running, running or 1.0)


def _limits(gaps: Gaps, there: Case, point: WindowPoint) -> None:
    """Check that sets lie within what those present run, less what they cut in the baseline nash."""
    industry, meeting = there.industry, there.meeting
    present = meeting.owners if meeting is not None else ()
    owned = zip(industry.plants, industry.plant_owners, strict=True)
    runs = sum(plant.running_kt for plant, owner in owned if owner in present)
    cut = sum(kt for owner, kt in point.nash_cuts if owner in present)
    for one in point.sets:
        most = runs - (cut if one.baseline == Baseline.NASH else 0.0)
        gaps.same(FORM, one.most_kt, most, runs or 1.0)
        for item in one.intervals:
            gaps.most(FORM, (0.0, item.low_kt, item.high_kt), (item.low_kt, item.high_kt, most), runs or 1.0)


def _held(gaps: Gaps, there: Case, rule: Rule, point: WindowPoint, baselines: tuple[Baseline, ...]) -> None:
    for baseline in baselines:
        cuts = point.nash_cuts if baseline == Baseline.NASH else ()
        here = baseline_of(gaps, there, rule, baseline, cuts)
        check_sets(gaps, here, [one for one in point.sets if one.baseline == baseline])


_TOLD = (
    (MARKET, _EXACT, "relative", "price, way to parity and running capacity of the case written anew"),
    *TOLD,
)
