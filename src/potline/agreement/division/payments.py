"""Who pays whom: from what each member makes by itself in a deal to the division that is chosen."""

from __future__ import annotations

__all__ = ["CoalitionGains", "deal_game", "divide", "payments"]

import math
from collections.abc import Mapping, Sequence
from typing import Annotated, Protocol

import numpy as np
from numpy.typing import ArrayLike, NDArray

from potline.agreement.certificate import certified, registered
from potline.agreement.checks.division import verify_division
from potline.agreement.division.answers import (
    SAME,
    ByNash,
    ByNucleolus,
    ByShapley,
    Division,
    DivisionRule,
    Payment,
)
from potline.agreement.division.bargaining import nash_bargaining
from potline.agreement.division.game import CoalitionGame
from potline.agreement.division.values import nucleolus, shapley
from potline.choices import OnFailure
from potline.errors import InputError, Problem
from potline.numerics.sharing.values import coalition_sums, settlement_groups
from potline.reading import Array, reads

Floats = NDArray[np.float64]


class CoalitionGains(Protocol):
    """Coalitions and their summed gains, as :class:`potline.agreement.CoalitionTable` lists them."""

    @property
    def owners(self) -> tuple[str, ...]:
        """Names; bit k of a mask is owner k."""
        ...

    @property
    def mask(self) -> NDArray[np.int64]:
        """Coalitions, int64[C]."""
        ...

    @property
    def gain_m_per_year(self) -> Floats:
        """Summed gain of the members, float[C]."""
        ...


@reads
def divide(
    table: CoalitionGains,
    own_gain_m_per_year: Mapping[str, float],
    *,
    rule: DivisionRule | None = None,
    alone_m_per_year: Mapping[str, float] | None = None,
) -> Division:
    """Divide the gain of the deal among those named in ``own_gain_m_per_year``, and say who pays whom.

    Args:
        table: gains of coalitions; those not listed make no deal.
        own_gain_m_per_year: what each member makes by itself in the deal; sums to the deal's gain.
        rule: nucleolus unless given.
        alone_m_per_year: what an owner gains if it cuts alone; 0 where a name is missing.

    Raises:
        InputError: a name not in the table, a deal not in the table, own gains that do not sum to its gain.
        Infeasible: by the nucleolus, the deal brings less than all of them get alone.
        CertificateFailed: separate code rejects the division.

    Examples:
        >>> from types import SimpleNamespace
        >>> table = SimpleNamespace(owners=("A", "B", "C"), mask=np.array([3, 5, 7]),
        ...                         gain_m_per_year=np.array([2.0, 4.0, 9.0]))
        >>> done = divide(table, {"A": -3.0, "B": 8.0, "C": 4.0}, rule=ByShapley())
        >>> done.share_m_per_year.tolist()
        [4.0, 2.0, 3.0]
        >>> [(p.payer, p.receiver, p.amount_m_per_year) for p in done.payments]
        [('B', 'A', 6.0), ('C', 'A', 1.0)]
    """
    rule = rule or ByNucleolus()
    game = deal_game(table, tuple(own_gain_m_per_year), alone_m_per_year=alone_m_per_year)
    own = np.array([float(gain) for gain in own_gain_m_per_year.values()])
    if not abs(math.fsum(own) - game.total) <= SAME * max(game.scale, float(np.abs(own).max())):
        found, needed = f"a sum of {math.fsum(own):g}", f"{game.total:g}, the gain of {', '.join(game.players)}"
        raise InputError([Problem(where="own_gain_m_per_year", found=found, needed=needed)])
    share = _share(game, rule)
    complaints = (game.worth - coalition_sums(share))[1:-1]
    complaint = float(complaints.max(initial=-math.inf))
    worst = 1 + int(np.argmax(complaints)) if complaints.size else 0
    for array in (own, share):
        array.flags.writeable = False
    result = Division(
        game=game,
        rule=rule,
        own_gain_m_per_year=own,
        share_m_per_year=share,
        payments=payments(game.players, own, share),
        largest_complaint_m_per_year=complaint,
        complaining=game.members(worst) if complaint > SAME * game.scale else (),
    )
    return certified(result, verify_division, OnFailure.RAISE, "the division")


