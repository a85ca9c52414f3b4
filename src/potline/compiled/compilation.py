r"""Nouns to arrays: plants, inputs, suppliers and the industry's own numbers, each with a leading draw axis.

Arrays that no change has touched keep a leading axis of length 1 and broadcast; a :class:`DrawnChange` gives its
field one value a draw. The same path grammar serves :meth:`potline.industry.Industry.under`, and the two agree: a
change applied to the noun and then compiled equals the compiled industry changed.
"""

from __future__ import annotations

__all__ = ["CompiledIndustry", "DrawnChange", "compile_industry", "frozen"]

import dataclasses
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from operator import attrgetter
from types import MappingProxyType
from typing import Annotated, Any, TypeVar

import numpy as np
from numpy.typing import ArrayLike, NDArray

from potline.choices import Valuation
from potline.errors import InputError
from potline.industry import ELECTRICITY, Industry, Input, Path, Plant, Supplier, overfull, parse_path
from potline.industry.change import Operation
from potline.reading import Array, did_you_mean, field_reader, noun, one_of, reads, refuse
from potline.showing import Shown

Floats = NDArray[np.float64]
Scalar = TypeVar("Scalar", bound=np.generic)


@noun(eq=False)
class DrawnChange:
    """One change with a value for each draw; see :class:`potline.industry.Change` for paths and operations.

    Examples:
        >>> DrawnChange(path="demand.elasticity", values=np.array([0.5, 0.7])).operation
        'set'
    """

    path: str
    operation: Operation = "set"
    values: Annotated[ArrayLike, Array()]

    def applied_to(self, old: Floats) -> Floats:
        """Return the new values of a field whose leading axis is the draw."""
        values = np.asarray(self.values, dtype=np.float64)
        values = values.reshape(values.shape + (1,) * (old.ndim - values.ndim))
        if self.operation == "set":
            return values + np.zeros_like(old)
        return old + values if self.operation == "add" else old * values


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class CompiledIndustry(Shown):
    r"""Read-only arrays of an industry; B draws, J plants, I input products, M suppliers.

    Attributes:
        industry: the nouns it was compiled from (before drawn changes).
        draws: B.
        owners: deciding owners, in order of first appearance; ``owner_index`` [J] points into it.
        governments: names, in order of first appearance; ``government_index`` [J] points into it.
        products: input products; the last axis of ``inputs``.
        plants: field -> [B or 1, J].
        inputs: field -> [B or 1, J, I].
        suppliers: field -> [B or 1, M].
        numbers: path -> [B or 1].

    Examples:
        >>> from potline.industry import Industry, LinearDemand, Plant
        >>> duopoly = Industry(name="duopoly", demand=LinearDemand(price_per_t=5.0, quantity_kt=5.0, elasticity=1.0),
        ...                    plants=(Plant(name="A", firm="A", capacity_kt=9.0, other_cost_per_t=1.0),
        ...                            Plant(name="B", firm="B", capacity_kt=9.0, other_cost_per_t=2.0)))
        >>> drawn = compile_industry(duopoly).under(DrawnChange(path="plant[A].other_cost_per_t", values=[1.0, 3.0]))
        >>> drawn.net_cash_cost_per_t().tolist()
        [[1.0, 2.0], [3.0, 2.0]]
    """

    industry: Industry
    draws: int
    owners: tuple[str, ...]
    owner_index: NDArray[np.int64]
    governments: tuple[str, ...]
    government_index: NDArray[np.int64]
    products: tuple[str, ...]
    plants: Mapping[str, Floats]
    inputs: Mapping[str, Floats]
    suppliers: Mapping[str, Floats]
    numbers: Mapping[str, Floats]

    def plant(self, field: str) -> Floats:
        """Return a plant field as [B, J]."""
        return self._broadcast(self.plants[one_of("field", field, self.plants, "a number of a plant")])

    def supplier(self, field: str) -> Floats:
        """Return a supplier field as [B, M]."""
        return self._broadcast(self.suppliers[one_of("field", field, self.suppliers, "a number of a supplier")])

    def number(self, path: str) -> Floats:
        """Return a number of the industry as [B]."""
        return self._broadcast(self.numbers[one_of("path", path, self.numbers, "a number of the industry")])

    def input(self, product: str, field: str) -> Floats:
        """Return a field of one input as [B, J]; zeros for a product that no plant uses."""
        if product not in self.products:
            return np.zeros((self.draws, len(self.owner_index)))
        return self._broadcast(self.inputs[field][:, :, self.products.index(product)])

    def gross_cash_cost_per_t(self) -> Floats:
        """Return cash cost before support, money/t [B, J]."""
        values = self.inputs
        cost = values["price_per_unit"]
        if self.industry.own_inputs == Valuation.AT_COST:
            cost = (1.0 - values["own_share"]) * cost + values["own_share"] * values["own_cost_per_unit"]
        total = (values["use_per_t"] * cost).sum(axis=2)
        return self._broadcast(total + self.plants["other_cost_per_t"] + self.plants["freight_per_t"])

    def support_total_per_t(self) -> Floats:
        """Return support per tonne s, money/t [B, J]."""
        kwh = self.input(ELECTRICITY, "use_per_t")
        return self.plants["support_per_kwh"] * kwh + self.plants["support_per_t"]

    def net_cash_cost_per_t(self) -> Floats:
        """Return cash cost after per-tonne support, money/t [B, J]."""
        return self.gross_cash_cost_per_t() - self.support_total_per_t()

    def full_cost_per_t(self) -> Floats:
        """Return net cash cost plus depreciation and interest, money/t [B, J]."""
        return self.net_cash_cost_per_t() + self.plants["depreciation_per_t"] + self.plants["interest_per_t"]

    def lump_sum_per_t(self) -> Floats:
        """Return the lump sum per running tonne, money/t [B, J]; 0 where nothing runs."""
        running = self.plant("running_kt")
        lump = 1000.0 * self.plant("lump_sum_m_per_year")
        return np.divide(lump, running, out=np.zeros_like(lump), where=running > 0.0)

    def idle_kt(self) -> Floats:
        """Return capacity that stands idle, kt/year [B, J]; 0 for unbounded capacity."""
        capacity = self.plant("capacity_kt")
        idle = (
            np.where(np.isfinite(capacity), capacity, 0.0) - self.plant("running_kt") - self.plant("commissioning_kt")
        )
        return np.where(np.isfinite(capacity), idle, 0.0)

    def restartable_kt(self) -> Floats:
        """Return idle capacity that availability lets run, kt/year [B, J]."""
        own, capacity = self.plant("availability_share"), self.plant("capacity_kt")
        share = np.where(np.isnan(own), self.number("availability_share")[:, None], own)
        idle = np.maximum(self.idle_kt(), 0.0)
        short = (share < 1.0) & np.isfinite(capacity)
        if not short.any():
            return idle
        with np.errstate(invalid="ignore"):
            most = share * (capacity - self.plant("commissioning_kt")) - self.plant("running_kt")
        return np.where(short, np.maximum(most, 0.0), idle)

    def ceiling_per_t(self) -> Floats:
        """Return the price at which imports are unlimited, or from which they rise, money/t [B]; ``inf`` for none."""
        fixed = [item.price_per_t for item in self.industry.trade.tranches if np.isinf(item.quantity_kt)]
        ceiling = np.full(self.draws, min(fixed, default=np.inf))
        if self.industry.trade.parity is not None:
            ceiling = np.minimum(ceiling, self.parity_per_t("trade.parity"))
        return ceiling

    def import_slope_kt_per_price(self) -> Floats:
        """Return the kt/year of imports for each money/t above parity, [B]; ``inf`` for any quantity at parity."""
        if self.industry.trade.rest_of_world is None:
            return self.number("trade.import_supply_slope_kt_per_price")
        abroad = self.number("trade.rest_of_world.quantity_kt") * self.number("trade.rest_of_world.supply_elasticity")
        landed = self.number("trade.parity.fob_usd_per_t") * self.number("trade.parity.exchange_rate")
        landed = landed * (1.0 + self.number("trade.parity.duty_share"))
        return np.divide(abroad, landed, out=np.full_like(landed, np.inf), where=landed > 0.0)

    def parity_per_t(self, path: str) -> Floats:
        """Return an import parity without tax, money/t [B]; ``path`` is ``trade.parity`` or ``input_market.parity``."""
        abroad = self.number(f"{path}.fob_usd_per_t") + self.number(f"{path}.freight_usd_per_t")
        landed = abroad * self.number(f"{path}.exchange_rate") * (1.0 + self.number(f"{path}.duty_share"))
        return landed + self.number(f"{path}.port_charges_per_t") / (1.0 + self.number(f"{path}.vat_rate"))

    @reads
    def under(self, *changes: DrawnChange) -> CompiledIndustry:
        """Return a copy with drawn changes applied in order.

        Raises:
            InputError: a path names no field or selects no member, or lengths of draws disagree.
        """
        result = self
        for change in changes:
            result = _changed(result, change)
        return result

    def _broadcast(self, values: Floats) -> Floats:
        return np.broadcast_to(values, (self.draws, *values.shape[1:]))


