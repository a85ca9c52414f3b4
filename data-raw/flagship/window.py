"""The months from January to June 2013: price and import parity of each, and lines that a source says moved.

Prices are in ``compiled/window.csv``; London and the exchange rate are monthly means as published. February is the
state of the case, set to the running capacity published for it. In January the 150 kt of Qujing run, which stopped at
some time in the first quarter. From March 535 kt are stopped, Qujing's among them; which others is in no source, so the
case's rule picks them: the lines by rule with the highest restart price. April and May are held at that. June is the
state of the case of June 2013: half of what was ramping is on line, and lines by rule run until all that ran in that
month is reached. Demand takes what runs. Everything else is held at the case's own number.
"""

from __future__ import annotations

__all__ = ["build_window"]

from copy import copy
from dataclasses import replace

from flagship.assumptions import FLAGSHIP, RUNNING_KT
from flagship.plants import Line, allocate
from flagship.process import cny_per_usd, metal_usd
from flagship.tables import number, read

STOPPED_KT = 535.0
QUJING_KT = 150.0
JUNE = "2013-06"
MARCH = "Of the 535 kt that stopped in March, Qujing's among them; which lines is in no source: the case's rule."
NOTES = {
    "2013-01": ("S17", "150 kt stopped in the first quarter, the month is not known: taken to run in January."),
    "2013-03": ("article;S4", MARCH),
    "2013-04": ("article;S4", "Held at March."),
    "2013-05": ("article;S4", "Held at March."),
    "2013-06": ("S26;S5", "State of the case of June 2013."),
}
"""Source and note of the lines that moved, all assumed."""


def build_window(lines: list[Line], june: list[dict[str, object]]) -> list[dict[str, object]]:
    """Return the rows of window.csv.

    Args:
        lines: of the case, as they run in February.
        june: rows of plants.csv of the case of June 2013.
    """
    metal, rate = metal_usd(), cny_per_usd()
    before = {line.identity["plant"]: line.running_kt for line in lines}
    rows: list[dict[str, object]] = []
    for row in read("compiled/window.csv"):
        month = row["month"]
        rows.append(dict(row))
        rows.append(_row(month, "trade.parity.fob_usd_per_t", number(metal[month]), "worldbank", "LME mean."))
        rows.append(_row(month, "trade.parity.exchange_rate", number(rate[month]), "fed", "H.10 mean."))
        rows += _state(month, before, _running(month, lines, june), june)
    return rows


def _running(month: str, lines: list[Line], june: list[dict[str, object]]) -> dict[str, float]:
    """Return what each plant runs in a month."""
    running = {line.identity["plant"]: line.running_kt for line in lines}
    if month == "2013-01":
        running["Qujing"] += QUJING_KT
    elif month in ("2013-03", "2013-04", "2013-05"):
        moved = [copy(line) for line in lines]
        allocate(moved, replace(FLAGSHIP, running_kt=RUNNING_KT - (STOPPED_KT - QUJING_KT)))
        running = {line.identity["plant"]: line.running_kt for line in moved}
    elif month == JUNE:
        running = {str(row["plant"]): float(str(row["running_kt"])) for row in june}
    return running


def _state(
    month: str, before: dict[str, float], running: dict[str, float], june: list[dict[str, object]]
) -> list[dict[str, object]]:
    rows: list[dict[str, object]] = []
    for plant, kt in running.items():
        if kt == before[plant]:
            continue
        source, note = NOTES[month]
        ramping = next(str(row["commissioning_kt"]) for row in june if row["plant"] == plant)
        if month == JUNE and ramping != "0":
            rows.append(_row(month, f"plant[{plant}].commissioning_kt", ramping, source, note, "assumed"))
        rows.append(_row(month, f"plant[{plant}].running_kt", number(kt), source, note, "assumed"))
    if rows:
        total = number(sum(running.values()))
        rows.append(_row(month, "demand.quantity_kt", total, rows[0]["source"], "What runs.", "derived"))
    return rows


def _row(month: str, path: str, value: str, source: object, note: str, standing: str = "reported") -> dict[str, object]:
    return {"month": month, "path": path, "value": value, "source": source, "standing": standing, "note": note}
