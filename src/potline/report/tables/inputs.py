"""Tables of what a case rests on: claims, sources, uncertain factors, policies."""

from __future__ import annotations

__all__ = ["input_tables"]

from collections import Counter

from potline.cases import Case
from potline.cases.inputs import unit_at
from potline.industry import LumpSum, Policy, PowerSubsidy, StatePurchase
from potline.report.table import Table, col, table_of
from potline.sources import STANDINGS


def input_tables(case: Case) -> tuple[Table, ...]:
    """Return claims, factors, policies, sources and the count of claims by standing."""
    return (_factors(case), _policies(case), _standings(case), _sources(case), _claims(case))


def _claims(case: Case) -> Table:
    return table_of(
        case.claims,
        [
            col("path", "Path", "", lambda claim: claim.path),
            col("value", "Value", "", lambda claim: claim.value, -1),
            col("low", "Low", "", lambda claim: claim.low, -1),
            col("high", "High", "", lambda claim: claim.high, -1),
            col("unit", "Unit", "", lambda claim: claim.unit),
            col("vat", "Vat", "", lambda claim: claim.vat),
            col("standing", "Standing", "", lambda claim: claim.standing),
            col("source", "Source", "", lambda claim: claim.source),
            col("where", "Where", "", lambda claim: claim.where),
            col("quote", "Quote", "", lambda claim: claim.quote),
            col("note", "Note", "", lambda claim: claim.note),
        ],
        name="claims",
        title="Every number of the case as published: value, range, unit, tax basis, source and standing.",
    )


def _factors(case: Case) -> Table:
    return table_of(
        case.factors,
        [
            col("factor", "Input", "", lambda factor: factor.name),
            col("path", "Path", "", lambda factor: factor.path),
            col("operation", "Operation", "", lambda factor: factor.operation),
            col("low", "Low", "", lambda factor: factor.low, -1),
            col("central", "Central", "", lambda factor: factor.central, -1),
            col("high", "High", "", lambda factor: factor.high, -1),
            col("unit", "Unit", "", lambda factor: unit_at(case, factor.path, factor.operation)),
            col("law", "Drawn", "", lambda factor: "triangular" if factor.triangular else "uniform"),
            col("standing", "Standing", "", lambda factor: factor.standing),
            col("source", "Source", "", lambda factor: factor.source),
            col("note", "Note", "", lambda factor: factor.note),
        ],
        name="factors",
        title="Uncertain inputs and the ranges drawn from; money without VAT.",
    )


def _policies(case: Case) -> Table:
    rows = [(policy, True) for policy in case.industry.policies] + [(policy, False) for policy in case.other_policies]
    return table_of(
        [(policy, held, *_policy(policy, case.currency)) for policy, held in rows],
        [
            col("policy", "Policy", "", lambda row: row[0].name),
            col("kind", "Kind", "", lambda row: row[2]),
            col("who", "Who", "", lambda row: row[3]),
            col("amount", "Amount", "", lambda row: row[4], -1),
            col("unit", "Unit", "", lambda row: row[5]),
            col("start", "From", "", lambda row: row[0].start),
            col("end", "To", "", lambda row: row[0].end),
            col("in_force", "In force", "", lambda row: row[1]),
            col("note", "Note", "", lambda row: row[0].note),
        ],
        name="policies",
        title="Policies, in force at the case's date or not; none carries VAT but the price of a state purchase.",
    )


def _policy(policy: Policy, currency: str) -> tuple[str, str, float, str]:
    """Return kind, who, amount and unit of a policy."""
    if isinstance(policy, PowerSubsidy):
        return "power price cut", policy.government, policy.support_per_kwh, f"{currency}/kWh"
    if isinstance(policy, LumpSum):
        return "lump sum while running", policy.firm, policy.money_m_per_year, f"m {currency}/year"
    assert isinstance(policy, StatePurchase)
    return "state purchase", "; ".join(policy.sellers), policy.quantity_kt, "kt"


def _sources(case: Case) -> Table:
    used = Counter(claim.source for claim in case.claims)
    return table_of(
        case.sources,
        [
            col("source", "Source", "", lambda source: source.id),
            col("title", "Title", "", lambda source: source.title),
            col("address", "Address", "", lambda source: source.address),
            col("licence", "Licence", "", lambda source: source.licence),
            col("claims", "Numbers", "", lambda source: used.get(source.id, 0)),
        ],
        name="sources",
        title="Sources, and how many numbers of the case rest on each.",
    )


def _standings(case: Case) -> Table:
    counts = Counter(claim.standing for claim in case.claims)
    ranged = Counter(claim.standing for claim in case.claims if claim.is_range)
    meaning = {
        "reported": "published by the source named",
        "derived": "computed from published numbers",
        "assumed": "our own estimate, with its reason in the note",
        "disputed": "published, but contradicted by a better source",
    }
    return table_of(
        STANDINGS,
        [
            col("standing", "Standing", "", lambda name: name),
            col("numbers", "Numbers", "", lambda name: counts[name]),
            col("with_a_range", "With a range", "", lambda name: ranged[name]),
            col("meaning", "Meaning", "", lambda name: meaning[name]),
        ],
        name="standings",
        title="Numbers of the case by standing.",
    )
