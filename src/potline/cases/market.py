"""Read ``[case]`` and ``[numbers]``: price, demand, trade, the law of the price, the market of the shared input."""

from __future__ import annotations

__all__ = ["Market", "outgrown", "read_market", "too_steep"]

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from potline.cases.cells import is_table, shown
from potline.cases.problems import did_you_mean
from potline.cases.reader import Reader
from potline.cases.said import apart_from_said, said_at
from potline.cases.schema import NUMBERS, InputMarketBlock
from potline.industry import (
    Demand,
    ImportParity,
    InputMarket,
    IsoelasticDemand,
    LinearDemand,
    PriceProcess,
    RestOfWorld,
    Supplier,
    Trade,
)

STEEPEST = 0.05
_REQUIRED = ("price_per_t", "demand.quantity_kt", "demand.elasticity")
_NEEDED_IN = {
    "process": ("volatility",),
    "input_market": ("price_per_t",),
    "trade.parity": ("fob_usd_per_t", "exchange_rate"),
    "input_market.parity": ("fob_usd_per_t", "exchange_rate"),
    "trade.rest_of_world": ("quantity_kt", "supply_elasticity"),
}
_SLOPE, _SPREAD, _ABROAD = "import_supply_slope_kt_per_price", "headroom_spread_per_t", "rest_of_world"


@dataclass(frozen=True, slots=True, kw_only=True)
class Market:
    """What ``[numbers]`` says, as nouns."""

    price_per_t: float
    discount_rate: float
    availability_share: float
    demand: Demand
    trade: Trade
    process: PriceProcess | None
    input_market: InputMarket | None


def read_market(reader: Reader, shape: str, suppliers: Sequence[Supplier]) -> Market:
    """Read the numbers of the industry, and ``[input_market]``, which names the input that they share."""
    given: Any = reader.document.values.get("numbers", {})
    if not is_table(given):
        reader.at_key(("numbers",), shown(given), "tables `[numbers.NAME]`")
        given = dict[str, Any]()
    values = _values(reader, given)
    demand = LinearDemand if shape == "linear" else IsoelasticDemand
    if shape == "isoelastic" and (interval := reader.range_of("demand.elasticity")) is not None:
        for end in {interval.low, interval.central, interval.high}:
            if needed := too_steep(IsoelasticDemand(price_per_t=1.0, quantity_kt=1.0, elasticity=end)):
                reader.at_key(("numbers", "demand.elasticity", "value"), f"{end:g}", needed)
    price = values.get("price_per_t", math.nan)
    process = _part(values, "process")
    shared = _part(values, "input_market")
    product = _shared_input(reader, given=bool(shared))
    whole: dict[str, Any] = {"price_per_t": math.nan, **shared}
    if process.get("kappa", 0.0) > 0.0 and "mean_price_per_t" not in process:
        _missing(reader, "process.mean_price_per_t", "because process.kappa is above 0")
    process_read = PriceProcess(**{"volatility": 0.0, **process}) if process else None
    discount_rate = values.get("discount_rate", 0.10)
    if found := outgrown(process_read, discount_rate):
        reader.at_key(("numbers", "process.drift", "value"), *found)
    if suppliers and not shared:
        _missing(reader, "input_market.price_per_t", "because there is a suppliers.csv")
    return Market(
        price_per_t=price,
        discount_rate=discount_rate,
        availability_share=values.get("availability_share", 1.0),
        demand=demand(
            price_per_t=price,
            quantity_kt=values.get("demand.quantity_kt", math.nan),
            elasticity=values.get("demand.elasticity", math.nan),
        ),
        trade=_trade(reader, values, shape),
        process=process_read,
        input_market=InputMarket(
            product=product,
            suppliers=tuple(suppliers),
            parity=_parity(reader, values, "input_market"),
            **whole,
        )
        if shared
        else None,
    )


def _shared_input(reader: Reader, *, given: bool) -> str:
    """Read ``[input_market]``: the input that plants share, which one of them uses."""
    data: Any = reader.document.values.get("input_market")
    if data is None:
        if given:
            hint = 'Add a table `[input_market]` with `product = "..."`.'
            reader.at_key(("input_market",), "nothing", "the name of the input whose market the numbers describe", hint)
        return ""
    block = reader.block(InputMarketBlock, data, ("input_market",))
    if not given:
        _missing(reader, "input_market.price_per_t", "because there is a table `[input_market]`")
    return block.product


def too_steep(demand: Demand) -> str:
    """Return what is needed where demand of constant elasticity is so steep that its price has no bounds in a double.

    Examples:
        >>> too_steep(IsoelasticDemand(price_per_t=1.0, quantity_kt=1.0, elasticity=0.02))
        '0.05 or more with demand = "isoelastic": at 0.05 half the quantity costs a million times as much'
    """
    if isinstance(demand, LinearDemand) or not demand.elasticity < STEEPEST:
        return ""
    return (
        f'{STEEPEST:g} or more with demand = "isoelastic": at {STEEPEST:g} half the quantity costs a million times as '
        "much"
    )


