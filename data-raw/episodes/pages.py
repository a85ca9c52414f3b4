"""A page for each date: every number of it with period, source, standing and reason."""

from __future__ import annotations

__all__ = ["page"]

from pathlib import Path

from episodes.dates import Date, of_case
from episodes.power import captive_change
from flagship.tables import Row, number
from potline.cases import Case, load
from potline.plausibility import check
from potline.sources import STANDINGS

_TABLES = {
    "numbers": "Market",
    "capacity": "Capacity",
    "idle": "Known to stand idle",
    "power": "Power",
    "defaults": "Other inputs that are not those of 2013",
    "meetings": "Who, and what was asked for",
    "orders": "What was ordered",
    "outcomes": "What happened (enters nothing)",
}


_EXPLAINED = {
    ("china-aluminium-2013-june", "price of the date"): "So it was: parity is that of June with the premium of April, "
    "and the price of the day stood above it. The model lets any tonnage "
    "in at parity, so that no cut can raise the price; at the highest premium in the range parity is still below it. "
    "[Four meetings](four-meetings.md) says what follows for the verdict."
}
"""Why the case gives a warning all the same, by case and place; a warning without a reason is an error."""


def page(date: Date, folder: Path) -> str:
    """Return the page of a case that has been written to a folder."""
    case = load(folder)
    shown = [(title, rows) for table, title in _TABLES.items() if (rows := of_case(table, date))]
    parts = [
        f"# {date.title}",
        "<!-- Written by data-raw/build_china_aluminium_episodes.py: change that, not this page. -->",
        date.description,
        "How each input was chosen, and what the model says against what happened, is in "
        "[Four meetings](four-meetings.md). This page lists the numbers of the date with their sources; plants, "
        "costs of stopping and all else are those of [April 2013](china-aluminium-2013.md).",
        _standings(case),
        *(part for title, rows in shown for part in (f"## {title}", _table(rows))),
        "## Warnings",
        _warnings(case),
        "## Own power",
        f"Coal moved own power that buys it by {number(captive_change(date).central)} CNY/kWh since March 2013, to "
        f"{date.last}.",
        "## Sources of this page",
        _sources(case, [row for _, rows in shown for row in rows]),
        "Attribution of data: see [data-raw/README.md](../../data-raw/README.md).",
    ]
    return "\n\n".join(parts) + "\n"


def _warnings(case: Case) -> str:
    found = check(case)
    if not found:
        return "`potline check` has no warning."
    return "\n\n".join(f"> {item}\n\n{_EXPLAINED[case.name, item.where]}" for item in found)


def _standings(case: Case) -> str:
    counts = [f"{len(case.claims.with_standing(standing))} {standing}" for standing in STANDINGS]
    return f"Of {len(case.claims)} numbers: {', '.join(counts)}. Most of the assumed ones are of single plants."


def _table(rows: list[Row]) -> str:
    lines = ["| number | value | about | standing | source | why |", "|---|---|---|---|---|---|"]
    for row in rows:
        cells = (_name(row), _value(row), row["about"], row.get("standing", "reported"), row["source"], row["note"])
        lines.append("| " + " | ".join(cell.replace("|", "/") for cell in cells) + " |")
    return "\n".join(lines)


def _name(row: Row) -> str:
    for key in ("path", "column", "key"):
        if row.get(key):
            return f"`{row[key]}`"
    if "least_cut_kt" in row:
        return "least cut; firms"
    if "closed_kt" in row:
        return row["firm"]
    if "idle_kt" in row:
        return row["plant"] or f"{row['firm']}, dearest lines"
    if "capacity_kt" in row:
        return row["plant"] or "the country"
    return f"change of {row['rule']} tariffs" if row["rule"] == "grid" else f"power price of {row['rule']}"


def _value(row: Row) -> str:
    if "least_cut_kt" in row:
        return f"{row['least_cut_kt'] or 'as ordered'}; {row['firms'].replace(';', ', ') or '14, see why'}"
    if "closed_kt" in row:
        winter = f", and 30 % in winter at {row['winter_plants'].replace(';', ' and ')}" if row["winter_plants"] else ""
        return f"{row['closed_kt']}{winter}"
    if "idle_kt" in row:
        return row["idle_kt"]
    if "capacity_kt" in row:
        return row["capacity_kt"]
    unit = row.get("unit", "")
    return f"{row['value']} {unit}".strip()


def _sources(case: Case, rows: list[Row]) -> str:
    used = {name for row in rows for name in row["source"].split(";") if name}
    named = [source for source in case.sources if source.id in used]
    lines = [f"- {item.id}: {item.title}{', ' + item.address if item.address else ''}" for item in named]
    return "\n".join(lines)
