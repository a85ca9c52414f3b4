r"""A meeting of the past: what the model says with the inputs of its date, beside what happened.

Five questions, the same for every case; one is left out where nothing was published or the model has no number for it.

    agreed             the meeting's headline verdict at the tonnage asked for; for an order, whether the same cut would
                       have been agreed without it
    made before        share of what was announced by firm that stands idle anyway
    restart price      lowest restart price among the idle lines of those present
    kept for the term  chance that the price, from that of the deal, reaches that restart price within the term
    price later        price of the deal (of the day where none was made) with the band of nine in ten paths

The outcome enters no number of the model but one: its announced cuts are what the second question is asked about.
"""

from __future__ import annotations

__all__ = ["BAND", "Comparison", "Hindcast", "Topic", "look_back"]

import math
from dataclasses import dataclass
from typing import Literal

import numpy as np

from potline.agreement import (
    Announced,
    Convened,
    Enforcement,
    Mandated,
    MeetingResult,
    Proposed,
    TurningPoint,
    convene,
    enforcement,
    propose,
    turning_points,
)
from potline.cases import Case, Outcome
from potline.errors import InputError, Problem
from potline.evidence.known import Known, needed
from potline.evidence.record import POINT_TOLERANCE
from potline.showing import Shown
from potline.shutdown import StoppingPrices, chance_to_reach, price_band, stopping_prices

Topic = Literal["agreed", "made before", "restart price", "kept for the term", "price later"]
BAND = 0.9
_RESTART_COST = "plant[*].restart_cost_per_t"


@dataclass(frozen=True, slots=True, kw_only=True)
class Comparison:
    """One question: what happened, what the model says, and whether they agree.

    Attributes:
        topic: the question.
        unit: of the numbers; prices are with tax, as quoted.
        happened: as published; for *agreed* 1 or 0, for *kept* how long, months.
        model: the model's number; for *agreed* 1 or 0, for *kept* a chance.
        low, high: range of the model's number, nan where it has none: of the restart price over the range of the
            restart cost, of the later price nine in ten paths.
    """

    topic: Topic
    unit: str
    happened: float
    model: float
    low: float = math.nan
    high: float = math.nan
    agrees: bool


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Hindcast(Shown):
    """What the model says of a meeting of the past, and what happened.

    Attributes:
        case_name, title, date, currency, outcome: the question.
        term_months: of the cut.
        meeting: the answer with the inputs of the date; its ``share`` is None where no draws were asked for.
        comparisons: the questions that can be asked, in order.
        proposed: what of the announced cuts is new; None where none were announced by firm.
        mandated: who gains and loses by the order; None where nothing was ordered.
        enforcement: whether the deal enforces itself.
        turning: what each uncertain factor alone does to the verdict; empty where the first question agrees.
    """

    case_name: str
    title: str
    date: str
    currency: str
    outcome: Outcome
    term_months: float
    meeting: MeetingResult
    comparisons: tuple[Comparison, ...]
    proposed: Proposed | None
    mandated: Convened | None
    enforcement: Enforcement
    turning: tuple[TurningPoint, ...]

    @property
    def differ(self) -> tuple[Topic, ...]:
        """Questions on which the model and history differ."""
        return tuple(item.topic for item in self.comparisons if not item.agrees)

    @property
    def agrees(self) -> bool:
        """Whether they agree on every question asked."""
        return not self.differ

    def comparison(self, topic: Topic) -> Comparison | None:
        """Return the comparison of a topic; None where it was not asked."""
        return next((item for item in self.comparisons if item.topic == topic), None)


def look_back(answers: Known) -> Hindcast:
    """Set a meeting of the past beside what happened.

    Args:
        answers: the results of a case with a meeting, a price process and an outcome.

    Raises:
        InputError: the case has no outcome, no meeting or no price process.
    """
    case = answers.case
    outcome, meeting = case.outcome, case.meeting
    if outcome is None or meeting is None or case.industry.process is None:
        absent = "[outcome]" if outcome is None else "[meeting]" if meeting is None else "process.volatility"
        raise InputError(
            [
                Problem(
                    where=f"case {case.name!r}",
                    found=f"no {absent}",
                    needed="[outcome], [meeting] and process.volatility in case.toml",
                    hint="A hindcast sets a meeting of the past beside what happened.",
                )
            ]
        )
    held, stops = needed(answers.meeting, "meeting"), needed(answers.stops, "price process")
    proposed = propose(case, Announced(cuts_kt=outcome.announced_kt)) if outcome.announced_kt else None
    restart = _restart_price(case, stops)
    deal = case.industry.price_per_t if outcome.decision == "none" else held.deal_price_per_t
    found = (
        _agreed(outcome, held),
        _made_before(outcome, proposed),
        _restart(case, outcome, restart),
        _kept(case, outcome, deal, restart, 12.0 * meeting.term_years),
        _price_later(case, outcome, deal),
    )
    comparisons = tuple(item for item in found if item is not None)
    return Hindcast(
        case_name=case.name,
        title=case.title or case.name,
        date=meeting.date or case.date,
        currency=case.currency,
        outcome=outcome,
        term_months=12.0 * meeting.term_years,
        meeting=held,
        comparisons=comparisons,
        proposed=proposed,
        mandated=convene(case, Mandated()) if outcome.decision == "mandate" else None,
        enforcement=enforcement(case),
        turning=() if comparisons[0].agrees else turning_points(case),
    )


