"""What each table of a case may say: its columns, with units and bounds.

``cur`` in a name stands for the case's currency in lower case, ``CUR`` in a unit for the currency itself.
"""

from __future__ import annotations

__all__ = [
    "INPUT_COLUMNS",
    "TABLES",
    "DocumentedStopRow",
    "FirmRow",
    "GovernmentRow",
    "OreRow",
    "PlantRow",
    "PolicyRow",
    "ProjectRow",
    "RecordRow",
    "RouteRow",
    "SeriesRow",
    "SourceRow",
    "SupplierRow",
    "WindowRow",
]

import math
from typing import Annotated

from potline.cases.cells import Choice, Name, Names, Quantity, Text, YesNo
from potline.cases.schema import AnyText, Block, End, FirmName, Month, Province, SomeStanding, SourceIds, Start, money
from potline.choices import StopKind
from potline.sources import Interval


class PlantRow(Block):
    """A plant."""

    file, noun = "plants.csv", "plant"
    required = ("plant", "firm", "capacity_kt")
    plant: Annotated[str, Name(meaning="name of the plant")] = ""
    firm: FirmName = ""
    province: Province = ""
    capacity_kt: Annotated[
        Interval | None,
        Quantity(
            unit="kt/year",
            meaning="built capacity",
            minimum=0.0,
            hint="If the plant closed, set `capacity_kt` to 0.",
        ),
    ] = None
    running_kt: Annotated[
        Interval | None,
        Quantity(
            unit="kt/year",
            meaning="running capacity",
            minimum=0.0,
            default="capacity_kt less commissioning_kt",
            blank="capacity_kt less commissioning_kt",
        ),
    ] = None
    commissioning_kt: Annotated[
        Interval | None,
        Quantity(unit="kt/year", meaning="built but still being ramped up", minimum=0.0, default="0"),
    ] = None
    availability_share: Annotated[
        Interval | None,
        Quantity(
            unit="share",
            meaning="share of what is built and not ramping that can run in a year; idle lines beyond it stay idle",
            minimum=0.0,
            maximum=1.0,
            default="the case's",
            blank="the case's",
        ),
    ] = None
    line_kt: Annotated[
        Interval | None,
        Quantity(
            unit="kt/year",
            meaning="size of one line",
            minimum=0.0,
            default="0: can be cut by any amount",
            blank="can be cut by any amount",
        ),
    ] = None
    power_source: Annotated[str, Choice(words=("grid", "captive"), meaning="where the power comes from")] = ""
    power_price_cur_per_kwh: Annotated[
        Interval | None, money("CUR/kWh", "power price delivered", blank="no price, where the use is 0")
    ] = None
    power_use_kwh_per_t: Annotated[Interval | None, money("kWh/t", "power used")] = None
    other_cost_cur_per_t: Annotated[
        Interval | None, money("CUR/t", "labour, maintenance and other cash cost", minimum=-math.inf)
    ] = None
    freight_cur_per_t: Annotated[Interval | None, money("CUR/t", "freight of the product to market")] = None
    support_cur_per_kwh: Annotated[Interval | None, money("CUR/kWh", "power subsidy not yet in the power price")] = None
    support_cur_per_t: Annotated[Interval | None, money("CUR/t", "other support per tonne made")] = None
    lump_sum_m_cur_per_year: Annotated[Interval | None, money("m CUR/year", "support paid while the plant runs")] = None
    lump_sum_pro_rata: Annotated[
        bool, YesNo(meaning="whether that support falls with each line stopped, not only with the last")
    ] = False
    stop_cost_cur_per_t: Annotated[Interval | None, money("CUR per t/year", "cost of stopping")] = None
    holding_cost_cur_per_t: Annotated[Interval | None, money("CUR per t/year, a year", "cost of staying idle")] = None
    restart_cost_cur_per_t: Annotated[Interval | None, money("CUR per t/year", "cost of starting again")] = None
    exit_cost_cur_per_t: Annotated[
        Interval | None,
        money(
            "CUR per t/year",
            "cost of closing for good, `inf` for never; below 0 where closing pays",
            default="inf",
            infinite=True,
            minimum=-math.inf,
        ),
    ] = None
    pressure_cur_per_t: Annotated[
        Interval | None, money("CUR per t/year, a year", "what the owner loses with its government while idle")
    ] = None
    depreciation_cur_per_t: Annotated[Interval | None, money("CUR/t", "depreciation")] = None
    interest_cur_per_t: Annotated[Interval | None, money("CUR/t", "interest")] = None
    confidence: Annotated[str, Choice(words=("high", "med", "low"), meaning="how well the plant's costs are known")] = (
        "med"
    )
    source: SourceIds = ()
    standing: SomeStanding = ""
    note: AnyText = ""