@reads
def deal_game(
    table: CoalitionGains, members: Sequence[str], *, alone_m_per_year: Mapping[str, float] | None = None
) -> CoalitionGame:
    """Return what every group of members would gain by a deal of its own, million a year.

    ``v(S) = max(gain of S, sum of what its members gain alone)``, the second where the table does not list S: nobody
    has to sign, and lone cuts side by side bring each at least what it gains by its own. All members together have what
    the table says, even if that is less.

    Raises:
        InputError: a name not in the table, or all members together not in it.

    Examples:
        >>> from types import SimpleNamespace
        >>> table = SimpleNamespace(owners=("A", "B"), mask=np.array([3]), gain_m_per_year=np.array([9.0]))
        >>> deal_game(table, ("A", "B"), alone_m_per_year={"B": 2.0}).worth.tolist()
        [0.0, 0.0, 2.0, 9.0]
    """
    names = tuple(members)
    unknown = [name for name in names if name not in table.owners]
    if unknown:
        needed = f"one of {', '.join(table.owners)}"
        raise InputError([Problem(where="members", found=repr(unknown[0]), needed=needed)])
    gains = dict(zip(table.mask.tolist(), table.gain_m_per_year.tolist(), strict=True))
    whole = sum(1 << table.owners.index(name) for name in names)
    if len(names) > 1 and whole not in gains:
        found = f"{', '.join(names)}, which make no deal"
        raise InputError([Problem(where="members", found=found, needed="a coalition of the table")])
    index = [0]
    for name in names:
        index += [mask | 1 << table.owners.index(name) for mask in index]
    alone = np.array([max(0.0, (alone_m_per_year or {}).get(name, 0.0)) for name in names])
    worth = np.maximum(coalition_sums(alone), [gains.get(mask, -math.inf) for mask in index])
    worth[-1] = gains.get(whole, float(worth[-1]))
    return CoalitionGame(players=names, worth=worth)


@reads
def payments(
    players: Sequence[str], before: Annotated[ArrayLike, Array()], after: Annotated[ArrayLike, Array()]
) -> tuple[Payment, ...]:
    """Return the fewest payments that turn one set of payoffs into another with the same total.

    The balances ``after - before`` are split into as many groups that sum to zero as there can be, all subsets tried; a
    group of k is settled with k - 1 payments, and fewer are not possible. Inside a group the largest payer pays
    the largest receiver as much as both allow, until all is paid; ties in the order of the players.

    Args:
        players: names, 20 at most.
        before, after: payoffs, float[n], million a year.

    Raises:
        InputError: lengths that do not match, numbers that are not finite, totals that differ.

    Examples:
        >>> for item in payments(("A", "B", "C", "D"), [0.0, 0.0, 0.0, 0.0], [5.0, -3.0, -5.0, 3.0]):
        ...     print(item.payer, "pays", item.receiver, item.amount_m_per_year)
        C pays A 5.0
        B pays D 3.0
    """
    first, last = np.array(before, dtype=np.float64), np.array(after, dtype=np.float64)
    n = len(players)
    if first.shape != (n,) or last.shape != (n,) or not 1 <= n <= 20:
        found = f"{n} players, shapes {first.shape} and {last.shape}"
        raise InputError([Problem(where="payments", found=found, needed="1 to 20 players and a payoff each")])
    if not np.isfinite([first, last]).all():
        raise InputError([Problem(where="payments", found="a value that is not a number", needed="finite numbers")])
    size = max(float(np.abs(first).max()), float(np.abs(last).max())) or 1.0
    if abs(math.fsum(last - first)) > n * SAME * size:
        found = f"totals {math.fsum(first):g} and {math.fsum(last):g}"
        raise InputError([Problem(where="payments", found=found, needed="the same total before and after")])
    balance = last - first - math.fsum(last - first) / n
    group = settlement_groups(balance, SAME * size)
    made: list[Payment] = []
    for number in range(int(group.max()) + 1):
        member = np.flatnonzero(group == number)
        left = balance[member].copy()
        for _ in range(member.size - 1):
            payer, receiver = int(np.argmin(left)), int(np.argmax(left))
            amount = float(min(-left[payer], left[receiver]))
            if amount <= 0.0:
                break
            left[payer] += amount
            left[receiver] -= amount
            names = players[int(member[payer])], players[int(member[receiver])]
            made.append(Payment(payer=names[0], receiver=names[1], amount_m_per_year=amount))
    order = {name: i for i, name in enumerate(players)}
    return tuple(sorted(made, key=lambda item: (-item.amount_m_per_year, order[item.payer], order[item.receiver])))


def _share(game: CoalitionGame, rule: DivisionRule) -> Floats:
    match rule:
        case ByShapley():
            return np.array(shapley(game))
        case ByNucleolus():
            return np.array(nucleolus(game).payoff)
        case ByNash(disagreement=disagreement, weights=weights):
            ground = [disagreement.get(name, float(game.worth[1 << i])) for i, name in enumerate(game.players)]
            outcome = [game.total / len(game.players)] * len(game.players)
            bargain = nash_bargaining(
                game.players, outcome, disagreement=ground, weights=[weights.get(name, 1.0) for name in game.players]
            )
            if not bargain.agreed:
                found = f"a gain of {game.total:g} and disagreement payoffs of {math.fsum(ground):g}"
                raise InputError([Problem(where="rule ByNash", found=found, needed="a gain above their sum")])
            return np.array(bargain.payoff)


registered(Division, verify_division)
