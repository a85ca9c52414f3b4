"""What the largest owners would do without a deal, in sentences."""

from __future__ import annotations

__all__ = ["alone_sentences", "answered_sentence", "pays_sentence"]

from potline.agreement import AnsweredDeal, UnilateralCuts
from potline.choices import Baseline
from potline.report.saying import say
from potline.report.state import state_line
from potline.report.verdict import no_verdict


def alone_sentences(found: UnilateralCuts) -> list[str]:
    """Say what of the state does not hold, who would cut alone, what a deal adds, and what outsiders' answer leaves."""
    state = state_line(found.tonnages.state)
    if not found.tonnages.state.explained:
        return [state, no_verdict()]
    return [
        *([state] if state else []),
        f"{pays_sentence(found)}{_others(found)}",
        _added(found),
        *(answered_sentence(found, deal) for deal in found.different_deals),
    ]


def pays_sentence(found: UnilateralCuts) -> str:
    """Say whom a cut of its own would pay, and what not cutting reveals."""
    currency, would = found.case.currency, found.would_cut
    if not would:
        return say("alone.pays_nobody", owners=len(found.owners), share=found.least_share)
    first = would[0]
    said = [
        say(
            "alone.pays",
            owner=first.owner,
            cut=first.cut_kt,
            rise=first.price_rise_per_t,
            gain=first.gain_m_per_year,
            currency=currency,
        )
    ]
    if (least := found.least_conduct) is not None:
        said.append(say("alone.reveals", owner=least.owner, least=least.conduct_at_most))
    return " ".join(said)


def _others(found: UnilateralCuts) -> str:
    """Say whom else a cut of its own would pay."""
    others = [one.owner for one in found.would_cut[1:]]
    return f" {say('alone.pays_others', owners=others)}" if others else ""


def _added(found: UnilateralCuts) -> str:
    """Say what the largest deal brings the owner that gains most alone, and what holds beyond the cuts alone."""
    deal, beyond, currency = found.deal(), found.deal(Baseline.NASH), found.case.currency
    first = (found.would_cut or found.owners)[:1]
    said = [
        say(
            "alone.deal",
            tonnage=deal.tonnage_kt,
            coalition=deal.coalition,
            owner=one.owner,
            deal=one.deal_gain_m_per_year,
            currency=currency,
        )
        for one in first
        if deal is not None
    ] or [say("alone.deal_none")]
    if found.nash_cuts and beyond is not None:
        said.append(say("alone.beyond_some", nash=found.nash_cut_kt, tonnage=beyond.tonnage_kt))
    elif found.nash_cuts and deal is not None:
        said.append(say("alone.beyond_none", nash=found.nash_cut_kt))
    return " ".join(said)


def answered_sentence(found: UnilateralCuts, deal: AnsweredDeal) -> str:
    """Say what becomes of a deal where outsiders answer."""
    what = say("alone.the_deal" if deal.baseline == Baseline.OBSERVED else "alone.the_deal_beyond")
    if not deal.settled:
        return say("alone.answered_open", what=what)
    weakest, currency = deal.weakest, found.case.currency
    if deal.holds:
        return say(
            "alone.answered_holds", what=what, rise=deal.price_rise_per_t, kept=deal.kept_rise_per_t, currency=currency
        )
    return say(
        "alone.answered_fails",
        what=what,
        rise=deal.price_rise_per_t,
        kept=deal.kept_rise_per_t,
        member=weakest.owner,
        left=weakest.left_gain_m_per_year,
        inside=weakest.gain_m_per_year,
        currency=currency,
    )