@reads
@lru_cache(maxsize=16)
def compile_industry(industry: Industry) -> CompiledIndustry:
    """Turn an industry into arrays with one draw: its central values.

    Raises:
        InputError: a plant of which more runs and starts up than was built.

    Examples:
        >>> from potline.industry import Industry, LinearDemand, Plant
        >>> monopoly = Industry(name="monopoly", demand=LinearDemand(price_per_t=5.0, quantity_kt=5.0, elasticity=1.0),
        ...                     plants=(Plant(name="A", firm="A", capacity_kt=9.0),))
        >>> compile_industry(monopoly).number("demand.elasticity")
        array([1.])
    """
    plants = industry.plants
    if problems := tuple(overfull(plants)):
        raise InputError(problems)
    owners, governments = industry.owners, tuple(dict.fromkeys(plant.government for plant in plants))
    owner, government = ({name: index for index, name in enumerate(names)} for names in (owners, governments))
    products = tuple(dict.fromkeys(item.product for plant in plants for item in plant.inputs))
    suppliers = industry.input_market.suppliers if industry.input_market else ()
    return CompiledIndustry(
        industry=industry,
        draws=1,
        owners=owners,
        owner_index=frozen(np.array([owner[name] for name in industry.plant_owners], dtype=np.int64)),
        governments=governments,
        government_index=frozen(np.array([government[plant.government] for plant in plants], dtype=np.int64)),
        products=products,
        plants=_fields(plants),
        inputs=_input_fields(industry, products),
        suppliers=_fields(suppliers, ("capacity_kt", "cash_cost_per_t")),
        numbers=MappingProxyType({path: frozen(np.array([value])) for path, value in _numbers(industry, "").items()}),
    )


