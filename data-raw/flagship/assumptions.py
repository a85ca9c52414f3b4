"""Numbers that hold for the whole case, each with its range, source, tax basis and reason."""

from __future__ import annotations

__all__ = [
    "ALUMINA_BASE",
    "DEFAULTS",
    "FLAGSHIP",
    "LOCAL_SHARE_OF_VAT",
    "POWER_HALF_WIDTH",
    "POWER_USE_HALF_WIDTH",
    "PRICE",
    "RUNNING_KT",
    "VAT",
    "Default",
    "Setting",
    "central",
    "interval",
]

from collections.abc import Mapping
from dataclasses import dataclass

from flagship.tables import read
from potline.sources import Interval, parse_interval

VAT = 0.17
PRICE = 14_600.0
RUNNING_KT = 21_710.0
LOCAL_SHARE_OF_VAT = 0.25

ALUMINA_BASE = {"north": parse_interval("2550 in 2500..2600"), "south": parse_interval("2400 in 2390..2490")}
POWER_HALF_WIDTH = {"high": 0.01, "med": 0.02, "low": 0.04}
POWER_USE_HALF_WIDTH = 100.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Default:
    """A number used for every plant."""

    column: str
    value: str
    unit: str
    vat: str
    source: str
    standing: str
    note: str


DEFAULTS = (
    Default(
        column="alumina_use_t_per_t",
        value="1.93 in 1.92..1.93",
        unit="t/t",
        vat="none",
        source="facts",
        standing="assumed",
        note="Section B of the fact base.",
    ),
    Default(
        column="anode_use_t_per_t",
        value="0.5 in 0.49..0.51",
        unit="t/t",
        vat="none",
        source="facts",
        standing="assumed",
        note="Gross use, section B of the fact base.",
    ),
    Default(
        column="anode_price_cny_per_t",
        value="3350 in 3200..3500",
        unit="CNY/t",
        vat="included",
        source="facts",
        standing="assumed",
        note="Early 2013, section B of the fact base; middle of the range.",
    ),
    Default(
        column="fluoride_use_t_per_t",
        value="1",
        unit="t/t",
        vat="none",
        source="own",
        standing="assumed",
        note="The source gives the cost of fluorides per t of metal, not use and price; use is set to 1 for that.",
    ),
    Default(
        column="fluoride_price_cny_per_t",
        value="190 in 150..230",
        unit="CNY/t",
        vat="included",
        source="facts",
        standing="assumed",
        note="Cost of aluminium fluoride and cryolite per t of metal; middle of the range.",
    ),
    Default(
        column="other_cost_cny_per_t",
        value="675 in 550..800",
        unit="CNY/t",
        vat="none",
        source="facts",
        standing="assumed",
        note="Labour, maintenance and other cash cost, low confidence. Mostly wages, which carry no tax; published "
        "cost figures add them to inputs with tax as they are and so lie 115 CNY/t below the break-even price with "
        "tax.",
    ),
    Default(
        column="depreciation_cny_per_t",
        value="600 in 500..700",
        unit="CNY/t",
        vat="none",
        source="facts",
        standing="assumed",
        note="Low confidence; depreciation carries no tax.",
    ),
    Default(
        column="interest_cny_per_t",
        value="700 in 500..1000",
        unit="CNY/t",
        vat="none",
        source="facts",
        standing="assumed",
        note="Interest, selling and administration, low confidence; 700 so that full cost adds 1300 as in the fact "
        "base. Carries no tax.",
    ),
    Default(
        column="stop_cost_cny_per_t",
        value="150 in 100..400",
        unit="CNY per t/year",
        vat="none",
        source="facts",
        standing="assumed",
        note="A clean stop and restart cost 200..400 together: shared equally, 100..200, centre 150; the upper end "
        "takes the stop to be all of it.",
    ),
    Default(
        column="restart_cost_cny_per_t",
        value="625 in 100..1400",
        unit="CNY per t/year",
        vat="none",
        source="facts",
        standing="assumed",
        note="Clean: half of 200..400, 100..200. With new linings stop and restart cost 1000..1500, and relining is "
        "paid at the restart: 800..1400 after a stop of 100..200. Centre: the mean of the two middles, 150 and 1100. "
        "Abroad 200..391 USD per t/y (S48, S50), a new cell in Yunnan 2200 CNY (S52).",
    ),
    Default(
        column="holding_cost_cny_per_t",
        value="600 in 400..800",
        unit="CNY per t/year, a year",
        vat="none",
        source="facts",
        standing="assumed",
        note="Idle holding cost a year, low confidence; middle of the range.",
    ),
    Default(
        column="exit_cost_cny_per_t",
        value="2600 in 1300..3900",
        unit="CNY per t/year",
        vat="none",
        source="S16",
        standing="assumed",
        note="Linfeng's impairment of 600..700 million on 250 kt in 2018 is 2400..2800 per t/y: one case, later, and "
        "a loss in the books rather than a payment, hence half of the middle either way.",
    ),
    Default(
        column="pressure_cny_per_t",
        value="0..490",
        unit="CNY per t/year, a year",
        vat="none",
        source="own",
        standing="assumed",
        note="What stopping costs the owner with its government. Nobody published it. Upper end: Henan paid 489 CNY a "
        "running tonne in the first quarter of 2013 (S3), so keeping a tonne running was worth at least that to it; "
        "lower end 0: a government that pays may not press as well.",
    ),
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Setting:
    """What of a date enters the plants' costs and state.

    Attributes:
        price: of the metal, with tax. running_kt: what ran, kt/year. alumina: prices by region, with tax.
        defaults: numbers used for every plant. lump_sums: support while running by firm, million a year.
    """

    price: float
    running_kt: float
    alumina: Mapping[str, Interval]
    defaults: tuple[Default, ...]
    lump_sums: Mapping[str, float]

    def central(self, column: str) -> float:
        """Return the central value of a default."""
        return central(column, self.defaults)


def central(column: str, defaults: tuple[Default, ...] = DEFAULTS) -> float:
    """Return the central value of a default."""
    return interval(column, defaults).central


def interval(column: str, defaults: tuple[Default, ...] = DEFAULTS) -> Interval:
    """Return a default with its range."""
    return parse_interval(next(item.value for item in defaults if item.column == column))


FLAGSHIP = Setting(
    price=PRICE,
    running_kt=RUNNING_KT,
    alumina=ALUMINA_BASE,
    defaults=DEFAULTS,
    lump_sums={
        row["firm"]: parse_interval(row["amount"]).central
        for row in read("compiled/policies.csv")
        if row["kind"] == "lump_sum" and row["in_force"] == "yes"
    },
)
