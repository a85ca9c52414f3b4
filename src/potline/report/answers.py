"""Every question of a case asked once, and the typed results kept together."""

from __future__ import annotations

__all__ = ["SPREAD_DRAWS", "Answers", "Flexibility", "Progress", "answer", "quiet"]

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from potline.cases import Case
from potline.costs import CostCurve, cost_curve
from potline.evidence import AluminaImports, Hindcast, NoDealMarket, NotComputed, Record, hindcast, record
from potline.evidence import Answers as Known
from potline.report.deals import DealAnswers, deal_answers
from potline.report.policies import PolicyEffect, policy_effects
from potline.shutdown import StoppingPrices

if TYPE_CHECKING:
    from potline.agreement import MeetingResult
    from potline.equilibrium.alumina import AluminaResult
    from potline.equilibrium.chain import ChainRelief, ChainResult
    from potline.report.answers_inputs import InputAnswers

Progress = Callable[[str, float], None]

SPREAD_DRAWS = 64


@dataclass(frozen=True, slots=True, kw_only=True)
class Flexibility:
    """Per cent of price per per cent of running capacity withdrawn, with the import ceiling lifted and in place."""

    ceiling_lifted: float
    at_parity: float


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Answers:
    """The results of one case; None where the case does not ask the question.

    Attributes:
        case: the case asked about. settings: everything that was set, defaults filled in.
        net, gross, full: cost curves: cash after and before support, and full cost after support.
        stops: stopping prices; None without a price process.
        market: the market without a deal. flexibility: what a cut does to the price.
        alumina, imports: the market of alumina, and imports by month.
        chain, relief: the chain in space, and what alumina does to a cut there; None without routes.
        policies: what each does. meeting: the verdict. inputs: what its margin hangs on.
        deal: what it comes to under other institutions, over time, divided and with help.
        record: claims against the model.
        hindcast: the verdict against what happened; None where the case does not say.
    """

    case: Case
    settings: Mapping[str, Any]
    net: CostCurve
    gross: CostCurve
    full: CostCurve
    stops: StoppingPrices | None
    market: NoDealMarket | None
    flexibility: Flexibility | None
    alumina: AluminaResult | None
    imports: AluminaImports | None
    chain: ChainResult | None
    relief: ChainRelief | None
    policies: tuple[PolicyEffect, ...]
    meeting: MeetingResult | None
    inputs: InputAnswers | None
    deal: DealAnswers | None
    record: Record
    hindcast: Hindcast | None


def answer(
    case: Case, *, draws: int = 1024, seed: int = 7, spread_draws: int = SPREAD_DRAWS, progress: Progress | None = None
) -> Answers:
    """Ask every question of a case.

    Args:
        case: the case, overrides applied.
        draws: over the stated input ranges, 0 for none; seed: of the draws.
        spread_draws: for the spread of the obstacles; halved for each owner at the table beyond ten, down to 8, since
            each costs 128 sweeps of all coalitions.
        progress: called with what is being done and the share done.

    Raises:
        InputError: the case cannot be answered.
        CertificateFailed: an answer does not pass its check.
    """
    tell = progress or quiet
    industry = case.industry
    tell("cost curve", 0.0)
    net, gross = cost_curve(industry), cost_curve(industry, net=False)
    full = cost_curve(industry, measure="full")
    held: MeetingResult | None = None
    spread_draws = _affordable(case, spread_draws)
    inputs: InputAnswers | None = None
    deal: DealAnswers | None = None
    stops: StoppingPrices | None = None
    effects: tuple[PolicyEffect, ...] = ()
    if industry.process is not None:
        from potline.shutdown import stopping_prices

        tell("stopping prices", 0.02)
        stops = stopping_prices(industry)
        tell("policies", 0.08)
        effects = policy_effects(case, stops)
        if case.meeting is not None:
            from potline.agreement import meeting

            tell("meeting", 0.15)
            held = meeting(
                case,
                draws=draws,
                seed=seed,
                spread_draws=spread_draws,
                progress=lambda share: tell("meeting", 0.15 + 0.45 * share),
            )
            from potline.report.answers_inputs import input_answers

            tell("inputs of the margin", 0.60)
            inputs = input_answers(case, draws=draws, seed=seed)
            tell("deal over time and remedies", 0.75)
            deal = deal_answers(case)
    known = Known(case, stops=stops, meeting=held)
    tell("market without a deal", 0.85)
    market: NoDealMarket | None = known.no_deal if industry.process is not None else None
    tell("alumina", 0.88)
    alumina = known.alumina if industry.alumina is not None else None
    imports = known.imports if _has_imports(case) else None
    reached = _reachable(case)
    relief = known.relief if known.chain is not None and reached else None
    tell("record", 0.92)
    compared = record(case, answers=known)
    past = hindcast(case, answers=known) if case.outcome is not None and held is not None else None
    return Answers(
        case=case,
        settings=_settings(case, draws, seed, spread_draws, held),
        net=net,
        gross=gross,
        full=full,
        stops=stops,
        market=market,
        flexibility=_flexibility(known) if market is not None and reached else None,
        alumina=alumina,
        imports=imports,
        chain=known.chain,
        relief=relief,
        policies=effects,
        meeting=held,
        inputs=inputs,
        deal=deal,
        record=compared,
        hindcast=past,
    )


def _affordable(case: Case, spread_draws: int) -> int:
    owners = len(case.meeting.owners) if case.meeting is not None else 0
    return min(spread_draws, max(8, spread_draws >> max(0, owners - 10)))


def quiet(words: str, share: float) -> None:
    """Say nothing of progress."""


def _reachable(case: Case) -> bool:
    """Whether those present run as much as the least cut, so that what it does to markets can be asked."""
    if case.meeting is None:
        return False
    present = set(case.meeting.owners)
    running = sum(plant.running_kt for plant in case.industry.plants if case.industry.owner(plant.firm) in present)
    return case.meeting.least_cut_kt <= running


def _has_imports(case: Case) -> bool:
    from potline.evidence.alumina_imports import FOB

    market = case.industry.alumina
    return market is not None and market.parity is not None and any(series.name == FOB for series in case.series)


def _flexibility(known: Known) -> Flexibility | None:
    from potline.evidence.quantities_meeting import price_flexibility, price_flexibility_at_parity

    try:
        return Flexibility(
            ceiling_lifted=price_flexibility(known, ""), at_parity=price_flexibility_at_parity(known, "")
        )
    except NotComputed:
        return None


def _settings(case: Case, draws: int, seed: int, spread_draws: int, held: MeetingResult | None) -> dict[str, Any]:
    settings: dict[str, Any] = {"draws": draws, "seed": seed, "spread_draws": spread_draws}
    settings["own_inputs"] = case.industry.own_inputs
    settings["discount_rate"] = case.industry.discount_rate
    if held is not None:
        settings |= {
            "rule": held.rule,
            "term_years": held.term_years,
            "least_cut_kt": held.least_cut_kt,
            "sweep_kt": [float(cut) for cut in held.sweep.least_cut_kt],
            "draws_made": held.share.draws if held.share is not None else 0,
        }
    return settings