INPUT_COLUMNS: dict[str, tuple[str, Quantity]] = {
    "use_t_per_t": ("use_per_t", money("t/t", "use of the input")),
    "price_cur_per_t": (
        "price_per_unit",
        money("CUR/t", "market price of the input, delivered", blank="no price, where the use is 0"),
    ),
    "self_supply_share": (
        "own_share",
        Quantity(
            unit="share",
            meaning="share of the use the owner makes itself",
            minimum=0.0,
            maximum=1.0,
            default="0",
            blank="none, where the use is 0",
        ),
    ),
    "own_cost_cur_per_t": (
        "own_cost_per_unit",
        money("CUR/t", "what the owner's own input costs, delivered", blank="no cost, where it makes none itself"),
    ),
}
"""Columns of any other input, after its name and an underscore, as in ``coke_use_t_per_t``."""


class FirmRow(Block):
    """A firm."""

    file, noun = "firms.csv", "firm"
    required = ("firm",)
    firm: Annotated[str, Name(meaning="name of the firm")] = ""
    owner: Annotated[str, Name(meaning="the firm that decides for it; blank: itself")] = ""
    kind: AnyText = ""
    note: AnyText = ""
    source: SourceIds = ()


class GovernmentRow(Block):
    """A province and its government's stake in the plants."""

    file, noun = "governments.csv", "province"
    required = ("province",)
    province: Annotated[str, Name(meaning="name of the province")] = ""
    jobs_per_kt: Annotated[Interval | None, money("jobs per kt/year", "jobs by running capacity")] = None
    tax_cur_per_t: Annotated[Interval | None, money("CUR/t", "tax collected")] = None
    value_added_cur_per_t: Annotated[Interval | None, money("CUR/t", "value added (local GDP)")] = None
    note: AnyText = ""
    source: SourceIds = ()
    standing: SomeStanding = ""


class PolicyRow(Block):
    """A policy."""

    file, noun = "policies.csv", "policy"
    required = ("policy", "kind", "amount", "unit", "in_force", "source", "standing")
    policy: Annotated[str, Name(meaning="name of the policy")] = ""
    kind: Annotated[str, Choice(words=("power_subsidy", "lump_sum", "state_purchase"), meaning="what it is")] = ""
    province: Province = ""
    firm: Annotated[tuple[str, ...], Names(meaning="firm; or plants or sellers separated by semicolons")] = ()
    amount: Annotated[Interval | None, Quantity(minimum=0.0, unit="see unit", meaning="how much")] = None
    unit: Annotated[str, Text(meaning="`CUR/kWh` for power_subsidy, `m CUR/year` for lump_sum, `kt`")] = ""
    pro_rata: Annotated[bool, YesNo(meaning="whether a lump sum falls with each line stopped")] = False
    price_cur_per_t: Annotated[Interval | None, money("CUR/t", "price the state paid", blank="no purchase")] = None
    start: Start = ""
    end: End = ""
    in_force: Annotated[bool, YesNo(meaning="whether it holds at the case's date and is applied")] = False
    source: SourceIds = ()
    standing: SomeStanding = ""
    note: AnyText = ""