_PLANT_FIELDS = (
    "capacity_kt",
    "running_kt",
    "commissioning_kt",
    "availability_share",
    "other_cost_per_t",
    "freight_per_t",
    "support_per_kwh",
    "support_per_t",
    "lump_sum_m_per_year",
    "lump_sum_pro_rata",
    "stop_cost_per_t",
    "holding_cost_per_t",
    "restart_cost_per_t",
    "exit_cost_per_t",
    "pressure_per_t",
    "depreciation_per_t",
    "interest_per_t",
    "line_kt",
)
_INPUT_FIELDS = ("use_per_t", "price_per_unit", "own_share", "own_cost_per_unit")


def _fields(members: tuple[Any, ...], names: tuple[str, ...] = _PLANT_FIELDS) -> Mapping[str, Floats]:
    rows = np.array([attrgetter(*names)(member) for member in members], dtype=np.float64).reshape(-1, len(names))
    columns = frozen(np.ascontiguousarray(rows.T))
    return MappingProxyType({name: columns[k : k + 1] for k, name in enumerate(names)})


def _input_fields(industry: Industry, products: tuple[str, ...]) -> Mapping[str, Floats]:
    place = {product: k for k, product in enumerate(products)}
    shape = (len(industry.plants), len(products))
    table = np.zeros((*shape, len(_INPUT_FIELDS)))
    for row, plant in enumerate(industry.plants):
        for item in plant.inputs:
            table[row, place[item.product]] = attrgetter(*_INPUT_FIELDS)(item)
    columns = frozen(np.ascontiguousarray(np.moveaxis(table, 2, 0)))
    return MappingProxyType({name: columns[k : k + 1] for k, name in enumerate(_INPUT_FIELDS)})


