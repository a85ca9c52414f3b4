r"""A deal as the meeting has it, outsiders keeping their cuts, and the same where they answer.

Where outsiders answer, each chooses its own cut again and again, given what members idle and the others do, until none
would change it; the idle lines of all who do not sign answer the price as well. A member that leaves is an outsider
then. Those who stay choose their total as before, as if the others kept theirs; one alone is no deal, and without one
everybody acts alone.
"""

from __future__ import annotations

__all__ = ["Struck", "answered", "struck"]

import dataclasses
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from potline.agreement.table.cuts import idled_at, position
from potline.agreement.table.laid_out import LaidOut
from potline.agreement.verdict.held import TonnageSet
from potline.agreement.verdict.unilateral_result import AnsweredDeal, AnsweredMember, Cuts
from potline.choices import Baseline
from potline.numerics.joint_cut.arrange import Arrangement
from potline.numerics.joint_cut.deals import Alone, alone, listed
from potline.numerics.joint_cut.rows import Rows, restarted, rows_of
from potline.numerics.joint_cut.stay import cuts_chosen

Floats = NDArray[np.float64]
Integers = NDArray[np.int64]

_BESIDE, _SLACK = 1e-8, 1e-9  # of what those present run; of their revenue


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Struck:
    """The largest deal that holds on a baseline.

    Attributes:
        baseline, tonnage_kt: as in the result.
        seats: members, by their place at the table.
        cut_kt: of each owner of the industry, what the baseline idles included, [O].
        base_kt, base_worth: the same without the deal, and what it is worth over the term, thousand, [O].
        kept_kt: what idle lines of each owner restarted in the baseline, [O].
        rise_per_t, gain_m_per_year: of the deal; the gain of each owner of the industry, [O].
        read: the meeting as the kernels read it.
    """

    baseline: Baseline
    tonnage_kt: float
    seats: tuple[int, ...]
    cut_kt: Floats
    base_kt: Floats
    base_worth: Floats
    kept_kt: Floats
    rise_per_t: float
    gain_m_per_year: Floats
    read: Rows


def struck(laid: LaidOut, held: TonnageSet, baseline: Baseline) -> Struck | None:
    """Return the largest deal of a set as the meeting has it; None where nothing holds."""
    if not held.intervals:
        return None
    asked, arrangement, base = laid.question, laid.here.arrangement, laid.base(baseline)
    low, high = held.intervals[-1].low_kt, held.k_star_kt
    tonnage = high if held.k_star_belongs else max(high - _BESIDE * held.most_kt, 0.5 * (low + high))
    read = rows_of(
        arrangement,
        asked.attendees,
        np.array([tonnage]),
        rule=asked.rule.place,
        stated_cut_kt=asked.stated_cut_kt,
        baseline=base,
    )
    seats = tuple(asked.owners.index(name) for name in held.coalition)
    mask = np.array([sum(1 << k for k in seats)], dtype=np.int64)
    found = listed(read, np.zeros(1, dtype=np.int64), mask, members=True, anew=False)
    owners = len(laid.compiled.owners)
    base_kt = np.zeros(owners) if base is None else base.cut_kt[0]
    rise, relief = (0.0, 0.0) if base is None else (float(base.price_rise_per_t[0]), float(base.relief_per_t[0]))
    cut = base_kt.copy()
    for k in seats:
        cut[asked.attendees[k]] += float(found.member_cut_kt[0, 0, k])
    price_rise, cheaper = float(found.price_rise_per_t[0, 0]), float(found.relief_per_t[0, 0])
    worth = _worth(laid, base_kt, rise, relief)
    kept = np.zeros(owners) if base is None else restarted(arrangement, base, np.arange(owners))[0]
    return Struck(
        baseline=baseline,
        tonnage_kt=tonnage,
        seats=seats,
        cut_kt=cut,
        base_kt=base_kt,
        base_worth=worth,
        kept_kt=kept,
        rise_per_t=price_rise,
        gain_m_per_year=(_worth(laid, cut, price_rise, cheaper) - worth) * _unit(laid),
        read=read,
    )