class SupplierRow(Block):
    """A supplier of the shared input, or several of one place."""

    file, noun = "suppliers.csv", "supplier"
    required = ("supplier", "capacity_kt", "cash_cost_cur_per_t")
    supplier: Annotated[str, Name(meaning="name of the supplier")] = ""
    province: Province = ""
    capacity_kt: Annotated[Interval | None, Quantity(unit="kt/year", meaning="capacity", minimum=0.0)] = None
    cash_cost_cur_per_t: Annotated[Interval | None, money("CUR/t", "cash cost, delivered to plants")] = None
    ore: Annotated[str, Text(meaning="kind of its ore")] = ""
    delivery_cur_per_t: Annotated[Interval | None, money("CUR/t", "the part of the cash cost that is delivery")] = None
    ore_use_t_per_t: Annotated[Interval | None, money("t/t", "ore for a tonne; needs an ore.csv")] = None
    added_kt: Annotated[Interval | None, money("kt/year", "capacity being added, not in capacity_kt")] = None
    source: SourceIds = ()
    standing: SomeStanding = ""
    note: AnyText = ""


class OreRow(Block):
    """Ore of one kind that reaches the suppliers of a province."""

    file, noun = "ore.csv", "ore"
    required = ("ore", "kind", "province")
    ore: Annotated[str, Name(meaning="name of the source of ore")] = ""
    kind: Annotated[str, Name(meaning="kind of ore, as in column ore of suppliers.csv")] = ""
    province: Province = ""
    cif_usd_per_t: Annotated[
        Interval | None, money("USD/t", "price at the port of ore from abroad", blank="ore of the country")
    ] = None
    cost_cur_per_t: Annotated[
        Interval | None, money("CUR/t", "price at the supplier; for ore from abroad port charges and haul")
    ] = None
    capacity_kt: Annotated[
        Interval | None, money("kt/year", "what can come in a year", infinite=True, default="inf", blank="no limit")
    ] = None
    source: SourceIds = ()
    standing: SomeStanding = ""
    note: AnyText = ""


class RouteRow(Block):
    """A way for the shared input or the product between places."""

    file, noun = "chain_routes.csv", "route"
    required = ("route", "product", "origin", "destination")
    route: Annotated[str, Name(meaning="name of the route")] = ""
    product: Annotated[str, Name(meaning="what moves: the shared input or the product of the case")] = ""
    origin: Annotated[str, Name(meaning="province, port or `abroad`; what a route from abroad reaches is a port")] = ""
    destination: Annotated[str, Name(meaning="province, port or `market`, where the product is sold")] = ""
    freight_cur_per_t: Annotated[
        Interval | None, money("CUR/t", "freight; from abroad what comes on top of import parity")
    ] = None
    capacity_kt: Annotated[
        Interval | None, money("kt/year", "what can move in a year", infinite=True, default="inf", blank="no limit")
    ] = None
    lag_months: Annotated[
        Interval | None, money("months", "between the price abroad and landing", blank="a way inside the country")
    ] = None
    source: SourceIds = ()
    standing: SomeStanding = ""
    note: AnyText = ""


class ProjectRow(Block):
    """Capacity under construction."""

    file, noun = "projects.csv", "project"
    required = ("project", "capacity_kt")
    project: Annotated[str, Name(meaning="name of the project")] = ""
    province: Province = ""
    firm: FirmName = ""
    capacity_kt: Annotated[Interval | None, Quantity(unit="kt/year", meaning="capacity", minimum=0.0)] = None
    start: Start = ""
    source: SourceIds = ()
    standing: SomeStanding = ""
    note: AnyText = ""


class SourceRow(Block):
    """A source."""

    file, noun = "sources.csv", "source"
    required = ("source", "title")
    source: Annotated[str, Name(meaning="id used everywhere else")] = ""
    title: Annotated[str, Text(meaning="what it is, with its date")] = ""
    address: Annotated[str, Text(meaning="where to find it")] = ""
    licence: Annotated[str, Text(meaning="its licence")] = ""


