"""Plants of a date: the lines of the flagship with capacity, power and state as of that date."""

from __future__ import annotations

__all__ = ["build"]

from dataclasses import replace

from episodes.capacity import KT_PER_MW, Grown, grow, new_plants, own_mw
from episodes.dates import DATES, Date, grid_change, of_case, setting, yunnan_price
from episodes.power import captive_text, grid_text
from flagship.plants import Line, allocate, build_governments, own_alumina, plant_row, read_lines
from flagship.tables import between, number
from potline.sources import Interval, parse_interval

QUARTER = Interval(central=0.25, low=0.0, high=0.5)
CUT_LATER = "cut reported after April 2013"


def build(date: Date) -> tuple[list[dict[str, object]], list[dict[str, object]]]:
    """Return the rows of plants.csv and governments.csv of a date."""
    lines = _lines(date)
    allocate(lines, lines[0].setting)
    own, power = own_alumina(), own_mw(date.year_of_units)
    rows = [plant_row(line, own, power.get(line.identity["plant"], 0.0)) for line in lines]
    for row, line in zip(rows, lines, strict=True):
        row["note"] = str(row["note"]).replace("at the end of 2012", f"at the end of {date.year_of_units}")
        if line.published["alumina_selfsufficiency"] != "0.0" and row["alumina_own_cost_cny_per_t"]:
            row["alumina_own_cost_cny_per_t"] = _own_cost(line, str(row["alumina_own_cost_cny_per_t"]))
    return rows, build_governments(lines, lines[0].setting)


def _lines(date: Date) -> list[Line]:
    here = setting(date)
    lines = read_lines()
    before = {line.identity["plant"]: line.capacity_kt for line in lines}
    old_mw = own_mw(2012)
    grown: dict[str, Grown] = {plant: Grown(capacity_kt=kt, before_kt=kt) for plant, kt in before.items()}
    floor = dict(before)
    for step in DATES[: DATES.index(date) + 1]:
        grown = grow({plant: item.capacity_kt for plant, item in grown.items()}, step)
        floor |= {plant: item.capacity_kt for plant, item in grown.items() if item.source}
    grown = {plant: replace(item, before_kt=floor.get(plant, 0.0)) for plant, item in grown.items()}
    lines += _new(lines, grown)
    captive = _captive_means(lines)
    for line in lines:
        line.setting = here
        _size(line, grown[line.identity["plant"]], date)
        _power(line, own_mw(date.year_of_units), old_mw, captive, date)
        _state(line, date)
    _known_idle(lines, date)
    return lines


def _new(lines: list[Line], grown: dict[str, Grown]) -> list[Line]:
    known = {line.identity["plant"]: line for line in lines}
    result: list[Line] = []
    for row in new_plants():
        if row["plant"] in grown:
            model = known[row["like"]]
            identity = {
                **model.identity, "plant": row["plant"], "firm": row["firm"], "province": row["province"],
                "state": "by_rule", "state_source": "", "idle_kt": "", "commissioning_kt": "", "note": row["note"],
            }  # fmt: skip
            published = {**model.published, "confidence": "low"}
            line = replace(model, identity=identity, published=published, commissioning=_nothing())
            if row["province"] != model.identity["province"]:
                line.province = next(item.province for item in lines if item.identity["province"] == row["province"])
            result.append(line)
    return result


def _nothing() -> Interval:
    return Interval(central=0.0, low=0.0, high=0.0)


def _size(line: Line, grown: Grown, date: Date) -> None:
    line.capacity_kt = round(grown.capacity_kt, 1)
    line.capacity_text = number(line.capacity_kt)
    if grown.by_rule:
        twice = 2.0 * grown.capacity_kt - grown.before_kt
        line.capacity_text = between(line.capacity_kt, grown.before_kt, twice, 1)
    if date.keeps_refineries:
        return
    line.commissioning = parse_interval(str(grown.commissioning_kt))
    note = [line.identity["note"]] if line.identity["note"].startswith("new") else []
    if grown.note:
        note.append(f"Capacity: {grown.note.rstrip('.')} ({grown.source})")
    elif grown.by_rule:
        note.append(f"Capacity: {number(grown.before_kt, 0)} as last known and a part of the country's growth")
    line.identity = {**line.identity, "note": ". ".join(note)}


