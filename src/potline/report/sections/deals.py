"""The deal in full: under other institutions, over time, divided, and what it would take."""

from __future__ import annotations

__all__ = ["division_block", "help_block", "institutions_block", "over_time_block"]

from potline.answers import there
from potline.cases.limits import MOST_DIVIDED, MOST_FARSIGHTED
from potline.choices import Institution
from potline.report.blocks import Blocks, bullets, details, joined, paragraph, subheading, table_block
from potline.report.saying import say
from potline.report.sections.parts import Parts
from potline.report.tables.division import division_sentences
from potline.report.tables.enforcement import enforcement_sentences
from potline.report.tables.institutions import institutions_words
from potline.report.tables.remedy_words import remedy_sentences


def institutions_block(parts: Parts) -> Blocks:
    """Say what other institutions would make of the meeting."""
    if not parts.answers.divides:
        return paragraph(
            say("institutions.other_institutions_the_deal_over", most_divided=MOST_DIVIDED),
            "note",
        )
    institutions = parts.table("institutions").picked(
        [
            "institution",
            "believed_of_others",
            "verdict",
            f"margin_m_{parts.currency.lower()}_per_year",
            "group",
            "sentence",
        ]
    )
    return joined(
        subheading(say("institutions.under_other_institutions")),
        paragraph(institutions_words(parts.answers.institutions)),
        table_block(institutions),
        details(
            say("institutions.what_competition_law_says"),
            table_block(parts.table("institutions").bare.picked(["institution", "competition_law"]), caption=False),
        ),
        _left_out(parts),
    )


def over_time_block(parts: Parts) -> Blocks:
    """Say whether the deal would be kept over time."""
    return joined(subheading(say("enforcement.would_the_deal_hold_over")), _over_time(parts))


def division_block(parts: Parts) -> Blocks:
    """Say how the deal's gain would be divided."""
    found = there(parts.answers.division)
    return joined(
        subheading(say("division.how_the_gain_would_be")),
        bullets(division_sentences(found, parts.currency)[:1]),
        table_block(parts.table("division")) if found.divisions else (),
        table_block(parts.table("division_payments")) if found.divisions else (),
        details(say("division.is_any_division_safe_the"), table_block(parts.table("core")))
        if found.core is not None
        else (),
    )


def _left_out(parts: Parts) -> Blocks:
    held = parts.answers.meeting
    if held is None:
        return ()
    if len(held.meeting.owners) <= MOST_FARSIGHTED:
        asked = {one.institution for one in parts.answers.institutions}
        told = not asked or Institution.FARSIGHTED in asked
        return () if told else paragraph(say("institutions.gains_too_small_to_look"), "note")
    return paragraph(
        say("institutions.proposals_in_turn_and_owners", most_farsighted=MOST_FARSIGHTED),
        "note",
    )


def help_block(parts: Parts) -> Blocks:
    """Say what it would take, in words first; then the least-cost instrument, the frontier and every instrument."""
    found = parts.answers.remedy
    if found is None:
        return paragraph(parts.answers.remedy_refused, "note")
    cur = parts.currency.lower()
    least = parts.table("remedy_least_cost").picked(
        [
            "institution",
            f"margin_m_{cur}_per_year",
            "cheapest_instrument",
            f"public_cost_m_{cur}_per_year",
            "group",
            "without_public_cost",
        ]
    )
    return joined(
        subheading(say("remedy.what_a_state_or_the")),
        paragraph(say("remedy.gaps")),
        bullets(remedy_sentences(found)),
        table_block(least),
        parts.figure("remedy_frontier"),
        details(
            say("remedy.every_instrument_and_its_least"),
            table_block(parts.table("remedy_levels")),
        ),
        details(
            say("remedy.who_pays_whom_at_the"),
            table_block(
                parts.table("remedy_payments").picked(
                    ["instrument", "institution", "payer", "payee", f"amount_m_{cur}_per_year"]
                )
            ),
        ),
    )


def _over_time(parts: Parts) -> Blocks:
    found, cur = parts.answers.over_time, parts.currency.lower()
    if found is None:
        return paragraph(say("enforcement.no_group_reaches_the_tonnage"))
    return joined(
        bullets(enforcement_sentences(found)),
        table_block(
            parts.table("incentives").picked(
                [
                    "owner",
                    f"coordinate_m_{cur}_per_year",
                    f"defect_m_{cur}_per_year",
                    f"punish_m_{cur}_per_year",
                    "least_factor_per_month",
                    "least_factor_per_year",
                    "keeps",
                    "longest_lag_months",
                    f"restart_cost_m_{cur}",
                ]
            )
        ),
        table_block(parts.table("threats")),
        details(say("enforcement.by_how_soon_cheating_is"), table_block(parts.table("detection").bare)),
    )
