"""The deal's gain divided: what each would have by each rule, who pays whom, and whether any division is stable."""

from __future__ import annotations

__all__ = ["division_sentences", "division_tables"]

from collections.abc import Mapping

from potline.agreement import ByNash, ByNucleolus, ByShapley, Core, Division, MeetingDivision
from potline.report.saying import called, say
from potline.report.table import Reading, Table, col, table_of
from potline.report.words import listing, money_m

_RULES = {kind: kind.__name__.removeprefix("By").lower() for kind in (ByShapley, ByNucleolus, ByNash)}
Pair = tuple[str, str]


def division_sentences(found: MeetingDivision, currency: str) -> list[str]:
    """Return in words what is divided, who pays by each rule, and whether some division is safe from every group."""
    if not found.coalition:
        return [say("division.no_group_reaches_the_tonnage")]
    gain = money_m(found.gain_m_per_year, currency)
    if found.core is None or found.core_with_lone_cuts is None:
        return [say("division.the_group_that_gains_most", coalition=found.coalition, gain=gain)]
    losing = [
        f"{name} ({money_m(own, currency)})"
        for name, own in zip(found.coalition, found.own_gain_m_per_year, strict=True)
        if own < 0.0
    ]
    text = say("division.the_group_that_gains_most_2", coalition=found.coalition, gain=gain) + " "
    text += say("division.left_as_it_falls_would", losing=losing) if losing else say("division.as_it_falls_nobody_in")
    lines = [text]
    for one in found.divisions:
        rule = _RULES[type(one.rule)]
        paid = [
            say(
                "division.to",
                payer=pay.payer,
                currency=currency,
                amount_m_per_year=pay.amount_m_per_year,
                receiver=pay.receiver,
            )
            for pay in one.payments[:2]
        ]
        said = say("division.the_largest_payments_are_a", paid=paid) if paid else say("division.nobody_pays")
        lines.append(
            say(
                "division.by",
                rule=called("division", rule),
                how=called("division_how", rule),
                paid=said,
                stable=_stable(one, currency),
            )
        )
    lines.append(say("division.could_some_group_do_better", core=_core(found.core, currency)))
    most, who = max(zip(found.lone_gain_m_per_year, found.coalition, strict=True))
    if most > found.gain_m_per_year:
        lines.append(say("division.would_have_a_year_from", who=who, currency=currency, most=most))
    lines.append(say("division.if_each_may_instead_idle", core=_core(found.core_with_lone_cuts, currency)))
    return lines


def division_tables(found: MeetingDivision, currency: str) -> tuple[Table, ...]:
    """Return shares by member, payments by rule, and the core with its certificate."""
    return _shares(found, currency), _payments(found, currency), _cores(found, currency)


def _stable(one: Division, currency: str) -> str:
    if one.in_core:
        return say("division.no_group_would_do_better")
    return say(
        "division.would_do_a_year_better",
        complaining=one.complaining,
        currency=currency,
        largest_complaint_m_per_year=one.largest_complaint_m_per_year,
        count=len(one.complaining),
    )


def _core(core: Core, currency: str) -> str:
    if not core.empty:
        return say("division.there_are_divisions_that_no")
    groups = listing([_weighed(item.members, item.weight) for item in core.balanced_weights], most=8)
    return say("division.no_division_is_safe_the", groups=groups, currency=currency, shortfall=core.shortfall)


def _weighed(members: tuple[str, ...], weight: float) -> str:
    names = "+".join(members)
    return names if abs(weight - 1.0) < 1e-9 else say("division.of", weight=weight, names=names)


def _shares(found: MeetingDivision, currency: str) -> Table:
    cur, money = currency.lower(), f"m {currency}/year"
    own, lone, core = found.own_gain_m_per_year, found.lone_gain_m_per_year, found.core
    return table_of(
        range(len(found.coalition)),
        [
            col("owner", "", lambda k: found.coalition[k]),
            col("own_gain_m_{cur}_per_year", money, lambda k: own[k]),
            col("lone_gain_m_{cur}_per_year", money, lambda k: lone[k]),
            *(_share(found, place, name, currency) for place, name in enumerate(_RULES.values())),
            col(
                "core_low_m_{cur}_per_year",
                money,
                lambda k: None if core is None else float(core.low[k]),
            ),
            col(
                "core_high_m_{cur}_per_year",
                money,
                lambda k: None if core is None else float(core.high[k]),
            ),
        ],
        said="division.division",
        cur=cur,
    )


def _share(found: MeetingDivision, place: int, name: str, currency: str) -> Reading[int]:
    def read(k: int) -> float | None:
        return float(found.divisions[place].share_m_per_year[k]) if found.divisions else None

    return col(
        f"{name}_m_{currency.lower()}_per_year", f"m {currency}/year", read, label=called("division_short", name)
    )


def _payments(found: MeetingDivision, currency: str) -> Table:
    paid = [{(pay.payer, pay.receiver): pay.amount_m_per_year for pay in one.payments} for one in found.divisions]
    return table_of(
        dict.fromkeys(pair for rule in paid for pair in rule),
        [
            col("payer", "", lambda pair: pair[0]),
            col("receiver", "", lambda pair: pair[1]),
            *(_paid(name, paid[place] if paid else {}, currency) for place, name in enumerate(_RULES.values())),
        ],
        said="division.division_payments",
    )


def _paid(name: str, payments: Mapping[Pair, float], currency: str) -> Reading[Pair]:
    return col(
        f"{name}_m_{currency.lower()}_per_year",
        f"m {currency}/year",
        payments.get,
        1,
        label=called("division_short", name),
    )


def _cores(found: MeetingDivision, currency: str) -> Table:
    cur, money = currency.lower(), f"m {currency}/year"
    named = (
        (say("division.nobody_idles_anything"), found.core),
        (say("division.each_may_idle_alone"), found.core_with_lone_cuts),
    )
    return table_of(
        [(words, core) for words, core in named if core is not None],
        [
            col("without_a_deal", "", lambda row: row[0]),
            col("empty", "", lambda row: row[1].empty),
            col(
                "least_complaint_m_{cur}_per_year",
                money,
                lambda row: row[1].least_complaint,
            ),
            col("shortfall_m_{cur}_per_year", money, lambda row: row[1].shortfall),
            col("balanced_weights", "", lambda row: _balanced(row[1])),
            col(
                "largest_error",
                "",
                lambda row: max(check.value for check in row[1].certificate.checks),
                -1,
            ),
        ],
        said="division.core",
        cur=cur,
    )


def _balanced(core: Core) -> str:
    return "; ".join(f"{item.weight:.6g} {'+'.join(item.members)}" for item in core.balanced_weights)
