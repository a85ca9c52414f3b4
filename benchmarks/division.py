"""Nucleolus of 12 players with its certificate, beside the same sequence of programs given to HiGHS; and of 20.

The peer solves one program a level with all 4,094 coalitions as constraints (``scipy.optimize.linprog``), settles those
of positive multiplier, and stops at full rank. Both have to agree before anything is timed.
"""

from __future__ import annotations

import statistics
import time
from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
GAMES = 5
SECONDS_BAR = 5.0
AGREE = 1e-6


def drawn_game(players: int, number: int) -> Floats:
    """Draw a game whose many levels all matter: every group somewhat better than its parts, all together best."""
    from potline.numerics.sharing.values import coalition_sizes, coalition_sums

    rng = np.random.default_rng([20130401, players, number])
    size = coalition_sizes(players)
    worth = coalition_sums(rng.uniform(5.0, 20.0, players)) + rng.uniform(0.0, 2.0, 1 << players) * size
    worth[0] = 0.0
    worth[-1] += 3.0 * players
    return worth


def programs_by_highs(worth: Floats) -> Floats:
    """Return the nucleolus by one linear program a level, all coalitions listed."""
    from scipy.optimize import linprog

    n = worth.size.bit_length() - 1
    scale = float(np.abs(worth).max())
    masks = np.arange(1, worth.size - 1)
    rows = (masks[:, None] >> np.arange(n) & 1).astype(float)
    value = worth / scale
    equal, right = [np.ones(n)], [float(value[-1])]
    single = value[1 << np.arange(n)]
    while len(equal) < n:
        span = np.linalg.qr(np.array(equal).T)[0]
        left = np.linalg.norm(rows - rows @ span @ span.T, axis=1) > 1e-7
        answer = linprog(
            np.append(np.zeros(n), 1.0),
            A_ub=np.hstack([-rows[left], -np.ones((int(left.sum()), 1))]),
            b_ub=-value[masks[left]],
            A_eq=np.hstack([np.array(equal), np.zeros((len(equal), 1))]),
            b_eq=np.array(right),
            bounds=[*((bound, None) for bound in single), (None, None)],
            method="highs-ds",
        )
        assert answer.success, answer.message
        tight = np.flatnonzero(left)[answer.ineqlin.marginals < -1e-7]
        held = np.flatnonzero(answer.lower.marginals[:n] > 1e-7)
        fixed = [(rows[k], float(value[masks[k]] - answer.x[n])) for k in tight]
        for row, number in [*fixed, *((np.eye(n)[i], float(single[i])) for i in held)]:
            if np.linalg.matrix_rank(np.array([*equal, row])) > len(equal):
                equal.append(row)
                right.append(number)
    return np.linalg.solve(np.array(equal), np.array(right)) * scale


def bars() -> list[dict[str, object]]:
    """Check payoffs against the peer and by Kohlberg's test, then time both."""
    from potline.agreement.division.core import core
    from potline.agreement.division.game import CoalitionGame
    from potline.agreement.division.values import nucleolus

    def named(worth: Floats) -> CoalitionGame:
        return CoalitionGame(players=tuple(map(str, range(worth.size.bit_length() - 1))), worth=worth)

    dozen = [drawn_game(12, number) for number in range(GAMES)]
    games = [named(worth) for worth in dozen]
    worst = 0.0
    for game in games:
        found = nucleolus(game)
        assert found.certificate.holds
        worst = max(worst, float(np.abs(found.payoff - programs_by_highs(game.worth)).max()) / game.scale)
    assert worst <= AGREE, f"HiGHS differs by {worst:.1e}"
    figure = statistics.median(_seconds(lambda game=game: nucleolus(game)) for game in games for _ in range(3))
    peer = statistics.median(_seconds(lambda worth=worth: programs_by_highs(worth)) for worth in dozen)

    large = named(drawn_game(20, 0))
    assert nucleolus(large).certificate.holds
    assert not core(large).empty
    twenty = statistics.median(_seconds(lambda: nucleolus(large)) for _ in range(3))
    core_twenty = _seconds(lambda: core(large))
    return [
        {
            "name": "nucleolus of 12 players with its Kohlberg certificate",
            "group": "meeting",
            "figure": figure,
            "unit": "s",
            "peer": f"HiGHS, all coalitions listed, no certificate (within {worst:.0e} of ours)",
            "peer_figure": peer,
            "ratio": peer / figure,
            "bar": f"at most {SECONDS_BAR:g} s; certificate holds",
            "holds": figure <= SECONDS_BAR,
        },
        {
            "name": "nucleolus of 20 players with its Kohlberg certificate",
            "group": "meeting",
            "figure": twenty,
            "unit": "s",
            "peer": None,
            "peer_figure": None,
            "ratio": None,
            "bar": f"at most {SECONDS_BAR:g} s; the core with every player's interval took {core_twenty:.1f} s",
            "holds": twenty <= SECONDS_BAR,
        },
    ]


def _seconds(run: Callable[[], object]) -> float:
    start = time.perf_counter()
    run()
    return time.perf_counter() - start
