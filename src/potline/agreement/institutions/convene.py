r"""Institutions as typed things, and what each makes of the same meeting.

What outsiders do when one leaves is the way of leaving: ``keep`` (those who stay keep their cuts) and ``respread``
(they share the same tonnage anew) are delta beliefs, ``collapse`` (the group dissolves) is the gamma belief. Nobody
here expects the others to punish (alpha); owners outside always run, and restart idle lines where that pays.
"""

from __future__ import annotations

__all__ = ["convene", "convened", "held_under", "told_apart"]

import dataclasses
import math
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from potline.agreement.certificate import certified, registered
from potline.agreement.checks.institutions import verify_convened
from potline.agreement.institutions.farsighted import in_turn, largest_consistent_set
from potline.agreement.institutions.outcome import (
    AnyInstitution,
    ConditionalStockpile,
    Convened,
    Farsighted,
    Mandated,
    Sequential,
    Unanimity,
    VoluntaryWithTransfers,
    institution_name,
)
from potline.agreement.table.games import Games, counted, everybody, play, scores
from potline.agreement.table.laid_out import Cuts, LaidOut, lay_out
from potline.agreement.verdict.result import Verdict, verdict_of, verdict_on
from potline.cases import Case
from potline.cases.limits import MOST_FARSIGHTED
from potline.choices import Baseline, Belief, Institution, OnFailure, Rule
from potline.errors import InputError, Problem
from potline.industry import Industry
from potline.numerics.ties import tied
from potline.reading import reads

Floats = NDArray[np.float64]

_LOOKED_AT = 1e-7  # of revenue: a hundred times what ties, so that no tie decides who forms a group


@reads
def convene(
    case: Case,
    institution: AnyInstitution,
    *,
    baseline: Baseline = Baseline.OBSERVED,
    leaving: Belief = Belief.KEEP,
    rule: Rule | None = None,
    check: OnFailure = OnFailure.RAISE,
) -> Convened:
    """Hold a case's meeting under an institution.

    Args:
        case: a case with a meeting.
        baseline, leaving, rule: as in :func:`potline.meeting`; ways of leaving matter where slack is tested.
        check: ``raise`` where the certificate fails, or ``report`` the answer with it.

    Raises:
        InputError: no meeting that can be held, an order that is not of the owners at the table, or more than 9 of them
            or a cut that moves nobody's gain for a sequential or farsighted institution.
        CertificateFailed: separate code rejects the answer.

    Examples:
        >>> from potline.agreement import Farsighted, Mandated, Sequential, Voluntary
        >>> from potline.cases import Meeting
        >>> from potline.industry import Industry, LinearDemand, Plant
        >>> twins = Industry(name="twins", price_per_t=10.0,
        ...     demand=LinearDemand(price_per_t=10.0, quantity_kt=200.0, elasticity=0.5),
        ...     plants=tuple(Plant(name=n, firm=n, capacity_kt=100.0, other_cost_per_t=8.0) for n in "AB"))
        >>> case = Case(name="twins", industry=twins,
        ...     meeting=Meeting(date="", firms=("A", "B"), owners=("A", "B"), least_cut_kt=100.0))
        >>> [convene(case, one).verdict for one in (Voluntary(), Sequential(), Farsighted(), Mandated())]
        ['no agreement', 'agreement', 'agreement', 'agreement']
    """
    return held_under(lay_out(case, rule), institution, baseline=baseline, leaving=leaving, check=check)


def held_under(
    laid: LaidOut,
    institution: AnyInstitution,
    *,
    baseline: Baseline,
    leaving: Belief,
    check: OnFailure = OnFailure.RAISE,
) -> Convened:
    """Hold a meeting that is laid out already, and check it; see :func:`convene`."""
    found = convened(laid, institution, baseline=baseline, leaving=leaving)
    return certified(found, verify_convened, check, f"the meeting of {laid.case.name!r} under {found.institution!r}")


