r"""Every coalition of a meeting at given cuts, evaluated without the sweep: what members gain and get outside.

Serves what the compiled sweep does not hold: cuts that follow from a proposal, product the state takes off the market,
money paid for idling.
"""

from __future__ import annotations

__all__ = ["Games", "counted", "everybody", "games_of", "play", "scores"]

import dataclasses
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from potline.agreement.table.cuts import Position, clear, idled_at, idled_by_plant, position
from potline.agreement.table.question import Question
from potline.agreement.table.stakes import Stakes
from potline.choices import Belief, Rule
from potline.numerics.joint_cut.deals import Alone, Deals, stayed
from potline.numerics.joint_cut.rows import restarted, rows_of

Floats = NDArray[np.float64]
Integers = NDArray[np.int64]
Flags = NDArray[np.bool_]


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Games:
    """Coalitions that reach the tonnage, C of them, of n owners at the table; money in millions a year.

    Attributes:
        mask: [C], bit k for owner k.
        inside: [C, n].
        cut_kt: idled, [C, n].
        gain_m: in the deal, [C, n]; of owners outside: what its price brings them.
        outside_gain_m: of a member that leaves, by belief, [C, n, 4]; 0 for others.
        price_rise_per_t, relief_per_t: [C].
        bought_kt: by the state, of each member, [C, n].
        idles: whether every member idles something, [C]: who idles nothing is a member only if it may pay.
    """

    mask: Integers
    inside: Flags
    cut_kt: Floats
    gain_m: Floats
    outside_gain_m: Floats
    price_rise_per_t: Floats
    relief_per_t: Floats
    bought_kt: Floats
    idles: Flags


def games_of(here: Stakes, asked: Question, table: Deals, baseline: Alone | None = None) -> Games:
    """Return the games of a sweep that kept its table; one draw."""
    mask = np.flatnonzero(~np.isnan(table.cut_kt[0])).astype(np.int64)
    annuity = float(here.market.annuity[0])
    inside = _inside(mask, asked)
    running, using = _sizes(here, asked, baseline)
    rise, relief = table.price_rise_per_t[0, mask], table.relief_per_t[0, mask]
    before = (0.0, 0.0) if baseline is None else (float(baseline.price_rise_per_t[0]), float(baseline.relief_per_t[0]))
    free = (np.outer(rise - before[0], running) + np.outer(relief - before[1], using)) * 1e-3
    cut = np.where(inside, table.member_cut_kt[0, mask], 0.0)
    return Games(
        mask=mask,
        inside=inside,
        cut_kt=cut,
        gain_m=np.where(inside, table.gain_m[0, mask] / annuity, free),
        outside_gain_m=np.where(inside[:, :, None], table.outside_gain_m[0, mask] / annuity, 0.0),
        price_rise_per_t=rise,
        relief_per_t=relief,
        bought_kt=np.zeros(inside.shape),
        idles=_idling(asked, inside, cut),
    )


def scores(games: Games) -> Floats:
    """Return the tests of every coalition, [C, 4 beliefs, 3 institutions], millions a year.

    Institutions: voluntary, transfers, and unanimity (``-inf`` unless :func:`everybody` is in). Under the first and
    the last ``-inf`` too where a member idles nothing.
    """
    inside, gain = games.inside, games.gain_m
    worst = np.where(games.idles, np.where(inside, gain, np.inf).min(axis=1, initial=np.inf), -np.inf)
    result = np.empty((games.mask.size, len(Belief), 3))
    for way in range(len(Belief)):
        left = games.outside_gain_m[:, :, way]
        slack = np.where(inside, gain - left, np.inf).min(axis=1, initial=np.inf)
        result[:, way, 0] = np.minimum(worst, slack)
        result[:, way, 1] = np.where(inside, gain - np.maximum(left, 0.0), 0.0).sum(axis=1)
        result[:, way, 2] = np.where(everybody(games), worst, -np.inf)
    return result


def counted(games: Games) -> Games:
    """Return the games of the coalitions in which every member idles something."""
    names = (field.name for field in dataclasses.fields(games))
    return Games(**{name: getattr(games, name)[games.idles] for name in names})


def everybody(games: Games) -> Flags:
    """Return which coalitions hold all at the table that are in any, [C]; who runs nothing is in none."""
    able = games.inside.any(axis=0)
    return np.asarray(games.inside[:, able].all(axis=1) & bool(able.any()))


