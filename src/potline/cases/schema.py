"""What ``case.toml`` may say: its tables and keys, and the numbers of the industry with units and bounds.

``cur`` in a name stands for the case's currency in lower case, ``CUR`` in a unit for the currency itself.
"""

from __future__ import annotations

__all__ = [
    "BLOCKS",
    "FREE",
    "MONTH",
    "NUMBERS",
    "OUTCOME",
    "AnyText",
    "Block",
    "CaseBlock",
    "ClaimBlock",
    "ColumnBlock",
    "End",
    "FactorBlock",
    "FirmName",
    "InputMarketBlock",
    "MeetingBlock",
    "Month",
    "NoiseBlock",
    "OutcomeBlock",
    "Province",
    "SaidBlock",
    "SeriesBlock",
    "SomeStanding",
    "SourceIds",
    "Start",
    "money",
]

import math
from typing import Annotated, Any, ClassVar, Literal

from pydantic import BaseModel, ConfigDict

from potline.cases.cells import Choice, Name, Names, Pattern, Quantity, Text
from potline.choices import Rule, Valuation
from potline.industry.change import Operation
from potline.sources import STANDINGS, VAT_BASES, Interval, Standing, VatBasis

MONTH = "a month YYYY-MM"
"""What a cell that holds a month needs, in words."""
_MONTH = r"\d{4}-(0[1-9]|1[0-2])"
_DAY = r"\d{4}(-(0[1-9]|1[0-2])(-(0[1-9]|[12]\d|3[01]))?)?"

Month = Annotated[str, Pattern(regex=_MONTH, words=MONTH, meaning="month")]
FREE = Text(meaning="free text")
AnyText = Annotated[str, FREE]
SourceIds = Annotated[tuple[str, ...], Names(meaning="an id of sources.csv, or several separated by semicolons")]
SomeStanding = Annotated[Standing | Literal[""], Choice(words=STANDINGS, meaning="how sure the number is")]
VatWord = Annotated[VatBasis, Choice(words=VAT_BASES, meaning="whether the number holds value-added tax")]
Start = Annotated[str, Pattern(regex=_DAY, words="YYYY, YYYY-MM or YYYY-MM-DD", meaning="when it starts")]
End = Annotated[str, Pattern(regex=_DAY, words="YYYY, YYYY-MM or YYYY-MM-DD", meaning="when it ends")]
Province = Annotated[str, Name(meaning="province, as in governments.csv")]
FirmName = Annotated[str, Name(meaning="firm, as in firms.csv")]


def money(
    unit: str,
    meaning: str,
    *,
    minimum: float = 0.0,
    above: float = -math.inf,
    infinite: bool = False,
    default: str = "0",
    blank: str = "",
) -> Quantity:
    """Return an amount that is 0 or more, and 0 where it is not given, unless stated."""
    return Quantity(
        unit=unit, meaning=meaning, minimum=minimum, above=above, infinite=infinite, default=default, blank=blank
    )


class Block(BaseModel):
    """A row of a table or a block of ``case.toml``; ``required`` names what must be there."""

    model_config = ConfigDict(extra="forbid", frozen=True)
    required: ClassVar[tuple[str, ...]] = ()
    file: ClassVar[str] = ""
    noun: ClassVar[str] = ""


class CaseBlock(Block):
    """The table ``[case]``: what the case is about."""

    required = ("schema_version", "name", "title", "date", "currency", "product", "vat_rate")
    schema_version: Annotated[str, Pattern(regex="2", words="2", meaning="version of this format")] = ""
    name: Annotated[str, Pattern(regex=r"\w[\w.-]*", words="letters, digits, - _ .")] = ""
    title: Annotated[str, Text(meaning="a title for people")] = ""
    date: Annotated[str, Pattern(regex=_MONTH, words=MONTH, meaning="the month the case describes")] = ""
    currency: Annotated[str, Pattern(regex="[A-Z]{3}", words="a code such as CNY", meaning="currency")] = ""
    product: Annotated[str, Text(meaning="the product")] = ""
    vat_rate: Annotated[Interval | None, Quantity(minimum=0.0, maximum=1.0, unit="share", meaning="tax rate")] = None
    own_inputs: Annotated[
        Valuation, Choice(words=tuple(Valuation), meaning="how inputs that a firm makes itself are valued")
    ] = Valuation.AT_MARKET
    demand: Annotated[
        Literal["linear", "isoelastic"], Choice(words=("linear", "isoelastic"), meaning="shape of demand")
    ] = "linear"
    description: Annotated[str, Text(meaning="a paragraph for people")] = ""


