"""Plants: identity, costs with ranges, state of the lines; governments from the plants' costs.

State of the lines: closures and running lines that a source documents come first, ramping lines are commissioning,
then idle capacity nobody observed goes to the lines with the highest restart price until what runs is what was
observed. Stop, holding, restart and exit cost and pressure are the same for all plants here, so the restart price
rises with ``net cash cost - lump sum per t - pressure`` and that order is used.
"""

from __future__ import annotations

__all__ = [
    "Line",
    "allocate",
    "build_governments",
    "build_plants",
    "own_alumina",
    "own_power_mw",
    "plant_row",
    "pro_rata_running",
    "read_lines",
]

from dataclasses import dataclass

from flagship.assumptions import (
    FLAGSHIP,
    LOCAL_SHARE_OF_VAT,
    POWER_HALF_WIDTH,
    POWER_USE_HALF_WIDTH,
    VAT,
    Setting,
)
from flagship.tables import Row, between, number, plus, read, shifted
from potline.sources import Interval, parse_interval

HALF = Interval(central=0.5, low=0.25, high=0.75)


@dataclass(slots=True, kw_only=True)
class Line:
    """A plant while the case is built; ``capacity_text`` and ``power_text`` replace the ranges of the table."""

    setting: Setting = FLAGSHIP
    identity: Row
    published: Row
    province: Row
    capacity_kt: float
    commissioning: Interval
    known_idle_kt: float
    running_kt: float = 0.0
    capacity_text: str = ""
    power_text: str = ""

    @property
    def by_rule(self) -> bool:
        """Whether nothing is known of the state, so that the rule decides it."""
        return self.identity["state"] == "by_rule"

    @property
    def available_kt(self) -> float:
        """Capacity neither ramping nor known to be idle."""
        return self.capacity_kt - self.commissioning.central - self.known_idle_kt

    @property
    def alumina_price(self) -> Interval:
        """Delivered price of alumina with tax."""
        return plus(
            self.setting.alumina[self.province["alumina_base"]],
            parse_interval(self.province["alumina_delivery_cny_per_t"]),
        )

    @property
    def power_cost(self) -> float:
        """Cost of power per t with tax."""
        return float(self.published["power_price_yuan_kwh"]) * float(self.published["power_kwh_t"])

    @property
    def materials(self) -> float:
        """Alumina, anode, fluoride and freight per t with tax."""
        return (
            self.setting.central("alumina_use_t_per_t") * self.alumina_price.central
            + self.setting.central("anode_use_t_per_t") * self.setting.central("anode_price_cny_per_t")
            + self.setting.central("fluoride_price_cny_per_t")
            + parse_interval(self.province["metal_freight_cny_per_t"]).central
        )

    @property
    def cash_cost(self) -> float:
        """Cash cost per t without tax, alumina at market."""
        return (self.power_cost + self.materials) / (1.0 + VAT) + self.setting.central("other_cost_cny_per_t")


def build_plants() -> tuple[list[dict[str, object]], list[Line]]:
    """Return the rows of plants.csv and the lines behind them."""
    lines = read_lines()
    allocate(lines, FLAGSHIP)
    own, power = own_alumina(), own_power_mw()
    return [plant_row(line, own, power.get(line.identity["plant"], 0.0)) for line in lines], lines


def read_lines() -> list[Line]:
    """Return the rows of the reconstruction with their identities."""
    published = {(row["firm"], row["plant"]): row for row in read("published/china_smelters_2013_reconstruction.csv")}
    provinces = {row["province"]: row for row in read("compiled/provinces.csv")}
    lines = [
        _line(row, published.pop((row["published_firm"], row["published_plant"])), provinces[row["province"]])
        for row in read("compiled/plants.csv")
    ]
    if published:
        raise ValueError(f"plants without identity: {sorted(published)}")
    return lines


def _line(identity: Row, published: Row, province: Row) -> Line:
    capacity = float(published["capacity_kt"])
    text = identity["commissioning_kt"] or "0"
    share = (
        Interval(central=HALF.central * capacity, low=HALF.low * capacity, high=HALF.high * capacity)
        if text == "half"
        else parse_interval(text)
    )
    return Line(
        identity=identity,
        published=published,
        province=province,
        capacity_kt=capacity,
        commissioning=share,
        known_idle_kt=float(identity["idle_kt"] or 0.0),
    )


def allocate(lines: list[Line], setting: Setting) -> None:
    """Set what runs: idle capacity nobody observed goes to the lines by rule with the highest restart price."""

    def restart_order(line: Line) -> float:
        lump = 1000.0 * setting.lump_sums.get(line.identity["firm"], 0.0)
        return line.cash_cost - lump / line.capacity_kt - setting.central("pressure_cny_per_t")

    for line in lines:
        line.running_kt = line.available_kt
    excess = sum(line.running_kt for line in lines) - setting.running_kt
    for line in sorted((line for line in lines if line.by_rule), key=restart_order, reverse=True):
        cut = min(excess, line.running_kt)
        line.running_kt -= cut
        excess -= cut
    if abs(excess) > 1e-9:
        raise ValueError("the lines by rule cannot take all of the idle capacity")


