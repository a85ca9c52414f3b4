"""The state in words: the line that stands above every answer counted from it, and what the test of it is worth."""

from __future__ import annotations

__all__ = ["draws_sentence", "power_sentence", "state_line", "state_sentences"]

import math

from potline.choices import IdleBelow
from potline.report.saying import say
from potline.shutdown import ObservedState


def state_line(state: ObservedState | None) -> str:
    """Say for how many tonnes the state does not hold and how much is not explained; empty where it holds."""
    if state is None:
        return ""
    currency = state.industry.currency
    if not state.explained:
        return say("state.nothing_explains", running=float(state.running_kt.sum()), taken=state.taken_kt)
    parts: list[str] = []
    if state.not_explained_kt > 0.0:
        kt, per_t = state.not_explained_kt, state.mean_not_explained_per_t
        parts.append(say("state.runs_not_explained", kt=kt, per_t=per_t, currency=currency))
    if state.below_restart_kt > 0.0:
        late = state.industry.idle_below == IdleBelow.MOST
        key = "state.idle_not_within_the_term" if late else "state.idle_with_the_first"
        parts.append(say(key, kt=state.below_restart_kt, currency=currency))
    return say("state.line", parts="; ".join(parts)) if parts else ""


def power_sentence(state: ObservedState) -> str:
    """Say between which prices the same lines would run, which is all that the state says of them."""
    industry, low, high = state.industry, state.lowest_per_t, state.highest_per_t
    if low > high:
        key = "state.at_no_price"
    elif math.isinf(low) and math.isinf(high):
        key = "state.at_any_price"
    elif math.isinf(high):
        key = "state.from_there_up"
    else:
        key = "state.up_to_there" if math.isinf(low) else "state.between"
    return say(key, low=industry.with_vat(low), high=industry.with_vat(high), currency=industry.currency)


def draws_sentence(state: ObservedState) -> str:
    """Say in which share of draws lines are not explained; empty without draws, and where there is none."""
    share = state.share
    if share is None or not (share.share or share.share_below):
        return ""
    return say(
        "state.in_draws",
        draws=share.draws,
        share=share.share,
        mean_kt=share.mean_kt,
        share_below=share.share_below,
        mean_below_kt=share.mean_below_kt,
    )


def state_sentences(state: ObservedState) -> list[str]:
    """Say whether the state holds, what the test is worth, and how it stands over the draws."""
    said = (state_line(state) or say("state.holds"), power_sentence(state), draws_sentence(state))
    return [one for one in said if one]
