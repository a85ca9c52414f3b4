"""Payoff sets of repeated two-player games: ours beside quantecon's, on the same games, answers compared first."""

from __future__ import annotations

import importlib
import statistics
import time
import warnings

import numpy as np

GAMES = 50
RATIO_BAR = 10.0


def drawn_games() -> list[tuple[np.ndarray, float]]:
    """Draw 50 games of 2 to 8 actions each whose payoff set has an area (quantecon holds no other)."""
    from potline.numerics.repeated.payoffs import SETTLED, two_player_payoffs

    rng = np.random.default_rng(20130401)
    games: list[tuple[np.ndarray, float]] = []
    while len(games) < GAMES:
        rows, columns = rng.integers(2, 9, 2)
        payoffs, delta = rng.normal(size=(2, rows, columns)), float(rng.choice([0.3, 0.5, 0.7, 0.9]))
        found = two_player_payoffs(payoffs, delta)
        if found.status == SETTLED and found.vertices.shape[0] > 2 and stays_in_bounds(payoffs, delta):
            games.append((payoffs, delta))
    return games


def stays_in_bounds(payoffs: np.ndarray, delta: float) -> bool:
    """Return whether quantecon solves a game without writing past the end of an array, by its uncompiled code.

    Compiled it does so unseen in some games (0.11) and takes the process down; those games are not timed.
    """
    module = importlib.import_module("quantecon.game_theory.repeated_game")
    names = ("_R", "_find_C", "_intersect", "_update_u")
    compiled = {name: getattr(module, name) for name in names}
    try:
        for name in names:
            setattr(module, name, compiled[name].py_func)
        vertices_of(payoffs, delta)
    except IndexError:
        return False
    finally:
        for name in names:
            setattr(module, name, compiled[name])
    return True


def vertices_of(payoffs: np.ndarray, delta: float):
    """Return quantecon's vertices."""
    import quantecon.game_theory as theory

    game = theory.NormalFormGame((theory.Player(payoffs[0]), theory.Player(np.ascontiguousarray(payoffs[1].T))))
    hull = theory.RepeatedGame(game, delta).equilibrium_payoffs("abreu_sannikov", {"max_iter": 10_000})
    return hull.points[hull.vertices]


def bars() -> list[dict[str, object]]:
    """Compare every vertex, then time both on all games, after compilation."""
    from potline.numerics.repeated.check import self_generation_gap, supports
    from potline.numerics.repeated.payoffs import two_player_payoffs

    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        games = drawn_games()
    angle = np.linspace(0.0, 2.0 * np.pi, 65)
    way = np.stack([np.cos(angle), np.sin(angle)], axis=1)
    worst = 0.0
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        for payoffs, delta in games:
            mine = two_player_payoffs(payoffs, delta).vertices
            assert self_generation_gap(payoffs, delta, mine) < 1e-11
            worst = max(worst, float(np.abs(supports(mine, way) - supports(vertices_of(payoffs, delta), way)).max()))
        assert worst < 1e-9, f"payoff sets differ from quantecon by {worst}"
        ours_s = seconds(lambda: [two_player_payoffs(g, d) for g, d in games])
        theirs_s = seconds(lambda: [vertices_of(g, d) for g, d in games])
    ratio = theirs_s / ours_s
    return [
        {
            "name": f"Abreu-Sannikov payoff sets, {GAMES} games of 2 to 8 actions",
            "group": "meeting",
            "figure": ours_s,
            "unit": "s",
            "peer": "quantecon abreu_sannikov",
            "peer_figure": theirs_s,
            "ratio": ratio,
            "bar": f"{RATIO_BAR:g} times the peer or more",
            "holds": bool(ratio >= RATIO_BAR),
        },
        {
            "name": f"Abreu-Sannikov payoff sets, largest difference from quantecon in {GAMES} games",
            "group": "meeting",
            "figure": worst,
            "unit": "of payoffs of order 1",
            "peer": None,
            "peer_figure": None,
            "ratio": None,
            "bar": "1e-9 or less",
            "holds": bool(worst <= 1e-9),
        },
    ]


def seconds(task, times: int = 3) -> float:
    """Return the median time of a task."""
    found = []
    for _ in range(times):
        start = time.perf_counter()
        task()
        found.append(time.perf_counter() - start)
    return statistics.median(found)


if __name__ == "__main__":
    for result in bars():
        print(result)
