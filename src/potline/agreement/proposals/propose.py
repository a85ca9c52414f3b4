r"""Proposals as typed things: who would idle what, what of it is new, and whether it would hold.

A proposal says what each owner at the table takes off-line. What is announced counts tonnes that are idle anyway: those
already stopped and those its owner would stop in the baseline ``nash``. They relabel and change nothing; only the rest
is a cut, and only the rest is tested. A conditional proposal is one of them at the price that brings it into force
(:mod:`potline.agreement.proposals.conditional`).
"""

from __future__ import annotations

__all__ = ["Proposal", "propose"]

import dataclasses
import math

import numpy as np
from numpy.typing import NDArray

from potline.agreement.certificate import certified, registered
from potline.agreement.checks.proposals import verify_proposed
from potline.agreement.proposals.conditional import condition_of, fallen
from potline.agreement.proposals.outcome import Conditional, Proposed
from potline.agreement.proposals.plain import (
    Announced,
    CapacityOffLine,
    Maintenance,
    Plain,
    Pledge,
    Tabled,
)
from potline.agreement.table.cuts import idled_by_plant
from potline.agreement.table.games import Games, everybody, play, scores
from potline.agreement.table.laid_out import LaidOut, lay_out
from potline.agreement.verdict.result import verdict_of, verdict_on
from potline.cases import Case
from potline.cases.limits import MOST_PROPOSED
from potline.choices import Baseline, Belief, OnFailure
from potline.errors import InputError, Problem
from potline.numerics.ties import tied
from potline.reading import NonNegative, reads
from potline.shutdown import priced_at

Floats = NDArray[np.float64]
Integers = NDArray[np.int64]
_NOTHING = 1e-12  # of what those at the table run


Proposal = Plain | Conditional


@reads
def propose(
    case: Case,
    proposal: Proposal,
    *,
    baseline: Baseline = Baseline.OBSERVED,
    leaving: Belief = Belief.KEEP,
    least_new_kt: NonNegative = 0.0,
    check: OnFailure = OnFailure.RAISE,
) -> Proposed:
    """Ask what of a proposal is new and whether a group would keep it.

    Args:
        case: a case with a meeting of at most 10 owners.
        baseline, leaving: as in the meeting; with ``nash`` what an owner would idle alone is not new.
        least_new_kt: new tonnage a group needs; any unless told otherwise, since a proposal sets its own.
        check: ``raise`` where the certificate fails, or ``report`` the answer with it.

    Raises:
        InputError: no meeting, more than 10 owners at the table, or a proposal that names one who is not there.
        CertificateFailed: separate code rejects the answer.

    Examples:
        >>> from potline.cases import Meeting
        >>> from potline.industry import Industry, LinearDemand, Plant
        >>> twins = Industry(name="twins", price_per_t=10.0,
        ...     demand=LinearDemand(price_per_t=10.0, quantity_kt=200.0, elasticity=0.5),
        ...     plants=tuple(Plant(name=n, firm=n, capacity_kt=150.0, running_kt=100.0, other_cost_per_t=8.0)
        ...                  for n in "AB"))
        >>> case = Case(name="twins", industry=twins,
        ...     meeting=Meeting(date="", firms=("A", "B"), owners=("A", "B"), least_cut_kt=100.0))
        >>> pledge = propose(case, Announced(cuts_kt=(("A", 50.0), ("B", 40.0))))
        >>> pledge.changes_nothing, pledge.relabelled_kt.tolist()
        (True, [50.0, 40.0])
    """
    if isinstance(proposal, Conditional):
        condition = condition_of(case, proposal)
        there = fallen(case, proposal.trigger_per_t, parity=proposal.parity)
        plain = put(there, proposal.proposal, baseline, leaving, least_new_kt)
        today = condition.discount * plain.margin_m_per_year
        condition = dataclasses.replace(condition, discounted_margin_m_per_year=today)
        found = dataclasses.replace(plain, case=case, proposal=proposal, condition=condition)
    else:
        found = put(case, proposal, baseline, leaving, least_new_kt)
    return certified(found, verify_proposed, check, f"the proposal to {case.name!r}")


def put(
    case: Case,
    proposal: Plain,
    baseline: Baseline,
    leaving: Belief,
    least_new_kt: float = 0.0,
) -> Proposed:
    """Put a plain proposal to the owners of a case; not yet checked."""
    laid = lay_out(case)
    n = laid.question.attendees.size
    if n > MOST_PROPOSED:
        raise _refused("meeting, firms", f"{n} owners", f"at most {MOST_PROPOSED} for a proposal")
    if isinstance(proposal, Announced):
        strangers = [name for name, _ in proposal.cuts_kt if case.industry.owner(name) not in laid.question.owners]
        if strangers:
            raise _refused("cuts_kt", ", ".join(strangers), f"some of {', '.join(laid.question.owners)}")
    games, announced, relabelled = _games(laid, proposal, baseline)
    tests = scores(games)[:, leaving.place, 0]
    able = games.cut_kt.sum(axis=1) >= least_new_kt * (1.0 - 1e-12)
    tests = np.where(able, tests, -np.inf)
    row = int(np.argmax(tests)) if np.isfinite(tests).any() else -1
    margin = float(tests[row]) if row >= 0 else math.nan
    whole = np.flatnonzero(everybody(games))
    return Proposed(
        case=case,
        proposal=proposal,
        baseline=baseline,
        leaving=leaving,
        least_new_kt=least_new_kt,
        baseline_cuts=laid.cuts(baseline),
        owners=laid.question.owners,
        announced_kt=announced[whole[-1]] if whole.size else np.zeros(n),
        relabelled_kt=relabelled[whole[-1]] if whole.size else np.zeros(n),
        cut_kt=games.cut_kt[whole[-1]] if whole.size else np.zeros(n),
        verdict=verdict_on(case.industry, verdict_of(margin)),
        margin_m_per_year=margin,
        group=tuple(o for k, o in enumerate(laid.question.owners) if row >= 0 and bool(games.inside[row, k])),
        gain_m_per_year=games.gain_m[row] if row >= 0 else np.zeros(n),
    )


