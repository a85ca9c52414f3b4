r"""What the deal of a meeting, cheating on it and its end bring each member of any of its coalitions.

Before any lag is counted the slack of the meeting rises by ``E x/A`` a year once a member has idled x, and by the
one-off ``R x`` it would pay to restart; :mod:`potline.agreement.enforcement.meeting` has the definitions.
"""

from __future__ import annotations

__all__ = ["CoalitionPatience", "DealStakes"]

import math
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from potline.agreement.enforcement.deals import DealPayoffs
from potline.agreement.table.cuts import clear, idled_by_plant, position
from potline.agreement.table.laid_out import LaidOut
from potline.agreement.verdict.rows import names_of
from potline.choices import Baseline, Belief, Ending, Rule
from potline.numerics.joint_cut.deals import Deals
from potline.numerics.joint_cut.rows import restarted
from potline.numerics.repeated.rates import critical_rates

Floats = NDArray[np.float64]
_NOTHING = 1e-12  # of the tonnage asked for
_GoingOn = tuple[Floats, Floats, list[int]]


@dataclass(frozen=True, slots=True, kw_only=True)
class CoalitionPatience:
    """How patient the members of one coalition must be, under :class:`Grim`.

    Attributes:
        coalition: members.
        rate_per_year: every rate below holds it together.
        monthly_factor: the same for a month.
        signing: of never idling at all; running: of restarting later; the coalition needs both.
    """

    coalition: tuple[str, ...]
    rate_per_year: float
    monthly_factor: float
    signing_rate_per_year: float
    running_rate_per_year: float


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class DealStakes:
    """A meeting that is laid out, read as the stakes of its coalitions.

    Attributes:
        laid, baseline: the meeting, and what its deals are compared with.
        rate: at which members discount, a year.
        endings: of each coalition, once asked for: what going on alone brings, what is left to others, who goes on.
    """

    laid: LaidOut
    baseline: Baseline
    rate: float
    endings: dict[int, _GoingOn] = field(default_factory=dict[int, _GoingOn], repr=False)

    @property
    def table(self) -> Deals:
        """Every coalition, scored."""
        return self.laid.table(self.baseline)

    def deal(self, mask: int, collapse: Ending, *, after_idling: bool) -> tuple[DealPayoffs, tuple[str, ...]]:
        """Return the stakes of a coalition, and the members for which restarting at its end does not pay."""
        annuity = float(self.laid.here.market.annuity[0])
        seats = [k for k in range(self.laid.question.attendees.size) if mask >> k & 1]
        gain, outside = (values[0, mask, seats] / annuity for values in (self.table.gain_m, self._outside()))
        stop, restart = self._one_off(mask, seats)
        keep = gain + stop / annuity if after_idling else gain
        if mask not in self.endings:
            self.endings[mask] = self._idle_on(mask, seats, stop, restart)
        idle_on, rise_left, stuck = self.endings[mask]
        if collapse == Ending.RESTART:
            rise_left = np.zeros(len(seats))
        price, cheat_price = self._prices(mask, seats)
        deal = DealPayoffs(
            owners=tuple(self.laid.question.owners[k] for k in seats),
            coordinate_m=tuple(keep.tolist()),
            defect_m=tuple(outside.tolist()),
            punish_m=tuple(rise_left.tolist()),
            restart_cost_m=tuple(restart.tolist()) if after_idling else (0.0,) * len(seats),
            punisher_cost_m=tuple(restart.tolist()),
            idle_on_m=tuple((idle_on + rise_left).tolist()),
            price_per_t=price,
            cheat_price_per_t=cheat_price,
        )
        return deal, tuple(self.laid.question.owners[seats[k]] for k in stuck)

    def patience(self, lag_years: float) -> tuple[tuple[CoalitionPatience, ...], int]:
        """Return coalitions in which all idle something and nobody loses, the highest critical rate first.

        And how many reach the tonnage.
        """
        annuity = float(self.laid.here.market.annuity[0])
        masks = np.flatnonzero(~np.isnan(self.table.cut_kt[0]))
        if masks.size == 0:
            return (), 0
        inside = (masks[:, None] >> np.arange(self.laid.question.attendees.size)) & 1 > 0
        gain = np.where(inside, self.table.gain_m[0, masks] / annuity, 0.0)
        outside = np.where(inside, self._outside()[0, masks] / annuity, 0.0)
        cut = np.where(inside, self.table.member_cut_kt[0, masks], 0.0)
        stop, restart = np.zeros_like(cut), np.zeros_like(cut)
        for k, i in enumerate(self.laid.question.attendees.tolist()):
            for cost, total in ((self.laid.terms.stop_cost, stop), (self.laid.terms.restart_cost, restart)):
                ends, spent = self._spent(i, cost[0])
                start = self._before(i)
                total[:, k] = np.interp(cut[:, k] + start, ends, spent) - np.interp(start, ends, spent)
        zero = np.zeros_like(gain)
        signing = critical_rates(gain, outside, zero, restart_cost=zero, lag_years=lag_years)[0]
        running = critical_rates(gain + stop / annuity, outside, zero, restart_cost=restart, lag_years=lag_years)[0]
        at_signing, at_running = (np.where(inside, rates, np.inf).min(axis=1) for rates in (signing, running))
        lowest = np.minimum(at_signing, at_running)
        none = inside & (cut <= _NOTHING * self.laid.question.least_cut_kt)
        idles = ~none.any(axis=1) | (self.laid.question.rule == Rule.PRO_RATA)
        chosen = np.flatnonzero(~np.isnan(lowest) & idles)
        order = chosen[np.argsort(-lowest[chosen], kind="stable")]
        found = tuple(
            CoalitionPatience(
                coalition=names_of(self.laid.question, int(masks[row])),
                rate_per_year=float(lowest[row]),
                monthly_factor=math.exp(-float(lowest[row]) / 12.0),
                signing_rate_per_year=float(at_signing[row]),
                running_rate_per_year=float(at_running[row]),
            )
            for row in order.tolist()
        )
        return found, masks.size

    def _outside(self) -> Floats:
        return self.table.outside_gain_m[:, :, :, Belief.KEEP.place]

    def _before(self, owner: int) -> float:
        base = self.laid.base(self.baseline)
        return 0.0 if base is None else float(base.cut_kt[0, owner])

    def _idle_anyway(self) -> float:
        base = self.laid.base(self.baseline)
        return 0.0 if base is None else float(base.total_kt[0])

    def _restarted_kt(self, seats: list[int]) -> list[float]:
        """Return what each member's idle lines have restarted in the baseline, which run on in a deal, kt/year."""
        base = self.laid.base(self.baseline)
        if base is None:
            return [0.0] * len(seats)
        return restarted(self.laid.here.arrangement, base, self.laid.question.attendees[seats])[0].tolist()

    def _one_off(self, mask: int, seats: list[int]) -> tuple[Floats, Floats]:
        """Return what each member spent to idle its cut, and what it would spend to restart it, millions."""
        stop, restart = np.zeros(len(seats)), np.zeros(len(seats))
        for row, k in enumerate(seats):
            i = int(self.laid.question.attendees[k])
            before = idled_by_plant(self.laid.here, i, self._before(i))
            plan = (
                idled_by_plant(self.laid.here, i, self._before(i) + float(self.table.member_cut_kt[0, mask, k]))
                - before
            )
            stop[row], restart[row] = (
                plan @ self.laid.terms.stop_cost[0] / 1e3,
                plan @ self.laid.terms.restart_cost[0] / 1e3,
            )
        return stop, np.maximum(restart, 0.0)

    def _spent(self, owner: int, cost: Floats) -> tuple[Floats, Floats]:
        """Return an owner's cumulated tonnage and cost, millions, in the order in which it idles."""
        plants = self.laid.here.plants
        order = [j for j in np.argsort(-plants.stop_price_per_t[0], kind="stable") if plants.owner[j] == owner]
        size = plants.running_kt[0, order]
        return np.append(0.0, np.cumsum(size)), np.append(0.0, np.cumsum(size * cost[order] / 1e3))

    def _idle_on(self, mask: int, seats: list[int], stop: Floats, restart: Floats) -> tuple[Floats, Floats, list[int]]:
        """Find who goes on idling when a deal ends: best responses in turn, from everybody restarting.

        Returns:
            what going on brings each alone, beyond what those who go on bring all (the stopping cost is spent), a year;
            what those leave each other member, a year; and who goes on.
        """
        annuity = float(self.laid.here.market.annuity[0])
        owners = np.arange(len(self.laid.here.compiled.owners))
        members = [int(self.laid.question.attendees[k]) for k in seats]
        total = self._idle_anyway()
        plans = [
            idled_by_plant(self.laid.here, i, self._before(i) + float(self.table.member_cut_kt[0, mask, k]))
            for i, k in zip(members, seats, strict=True)
        ]
        quiet = [idled_by_plant(self.laid.here, i, self._before(i)) for i in members]
        back = self._restarted_kt(seats)
        cuts = [float((plan - rest).sum()) - kt for plan, rest, kt in zip(plans, quiet, back, strict=True)]

        def worth(row: int, goes_on: bool, others: set[int]) -> float:
            """Payoff over the term in millions against the baseline, the stopping cost spent already."""
            group = others | {row} if goes_on else others
            at = np.array([total + sum(cuts[m] for m in group), total])
            taken = np.isin(owners, [members[m] for m in group])
            _, rise, relief = clear(self.laid.here, at, np.stack([taken, np.zeros_like(taken)]))
            plan = np.stack([plans[row] if goes_on else quiet[row], quiet[row]])
            value = position(self.laid.here, members[row], plan).worth(annuity, rise, relief)
            return float(value[0] - value[1]) / 1e3 + (float(stop[row]) if goes_on else 0.0)

        going: set[int] = set()
        for _ in range(50):
            changed = False
            for row in range(len(seats)):
                others = going - {row}
                gain = (worth(row, True, others) - worth(row, False, others)) / annuity
                prefers = gain + self.rate * float(restart[row]) > 1e-9
                if prefers != (row in going):
                    going = others | {row} if prefers else others
                    changed = True
            if not changed:
                break
        left = np.array([worth(row, False, going - {row}) for row in range(len(seats))]) / annuity
        own = np.array([worth(row, True, going - {row}) for row in range(len(seats))]) / annuity
        return own - left, left, sorted(going)

    def _prices(self, mask: int, seats: list[int]) -> tuple[float, tuple[float, ...]]:
        price = float(self.laid.here.market.price_per_t[0])
        rise = float(self.table.price_rise_per_t[0, mask])
        owners = np.arange(len(self.laid.here.compiled.owners))
        total = self._idle_anyway()
        back = self._restarted_kt(seats)
        cuts = {k: float(self.table.member_cut_kt[0, mask, k]) - kt for k, kt in zip(seats, back, strict=True)}
        at = np.array([total + sum(cuts.values()) - cuts[k] for k in seats])
        held = np.stack([np.isin(owners, [self.laid.question.attendees[m] for m in seats if m != k]) for k in seats])
        _, after, _ = clear(self.laid.here, at, held)
        return price + rise, tuple(price + float(value) for value in after)
