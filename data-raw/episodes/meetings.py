"""The table [meeting] of a date: who was there, or was ordered, and what was asked for."""

from __future__ import annotations

__all__ = ["meeting_blocks", "present"]

from episodes.dates import Date, of_case
from flagship.tables import Row, number
from flagship.toml import Number, number_block, text
from potline.sources import parse_interval

KUNMING = ("Hongqiao", "Chalco", "Yunnan Aluminium", "Jinjiang", "Jiuquan Steel", "CPI")
PRODUCERS = 14
AFFILIATES = ("Jiaozuo Wanfang",)
WINTER_SHARE, WINTER_YEARS = 0.30, 4.0 / 12.0


def present(date: Date, plants: list[dict[str, object]]) -> list[str]:
    """Return the firms at the meeting; those nobody named are the largest left, rows of several firms aside."""
    row = of_case("meetings", date)[0]
    if row["firms"]:
        return row["firms"].split(";")
    size: dict[str, float] = {}
    for plant in plants:
        firm = str(plant["firm"])
        size[firm] = size.get(firm, 0.0) + parse_interval(str(plant["capacity_kt"])).central
    left = [firm for firm in size if firm not in (*KUNMING, *AFFILIATES) and not firm.endswith("others")]
    largest = sorted(left, key=lambda firm: -size[firm])[: PRODUCERS - len(KUNMING)]
    return [*KUNMING, *largest, *AFFILIATES]


def meeting_blocks(date: Date, plants: list[dict[str, object]]) -> list[str]:
    """Return the tables of the meeting."""
    row = of_case("meetings", date)[0]
    firms = ", ".join(text(firm) for firm in present(date, plants))
    orders = of_case("orders", date)
    cuts = {order["firm"]: _ordered_kt(order, plants) for order in orders}
    least = number(sum(cuts.values()), 1) if cuts else row["least_cut_kt"]
    place = f"place = {text(row['place'])}\n" if row["place"] else ""
    sweep = f"sweep_kt = [{row['sweep_kt'].replace(';', ', ')}]\n" if row["sweep_kt"] else ""
    head = (
        f'[meeting]\ndate = "{row["date"]}"\n{place}firms = [{firms}]\nrule = "{row["rule"]}"\n{sweep}'
        f'source = {text(row["source"])}\nstanding = "reported"\nnote = {text(row["note"])}\n'
    )
    parts = [head]
    if cuts:
        lines = [f"{text(firm)} = {number(kt, 1)}" for firm, kt in cuts.items()]
        parts.append("\n".join(["[meeting.stated_cuts_kt]", *lines]) + "\n")
    note = row["least_cut_note"] or (
        "All that was ordered: closures, and 30 % of what stays in the cities of the winter plan for 4 of 12 months."
    )
    parts += [
        number_block(
            "meeting",
            Number("term_years", row["term_years"], "years", "none", row["source"] if row["term_standing"] == "reported"
                   else "own", row["term_standing"], row["term_note"]),
        ),
        number_block(
            "meeting",
            Number("least_cut_kt", least, "kt/year", "none", row["least_cut_source"] or row["source"],
                   row["least_cut_standing"] or "derived", note),
        ),
    ]  # fmt: skip
    return parts


def _ordered_kt(order: Row, plants: list[dict[str, object]]) -> float:
    """Closure, and the winter's cut of what runs on in the plants of the plan, as a mean of the year."""
    closed = float(order["closed_kt"])
    named = order["winter_plants"].split(";") if order["winter_plants"] else []
    running = sum(float(str(plant["running_kt"])) for plant in plants if plant["plant"] in named)
    return round(closed + WINTER_SHARE * WINTER_YEARS * max(0.0, running - closed), 1)
