"""The meeting under each institution: one table, and one sentence each."""

from __future__ import annotations

__all__ = ["institution_sentence", "institutions_table", "institutions_words"]

import math
from collections.abc import Sequence

from potline.agreement import Convened
from potline.choices import Institution, Rule
from potline.report.saying import called, say
from potline.report.table import Table, code, col, table_of
from potline.report.words import counted, listing, money_m


def institutions_words(found: Sequence[Convened]) -> str:
    """Say under how many institutions somebody cuts, and what all have in common."""
    if not found:
        return say("institutions.the_institution_asked_for_looks")
    agreed = [called("institution", one.institution) for one in found if one.verdict == "agreement"]
    count = counted(len(found), "institution")
    if len(found) == 1:
        come = say("institutions.a_cut_comes_about_under") if agreed else say("institutions.a_cut_does_not_come")
    elif agreed:
        come = say("institutions.of_a_cut_comes_about", institutions=count, agreed=len(agreed), names=agreed)
    else:
        come = say("institutions.under_none_of_does_a", institutions=count)
    return say("institutions.the_same_owners_and_the", come=come)


def institution_sentence(one: Convened, currency: str) -> str:
    """Return what one institution comes to, in a sentence."""
    if one.verdict == "infeasible":
        shared = one.rule != Rule.PRO_RATA and one.institution not in (Institution.TRANSFERS, Institution.MANDATED)
        return say("institutions.no_group_can_share_the") if shared else say("institutions.no_group_can_idle_the")
    agreed = one.verdict == "agreement"
    missing = money_m(-one.margin_m_per_year, currency)
    spare = money_m(one.margin_m_per_year, currency)
    losers = say("institutions.lose_by_it", losers=one.losers, count=len(one.losers))
    if one.institution == Institution.TRANSFERS:
        if agreed:
            return say("institutions.after_paying_each_member_what", spare=spare)
        return say("institutions.what_the_members_gain_is", missing=missing)
    if one.institution == Institution.UNANIMITY:
        return say("institutions.all_gain_by_it") if agreed else say("institutions.so_not_all_sign", losers=losers)
    if one.institution == Institution.SEQUENTIAL:
        if not agreed:
            return say("institutions.each_does_better_by_standing")
        doubt = "" if one.settled else " " + say("institutions.other_outcomes_cannot_be_ruled")
        return say("institutions.no_member_could_hope_for", doubt=doubt)
    if one.institution == Institution.FARSIGHTED:
        if not agreed:
            return say("institutions.no_deal_is_among_the")
        if len(one.groups) == 1:
            return say("institutions.the_only_outcome_that_stands")
        return say("institutions.one_of_outcomes_that_stand", groups=len(one.groups))
    if one.institution == Institution.MANDATED:
        return (
            say("institutions.nobody_is_asked", losers=losers)
            if one.losers
            else say("institutions.nobody_is_asked_and_nobody")
        )
    head = (
        say("institutions.each_kt_idled_sells_one") + " "
        if one.institution == Institution.CONDITIONAL_STOCKPILE
        else ""
    )
    if agreed:
        return say("institutions.each_member_gains_and_at", head=head, spare=spare)
    return say("institutions.the_worst_placed_member_would", head=head, missing=missing)


def _believed(one: Convened) -> str:
    """Say what an owner expects of the others: as the institution has it, or as the question does."""
    by_rule = (Institution.UNANIMITY, Institution.SEQUENTIAL, Institution.FARSIGHTED, Institution.MANDATED)
    return called("belief", one.institution if one.institution in by_rule else one.leaving)


def institutions_table(found: Sequence[Convened], currency: str) -> Table:
    """Return the institutions side by side."""
    cur = currency.lower()
    return table_of(
        found,
        [
            col("institution", "", lambda one: called("institution", one.institution)),
            col("believed_of_others", "", _believed),
            code("verdict", lambda one: one.verdict),
            col("margin_m_{cur}_per_year", f"m {currency}/year", lambda one: _number(one.margin_m_per_year)),
            col("cut_kt", "kt/year", lambda one: _number(one.cut_kt)),
            col("group", "", lambda one: _group(one)),
            col("losers", "", lambda one: listing(one.losers, most=20) if one.losers else ""),
            col("sentence", "", lambda one: institution_sentence(one, currency)),
            col("competition_law", "", lambda one: called("law", one.institution)),
        ],
        said="institutions.institutions",
        cur=cur,
    )


def _group(one: Convened) -> str:
    if not one.group:
        return ""
    return (
        say("institutions.all_owners", owners=len(one.owners))
        if one.group == one.owners
        else listing(one.group, most=20)
    )


def _number(value: float) -> float | None:
    return value if math.isfinite(value) else None