class InputMarketBlock(Block):
    """The table ``[input_market]``: the input that the industry shares."""

    required = ("product",)
    product: Annotated[str, Name(meaning="the input, as before its columns of plants.csv")] = ""


class ClaimBlock(Block):
    """One number: ``[numbers.NAME]``, ``[defaults.plants.COLUMN]`` and the numbers of ``[meeting]``."""

    required = ("value", "unit", "vat", "source", "standing")
    value: Any = None
    unit: Annotated[str, Text(meaning="a unit")] = ""
    vat: VatWord = "none"
    source: SourceIds = ()
    standing: SomeStanding = ""
    quote: Annotated[str, Text(meaning="the words it was published in")] = ""
    note: AnyText = ""


class ColumnBlock(Block):
    """What holds for all numbers of a column: ``[columns.TABLE.COLUMN]``."""

    required = ("unit", "vat")
    unit: Annotated[str, Text(meaning="a unit")] = ""
    vat: VatWord = "none"
    source: SourceIds = ()
    standing: SomeStanding = ""
    quote: Annotated[str, Text(meaning="the words the numbers were published in")] = ""
    note: AnyText = ""


class SaidBlock(Block):
    """What a table says of all its numbers: ``[numbers]``, ``[columns.TABLE]``, ``[defaults.plants]``."""

    vat: VatWord = "none"
    source: SourceIds = ()
    standing: SomeStanding = ""
    quote: Annotated[str, Text(meaning="the words the numbers were published in")] = ""
    note: AnyText = ""


class FactorBlock(Block):
    """An uncertain factor: ``[[factors]]``."""

    required = ("name",)
    name: Annotated[str, Text(meaning="name for people")] = ""
    path: Annotated[str, Text(meaning="what is changed")] = ""
    operation: Annotated[Operation, Choice(words=("set", "add", "multiply"), meaning="how")] = "set"
    range: Annotated[Interval | None, Quantity(meaning="the values it may take")] = None
    claim: Annotated[str, Text(meaning="a number of the case whose own range is used, instead of path and range")] = ""
    unit: Annotated[str, Text(meaning="unit of the range")] = ""
    vat: Annotated[VatBasis | None, Choice(words=VAT_BASES, meaning="tax basis of the range")] = None
    source: SourceIds = ()
    standing: SomeStanding = ""
    note: AnyText = ""


class NoiseBlock(Block):
    """Errors of plants' net cash cost: ``[noise]``."""

    required = ("common_cur_per_t", "plant_cur_per_t", "source", "standing")
    common_cur_per_t: Annotated[Interval | None, money("CUR/t", "standard deviation of the error all plants share")] = (
        None
    )
    plant_cur_per_t: Any = None
    source: SourceIds = ()
    standing: SomeStanding = ""
    note: AnyText = ""


class MeetingBlock(Block):
    """The meeting: ``[meeting]``."""

    required = ("date", "firms", "least_cut_kt")
    date: Annotated[str, Pattern(regex=_DAY, words="a day YYYY-MM-DD", meaning="when")] = ""
    place: AnyText = ""
    firms: Annotated[tuple[str, ...], Names(meaning="the firms present")] = ()
    rule: Annotated[Rule, Choice(words=tuple(Rule), meaning="how a cut is shared")] = Rule.PRO_RATA
    sweep_kt: Any = ()
    term_years: Any = None
    least_cut_kt: Any = None
    stated_cuts_kt: Any = None
    source: SourceIds = ()
    standing: SomeStanding = ""
    note: AnyText = ""


class OutcomeBlock(Block):
    """What happened: ``[outcome]``."""

    required = ("decision", "source", "standing")
    decision: Annotated[
        Literal["none", "pledge", "mandate"],
        Choice(words=("none", "pledge", "mandate"), meaning="what was decided: nothing, a pledge, an order"),
    ] = "none"
    summary: AnyText = ""
    pledged_kt: Any = None
    made_before_kt: Any = None
    announced_kt: Any = None
    kept_months: Any = None
    restart_price_cur_per_t: Any = None
    price_after_cur_per_t: Any = None
    price_after_month: Annotated[str, Pattern(regex=_MONTH, words=MONTH, meaning="month of it")] = ""
    source: SourceIds = ()
    standing: SomeStanding = ""
    note: AnyText = ""


class SeriesBlock(Block):
    """What holds for a series of series.csv: ``[series.NAME]``."""

    required = ("unit", "vat", "source", "standing")
    unit: Annotated[str, Text(meaning="a unit")] = ""
    vat: VatWord = "none"
    source: SourceIds = ()
    standing: SomeStanding = ""
    note: AnyText = ""


