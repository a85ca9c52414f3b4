"""Would the deal hold over time: what each member has from keeping and from cheating, threats, and detection."""

from __future__ import annotations

__all__ = ["enforcement_sentences", "enforcement_tables"]

import math
from collections.abc import Callable

from potline.agreement import DelayedDetection, IncentiveTable, OverTime, StickAndCarrot, Threat
from potline.agreement.enforcement.strategies import GreenPorter
from potline.report.table import Reading, Table, col, table_of
from potline.report.words import amount, counted, listing, percent, tonnes

_UNSEEN = "one who cheats does not move the price, so nothing gives it away"


def enforcement_sentences(found: OverTime) -> list[str]:
    """Return in words whether the deal would be kept, and what detection, restart cost and threats do."""
    first = found.threats[0]
    one = found.coalition
    lines = [
        f"Of {counted(found.feasible, 'group')} that can idle {tonnes(found.least_cut_kt)}, "
        f"{_willing(found.willing)}. Looked at is the one whose worst placed member gains most: "
        f"{listing(one, most=10)}.",
        "Played once, cheating may pay; played month after month, keeping the deal can be worth more. How much more "
        "hangs on patience: a discount factor says what money a month, or a year, from now is worth today.",
    ]
    own = f"the case's own is {_factor(found.monthly_factor)} ({_factor(found.yearly_factor)} a year)"
    if math.isnan(first.rate_per_year):
        lines.append(
            f"Even if cheating were seen within a month and ended the deal for good, no patience would make "
            f"{listing(first.breakers)} keep it, because without a deal it is no worse off."
        )
    elif math.isinf(first.rate_per_year):
        lines.append("Cheating never pays: each member has more in the deal than by leaving it to the others.")
    else:
        lines.append(
            f"If cheating is seen within a month and ends the deal for good, every member keeps it at a factor of "
            f"{_factor(first.monthly_factor)} a month ({_factor(first.yearly_factor)} a year) or more; {own}: the deal "
            f"{'holds' if first.holds else 'breaks, at ' + listing(first.breakers)}."
        )
    lines += _detection(found)
    lines += _meant(found)
    lines += [line for threat in found.threats[2:] if (line := _other(threat, found))]
    return lines


def enforcement_tables(found: OverTime, currency: str) -> tuple[Table, ...]:
    """Return incentives by member, threats, and delays of detection."""
    return _incentives(found, currency), _threats(found), _delays(found)


def _willing(count: int) -> str:
    if count == 0:
        return "somebody loses in each"
    return f"there {'is' if count == 1 else 'are'} {count:,} in which nobody loses"


def _factor(value: float) -> str:
    return amount(value, 3)


def _detection(found: OverTime) -> list[str]:
    lag = found.longest_lag_months
    if math.isnan(lag):
        return []
    text = (
        "How soon cheating is seen does not matter at the case's rate."
        if math.isinf(lag)
        else f"At the case's rate it holds as long as cheating is seen within {amount(lag, 1)} months."
    )
    last = found.delays[-1]
    free, paid = last.running_free, last.running
    if free.monthly_factor == paid.monthly_factor:
        return [text]
    with_cost = (
        "at any patience" if paid.monthly_factor == 0.0 else f"from a factor of {_factor(paid.monthly_factor)} on"
    )
    return [
        f"{text} Having to pay for a restart deters too: with cheating seen after {amount(last.lag_months)} months, "
        f"members that have idled already keep it {with_cost} with that cost and from {_factor(free.monthly_factor)} "
        "a month on without."
    ]


def _meant(found: OverTime) -> list[str]:
    threat = found.threats[1]
    if not found.idle_on:
        return ["The threat is meant: once the deal ends it pays every member to restart."]
    pays = "it" if len(found.idle_on) == 1 else "them"
    text = (
        f"But a threat must be meant: once the deal is over it would not pay {listing(found.idle_on)} to restart, "
        f"because idling alone is still worth it to {pays}. "
    )
    if threat.holds:
        return [f"{text}The others keep the deal all the same."]
    return [f"{text}Knowing that, {listing(threat.breakers)} would not keep the deal."]


def _other(threat: Threat, found: OverTime) -> str:
    fails = f"it breaks at {listing(threat.breakers)}"
    if isinstance(threat.strategy, StickAndCarrot):
        months = counted(threat.strategy.periods, "month")
        ending = "it holds" if threat.holds else fails
        return f"Punished by only {months} without a deal, after which it starts again, {ending}."
    if isinstance(threat.strategy, GreenPorter):
        noise, moved = percent(threat.strategy.noise, 1), percent(found.cheat_moves_price_share, 1)
        seen = f"one who cheats moves the price by {moved} at most" if moved != percent(0.0, 1) else _UNSEEN
        return (
            f"If nobody sees a cheat but only the price, which moves by {noise} in a month for other reasons, "
            f"{'it holds' if threat.holds else fails}: {seen}."
        )
    return ""