def answered(laid: LaidOut, deal: Struck) -> AnsweredDeal:
    """Return what becomes of a deal where outsiders answer."""
    asked = laid.question
    owners = asked.attendees[list(deal.seats)]
    here = _answer(laid, deal, owners, deal.cut_kt)
    gain = _gain(laid, deal, here)
    settled, members = bool(here.settled[0]), list[AnsweredMember]()
    for k, owner in zip(deal.seats, owners.tolist(), strict=True):
        then = _without(laid, deal, k)
        settled &= bool(then.settled[0])
        members.append(
            AnsweredMember(
                owner=asked.owners[k],
                kept_gain_m_per_year=float(deal.gain_m_per_year[owner]),
                gain_m_per_year=float(gain[owner]),
                left_gain_m_per_year=float(_gain(laid, deal, then)[owner]),
                left_cuts=_named(laid, then.cut_kt[0]),
            )
        )
    close = _SLACK * 1e-3 * float(laid.here.market.price_per_t[0] * laid.running_kt.sum())
    return AnsweredDeal(
        baseline=deal.baseline,
        tonnage_kt=deal.tonnage_kt,
        kept_rise_per_t=deal.rise_per_t,
        price_rise_per_t=float(here.price_rise_per_t[0]),
        cuts=_named(laid, here.cut_kt[0]),
        members=tuple(members),
        settled=settled,
        holds=settled and all(member.slack_m_per_year >= -close for member in members),
    )


def _without(laid: LaidOut, deal: Struck, leaver: int) -> Alone:
    """Return what is cut once a member has left: those who stay choose anew, then everybody else answers."""
    stay = [k for k in deal.seats if k != leaver]
    if len(stay) > 1:
        mask = np.array([sum(1 << k for k in stay)], dtype=np.int64)
        chosen = cuts_chosen(deal.read, mask)[0]
        if chosen.any():
            cut = deal.base_kt.copy()
            cut[laid.question.attendees] += chosen
            return _answer(laid, deal, laid.question.attendees[stay], cut)
    return laid.nash


def _answer(laid: LaidOut, deal: Struck, members: Integers, cut: Floats) -> Alone:
    """Return the cuts at which no owner that is not a member would change its own, members' cuts as they stand."""
    start = cut.copy()
    start[members] -= deal.kept_kt[members]  # lines that restarted in the baseline stay on
    others = np.setdiff1d(np.arange(cut.size), members)
    found = alone(_held(laid.here.arrangement, members), start=start[None], answering=others)
    answer = found.cut_kt.copy()
    answer[0, members] = cut[members]
    return dataclasses.replace(found, cut_kt=answer)


def _held(arrangement: Arrangement, members: Integers) -> Arrangement:
    """Return the same with the idle lines of some owners gone; one draw."""
    free = ~np.isin(arrangement.line_owner[0], members)
    lines, owner = arrangement.lines[:, free], arrangement.line_owner[:, free]
    return dataclasses.replace(arrangement, lines=np.ascontiguousarray(lines), line_owner=np.ascontiguousarray(owner))


def _gain(laid: LaidOut, deal: Struck, found: Alone) -> Floats:
    rise, relief = float(found.price_rise_per_t[0]), float(found.relief_per_t[0])
    return (_worth(laid, found.cut_kt[0], rise, relief) - deal.base_worth) * _unit(laid)


def _worth(laid: LaidOut, cut: Floats, rise: float, relief: float) -> Floats:
    """Return what each owner of the industry makes over the term, thousand, at its cut and the market's effects."""
    here, annuity = laid.here, float(laid.here.market.annuity[0])
    dearer, cheaper = np.array([rise]), np.array([relief])
    return np.array(
        [
            float(position(here, i, idled_at(here, i, cut[i : i + 1])).worth(annuity, dearer, cheaper)[0])
            for i in range(cut.size)
        ]
    )


def _unit(laid: LaidOut) -> float:
    """Return a thousand over the term, in millions a year."""
    return 1e-3 / float(laid.here.market.annuity[0])


def _named(laid: LaidOut, cut: Floats) -> Cuts:
    return tuple((name, float(kt)) for name, kt in zip(laid.compiled.owners, cut, strict=True) if kt > 0.0)