def _restart_price(case: Case, stops: StoppingPrices) -> float:
    """Return the lowest restart price of idle lines of those present, without tax; nan where none stands idle."""
    owners = set(case.meeting.owners if case.meeting is not None else ())
    owned = zip(case.industry.plants, case.industry.plant_owners, strict=True)
    idle = np.array([plant.idle_kt > 1e-9 and owner in owners for plant, owner in owned])
    return float(stops.p_restart_per_t[idle].min()) if idle.any() else math.nan


def _agreed(outcome: Outcome, held: MeetingResult) -> Comparison:
    happened, model = float(outcome.decision == "pledge"), float(held.verdict == "agreement")
    return Comparison(topic="agreed", unit="agreements", happened=happened, model=model, agrees=happened == model)


def _made_before(outcome: Outcome, proposed: Proposed | None) -> Comparison | None:
    announced = sum(kt for _, kt in outcome.announced_kt)
    if proposed is None or math.isnan(outcome.made_before_kt) or announced <= 0.0:
        return None
    happened = outcome.made_before_kt / announced
    model = float(proposed.relabelled_kt.sum() / proposed.announced_kt.sum())
    agrees = (happened > 0.5) == (model > 0.5)
    return Comparison(topic="made before", unit="share of the announced", happened=happened, model=model, agrees=agrees)


def _restart(case: Case, outcome: Outcome, restart: float) -> Comparison | None:
    happened, quoted = outcome.restart_price_per_t, case.industry.with_vat
    if math.isnan(happened) or math.isnan(restart):
        return None
    ends = [math.nan, math.nan]
    factor = next((item for item in case.factors if item.path == _RESTART_COST), None)
    if factor is not None:
        changed = [case.under(factor.change(value)) for value in (factor.low, factor.high)]
        ends = [quoted(_restart_price(item, stopping_prices(item.industry))) for item in changed]
    return Comparison(
        topic="restart price",
        unit=_quoted_unit(case),
        happened=quoted(happened),
        model=quoted(restart),
        low=ends[0],
        high=ends[1],
        agrees=abs(restart - happened) <= POINT_TOLERANCE * happened,
    )


def _kept(case: Case, outcome: Outcome, deal: float, restart: float, term_months: float) -> Comparison | None:
    process = case.industry.process
    asked = outcome.decision == "pledge" and not math.isnan(outcome.kept_months)
    if not asked or math.isnan(restart) or process is None or process.kappa != 0.0:
        return None
    chance = chance_to_reach(process, deal, restart, term_months / 12.0)
    agrees = (chance > 0.5) == (outcome.kept_months < term_months)
    return Comparison(
        topic="kept for the term", unit="months; chance", happened=outcome.kept_months, model=chance, agrees=agrees
    )


def _price_later(case: Case, outcome: Outcome, deal: float) -> Comparison | None:
    process, happened = case.industry.process, outcome.price_after_per_t
    months = _months_between(case.date, outcome.price_after_month)
    if math.isnan(happened) or months <= 0 or process is None or process.kappa != 0.0:
        return None
    low, high = price_band(process, deal, months / 12.0, BAND)
    quoted = case.industry.with_vat
    return Comparison(
        topic="price later",
        unit=_quoted_unit(case),
        happened=quoted(happened),
        model=quoted(deal),
        low=quoted(low),
        high=quoted(high),
        agrees=low <= happened <= high,
    )


def _quoted_unit(case: Case) -> str:
    return f"{case.currency}/t incl. VAT" if case.industry.vat_rate > 0.0 else f"{case.currency}/t"


def _months_between(first: str, last: str) -> int:
    if not first or not last:
        return 0
    return 12 * (int(last[:4]) - int(first[:4])) + int(last[5:7]) - int(first[5:7])