def convened(
    laid: LaidOut,
    institution: AnyInstitution,
    *,
    baseline: Baseline = Baseline.OBSERVED,
    leaving: Belief = Belief.KEEP,
) -> Convened:
    """Hold a meeting that is laid out already under an institution, not yet checked; see :func:`convene`."""
    name = institution_name(institution)
    games = laid.games(baseline)
    held = _Held(laid.case, institution, baseline, leaving, laid.question.rule, laid.cuts(baseline))
    owners = laid.question.owners
    way = leaving.place
    if isinstance(institution, ConditionalStockpile):
        games = play(
            laid.here,
            laid.question,
            games.mask,
            games.cut_kt,
            baseline=laid.base(baseline),
            bought_per_kt_idled=institution.kt_per_kt_idled,
            premium_per_t=institution.premium_per_t,
        )
    if isinstance(institution, Sequential | Farsighted):
        if len(owners) > MOST_FARSIGHTED:
            raise _refused("meeting, firms", f"{len(owners)} owners", f"at most {MOST_FARSIGHTED} for {name}")
        needed = _LOOKED_AT * _revenue_m(laid.case.industry, owners)
        if not told_apart(laid, games):
            least = f"{laid.question.least_cut_kt:g} kt, which moves nobody's gain by {needed:.2g} m a year"
            raise _refused("meeting, least_cut_kt", least, f"more for {name}: smaller gains are not told from none")
        games = counted(dataclasses.replace(games, gain_m=_alike(games.gain_m, laid.case.industry, owners)))
        if isinstance(institution, Sequential):
            return _sequential(held, games, institution, owners)
        return _farsighted(held, games, owners)
    if isinstance(institution, Mandated):
        rows = np.flatnonzero(everybody(games))
        row = int(rows[0]) if rows.size else -1
        return _one(held, games, row, math.nan, owners)
    k = 1 if isinstance(institution, VoluntaryWithTransfers) else 2 if isinstance(institution, Unanimity) else 0
    tests = scores(games)[:, way, k]
    row = int(np.argmax(tests)) if tests.size and np.isfinite(tests).any() else -1
    return _one(held, games, row, float(tests[row]) if row >= 0 else math.nan, owners)


def told_apart(laid: LaidOut, games: Games) -> bool:
    """Return whether some owner's gain in some group is large beside what ties, or no group can form at all."""
    least = _LOOKED_AT * _revenue_m(laid.case.industry, laid.question.owners)
    return games.gain_m.size == 0 or bool(np.abs(games.gain_m).max() > least)


def _revenue_m(industry: Industry, owners: tuple[str, ...]) -> float:
    """Return what those at the table take a year, million."""
    deciding = zip(industry.plants, industry.plant_owners, strict=True)
    return 1e-3 * industry.price_per_t * (sum(plant.running_kt for plant, owner in deciding if owner in owners) or 1.0)


def _alike(gain_m: Floats, industry: Industry, owners: tuple[str, ...]) -> Floats:
    """Return gains [C, n] of which those that tie, owner by owner, are equal, 0 among them: no rounding decides.

    They tie within a thousand-millionth of what those at the table take a year.
    """
    every = np.concatenate([np.zeros((1, gain_m.shape[1])), gain_m])
    found = tied(every.T, 10.0 * _revenue_m(industry, owners)).T
    return found[1:] - found[0]


@dataclass(frozen=True, slots=True)
class _Held:
    """The question of an outcome."""

    case: Case
    asked: AnyInstitution
    baseline: Baseline
    leaving: Belief
    rule: Rule
    baseline_cuts: Cuts

    @property
    def fields(self) -> dict[str, Any]:
        return {field.name: getattr(self, field.name) for field in dataclasses.fields(self)}