def _numbers(noun: Any, prefix: str) -> dict[str, float]:
    found: dict[str, float] = {}
    for field in dataclasses.fields(noun):
        value = getattr(noun, field.name)
        if isinstance(value, (int, float)) and not isinstance(value, bool):
            found[prefix + field.name] = float(value)
        elif dataclasses.is_dataclass(value):
            found |= _numbers(value, f"{prefix}{field.name}.")
    return found


def frozen(array: NDArray[Scalar]) -> NDArray[Scalar]:
    """Return the array itself, read-only.

    Examples:
        >>> frozen(np.zeros(2)).flags.writeable
        False
    """
    array.setflags(write=False)
    return array


def _changed(compiled: CompiledIndustry, change: DrawnChange) -> CompiledIndustry:
    path = parse_path(change.path)
    length = np.asarray(change.values).shape
    if len(length) != 1 or (compiled.draws not in (1, length[0]) and length[0] != 1):
        needed = f"one value a draw ({compiled.draws})"
        raise refuse(f"path {change.path!r}", f"values of shape {length}", needed)
    if not path.noun:
        table, key, old, chosen = "numbers", path.field, compiled.numbers.get(path.field), None
    else:
        table, key, old, chosen = _selected(compiled, path, change.path)
    if old is None:
        hint = did_you_mean(key, getattr(compiled, table), "Numbers")
        raise refuse(f"path {change.path!r}", f"no number {key!r}", "a number of the compiled industry", hint)
    new = change.applied_to(old)
    if chosen is not None:
        new = np.where(chosen, new, old)
    _check_values(compiled.industry, table, key, change.path, new)
    fields: Mapping[str, Floats] = getattr(compiled, table)
    changed: dict[str, Any] = {table: MappingProxyType({**fields, key: frozen(np.ascontiguousarray(new))})}
    return dataclasses.replace(compiled, draws=max(compiled.draws, length[0]), **changed)


def _check_values(industry: Industry, table: str, key: str, text: str, values: Floats) -> None:
    """Refuse what the noun would refuse, at the first draw that has it."""
    kind = {"plants": Plant, "inputs": Input, "suppliers": Supplier}.get(table, Industry)
    part: Any = industry
    *parts, field = key.split(".")
    for name in parts:
        part = getattr(part, name)
    reader = field_reader(part.__class__ if parts else kind, field)
    if bool in reader.kinds:
        return
    for value in values[~((values >= reader.low) & (values <= reader.high))][:1].tolist():
        if not reader.takes(value):
            raise refuse(f"path {text!r}", f"{value:.15g} in a draw", reader.words)


def _selected(
    compiled: CompiledIndustry, path: Path, text: str
) -> tuple[str, str, Floats | None, NDArray[np.bool_] | None]:
    industry = compiled.industry
    if path.noun == "plant":
        members: tuple[Any, ...] = industry.plants
    elif path.noun == "supplier":
        members = industry.input_market.suppliers if industry.input_market else ()
    else:
        needed = "a plant, a supplier or a number of the industry: only these can be drawn"
        raise refuse(f"path {text!r}", f"a number of a {path.noun}", needed)
    mask = np.array([path.selects(member) for member in members], dtype=np.bool_)
    if not mask.any():
        wanted = next((value for key, value in path.where if key == "name"), "")
        hint = did_you_mean(wanted, [member.name for member in members], f"There are {len(members)}")
        raise refuse(
            f"path {text!r}", "a path that selects nothing", f"a {path.noun} of the industry, or several", hint
        )
    if path.product:
        product = np.array([name == path.product for name in compiled.products])
        return "inputs", path.field, compiled.inputs.get(path.field), mask[None, :, None] & product
    table = "plants" if path.noun == "plant" else "suppliers"
    return table, path.field, getattr(compiled, table).get(path.field), mask[None, :]
