"""The meeting under each institution: one table, and one sentence each."""

from __future__ import annotations

__all__ = ["INSTITUTION_NAMES", "institution_sentence", "institutions_table", "institutions_words"]

import math
from collections.abc import Sequence

from potline.agreement import Convened
from potline.choices import Institution
from potline.report.table import Table, col, table_of
from potline.report.words import counted, listing, money_m

INSTITUTION_NAMES = {
    Institution.VOLUNTARY: "voluntary",
    Institution.TRANSFERS: "with transfers (members pay each other)",
    Institution.UNANIMITY: "all or none",
    Institution.SEQUENTIAL: "proposals in turn",
    Institution.FARSIGHTED: "owners who look ahead",
    Institution.CONDITIONAL_STOCKPILE: "state stockpile for those who idle",
    Institution.MANDATED: "ordered by the state",
}


def institutions_words(found: Sequence[Convened]) -> str:
    """Say under how many institutions somebody cuts, and what all have in common."""
    if not found:
        return "The institution asked for looks ahead, which is left out with so many owners."
    agreed = [INSTITUTION_NAMES[one.institution] for one in found if one.verdict == "agreement"]
    count = counted(len(found), "institution")
    if len(found) == 1:
        come = f"A cut {'comes' if agreed else 'does not come'} about under the one asked for."
    elif agreed:
        come = f"Of {count} a cut comes about under {len(agreed)}: {listing(agreed, most=7)}."
    else:
        come = f"Under none of {count} does a cut come about."
    return (
        "The same owners and the same tonnage under other rules of the game. An institution says who is bound, who may "
        f"pay whom, and what each believes the others will do if it walks out. {come}"
    )


def institution_sentence(one: Convened, currency: str) -> str:
    """Return what one institution comes to, in a sentence."""
    if one.verdict == "infeasible":
        return "No group can idle the tonnage."
    agreed = one.verdict == "agreement"
    missing = money_m(-one.margin_m_per_year, currency)
    spare = money_m(one.margin_m_per_year, currency)
    losers = f"{listing(one.losers)} {'loses' if len(one.losers) == 1 else 'lose'} by it"
    if one.institution == Institution.TRANSFERS:
        if agreed:
            return f"After paying each member what it would get outside, {spare} a year are left over."
        return f"What the members gain is {missing} a year short of what they would get outside."
    if one.institution == Institution.UNANIMITY:
        return "All gain by it." if agreed else f"{losers}, so not all sign."
    if one.institution == Institution.SEQUENTIAL:
        if not agreed:
            return "Each does better by standing aside and leaving it to those who propose later."
        doubt = "" if one.settled else " (other outcomes cannot be ruled out)"
        return f"No member could hope for more by refusing and proposing another group{doubt}."
    if one.institution == Institution.FARSIGHTED:
        if not agreed:
            return "No deal is among the outcomes that cannot be ruled out."
        if len(one.groups) == 1:
            return "The only outcome that stands up to every chain of moves: who walks out ends with no deal."
        return f"One of {len(one.groups)} outcomes that stand up to every chain of moves; no deal does not."
    if one.institution == Institution.MANDATED:
        return f"Nobody is asked; {losers}." if one.losers else "Nobody is asked, and nobody loses."
    head = "Each kt idled sells one to the state. " if one.institution == Institution.CONDITIONAL_STOCKPILE else ""
    if agreed:
        return f"{head}Each member gains, and at least {spare} a year more than outside."
    return f"{head}The worst placed member would be {missing} a year better off outside."


def institutions_table(found: Sequence[Convened], currency: str) -> Table:
    """Return the institutions side by side."""
    cur = currency.lower()
    return table_of(
        found,
        [
            col("institution", "Institution", "", lambda one: INSTITUTION_NAMES[one.institution]),
            col("believed_of_others", "Belief about the others if one leaves", "", lambda one: one.belief),
            col("verdict", "Verdict", "", lambda one: one.verdict),
            col(f"margin_m_{cur}_per_year", "Margin", f"m {currency}/year", lambda one: _number(one.margin_m_per_year)),
            col("cut_kt", "Cut", "kt/year", lambda one: _number(one.cut_kt)),
            col("group", "Who cuts", "", lambda one: _group(one)),
            col("losers", "Who loses by it", "", lambda one: listing(one.losers, most=20) if one.losers else ""),
            col("sentence", "In a sentence", "", lambda one: institution_sentence(one, currency)),
        ],
        name="institutions",
        title="The meeting under each institution; for no agreement, the group that comes nearest.",
        note="Delta and gamma are the names of these beliefs in the literature. The margin is the worst test of the "
        "best group; none is defined where nobody may leave or owners look ahead.",
    )


def _group(one: Convened) -> str:
    if not one.group:
        return ""
    return f"all {len(one.owners)} owners" if one.group == one.owners else listing(one.group, most=20)


def _number(value: float) -> float | None:
    return value if math.isfinite(value) else None