class SeriesRow(Block):
    """A month of a series."""

    file, noun = "series.csv", "series"
    required = ("series", "month", "value")
    series: Annotated[str, Name(meaning="name of the series, as in `[series.NAME]`")] = ""
    month: Month = ""
    value: Annotated[Interval | None, Quantity(unit="see `[series.NAME]`", meaning="value")] = None
    note: AnyText = ""


class RecordRow(Block):
    """A published sentence."""

    file, noun = "record.csv", "entry"
    required = ("id", "quote", "standing")
    id: Annotated[str, Name(meaning="id of the entry")] = ""
    quote: Annotated[str, Text(meaning="the sentence, word for word")] = ""
    subject: Annotated[str, Text(meaning="what it speaks about")] = ""
    value: Annotated[Interval | None, Quantity(unit="see unit", meaning="its number", default="none", blank="none")] = (
        None
    )
    unit: Annotated[str, Text(meaning="unit of the number, with `incl. VAT` where it holds tax")] = ""
    period: Annotated[str, Text(meaning="when it holds")] = ""
    standing: SomeStanding = ""
    corrected_value: Annotated[
        Interval | None, Quantity(unit="see unit", meaning="right number", default="none", blank="none")
    ] = None
    correction_source: SourceIds = ()
    quantity: Annotated[str, Text(meaning="key of the quantity the model computes for it")] = ""
    repeats: Annotated[str, Text(meaning="id of the entry whose fact it repeats: one fact counts once")] = ""
    note: AnyText = ""


class WindowRow(Block):
    """A number of the case that was otherwise in another month."""

    file, noun = "window.csv", "path"
    required = ("path", "month", "value", "standing")
    path: Annotated[str, Text(meaning="which number, written as after `--set`")] = ""
    month: Month = ""
    value: Annotated[Interval | None, Quantity(unit="as in the case's own files", meaning="what it was")] = None
    source: SourceIds = ()
    standing: SomeStanding = ""
    note: AnyText = ""


class DocumentedStopRow(Block):
    """A stop, plan, restart, or lines that ran on, with the price of the time."""

    file, noun = "documented_stops.csv", "event"
    required = ("event", "month", "kind", "standing")
    event: Annotated[str, Name(meaning="name of the event")] = ""
    month: Month = ""
    kind: Annotated[str, Choice(words=tuple(StopKind), meaning="what lines did")] = ""
    where: Annotated[
        tuple[str, ...], Names(meaning="plants, firms or provinces it tells of, separated by semicolons; blank: all")
    ] = ()
    moved_kt: Annotated[
        Interval | None,
        Quantity(unit="kt/year", meaning="capacity that stopped or restarted", minimum=0.0, blank="not known"),
    ] = None
    price: Annotated[
        Interval | None, Quantity(unit="see price_unit", meaning="price quoted then", minimum=0.0, blank="none quoted")
    ] = None
    price_unit: Annotated[str, Text(meaning="unit of the price, with `incl. VAT` where it holds tax")] = ""
    otherwise: Annotated[
        tuple[str, ...], Names(meaning="numbers that were otherwise then, written as after `--set`: a counterfactual")
    ] = ()
    not_tested: Annotated[str, Text(meaning="why the model is not asked, such as `forced`; blank: it is asked")] = ""
    quote: AnyText = ""
    source: SourceIds = ()
    standing: SomeStanding = ""
    note: AnyText = ""


TABLES: dict[str, type[Block]] = {
    row.file.removesuffix(".csv"): row
    for row in (
        PlantRow,
        FirmRow,
        GovernmentRow,
        PolicyRow,
        SupplierRow,
        OreRow,
        RouteRow,
        ProjectRow,
        SourceRow,
        SeriesRow,
        RecordRow,
        WindowRow,
        DocumentedStopRow,
    )
}
