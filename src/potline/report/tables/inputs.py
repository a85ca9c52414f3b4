"""Tables of what a case rests on: claims, sources, uncertain factors, policies."""

from __future__ import annotations

__all__ = ["input_tables"]

from collections import Counter

from potline.cases import Case
from potline.cases.inputs import unit_at
from potline.industry import LumpSum, Policy, PowerSubsidy, StatePurchase
from potline.report.saying import say
from potline.report.table import Table, code, col, table_of
from potline.sources import STANDINGS


def input_tables(case: Case) -> tuple[Table, ...]:
    """Return claims, factors, policies, sources and the count of claims by standing."""
    return (_factors(case), _policies(case), _standings(case), _sources(case), _claims(case))


def _claims(case: Case) -> Table:
    return table_of(
        case.claims,
        [
            col("path", "", lambda claim: claim.path),
            col("value", "", lambda claim: claim.value, -1),
            col("low", "", lambda claim: claim.low, -1),
            col("high", "", lambda claim: claim.high, -1),
            col("unit", "", lambda claim: claim.unit),
            code("vat", lambda claim: claim.vat),
            code("standing", lambda claim: claim.standing),
            col("source", "", lambda claim: claim.source),
            col("where", "", lambda claim: claim.where),
            col("quote", "", lambda claim: claim.quote),
            col("note", "", lambda claim: claim.note),
        ],
        said="sources.claims",
    )


def _factors(case: Case) -> Table:
    return table_of(
        case.factors,
        [
            col("factor", "", lambda factor: factor.name),
            col("path", "", lambda factor: factor.path),
            code("operation", lambda factor: factor.operation),
            col("low", "", lambda factor: factor.low, -1),
            col("central", "", lambda factor: factor.central, -1),
            col("high", "", lambda factor: factor.high, -1),
            code("unit", lambda factor: unit_at(case, factor.path, factor.operation)),
            col("law", "", lambda factor: say("sources.triangular" if factor.triangular else "sources.uniform")),
            code("standing", lambda factor: factor.standing),
            col("source", "", lambda factor: factor.source),
            col("note", "", lambda factor: factor.note),
        ],
        said="sources.factors",
    )


def _policies(case: Case) -> Table:
    rows = [(policy, True) for policy in case.industry.policies] + [(policy, False) for policy in case.other_policies]
    return table_of(
        [(policy, held, *_policy(policy, case.currency)) for policy, held in rows],
        [
            col("policy", "", lambda row: row[0].name),
            col("kind", "", lambda row: row[2]),
            col("who", "", lambda row: row[3]),
            col("amount", "", lambda row: row[4], -1),
            col("unit", "", lambda row: row[5]),
            col("start", "", lambda row: row[0].start),
            col("end", "", lambda row: row[0].end),
            col("in_force", "", lambda row: row[1]),
            col("note", "", lambda row: row[0].note),
        ],
        said="sources.policies",
    )


def _policy(policy: Policy, currency: str) -> tuple[str, str, float, str]:
    """Return kind, who, amount and unit of a policy."""
    if isinstance(policy, PowerSubsidy):
        return say("sources.power_price_cut"), policy.government, policy.support_per_kwh, f"{currency}/kWh"
    if isinstance(policy, LumpSum):
        return say("sources.lump_sum_while_running"), policy.firm, policy.money_m_per_year, f"m {currency}/year"
    assert isinstance(policy, StatePurchase)
    return say("sources.state_purchase"), "; ".join(policy.sellers), policy.quantity_kt, "kt"


def _sources(case: Case) -> Table:
    used = Counter(claim.source for claim in case.claims)
    return table_of(
        case.sources,
        [
            col("source", "", lambda source: source.id),
            col("title", "", lambda source: source.title),
            col("address", "", lambda source: source.address),
            col("licence", "", lambda source: source.licence),
            col("claims", "", lambda source: used.get(source.id, 0)),
        ],
        said="sources.sources",
    )


def _standings(case: Case) -> Table:
    counts = case.claims.standings
    ranged = Counter(claim.standing for claim in case.claims if claim.is_range)
    meaning = {
        "reported": say("sources.published_by_the_source_named"),
        "derived": say("sources.computed_from_published_numbers"),
        "assumed": say("sources.our_own_estimate_with_its"),
        "disputed": say("sources.published_but_contradicted_by_a"),
    }
    return table_of(
        STANDINGS,
        [
            code("standing", lambda name: name),
            col("numbers", "", lambda name: counts[name]),
            col("with_a_range", "", lambda name: ranged[name]),
            col("meaning", "", lambda name: meaning[name]),
        ],
        said="sources.standings",
    )