def _captive_means(lines: list[Line]) -> dict[str, float]:
    """Return the mean price of own power in 2013 by province, and under "" that of Henan."""
    result: dict[str, float] = {}
    for province in dict.fromkeys(line.identity["province"] for line in lines):
        mine = [
            line for line in lines if line.identity["province"] == province and line.published["captive_power"] == "1"
        ]
        if mine:
            result[province] = sum(float(line.published["power_price_yuan_kwh"]) for line in mine) / len(mine)
    return {**result, "": result["Henan"]}


def _power(line: Line, mw: dict[str, float], old: dict[str, float], means: dict[str, float], date: Date) -> None:
    plant, province = line.identity["plant"], line.identity["province"]
    price, confidence = float(line.published["power_price_yuan_kwh"]), line.published["confidence"]
    captive = line.published["captive_power"] == "1"
    now = mw.get(plant, 0.0)
    if not captive and now > old.get(plant, 0.0) and KT_PER_MW * now >= 0.5 * line.capacity_kt:
        captive, price, confidence = True, means.get(province, means[""]), "low"
        line.published = {**line.published, "captive_power": "1", "confidence": "low"}
    if captive:
        line.power_text = captive_text(price, province, confidence, date)
    else:
        reported = yunnan_price(date) if line.identity["firm"] == "Yunnan Aluminium" else None
        price = price + grid_change(date) if reported is None else reported
        line.power_text = grid_text(price, confidence)
    central = parse_interval(line.power_text).central
    line.published = {**line.published, "power_price_yuan_kwh": str(central)}


def _state(line: Line, date: Date) -> None:
    """June 2013: the states of April but for what a source tells. Later: by rule, as no table of lines was found."""
    identity = line.identity
    if not date.keeps_refineries:
        ramping = line.commissioning.central > 0.0
        line.identity = {**identity, "state": "commissioning" if ramping else "by_rule", "state_source": ""}
        line.known_idle_kt = 0.0
        return
    if identity["state"] == "commissioning" and identity["commissioning_kt"] == "half":
        kt = line.capacity_kt
        line.commissioning = Interval(central=QUARTER.central * kt, low=QUARTER.low * kt, high=QUARTER.high * kt)
    if CUT_LATER in identity["note"]:
        line.identity = {**identity, "state": "by_rule", "note": "cut since April 2013, by how much is not known"}
    line.known_idle_kt = 0.0


def _known_idle(lines: list[Line], date: Date) -> None:
    """Take documented cuts off the plant named, or off the dearest lines of the firm."""
    for row in of_case("idle", date):
        left = float(row["idle_kt"])
        mine = [
            line
            for line in lines
            if line.identity["firm"] == row["firm"] and row["plant"] in ("", line.identity["plant"])
        ]
        for line in sorted(mine, key=lambda item: item.cash_cost, reverse=True):
            cut = min(left, line.available_kt)
            if cut > 0.0:
                line.known_idle_kt += cut
                left -= cut
                note = f"{number(cut)} kt/y stand idle: {row['note']}"
                old = line.identity["note"]
                line.identity = {
                    **line.identity,
                    "state": "running_known" if not line.by_rule or cut == line.capacity_kt else "by_rule",
                    "state_source": row["source"],
                    "note": f"{note}; {old}" if old else note,
                }
        if left > 1e-9:
            raise ValueError(f"{date.name}: {row['firm']} cannot have {row['idle_kt']} kt/y idle")


def _own_cost(line: Line, text: str) -> str:
    """Scale the cost of own alumina with its market price: nobody published it for the date."""
    ratio = line.setting.alumina["north"].central / 2550.0
    cost = parse_interval(text)
    return between(ratio * cost.central, ratio * cost.low, ratio * cost.high, 0)
