"""The tonnages that hold: sets of draws of the flagship, scaled to 4,096, beside our own margins at 40 tonnages."""

from __future__ import annotations

import dataclasses
import time

import numpy as np

from benchmarks.meeting import seconds

CASE = "china-aluminium-2013"
DRAWS, TIMED, GRID, HALVINGS, CHECKED, TONNAGES = 4096, 128, 40, 30, 4, 4000
BAR_S, RATIO_BAR = 10.0, 3.0
SPREAD_PER_T, IMPORT_SLOPE = 300.0, 0.5  # headroom's standard deviation, CNY/t; kt for each CNY/t above parity


def bars(draws: int = TIMED) -> list[dict[str, object]]:
    """Time the sets of draws after options; first compare some of them with margins on a fine grid."""
    from potline.agreement.table.draws import draw_case
    from potline.agreement.table.question import question_of
    from potline.agreement.table.stakes import stakes
    from potline.cases import load
    from potline.numerics.joint_cut.deals import alone, arrange, deals, repeat
    from potline.numerics.joint_cut.rows import rows_of
    from potline.numerics.joint_cut.tonnages import tonnages
    from potline.shutdown import priced_at, terms_of

    case = load(CASE)
    asked = question_of(case)
    drawn = draw_case(case, draws, 7)
    terms = terms_of(drawn.compiled, drawn.term_years)
    here = stakes(drawn.compiled, terms, priced_at(terms, np.array(drawn.compiled.number("price_per_t"))))
    every = np.ones(draws)
    market = dataclasses.replace(
        here.market, headroom_spread_per_t=SPREAD_PER_T * every, import_slope=IMPORT_SLOPE * every
    )
    owners = int(here.plants.owner.max()) + 1
    arrangement = arrange(market, here.plants, owners)
    nash = alone(arrangement)

    def sets():
        return [
            tonnages(rows_of(arrangement, asked.attendees, np.zeros(draws), baseline=base)) for base in (None, nash)
        ]

    found = sets()[0]
    for draw in range(min(CHECKED, draws)):
        one = dataclasses.replace(
            arrangement,
            **{
                name: getattr(arrangement, name)[draw : draw + 1]
                for name in ("market", "relief", "lines", "line_owner", "pieces", "piece_plant")
            },
        )
        grid = found.most[draw] * np.arange(1, TONNAGES) / TONNAGES
        margins = deals(repeat(one, grid.size), asked.attendees, grid).best_m
        for belief in range(4):
            for institution in range(3):
                at = draw, belief, institution
                ends = found.interval[at][: found.count[at]]
                inside = ((grid[:, None] > ends[:, 0]) & (grid[:, None] <= ends[:, 1])).any(axis=1)
                near = (np.abs(grid[:, None, None] - ends[None, :, :2]) <= 1e-6).any(axis=(1, 2))
                holds = margins[:, belief, institution] >= 0.0
                assert (near | (holds == inside)).all(), "a tonnage of the grid is told otherwise by its margin"
    scale = DRAWS / draws
    own_s = scale * seconds(sets)
    start = time.perf_counter()
    for part in (0.01, 0.1):
        for base in (None, nash):
            deals(arrangement, asked.attendees, found.most * part, baseline=base)
    peer_s = scale * (time.perf_counter() - start) * (GRID + HALVINGS) / 2.0
    name = f"{DRAWS} draws x 4 beliefs x 3 institutions x 2 baselines, sets of tonnages (scaled from {draws})"
    return [
        bar(f"{name}, after options", own_s, f"{BAR_S:g} s or less", own_s <= BAR_S),
        bar(
            f"{name}, beside margins",
            own_s,
            f"{RATIO_BAR:g} times the peer or more",
            peer_s / own_s >= RATIO_BAR,
            f"margins of 4 beliefs at {GRID} tonnages and {HALVINGS} halvings, scaled from 2",
            peer_s,
        ),
    ]


def bar(
    name: str, figure: float, text: str, holds: bool, peer: str | None = None, peer_figure: float | None = None
) -> dict[str, object]:
    """Return one bar of the verdict, in seconds."""
    ratio = peer_figure / figure if peer_figure is not None else None
    return {
        "name": name, "group": "verdict", "figure": figure, "unit": "s", "peer": peer, "peer_figure": peer_figure,
        "ratio": ratio, "bar": text, "holds": bool(holds),
    }  # fmt: skip


if __name__ == "__main__":
    for result in bars():
        print(result)
