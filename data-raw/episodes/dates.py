"""The dates, and what each holds that the flagship case holds for April 2013."""

from __future__ import annotations

__all__ = ["DATES", "Date", "Dated", "grid_change", "numbers", "of_case", "setting", "stocks", "yunnan_price"]

from dataclasses import dataclass, replace

from flagship.assumptions import ALUMINA_BASE, DEFAULTS, FLAGSHIP, Setting
from flagship.tables import Row, read
from potline.sources import Interval, parse_interval


@dataclass(frozen=True, slots=True, kw_only=True)
class Date:
    """A case: its month, and the last whole month before the meeting, which ends every series."""

    name: str
    title: str
    month: str
    last: str
    year_of_units: int
    keeps_refineries: bool
    description: str


DATES = (
    Date(
        name="china-aluminium-2013-june",
        title="China, primary aluminium, June 2013",
        month="2013-06",
        last="2013-05",
        year_of_units=2012,
        keeps_refineries=True,
        description="Two months after the meeting that failed the association of producers announced that 1 million t "
        "a year would be suspended. The plants of April 2013, with the cuts and start-ups reported until June.",
    ),
    Date(
        name="china-aluminium-2015",
        title="China, primary aluminium, December 2015",
        month="2015-12",
        last="2015-11",
        year_of_units=2015,
        keeps_refineries=False,
        description="On 10 December 2015 fourteen producers met in Kunming and pledged to cut 500 thousand t a year "
        "more, to restart nothing and to start nothing new for a year. The plants of 2013, grown by reported capacity "
        "and by the power stations built since: read every number as a range.",
    ),
    Date(
        name="china-aluminium-2017",
        title="China, primary aluminium, July 2017",
        month="2017-07",
        last="2017-06",
        year_of_units=2016,
        keeps_refineries=False,
        description="In April and July 2017 the state ordered capacity built without approval to close, and smelters "
        "around Beijing to cut by 30 % in winter. Nobody was asked; the case asks what those ordered would have done "
        "of themselves. The plants of 2015, grown in the same way: read every number as a range.",
    ),
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Dated:
    """The costs and the state of a date, ready for the plants."""

    date: Date
    setting: Setting


def of_case(table: str, date: Date) -> list[Row]:
    """Return the rows of a table of ``compiled/episodes`` that belong to a case."""
    return [row for row in read(f"compiled/episodes/{table}.csv") if row["case"] == date.name]


def numbers(date: Date) -> dict[str, Row]:
    """Return the numbers of a case by path."""
    return {row["path"]: row for row in of_case("numbers", date)}


def stocks(date: Date) -> Interval:
    """Return the visible stocks of the metal."""
    return parse_interval(numbers(date)["stocks_kt"]["value"])


def setting(date: Date) -> Setting:
    """Return what of the date enters the plants.

    Alumina in the south costs what it did in April 2013 against the north: 2400 to 2550.
    """
    found = numbers(date)
    north = parse_interval(found["alumina.north"]["value"])
    ratio = ALUMINA_BASE["south"].central / ALUMINA_BASE["north"].central
    south = Interval(central=ratio * north.central, low=ratio * north.low, high=ratio * north.high)
    given = {row["column"]: row for row in of_case("defaults", date)}
    defaults = tuple(
        replace(item, value=row["value"], source=row["source"], standing=row["standing"], note=row["note"])
        if (row := given.get(item.column))
        else item
        for item in DEFAULTS
    )
    return Setting(
        price=parse_interval(found["price_cny_per_t"]["value"]).central,
        running_kt=parse_interval(found["demand.quantity_kt"]["value"]).central,
        alumina={"north": north, "south": south},
        defaults=defaults,
        lump_sums=FLAGSHIP.lump_sums if date.keeps_refineries else {},
    )


def grid_change(date: Date) -> float:
    """Return the change of grid tariffs since April 2013, CNY/kWh with tax."""
    return float(next(row["value"] for row in of_case("power", date) if row["rule"] == "grid"))


def yunnan_price(date: Date) -> float | None:
    """Return the power price of Yunnan Aluminium where one was reported."""
    rows = [row for row in of_case("power", date) if row["rule"] == "Yunnan Aluminium"]
    return float(rows[0]["value"]) if rows else None
