"""Would the deal hold over time: what each member has from keeping and from cheating, threats, and detection."""

from __future__ import annotations

__all__ = ["enforcement_sentences", "enforcement_tables"]

import math
from collections.abc import Callable

from potline.agreement import DelayedDetection, IncentiveTable, OverTime, StickAndCarrot, Threat
from potline.agreement.enforcement.strategies import GreenPorter
from potline.report.saying import say
from potline.report.table import Reading, Table, col, table_of
from potline.report.words import amount, counted, listing, percent


def enforcement_sentences(found: OverTime) -> list[str]:
    """Return in words whether the deal would be kept, and what detection, restart cost and threats do."""
    first = found.threats[0]
    one = found.coalition
    lines = [
        say(
            "enforcement.of_that_can_idle_looked",
            feasible=found.feasible,
            least_cut_kt=found.least_cut_kt,
            willing=_willing(found.willing),
            one=one,
        ),
        say("enforcement.played_once_cheating_may_pay"),
    ]
    own = say(
        "enforcement.the_cases_own_is_a", monthly=_factor(found.monthly_factor), yearly=_factor(found.yearly_factor)
    )
    if math.isnan(first.rate_per_year):
        lines.append(say("enforcement.even_if_cheating_were_seen", breakers=first.breakers))
    elif math.isinf(first.rate_per_year):
        lines.append(say("enforcement.cheating_never_pays_each_member"))
    else:
        lines.append(
            say(
                "enforcement.if_cheating_is_seen_within" if first.holds else "enforcement.if_cheating_is_seen_within_2",
                monthly=_factor(first.monthly_factor),
                yearly=_factor(first.yearly_factor),
                own=own,
                breakers=first.breakers,
            )
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
        return say("enforcement.somebody_loses_in_each")
    return say("enforcement.there_are_in_which_nobody", groups=count, count=count)


def _factor(value: float) -> str:
    return amount(value, 3)


def _detection(found: OverTime) -> list[str]:
    lag = found.longest_lag_months
    if math.isnan(lag):
        return []
    text = (
        say("enforcement.how_soon_cheating_is_seen")
        if math.isinf(lag)
        else say("enforcement.at_the_cases_rate_it", lag=lag)
    )
    last = found.delays[-1]
    free, paid = last.running_free, last.running
    if free.monthly_factor == paid.monthly_factor:
        return [text]
    with_cost = (
        say("enforcement.at_any_patience")
        if paid.monthly_factor == 0.0
        else say("enforcement.from_a_factor_of_on", factor=_factor(paid.monthly_factor))
    )
    return [
        say(
            "enforcement.having_to_pay_for_a",
            before=text,
            lag_months=last.lag_months,
            with_cost=with_cost,
            factor=_factor(free.monthly_factor),
        )
    ]


def _meant(found: OverTime) -> list[str]:
    threat = found.threats[1]
    if not found.idle_on:
        return [say("enforcement.the_threat_is_meant_once")]
    text = say("enforcement.but_a_threat_must_be", idle_on=found.idle_on, count=len(found.idle_on)) + " "
    if threat.holds:
        return [say("enforcement.the_others_keep_the_deal", before=text)]
    return [say("enforcement.knowing_that_would_not_keep", before=text, breakers=threat.breakers)]


def _other(threat: Threat, found: OverTime) -> str:
    fails = say("enforcement.it_breaks_at", breakers=threat.breakers)
    if isinstance(threat.strategy, StickAndCarrot):
        months = counted(threat.strategy.periods, "month")
        ending = say("enforcement.it_holds") if threat.holds else fails
        return say("enforcement.punished_by_only_without_a", months=months, ending=ending)
    if isinstance(threat.strategy, GreenPorter):
        noise, moved = percent(threat.strategy.noise, 1), percent(found.cheat_moves_price_share, 1)
        seen = (
            say("enforcement.one_who_cheats_moves_the", moved=moved)
            if moved != percent(0.0, 1)
            else say("enforcement.unseen")
        )
        return say(
            "enforcement.if_nobody_sees_a_cheat",
            noise=noise,
            ending=say("enforcement.it_holds") if threat.holds else fails,
            seen=seen,
        )
    return ""


def _words(threat: Threat) -> str:
    if isinstance(threat.strategy, StickAndCarrot):
        return say("enforcement.no_deal_for_then_the", periods=threat.strategy.periods)
    if isinstance(threat.strategy, GreenPorter):
        return say("enforcement.nobody_sees_a_cheat_only", noise=threat.strategy.noise)
    return say("enforcement.no_deal_ever_after_each") if threat.meant else say("enforcement.no_deal_ever_after_all")


def _incentives(found: OverTime, currency: str) -> Table:
    cur, money = currency.lower(), f"m {currency}/year"
    first = found.threats[0]
    return table_of(
        zip(first.signing.rows, first.running.rows, strict=True),
        [
            col("owner", "", lambda pair: pair[0].owner),
            col("coordinate_m_{cur}_per_year", money, lambda pair: pair[0].coordinate_m),
            col("defect_m_{cur}_per_year", money, lambda pair: pair[0].defect_m),
            col("punish_m_{cur}_per_year", money, lambda pair: pair[0].punish_m),
            col("least_factor_per_month", "", lambda pair: pair[0].monthly_factor, 3),
            col("least_factor_per_year", "", lambda pair: pair[0].yearly_factor, 3),
            col("keeps", "", lambda pair: pair[0].keeps),
            col("longest_lag_months", "months", lambda pair: pair[0].longest_lag_months, 1),
            col("idled_coordinate_m_{cur}_per_year", money, lambda pair: pair[1].coordinate_m),
            col("restart_cost_m_{cur}", f"m {currency}", lambda pair: pair[1].restart_cost_m),
            col("idled_keeps", "", lambda pair: pair[1].keeps),
        ],
        said="enforcement.incentives",
        cur=cur,
        factor=_factor(found.monthly_factor),
        factor_2=_factor(found.yearly_factor),
    )


def _threats(found: OverTime) -> Table:
    return table_of(
        found.threats,
        [
            col("threat", "", lambda threat: _words(threat)),
            col("holds", "", lambda threat: threat.holds),
            col("least_factor_per_month", "", lambda threat: threat.monthly_factor, 3),
            col("least_factor_per_year", "", lambda threat: threat.yearly_factor, 3),
            col(
                "breaks_at",
                "",
                lambda threat: listing(threat.breakers, most=20) if threat.breakers else "",
            ),
        ],
        said="enforcement.threats",
        threats=say("enforcement.three" if len(found.threats) <= 3 else "enforcement.four"),
    )


def _delays(found: OverTime) -> Table:
    return table_of(
        found.delays,
        [
            col("lag_months", "months", lambda item: item.lag_months),
            *_patience("signing", say("enforcement.never_idles"), lambda item: item.signing),
            *_patience("restart", say("enforcement.restarts_at_a_cost"), lambda item: item.running),
            *_patience("free_restart", say("enforcement.restarts_for_nothing"), lambda item: item.running_free),
        ],
        said="enforcement.detection",
        factor=_factor(found.monthly_factor),
        factor_2=_factor(found.yearly_factor),
    )


def _patience(
    name: str, label: str, of: Callable[[DelayedDetection], IncentiveTable]
) -> tuple[Reading[DelayedDetection], ...]:
    return (
        col(f"{name}_factor_per_month", "", lambda item: of(item).monthly_factor, 3, label=label),
        col(f"{name}_factor_per_year", "", lambda item: of(item).yearly_factor, 3, label=say("enforcement.a_year")),
        col(f"{name}_holds", "", lambda item: of(item).holds, label=say("enforcement.holds")),
    )
