"""The deal's gain divided: what each would have by each rule, who pays whom, and whether any division is stable."""

from __future__ import annotations

__all__ = ["division_sentences", "division_tables"]

from collections.abc import Mapping

from potline.agreement import ByNash, ByNucleolus, ByShapley, Core, Division, MeetingDivision
from potline.report.table import Reading, Table, col, table_of
from potline.report.words import amount, listing, money_m

_RULES = {
    ByShapley: ("the Shapley value", "each gets what it adds, averaged over all orders of joining"),
    ByNucleolus: ("the nucleolus", "the largest complaint of any group is as small as can be"),
    ByNash: ("Nash bargaining", "equal shares of the gain"),
}
Pair = tuple[str, str]
_NAMES = ("Shapley", "Nucleolus", "Nash")


def division_sentences(found: MeetingDivision, currency: str) -> list[str]:
    """Return in words what is divided, who pays by each rule, and whether some division is safe from every group."""
    if not found.coalition:
        return ["No group reaches the tonnage, so there is nothing to divide."]
    gain = money_m(found.gain_m_per_year, currency)
    if found.core is None or found.core_with_lone_cuts is None:
        return [
            f"The group that gains most together, {listing(found.coalition, most=10)}, comes to {gain} a year: there "
            "is nothing to divide."
        ]
    losing = [
        f"{name} ({money_m(own, currency)})"
        for name, own in zip(found.coalition, found.own_gain_m_per_year, strict=True)
        if own < 0.0
    ]
    text = f"The group that gains most together is {listing(found.coalition, most=10)}: {gain} a year. "
    text += (
        f"Left as it falls, {listing(losing)} would lose, so a deal among all of them needs payments."
        if losing
        else "As it falls, nobody in it loses."
    )
    lines = [text]
    for one in found.divisions:
        name, words = _RULES[type(one.rule)]
        paid = [f"{pay.payer} {money_m(pay.amount_m_per_year, currency)} to {pay.receiver}" for pay in one.payments[:2]]
        said = f"the largest payments are {listing(paid)} a year" if paid else "nobody pays"
        lines.append(f"By {name} ({words}) {said}; {_stable(one, currency)}.")
    lines.append(
        "Could some group do better by a cut of its own, the others running full? If without a deal nobody idles "
        f"anything, {_core(found.core, currency)}"
    )
    most, who = max(zip(found.lone_gain_m_per_year, found.coalition, strict=True))
    if most > found.gain_m_per_year:
        lines.append(
            f"{who} would have {money_m(most, currency)} a year from the cut that suits it best alone, more than the "
            "whole deal brings all of them: the tonnage asked for is larger than the members' own interest."
        )
    lines.append(
        f"If each may instead idle alone what pays it, {_core(found.core_with_lone_cuts, currency)} If those who walk "
        "out count on the others to go on cutting, the test is that of the verdict where members may pay each other."
    )
    return lines


def division_tables(found: MeetingDivision, currency: str) -> tuple[Table, ...]:
    """Return shares by member, payments by rule, and the core with its certificate."""
    return _shares(found, currency), _payments(found, currency), _cores(found, currency)


def _stable(one: Division, currency: str) -> str:
    if one.in_core:
        return "no group would do better by a deal of its own"
    return (
        f"{listing(one.complaining)} would do {money_m(one.largest_complaint_m_per_year, currency)} a year better by "
        + ("itself" if len(one.complaining) == 1 else "a deal of their own")
    )


def _core(core: Core, currency: str) -> str:
    if not core.empty:
        return "there are divisions that no group would leave (the core is not empty)."
    groups = listing([_weighed(item.members, item.weight) for item in core.balanced_weights], most=8)
    return (
        f"no division is safe (the core is empty): {groups}, each by itself, would have "
        f"{money_m(core.shortfall, currency)} a year more than all have together, which proves it."
    )


def _weighed(members: tuple[str, ...], weight: float) -> str:
    names = "+".join(members)
    return names if weight == 1.0 else f"{amount(weight, 2)} of {names}"


def _shares(found: MeetingDivision, currency: str) -> Table:
    cur, money = currency.lower(), f"m {currency}/year"
    own, lone, core = found.own_gain_m_per_year, found.lone_gain_m_per_year, found.core
    return table_of(
        range(len(found.coalition)),
        [
            col("owner", "Owner", "", lambda k: found.coalition[k]),
            col(f"own_gain_m_{cur}_per_year", "As it falls", money, lambda k: own[k]),
            col(f"lone_gain_m_{cur}_per_year", "Cuts alone, no deal", money, lambda k: lone[k]),
            *(_share(found, place, name, currency) for place, name in enumerate(_NAMES)),
            col(
                f"core_low_m_{cur}_per_year",
                "Core, least",
                money,
                lambda k: None if core is None else float(core.low[k]),
            ),
            col(
                f"core_high_m_{cur}_per_year",
                "Core, most",
                money,
                lambda k: None if core is None else float(core.high[k]),
            ),
        ],
        name="division",
        title="What each member has a year: as it falls, by its best cut alone, and by three rules of division.",
        note="Core: the least and the most a member can have in a division that no group would leave, where without a "
        "deal nobody idles anything.",
    )


def _share(found: MeetingDivision, place: int, name: str, currency: str) -> Reading[int]:
    def read(k: int) -> float | None:
        return float(found.divisions[place].share_m_per_year[k]) if found.divisions else None

    return col(f"{name.lower()}_m_{currency.lower()}_per_year", name, f"m {currency}/year", read)


def _payments(found: MeetingDivision, currency: str) -> Table:
    paid = [{(pay.payer, pay.receiver): pay.amount_m_per_year for pay in one.payments} for one in found.divisions]
    return table_of(
        dict.fromkeys(pair for rule in paid for pair in rule),
        [
            col("payer", "Pays", "", lambda pair: pair[0]),
            col("receiver", "Is paid", "", lambda pair: pair[1]),
            *(_paid(name, paid[place] if paid else {}, currency) for place, name in enumerate(_NAMES)),
        ],
        name="division_payments",
        title="Who pays whom by each rule, in as few payments as can be.",
    )


def _paid(name: str, payments: Mapping[Pair, float], currency: str) -> Reading[Pair]:
    return col(f"{name.lower()}_m_{currency.lower()}_per_year", name, f"m {currency}/year", payments.get, 1)


def _cores(found: MeetingDivision, currency: str) -> Table:
    cur, money = currency.lower(), f"m {currency}/year"
    named = (("nobody idles anything", found.core), ("each may idle alone", found.core_with_lone_cuts))
    return table_of(
        [(words, core) for words, core in named if core is not None],
        [
            col("without_a_deal", "Without a deal", "", lambda row: row[0]),
            col("empty", "Core is empty", "", lambda row: row[1].empty),
            col(
                f"least_complaint_m_{cur}_per_year",
                "Least largest complaint",
                money,
                lambda row: row[1].least_complaint,
            ),
            col(f"shortfall_m_{cur}_per_year", "Short by", money, lambda row: row[1].shortfall),
            col("balanced_weights", "Balanced weights", "", lambda row: _balanced(row[1])),
            col(
                "largest_error",
                "Largest error of the certificate",
                "",
                lambda row: max(check.value for check in row[1].certificate.checks),
                -1,
            ),
        ],
        name="core",
        title="Whether some division leaves no group a complaint, and the weights that prove it where none does.",
    )


def _balanced(core: Core) -> str:
    return "; ".join(f"{item.weight:.6g} {'+'.join(item.members)}" for item in core.balanced_weights)