def pro_rata_running(lines: list[Line]) -> dict[str, float]:
    """Return the other allocation: every line whose state is not known runs at the same share of its capacity."""
    known = sum(line.available_kt for line in lines if not line.by_rule)
    unknown = sum(line.available_kt for line in lines if line.by_rule)
    share = (FLAGSHIP.running_kt - known) / unknown
    return {line.identity["plant"]: line.available_kt * (share if line.by_rule else 1.0) for line in lines}


def own_alumina() -> dict[str, Interval]:
    """Return cash cost of alumina by province of the refinery, with tax, before delivery."""
    return {row["province"]: parse_interval(row["cash_cost_cny_per_t"]) for row in read("compiled/refineries.csv")}


def own_power_mw() -> dict[str, float]:
    """Return the coal units captive to aluminium at the end of 2012, MW by plant, matched by name and owner."""
    stations = {row["station"]: row["plant"] for row in read("compiled/own_power.csv")}
    result: dict[str, float] = {}
    for row in read("published/china_captive_power_by_plant_2012.csv"):
        plant = stations[row["plant"]]
        result[plant] = result.get(plant, 0.0) + float(row["captive_mw"])
    return result


def plant_row(line: Line, own: dict[str, Interval], own_mw: float) -> dict[str, object]:
    """Return the row of plants.csv."""
    identity, published, province = line.identity, line.published, line.province
    captive = published["captive_power"] == "1"
    delivery = parse_interval(province["alumina_delivery_cny_per_t"])
    share = float(published["alumina_selfsufficiency"])
    cost = plus(own[province["own_alumina"]], delivery)
    price = line.alumina_price
    freight = parse_interval(province["metal_freight_cny_per_t"])
    ramping = line.commissioning
    sources = ("recon", identity["state_source"], "gem" if own_mw else "")
    units = f"Own coal units at the end of 2012: {own_mw:.0f} MW." if own_mw else ""
    if own_mw and not captive:
        units += " The reconstruction counts the plant as on the grid."
    known = {"by_rule": "State by rule.", "running_known": "State known:", "commissioning": "Ramping:"}
    return {
        "plant": identity["plant"],
        "firm": identity["firm"],
        "province": identity["province"],
        "capacity_kt": line.capacity_text or number(line.capacity_kt),
        "running_kt": number(line.running_kt),
        "commissioning_kt": between(ramping.central, ramping.low, ramping.high),
        "power_source": "captive" if captive else "grid",
        "power_price_cny_per_kwh": line.power_text
        or shifted(float(published["power_price_yuan_kwh"]), POWER_HALF_WIDTH[published["confidence"]]),
        "power_use_kwh_per_t": shifted(float(published["power_kwh_t"]), POWER_USE_HALF_WIDTH),
        "alumina_price_cny_per_t": between(price.central, price.low, price.high),
        "alumina_self_supply_share": number(share),
        "alumina_own_cost_cny_per_t": between(cost.central, cost.low, cost.high) if share else "",
        "freight_cny_per_t": between(freight.central, freight.low, freight.high),
        "confidence": published["confidence"],
        "source": ";".join(dict.fromkeys(item for item in sources if item)),
        "standing": "assumed" if identity["state"] in ("by_rule", "commissioning") else "derived",
        "note": " ".join(part for part in (known[identity["state"]], _sentence(identity["note"]), units) if part),
    }


def _sentence(text: str) -> str:
    return f"{text[0].upper()}{text[1:]}." if text else ""


def build_governments(lines: list[Line], setting: Setting = FLAGSHIP) -> list[dict[str, object]]:
    """Return the rows of governments.csv: value added per t from the plants' costs, tax as the local share of VAT.

    Value added lies between price less all bought inputs, power included, and price less materials and freight
    (power made in the province), never below 0; centre: the middle. Tax: 25 % of 17 % of it, the part of value-added
    tax that stayed with provinces.
    """
    rows: list[dict[str, object]] = []
    for province in read("compiled/provinces.csv"):
        mine = [line for line in lines if line.identity["province"] == province["province"]]
        total = sum(line.capacity_kt for line in mine)
        price = setting.price / (1.0 + VAT)
        materials = sum(line.materials * line.capacity_kt for line in mine) / total / (1.0 + VAT)
        power = sum(line.power_cost * line.capacity_kt for line in mine) / total / (1.0 + VAT)
        low, high = max(0.0, price - materials - power), max(0.0, price - materials)
        middle, kept = (low + high) / 2.0, VAT * LOCAL_SHARE_OF_VAT
        rows.append(
            {
                "province": province["province"],
                "jobs_per_kt": "20 in 10..25",
                "tax_cny_per_t": between(kept * middle, kept * low, kept * high, 0),
                "value_added_cny_per_t": between(middle, low, high, 0),
                "note": province["note"],
            }
        )
    return rows