def _one(held: _Held, games: Games, row: int, margin: float, owners: tuple[str, ...]) -> Convened:
    """Return the outcome in which one group cuts if its margin, where it has one, allows it."""
    group = _names(owners, int(games.mask[row])) if row >= 0 else ()
    found: Verdict = "infeasible" if row < 0 else "agreement" if math.isnan(margin) else verdict_of(margin)
    return Convened(
        **held.fields,
        institution=institution_name(held.asked),
        verdict=verdict_on(held.case.industry, found),
        margin_m_per_year=margin,
        group=group,
        cut_kt=float(games.cut_kt[row].sum()) if row >= 0 else math.nan,
        groups=(group,),
        owners=owners,
        gain_m_per_year=games.gain_m[row] if row >= 0 else np.zeros(len(owners)),
    )


def _sequential(held: _Held, games: Games, institution: Sequential, owners: tuple[str, ...]) -> Convened:
    order = institution.order or owners
    if sorted(order) != sorted(owners):
        raise _refused("order", ", ".join(order), f"each of {', '.join(owners)} once")
    row_of = {int(mask): row for row, mask in enumerate(games.mask)}

    def payoff(mask: int) -> tuple[float, ...] | None:
        if mask == 0:
            return (0.0,) * len(owners)
        row = row_of.get(mask)
        return None if row is None else tuple(games.gain_m[row].tolist())

    found = in_turn(len(owners), payoff, tuple(owners.index(name) for name in order))
    group = _names(owners, found.group)
    verdict: Verdict = "infeasible" if not row_of else "agreement" if group else "no agreement"
    return Convened(
        **held.fields,
        institution=Institution.SEQUENTIAL,
        verdict=verdict_on(held.case.industry, verdict),
        margin_m_per_year=math.nan,
        group=group,
        cut_kt=float(games.cut_kt[row_of[found.group]].sum()) if group else math.nan,
        groups=(group,),
        owners=owners,
        gain_m_per_year=np.array(found.payoffs),
        settled=found.settled,
    )


def _farsighted(held: _Held, games: Games, owners: tuple[str, ...]) -> Convened:
    n = len(owners)
    masks = np.concatenate([[0], games.mask]).astype(np.int64)
    payoff = np.concatenate([np.zeros((1, n)), games.gain_m])
    place = {int(mask): row for row, mask in enumerate(masks)}
    moves: list[tuple[int, int, int]] = []
    for a, mask in enumerate(masks.tolist()):
        moves += [(a, b, other) for b, other in enumerate(masks.tolist()) if other & ~mask]
        ruin: list[int] = []
        for gone in sorted((g for g in range(1, mask + 1) if g & ~mask == 0), key=int.bit_count):
            b = place.get(mask ^ gone, 0)
            if b > 0:
                moves.append((a, b, gone))
            elif not any(small & ~gone == 0 for small in ruin):
                ruin.append(gone)
                moves.append((a, 0, gone))
    kept = largest_consistent_set(payoff, np.array(moves, dtype=np.int64).reshape(-1, 3))
    rows = np.flatnonzero(kept)
    total = np.where(kept, np.concatenate([[0.0], np.where(games.inside, games.gain_m, 0.0).sum(axis=1)]), -np.inf)
    best = int(np.argmax(np.where(np.arange(masks.size) > 0, total, -np.inf))) if kept[1:].any() else 0
    verdict: Verdict = "infeasible" if masks.size == 1 else "agreement" if not kept[0] else "no agreement"
    return Convened(
        **held.fields,
        institution=Institution.FARSIGHTED,
        verdict=verdict_on(held.case.industry, verdict),
        margin_m_per_year=math.nan,
        group=_names(owners, int(masks[best])),
        cut_kt=float(games.cut_kt[best - 1].sum()) if best else math.nan,
        groups=tuple(_names(owners, int(masks[row])) for row in rows),
        owners=owners,
        gain_m_per_year=payoff[best],
    )


def _names(owners: tuple[str, ...], mask: int) -> tuple[str, ...]:
    return tuple(name for k, name in enumerate(owners) if mask >> k & 1)


def _refused(where: str, found: str, needed: str) -> InputError:
    return InputError([Problem(where=where, found=found, needed=needed)])


registered(Convened, verify_convened)