BLOCKS: dict[str, type[Block]] = {
    "case": CaseBlock,
    "input_market": InputMarketBlock,
    "numbers": ClaimBlock,
    "defaults": ClaimBlock,
    "columns": ColumnBlock,
    "factors": FactorBlock,
    "noise": NoiseBlock,
    "meeting": MeetingBlock,
    "outcome": OutcomeBlock,
    "series": SeriesBlock,
}


def _parity(part: str) -> dict[str, Quantity]:
    return {
        f"{part}.parity.fob_usd_per_t": Quantity(unit="USD/t", meaning="price abroad", above=0.0),
        f"{part}.parity.freight_usd_per_t": money("USD/t", "freight and premium to the border"),
        f"{part}.parity.exchange_rate": Quantity(unit="CUR/USD", meaning="exchange rate", above=0.0),
        f"{part}.parity.duty_share": money("share", "import duty"),
        f"{part}.parity.port_charges_cur_per_t": money(
            "CUR/t", "port charges as added to the price with tax; never converted"
        ),
    }


NUMBERS: dict[str, Quantity] = {
    "price_cur_per_t": Quantity(unit="CUR/t", meaning="price of the product at the date", above=0.0),
    "discount_rate": Quantity(unit="a year", meaning="discount rate, continuous", above=0.0, default="0.10"),
    "availability_share": Quantity(
        unit="share",
        meaning="share of what is built and not ramping that can run in a year, where a plant gives none of its own",
        minimum=0.0,
        maximum=1.0,
        default="1",
    ),
    "demand.quantity_kt": Quantity(unit="kt/year", meaning="quantity demanded at the price", above=0.0),
    "demand.elasticity": Quantity(
        unit="1",
        meaning="own-price elasticity of demand, positive, stocks included",
        above=0.0,
        hint="Write the elasticity without its minus sign.",
    ),
    **_parity("trade"),
    "trade.import_supply_slope_kt_per_price": Quantity(
        unit="kt/year per CUR/t",
        meaning="imports for each unit of money per t, without tax, that the price lies above parity",
        minimum=0.0,
        infinite=True,
        default="inf: any quantity at parity",
    ),
    "trade.rest_of_world.quantity_kt": Quantity(
        unit="kt/year", meaning="what is made and used abroad, in place of the slope", above=0.0
    ),
    "trade.rest_of_world.supply_elasticity": Quantity(
        unit="1", meaning="net elasticity of what is left over abroad for export, of that quantity", minimum=0.0
    ),
    "trade.headroom_spread_cur_per_t": money(
        "CUR/t", "standard deviation over the term of what is left between price and import parity"
    ),
    "trade.export_floor_cur_per_t": Quantity(
        unit="CUR/t", meaning="price at which any quantity is exported", above=0.0, default="none"
    ),
    "process.volatility": Quantity(unit="a year", meaning="volatility of the price", minimum=0.0),
    "process.drift": Quantity(unit="a year", meaning="drift of the price", default="0"),
    "process.kappa": money("a year", "speed of return to the mean price, 0 for none"),
    "process.mean_price_cur_per_t": Quantity(unit="CUR/t", meaning="price returned to", above=0.0, default="none"),
    "input_market.price_cur_per_t": Quantity(unit="CUR/t", meaning="price of the shared input at the date", above=0.0),
    "input_market.other_use_kt": money("kt/year", "what of it is used outside the plants"),
    **_parity("input_market"),
    "meeting.term_years": Quantity(unit="years", meaning="how long a cut holds", above=0.0, default="1"),
    "meeting.least_cut_kt": Quantity(unit="kt/year", meaning="least idled capacity proposed", above=0.0),
}
"""Numbers of the industry: ``[numbers.NAME]``, dotted names in quotes; those of the meeting are tables in it."""

OUTCOME: dict[str, Quantity] = {
    "pledged_kt": Quantity(unit="kt/year", meaning="capacity pledged or ordered to stop", minimum=0.0),
    "made_before_kt": Quantity(unit="kt/year", meaning="part of it that stood already", minimum=0.0),
    "kept_months": Quantity(unit="months", meaning="how long it was kept, `inf` for good", minimum=0.0, infinite=True),
    "restart_price_cur_per_t": Quantity(unit="CUR/t", meaning="price at which idle lines came back", above=0.0),
    "price_after_cur_per_t": Quantity(unit="CUR/t", meaning="price some months later", above=0.0),
}
"""Numbers of ``[outcome]``, each a table in it."""