def outgrown(process: PriceProcess | None, discount_rate: float) -> tuple[str, str] | None:
    """Return found and needed where a price that returns to no mean grows as fast as money is discounted, or faster.

    Examples:
        >>> outgrown(PriceProcess(volatility=0.2, drift=0.1), 0.1)
        ('a drift of 0.1 a year at a discount rate of 0.1', 'a drift below the discount rate')
    """
    if process is None or process.kappa > 0.0 or not process.drift >= discount_rate:
        return None
    found = f"a drift of {process.drift:g} a year at a discount rate of {discount_rate:g}"
    return found, "a drift below the discount rate"


def _values(reader: Reader, given: Mapping[str, Any]) -> dict[str, float]:
    files = {reader.to_file(name): name for name in NUMBERS if not name.startswith("meeting.")}
    values: dict[str, float] = {}
    said = said_at(reader, ("numbers",))
    for file, data in apart_from_said(given)[1].items():
        keys = ("numbers", file)
        if file not in files:
            inner = data if is_table(data) else dict[str, Any]()
            hint = did_you_mean(file, files, "Numbers")
            if inner and "value" not in inner:
                hint = f'Put a dotted name in quotes: `[numbers."{file}.{next(iter(inner))}"]`.'
            reader.at_key(keys, "an unknown number", "a number of the industry", hint)
            continue
        path = files[file].replace("_cur", "")
        convert = not path.endswith("port_charges_per_t")
        values[path] = reader.number(data, NUMBERS[files[file]], keys, path, convert=convert, said=said)
        reader.bases[f"numbers.{file}"] = reader.stated[path][1] if path in reader.stated else "none"
    for path in _REQUIRED:
        if path not in values:
            _missing(reader, path, "")
    for part, names in _NEEDED_IN.items():
        if any(path.startswith(f"{part}.") for path in values):
            for name in names:
                if f"{part}.{name}" not in values:
                    _missing(reader, f"{part}.{name}", f"because other numbers of {part} are given")
    return values


def _missing(reader: Reader, path: str, because: str) -> None:
    name = next(name for name in NUMBERS if name.replace("_cur", "") == path)
    meaning = NUMBERS[name].meaning
    needed = f"the {meaning}{', ' if because else ''}{because}"
    file = reader.to_file(name)
    header = f'[numbers."{file}"]' if "." in file else f"[numbers.{file}]"
    hint = f"Add a table `{header}` with value, unit, vat, source and standing."
    reader.at_key(("numbers", file), "nothing", needed, hint)


def _part(values: Mapping[str, float], part: str) -> dict[str, Any]:
    start = f"{part}."
    names = {path.removeprefix(start): value for path, value in values.items() if path.startswith(start)}
    return {name: value for name, value in names.items() if "." not in name}


def _trade(reader: Reader, values: Mapping[str, float], shape: str) -> Trade:
    """Read imports and exports; a slope and a spread that have no place are reported, and parity stands alone."""
    given, abroad, parity = _part(values, "trade"), _part(values, f"trade.{_ABROAD}"), _parity(reader, values, "trade")
    slope, spread = given.get(_SLOPE, math.inf), given.get(_SPREAD, 0.0)
    found = [name for name, there in ((_SLOPE, slope < math.inf), (_ABROAD, abroad), (_SPREAD, spread > 0.0)) if there]
    if found and parity is None:
        _missing(reader, "trade.parity.fob_usd_per_t", f"because trade.{found[0]} is given")
    if spread > 0.0 and shape == "isoelastic":
        hint = 'Write `demand = "linear"` in `[case]`, or leave the spread away.'
        _at(reader, f"trade.{_SPREAD}", "a spread of the headroom with isoelastic demand", "linear demand", hint)
    if found[:2] == [_SLOPE, _ABROAD]:
        hint = "The slope follows from the market abroad: leave one of the two away."
        _at(reader, f"trade.{_SLOPE}", "a slope beside trade.rest_of_world", "one of the two", hint)
    if reader.stated.get(f"trade.{_SLOPE}", (None, "none"))[1] == "included":
        hint = "Multiply it by 1 and the VAT rate: a unit of money without tax is more of the price."
        _at(reader, f"trade.{_SLOPE}", 'vat = "included"', 'vat = "excluded"', hint)
    numbers = {name: value for name, value in given.items() if not math.isnan(value)}
    if reader.problems.count:
        return Trade(parity=parity)
    return Trade(parity=parity, rest_of_world=RestOfWorld(**abroad) if abroad else None, **numbers)


def _at(reader: Reader, path: str, found: str, needed: str, hint: str) -> None:
    name = next(name for name in NUMBERS if name.replace("_cur", "") == path)
    reader.at_key(("numbers", reader.to_file(name)), found, needed, hint)


def _parity(reader: Reader, values: Mapping[str, float], part: str) -> ImportParity | None:
    numbers = _part(values, f"{part}.parity")
    if not numbers:
        return None
    whole: dict[str, Any] = {"fob_usd_per_t": math.nan, "exchange_rate": math.nan, **numbers}
    return ImportParity(vat_rate=reader.vat_rate, **whole)
