"""``python -m benchmarks [GROUP]``: run the registry of bars, print a line for each, write ``benchmarks/results.json``.

A bar is a dict with name, group, figure, unit, peer, peer_figure, ratio, bar, holds. ``ratio`` is the peer's figure
divided by ours (above 1: we are better) or None where there is no peer. Ctrl-C keeps the bars already measured.
"""

from __future__ import annotations

import json
import pathlib
import sys
import traceback
from collections.abc import Callable, Iterable, Iterator

from benchmarks import (
    beyond,
    coalitions,
    complementarity,
    division,
    enforcement,
    engine,
    files,
    market,
    meeting,
    million,
    paper,
    reading,
    startup,
    switching,
    verdict,
    workbook,
)

REGISTRY: dict[str, tuple[str, Callable[[], Iterable[dict[str, object]]]]] = {
    "market": ("spine", market.bars),
    "coalitions": ("spine", coalitions.bars),
    "switching": ("spine", switching.bars),
    "startup": ("startup", startup.bars),
    "reading": ("reading", reading.bars),
    "files": ("files", files.bars),
    "workbook": ("files", workbook.bars),
    "paper": ("files", paper.bars),
    "engine": ("engine", engine.bars),
    "complementarity": ("engine", complementarity.bars),
    "beyond": ("engine", beyond.bars),
    "meeting": ("meeting", meeting.bars),
    "million": ("meeting", million.bars),
    "verdict": ("verdict", verdict.bars),
    "division": ("meeting", division.bars),
    "enforcement": ("meeting", enforcement.bars),
}
KEYS = ("name", "group", "figure", "unit", "peer", "peer_figure", "ratio", "bar", "holds")
RESULTS = pathlib.Path(__file__).with_name("results.json")


def main(group: str = "all") -> int:
    """Run the bars of a group (or of a module, or all); return 1 if one does not hold."""
    chosen = {name: run for name, (own, run) in REGISTRY.items() if group in ("all", own, name)}
    if not chosen:
        groups = sorted({own for own, _ in REGISTRY.values()} | set(REGISTRY))
        print(f"no group {group!r}; there are: all, {', '.join(groups)}", file=sys.stderr)
        return 2
    results: list[dict[str, object]] = []
    for name, run in chosen.items():
        for bar in _measured(name, run):
            results.append({key: bar.get(key) for key in KEYS})
            print(line(bar), flush=True)
            RESULTS.write_text(json.dumps(results, indent=1) + "\n", encoding="utf-8")
    print(f"wrote {RESULTS.name}: {len(results)} bars, {sum(bool(bar['holds']) for bar in results)} hold")
    return 0 if all(bar["holds"] for bar in results) else 1


def _measured(name: str, run: Callable[[], Iterable[dict[str, object]]]) -> Iterator[dict[str, object]]:
    """Give the bars of a module as they are measured; where a peer is absent or an answer wrong, one that is missed."""
    try:
        yield from run()
    except Exception as problem:
        traceback.print_exc()
        reason = f"not measured: {type(problem).__name__}: {problem}"
        yield {"name": name, "group": REGISTRY[name][0], "bar": reason, "holds": False}


def line(bar: dict[str, object]) -> str:
    """Return one bar as a line of text."""
    peer = f"; {bar['peer']} {bar['peer_figure']:.4g} {bar['unit']}" if bar.get("peer_figure") is not None else ""
    ratio = f"; ratio {bar['ratio']:.1f}" if bar.get("ratio") is not None else ""
    word = "holds" if bar["holds"] else "MISSED"
    figure = f" {bar['figure']:.4g} {bar['unit']}{peer}{ratio};" if bar.get("figure") is not None else ""
    return f"[{word}] {bar['group']}/{bar['name']}:{figure} bar: {bar['bar']}"


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:2]))
