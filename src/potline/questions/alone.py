"""What the largest owners would do without a deal, and what a deal adds to that."""

from __future__ import annotations

__all__ = ["ALONE", "ask"]

from collections.abc import Mapping
from typing import Any

from potline.agreement import UnilateralCuts, unilateral_cuts
from potline.answers import Answers, there
from potline.choices import IdleBelow, Rule
from potline.report.alone import alone_sentences, answered_sentence, pays_sentence
from potline.report.blocks import Blocks, joined, paragraph, subheading, table_block
from potline.report.face import Face
from potline.report.question import Question, Said
from potline.report.saying import say
from potline.report.sections.parts import Parts
from potline.report.table import json_value
from potline.report.tables.alone import alone_tables


def ask(answers: Answers, *, rule: Rule | None, idle_below: IdleBelow | None, least_share: float) -> Said:
    """Ask what each large owner of CASE would do without any deal, and what a deal adds to that."""
    case = answers.case if idle_below is None else answers.case.at(idle_below)
    found = unilateral_cuts(case, rule=rule, least_share=least_share)
    cur = case.currency.lower()
    names = (
        "owner",
        "running_share",
        "cut_kt",
        f"price_rise_{cur}_per_t",
        f"gain_m_{cur}_per_year",
        "conduct_at_most",
        "nash_cut_kt",
        f"deal_gain_m_{cur}_per_year",
    )
    return Said(sentences=alone_sentences(found), tables=list(alone_tables(found)), columns={"unilateral_cuts": names})


def _numbers(found: UnilateralCuts, answers: Answers) -> Mapping[str, Any]:
    cur, least, deal = answers.case.currency.lower(), found.least_conduct, found.deal()
    numbers: dict[str, Any] = {
        "conduct_at_most": {one.owner: one.conduct_at_most for one in found.owners},
        "least_conduct_owner": "" if least is None else least.owner,
        "cuts_alone_kt": {one.owner: one.cut_kt for one in found.would_cut},
        f"price_rise_of_cuts_alone_{cur}_per_t": found.nash_rise_per_t,
    }
    if deal is not None:
        numbers |= {
            "largest_cut_holds_if_outsiders_answer": deal.holds if deal.settled else None,
            f"price_rise_if_outsiders_answer_{cur}_per_t": json_value(deal.price_rise_per_t),
        }
    return numbers


def _block(found: UnilateralCuts, parts: Parts) -> Blocks:
    if not found.tonnages.state.explained:
        return ()
    names = ("owner", "running_kt", "cut_kt", "gain_m_{}_per_year", "conduct_at_most", "deal_gain_m_{}_per_year")
    shown = parts.table("unilateral_cuts").picked([name.format(parts.currency.lower()) for name in names])
    return joined(
        subheading(say("alone.heading")),
        paragraph(
            " ".join([pays_sentence(found), *(answered_sentence(found, deal) for deal in found.different_deals)])
        ),
        table_block(shown),
    )


def _shown_numbers(found: UnilateralCuts) -> Mapping[str, Any]:
    return {
        "cuts_with_no_deal_kt": found.nash_cut_kt,
        "price_rise_per_t": found.nash_rise_per_t,
        "would_cut": tuple(one.owner for one in found.would_cut),
        "owners_looked_at": len(found.owners),
    }


_FACE: Face[UnilateralCuts] = Face(numbers=_shown_numbers, sentences=alone_sentences, tables=alone_tables)

ALONE: Question[UnilateralCuts] = Question(
    answer=lambda answers: there(answers.alone),
    tables=lambda found, _: alone_tables(found),
    numbers=_numbers,
    chapter="The meeting",
    block=_block,
    faces={"UnilateralCuts": _FACE},
)