def _games(laid: LaidOut, proposal: Plain, baseline: Baseline) -> tuple[Games, Floats, Floats]:
    """Return the games of every group, and what each member announces and what of it is idle anyway, [C, n]."""
    if isinstance(proposal, Tabled):
        games = laid.games(baseline)
        return games, games.cut_kt, np.zeros(games.cut_kt.shape)
    n = laid.question.attendees.size
    mask = np.array([m for m in range(1 << n) if m.bit_count() > 1], dtype=np.int64)
    announced, relabelled = _announced(laid, proposal, mask, baseline)
    games = play(laid.here, laid.question, mask, announced - relabelled, baseline=laid.base(baseline))
    runs = sum(
        float(laid.here.plants.running_kt[0, laid.here.plants.owner == i].sum()) for i in laid.question.attendees
    )
    new = ~games.inside | (games.cut_kt > _NOTHING * runs)
    games = dataclasses.replace(games, idles=np.asarray(new.all(axis=1)))  # who announces nothing new signs nothing
    if isinstance(proposal, Maintenance):
        games = dataclasses.replace(games, gain_m=games.gain_m + _escaped(laid, proposal, games, baseline))
    return games, announced, relabelled


def _announced(laid: LaidOut, proposal: Pledge, mask: Integers, baseline: Baseline) -> tuple[Floats, Floats]:
    """Return what each member of each group announces, and what of it is idle anyway, [C, n]."""
    plants, places = laid.here.plants, laid.question.attendees
    n = places.size
    alone = laid.nash.cut_kt[0, places] if baseline == Baseline.NASH else np.zeros(n)
    running = np.array([plants.running_kt[0, plants.owner == i].sum() for i in places])
    idle = np.array([plants.idle_kt[0, plants.owner == i].sum() for i in places])
    inside = (mask[:, None] >> np.arange(n)) & 1 > 0
    announced, relabelled = np.zeros(inside.shape), np.zeros(inside.shape)
    if isinstance(proposal, Announced | CapacityOffLine):
        if isinstance(proposal, Announced):
            wanted = np.zeros(n)
            for name, cut in proposal.cuts_kt:
                wanted[laid.question.owners.index(laid.case.industry.owner(name))] += cut
        else:
            wanted = proposal.share * (running + idle)
        wanted = np.minimum(wanted, running + idle)
        announced = np.where(inside, wanted, 0.0)
        return announced, np.minimum(announced, idle + alone)
    left = running - alone
    for row in range(mask.size):
        members = np.flatnonzero(inside[row])
        size = float(left[members].sum())
        total = min(proposal.total_kt, size)
        if isinstance(proposal, Maintenance):
            announced[row, members] = total * left[members] / size if size > 0.0 else 0.0
            continue
        announced[row] = _dearest(laid, members, alone, total)
    return announced, relabelled


def _dearest(laid: LaidOut, members: Integers, alone: Floats, total: float) -> Floats:
    """Return how many of the dearest ``total`` tonnes are each member's, [n]; plants at one cost share by size."""
    plants, places = laid.here.plants, laid.question.attendees
    cost = tied(laid.terms.gross_cost[0] - laid.terms.support[0], laid.here.market.price_per_t[0])
    free = plants.running_kt[0].copy()
    for k in members.tolist():
        free -= idled_by_plant(laid.here, int(places[k]), float(alone[k]))
    result = np.zeros(places.size)
    mine = np.isin(plants.owner, places[members])
    for level in np.unique(cost[mine])[::-1].tolist():
        tonnes = np.where(mine & (cost == level), free, 0.0)
        size = float(tonnes.sum())
        part = min(total, size)
        for k in members.tolist() if part > 0.0 else ():
            result[k] += part * float(tonnes[plants.owner == places[k]].sum()) / size
        total -= part
    return result


def _escaped(laid: LaidOut, proposal: Maintenance, games: Games, baseline: Baseline) -> Floats:
    """Return what maintenance spares each member in each group, million a year, [C, n]: the dearest tonnes first."""
    here, places = laid.here, laid.question.attendees
    calm = dataclasses.replace(laid.terms, pressure=np.zeros_like(laid.terms.pressure))
    free = priced_at(calm, here.market.price_per_t)
    part = here.plants.loss_part_per_t[0] - free.loss_part[0]
    whole = here.plants.loss_whole_per_t[0] - free.loss_whole[0]
    annuity, running = float(here.market.annuity[0]), here.plants.running_kt[0]
    spared = np.zeros(games.cut_kt.shape)
    for row, k in np.argwhere(games.cut_kt > 0.0).tolist():
        i = int(places[k])
        before = float(laid.nash.cut_kt[0, i]) if baseline == Baseline.NASH else 0.0
        quiet = idled_by_plant(here, i, before)
        idled = idled_by_plant(here, i, before + float(games.cut_kt[row, k]))
        left = proposal.limit_kt
        for j in np.argsort(-here.plants.stop_price_per_t[0], kind="stable").tolist():
            tonnes = min(left, float(idled[j] - quiet[j]))
            if tonnes > 0.0:
                spared[row, k] += tonnes * float(whole[j] if idled[j] >= running[j] else part[j])
                left -= tonnes
    return spared * 1e-3 / annuity


def _refused(where: str, found: str, needed: str) -> InputError:
    return InputError([Problem(where=where, found=found, needed=needed)])


registered(Proposed, verify_proposed)