def play(
    here: Stakes,
    asked: Question,
    mask: Integers,
    cut_kt: Floats,
    *,
    baseline: Alone | None = None,
    paid_per_t: Floats | None = None,
    bought_per_kt_idled: float = 0.0,
    premium_per_t: float = 0.0,
) -> Games:
    """Evaluate coalitions at given cuts.

    Args:
        here, asked: one draw.
        mask: [C].
        cut_kt: wanted of each owner at the table beyond the baseline, [C, n]; rounded up to whole lines where
            listed.
        baseline: cuts made without a deal.
        paid_per_t: money a year paid per t/y idled in the deal, by plant [J].
        bought_per_kt_idled, premium_per_t: what the state buys of each member, at most what it still makes, and
            above the price.

    Returns:
        the games. ``respread`` compares with the same list's coalition without the member, 0 where it is not in it;
        those who choose anew share by the meeting's rule, and the state buys nothing of them.
    """
    plants = here.plants
    n, annuity = asked.attendees.size, float(here.market.annuity[0])
    owners = len(here.compiled.owners)
    before = np.zeros(owners) if baseline is None else baseline.cut_kt[0]
    total = 0.0 if baseline is None else float(baseline.total_kt[0])
    rise0 = np.zeros(1) if baseline is None else baseline.price_rise_per_t
    relief0 = np.zeros(1) if baseline is None else baseline.relief_per_t
    kept = np.zeros((1, n)) if baseline is None else restarted(here.arrangement, baseline, asked.attendees)
    paid = np.zeros(plants.owner.size) if paid_per_t is None else paid_per_t
    inside = _inside(mask, asked)
    quiet: list[Position] = []
    planned: list[Position] = []
    cut = np.zeros(inside.shape)
    bought, idle_paid = np.zeros(inside.shape), np.zeros(inside.shape)
    for k, i in enumerate(asked.attendees.tolist()):
        rest = idled_at(here, i, before[i : i + 1])
        plans = idled_at(here, i, before[i] + np.where(inside[:, k], cut_kt[:, k], 0.0))
        cut[:, k] = np.where(inside[:, k], plans.sum(axis=1) - before[i], 0.0)
        still = plants.running_kt[0, plants.owner == i].sum() - plans.sum(axis=1)
        bought[:, k] = np.where(inside[:, k], np.minimum(bought_per_kt_idled * cut[:, k], still), 0.0)
        idle_paid[:, k] = np.where(inside[:, k], (plans - rest) @ paid, 0.0)
        quiet.append(position(here, i, rest))
        planned.append(position(here, i, plans))
    stays = np.concatenate([inside, *(np.where(np.arange(n) == k, False, inside) for k in range(n))])
    held = np.zeros((stays.shape[0], owners), dtype=np.bool_)
    held[:, asked.attendees] = stays
    _, rise, relief = clear(
        here,
        total + np.where(stays, np.tile(cut - kept, (n + 1, 1)), 0.0).sum(axis=1),
        held,
        np.where(stays, np.tile(bought, (n + 1, 1)), 0.0).sum(axis=1),
    )
    rise, relief = rise.reshape(n + 1, mask.size), relief.reshape(n + 1, mask.size)
    number_of = {int(m): row for row, m in enumerate(mask)}
    gain, outside = np.zeros(inside.shape), np.zeros((mask.size, n, len(Belief)))
    chosen = _chosen_anew(here, asked, mask, baseline)
    for k in range(n):
        start = quiet[k].worth(annuity, rise0, relief0)
        unsigned = quiet[k].worth(annuity, rise[0], relief[0]) - start
        signed = planned[k].worth(annuity, rise[0], relief[0]) - start
        signed = signed + annuity * (idle_paid[:, k] + premium_per_t * bought[:, k])
        gain[:, k] = np.where(inside[:, k], signed, unsigned)
        left = quiet[k].worth(annuity, rise[k + 1], relief[k + 1]) - start
        outside[:, k, Belief.KEEP.place] = np.where(inside[:, k], left, 0.0)
        anew = quiet[k].worth(annuity, chosen[:, k, 0], chosen[:, k, 1]) - start
        outside[:, k, Belief.REOPTIMISE.place] = np.where(inside[:, k] & (chosen[:, k, 0] >= 0.0), anew, 0.0)
        again = np.array([number_of.get(int(m) ^ (1 << k), -1) if m >> k & 1 else -1 for m in mask], dtype=np.int64)
        outside[:, k, Belief.RESPREAD.place] = np.where(again >= 0, unsigned[again] if mask.size else 0.0, 0.0)
    return Games(
        mask=mask,
        inside=inside,
        cut_kt=cut,
        gain_m=gain * 1e-3 / annuity,
        outside_gain_m=outside * 1e-3 / annuity,
        price_rise_per_t=rise[0],
        relief_per_t=relief[0],
        bought_kt=bought,
        idles=_idling(asked, inside, cut),
    )


def _chosen_anew(here: Stakes, asked: Question, mask: Integers, baseline: Alone | None) -> Floats:
    """Return rise and relief where the others choose anew, [C, n, 2]; a rise of -1 where they make no deal."""
    read = rows_of(
        here.arrangement,
        asked.attendees,
        np.array([asked.least_cut_kt]),
        rule=asked.rule.place,
        stated_cut_kt=asked.stated_cut_kt,
        baseline=baseline,
    )
    found, place = stayed(read, np.zeros(mask.size, np.int64), mask)
    return found[place]


def _idling(asked: Question, inside: Flags, cut_kt: Floats) -> Flags:
    """Return whether every member idles something, [C]; in equal shares of what each runs it does."""
    none: Flags = inside & (cut_kt <= 1e-12 * asked.least_cut_kt)
    return np.asarray(~none.any(axis=1) | (asked.rule == Rule.PRO_RATA), dtype=np.bool_)


def _inside(mask: Integers, asked: Question) -> Flags:
    return (mask[:, None] >> np.arange(asked.attendees.size)) & 1 > 0


def _sizes(here: Stakes, asked: Question, baseline: Alone | None) -> tuple[Floats, Floats]:
    """Return what each owner at the table runs in the baseline and what input that takes, [n]."""
    plants = here.plants
    running, using = np.empty(asked.attendees.size), np.empty(asked.attendees.size)
    for k, i in enumerate(asked.attendees.tolist()):
        gone = 0.0 if baseline is None else float(baseline.cut_kt[0, i])
        runs = np.where(plants.owner == i, plants.running_kt[0] - idled_by_plant(here, i, gone), 0.0)
        running[k], using[k] = runs.sum(), runs @ plants.relief_use[0]
    return running, using
