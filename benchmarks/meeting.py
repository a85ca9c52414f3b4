"""The meeting: every coalition of the flagship in thousands of draws, beside a NumPy recomputation by bisection."""

from __future__ import annotations

import statistics
import time

import numpy as np

CASE = "china-aluminium-2013"
DRAWS = 4096
SHARE_BAR_S = 10.0
VERB_BAR_S = 4.0
RATIO_BAR = 50.0


def bars() -> list[dict[str, object]]:
    """Time the sweep over draws, the whole share with options, and the verb; check each first."""
    from potline.agreement import agreement_share, meeting
    from potline.agreement.checks.alone import base_of
    from potline.agreement.checks.anew import with_anew
    from potline.agreement.checks.coalitions import every_mask, scores, table
    from potline.agreement.checks.facts import read
    from potline.agreement.checks.market import lines_of
    from potline.agreement.checks.points import at_draw, drawn
    from potline.agreement.table.draws import draw_case
    from potline.agreement.table.question import question_of
    from potline.agreement.table.stakes import draws_of, stakes
    from potline.cases import load
    from potline.numerics.joint_cut.deals import alone, deals
    from potline.shutdown import priced_at, terms_of

    case = load(CASE)
    asked = question_of(case)
    draws = draw_case(case, DRAWS, 7)
    terms = terms_of(draws.compiled, draws.term_years)
    every = stakes(draws.compiled, terms, priced_at(terms, np.array(draws.compiled.number("price_per_t"))))

    def sweep():
        nash = alone(every.arrangement)
        return [deals(every.arrangement, asked.attendees, draws.least_cut_kt, baseline=base) for base in (None, nash)]

    swept = sweep()
    row = np.array([3])
    compiled = draws_of(draws.compiled, row)
    terms = terms_of(compiled, draws.term_years[row])
    here = stakes(compiled, terms, priced_at(terms, np.array(compiled.number("price_per_t"))))
    nash = alone(here.arrangement)
    least = draws.least_cut_kt[row]
    tables = [
        ("pro_rata", base, deals(here.arrangement, asked.attendees, least, baseline=base, table=True))
        for base in (None, nash)
    ]
    for found, (_, _, alike) in zip(swept, tables, strict=True):
        assert np.array_equal(found.best_m[3], alike.best_m[0]), "a draw alone differs from the same draw among others"
    values, error = drawn(case, DRAWS, 7)
    facts = read(at_draw(case, values[3], error[3]))
    start = time.perf_counter()
    lines = lines_of(facts)
    for cut, (_, _, held) in zip((None, nash.cut_kt[0]), tables, strict=True):
        base = base_of(facts, lines, cut)
        seen = table(facts, lines, base, every_mask(asked.attendees.size))
        best = scores(facts, base, with_anew(facts, lines, base, seen, every=True)).max(axis=0)
        assert np.allclose(held.best_m[0], best, rtol=0.0, atol=1e-9 * facts.scale_m), "recomputed by bisection"
    peer_s = (time.perf_counter() - start) * DRAWS

    sweep_s = seconds(sweep)
    share = agreement_share(case, draws=DRAWS)
    assert share.draws == DRAWS
    assert share.margin_m_per_year.shape == (DRAWS, 2, 4, 3), "both baselines, four beliefs, three institutions"
    for b, found in enumerate(swept):
        margin = np.where(found.best_mask >= 0, found.best_m, np.nan)[:, :, :3]
        assert np.array_equal(share.margin_m_per_year[:, b], margin, equal_nan=True), "the share holds other margins"
    share_s = seconds(lambda: agreement_share(case, draws=DRAWS), times=1)
    held = meeting(case)
    assert held.certificate.holds
    assert held.verdict == "no agreement"
    verb_s = seconds(lambda: meeting(case))
    coalitions = 2**asked.attendees.size
    name = f"{DRAWS} draws x {coalitions} coalitions x 2 baselines x 4 beliefs"
    peer = "NumPy bisection of one draw, scaled"
    ratio = peer_s / sweep_s
    return [
        bar(f"{name}, sweep", sweep_s, f"{RATIO_BAR:g} times the peer or more", ratio >= RATIO_BAR, peer, peer_s),
        bar(
            f"{name}, options solved for each draw, after compilation",
            share_s,
            f"{SHARE_BAR_S:g} s or less",
            share_s <= SHARE_BAR_S,
        ),
        bar("meeting of the flagship, 1,024 draws", verb_s, f"{VERB_BAR_S:g} s or less", verb_s <= VERB_BAR_S),
    ]


def seconds(task, times: int = 3) -> float:
    """Return the median time of a task."""
    found = []
    for _ in range(times):
        start = time.perf_counter()
        task()
        found.append(time.perf_counter() - start)
    return statistics.median(found)


def bar(
    name: str, figure: float, text: str, holds: bool, peer: str | None = None, peer_figure: float | None = None
) -> dict[str, object]:
    """Return one bar of the meeting, in seconds."""
    return {
        "name": name,
        "group": "meeting",
        "figure": figure,
        "unit": "s",
        "peer": peer,
        "peer_figure": peer_figure,
        "ratio": peer_figure / figure if peer_figure is not None else None,
        "bar": text,
        "holds": bool(holds),
    }


if __name__ == "__main__":
    for result in bars():
        print(result)