def _words(threat: Threat) -> str:
    if isinstance(threat.strategy, StickAndCarrot):
        return f"no deal for {counted(threat.strategy.periods, 'month')}, then the deal again"
    if isinstance(threat.strategy, GreenPorter):
        return f"nobody sees a cheat, only a price with {percent(threat.strategy.noise, 1)} noise a month"
    return "no deal ever after, " + ("each restarts only if it pays" if threat.meant else "all restart")


def _incentives(found: OverTime, currency: str) -> Table:
    cur, money = currency.lower(), f"m {currency}/year"
    first = found.threats[0]
    return table_of(
        zip(first.signing.rows, first.running.rows, strict=True),
        [
            col("owner", "Owner", "", lambda pair: pair[0].owner),
            col(f"coordinate_m_{cur}_per_year", "Keeps the deal", money, lambda pair: pair[0].coordinate_m),
            col(f"defect_m_{cur}_per_year", "Cheats: never idles", money, lambda pair: pair[0].defect_m),
            col(f"punish_m_{cur}_per_year", "Deal over", money, lambda pair: pair[0].punish_m),
            col("least_factor_per_month", "Least factor a month", "", lambda pair: pair[0].monthly_factor, 3),
            col("least_factor_per_year", "Least factor a year", "", lambda pair: pair[0].yearly_factor, 3),
            col("keeps", "Keeps it", "", lambda pair: pair[0].keeps),
            col("longest_lag_months", "Unseen at most", "months", lambda pair: pair[0].longest_lag_months, 1),
            col(f"idled_coordinate_m_{cur}_per_year", "Once idled: keeps", money, lambda pair: pair[1].coordinate_m),
            col(f"restart_cost_m_{cur}", "Restart, once", f"m {currency}", lambda pair: pair[1].restart_cost_m),
            col("idled_keeps", "Keeps it once idled", "", lambda pair: pair[1].keeps),
        ],
        name="incentives",
        title="What each member has a year from keeping the deal, from cheating unseen, and once the deal is over.",
        note="Threat: no deal ever after, cheating seen after a month. Against what runs today. Least factor: keeps "
        f"the deal at this discount factor or more; the case's own is {_factor(found.monthly_factor)} a month and "
        f"{_factor(found.yearly_factor)} a year. Once it has idled, a cheat must first pay for a restart.",
    )


def _threats(found: OverTime) -> Table:
    return table_of(
        found.threats,
        [
            col("threat", "What follows a cheat", "", lambda threat: _words(threat)),
            col("holds", "Holds at the case's rate", "", lambda threat: threat.holds),
            col("least_factor_per_month", "Least factor a month", "", lambda threat: threat.monthly_factor, 3),
            col("least_factor_per_year", "Least factor a year", "", lambda threat: threat.yearly_factor, 3),
            col(
                "breaks_at",
                "Who would break it",
                "",
                lambda threat: listing(threat.breakers, most=20) if threat.breakers else "",
            ),
        ],
        name="threats",
        title=f"The deal under {('three', 'four')[len(found.threats) > 3]} threats, cheating seen after a month.",
        note="No factor: some member would not keep the deal at any patience.",
    )


def _delays(found: OverTime) -> Table:
    return table_of(
        found.delays,
        [
            col("lag_months", "Seen after", "months", lambda item: item.lag_months),
            *_patience("signing", "Never idles: least factor a month", lambda item: item.signing),
            *_patience("restart", "Restarts at a cost: a month", lambda item: item.running),
            *_patience("free_restart", "Restarts for nothing: a month", lambda item: item.running_free),
        ],
        name="detection",
        title="How patient members must be, by how long cheating goes unseen and by what a restart costs.",
        note=f"Threat: no deal ever after; 0: kept at any patience. The case's own factor is "
        f"{_factor(found.monthly_factor)} a month, {_factor(found.yearly_factor)} a year.",
    )


def _patience(
    name: str, label: str, of: Callable[[DelayedDetection], IncentiveTable]
) -> tuple[Reading[DelayedDetection], ...]:
    return (
        col(f"{name}_factor_per_month", label, "", lambda item: of(item).monthly_factor, 3),
        col(f"{name}_factor_per_year", "a year", "", lambda item: of(item).yearly_factor, 3),
        col(f"{name}_holds", "Holds", "", lambda item: of(item).holds),
    )
