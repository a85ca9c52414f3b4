"""The industry: plants, firms, governments and the market they sell into, at one date."""

from __future__ import annotations

__all__ = ["Industry", "Project"]

import dataclasses
from collections.abc import Iterable, Iterator, Mapping
from itertools import compress
from typing import Annotated, Any, TypeAlias

from potline.choices import IdleBelow, Valuation
from potline.equality import same_values
from potline.errors import InputError, Problem
from potline.industry.chain import InputMarket
from potline.industry.change import Change, Operation, Path, parse_path, selector
from potline.industry.deal import Agreement, JointCut
from potline.industry.market import Demand, LinearDemand, PriceProcess, Trade
from potline.industry.people import Firm, Government
from potline.industry.plant import Plant
from potline.industry.policy import Policy, PowerSubsidy, StatePurchase
from potline.reading import (
    Date,
    Name,
    NonNegative,
    Share,
    Within,
    a,
    changed,
    did_you_mean,
    noun,
    one_of,
    reads,
    refuse,
    unique,
)
from potline.showing import Shown

_Event: TypeAlias = Change | Policy | Agreement


@noun
class Project:
    """Capacity under construction, kt/year, not yet part of any plant.

    Examples:
        >>> Project(name="Xinjiang", government="Xinjiang", capacity_kt=1500.0).firm
        ''
    """

    name: Name
    capacity_kt: NonNegative
    government: str = ""
    firm: str = ""
    start: Date = ""


@noun
class Industry(Shown):
    r"""An industry at one date, central values only, hashable.

    Attributes:
        price_per_t: observed price at the date, money/t without value-added tax.
        vat_rate: value-added tax, share; used to show prices as they are quoted.
        discount_rate: a year, continuous.
        demand: demand for the industry's product at the horizon asked about.
        own_inputs: inputs a firm makes itself are valued ``at_market`` or ``at_cost``.
        trade, process, input_market: import and export parity, law of the price, market of the shared input.
        availability_share: share of capacity that can run in a year, where a plant gives none of its own; idle lines
            beyond it do not restart.
        idle_below: what idle lines do whose restart price lies below ``price_per_t``.
        policies, agreements: what has been applied or recorded by :meth:`under`.

    Examples:
        >>> from potline.industry import LinearDemand
        >>> duopoly = Industry(
        ...     name="duopoly", demand=LinearDemand.from_line(intercept_per_t=10.0, slope_per_kt=1.0),
        ...     plants=(Plant(name="A", firm="A", capacity_kt=9.0, other_cost_per_t=1.0),
        ...             Plant(name="B", firm="B", capacity_kt=9.0, other_cost_per_t=1.0)))
        >>> duopoly.under(Change(path="plant[A].other_cost_per_t", value=2.0)).plant("A").net_cash_cost_per_t()
        2.0
    """

    name: Name
    plants: tuple[Plant, ...]
    demand: Demand
    price_per_t: Annotated[float, Within(missing=True)] = float("nan")
    firms: tuple[Firm, ...] = ()
    governments: tuple[Government, ...] = ()
    currency: str = "money"
    product: str = "product"
    date: Date = ""
    vat_rate: Share = 0.0
    discount_rate: NonNegative = 0.10
    own_inputs: Valuation = Valuation.AT_MARKET
    availability_share: Share = 1.0
    idle_below: IdleBelow = IdleBelow.MOST
    trade: Trade = Trade()
    process: PriceProcess | None = None
    input_market: InputMarket | None = None
    projects: tuple[Project, ...] = ()
    policies: tuple[Policy, ...] = ()
    agreements: tuple[Agreement, ...] = ()

    __eq__ = same_values

    def __hash__(self) -> int:
        # a few fields tell industries apart; going through all plants takes half as long as compiling them
        few = (self.name, self.demand, self.discount_rate, self.process, self.trade, self.agreements)
        return hash((*few, len(self.plants), self.plants[:1], self.plants[-1:]))

    def contradictions(self) -> Iterable[Problem]:
        """Yield a problem for a name borne twice, an owner who is owned, a spread that the demand does not take."""
        for kind, members in (("plant", self.plants), ("firm", self.firms), ("government", self.governments)):
            yield from unique(kind, f"Industry {self.name!r}", [member.name for member in members])
        decides = {firm.name: firm.decides for firm in self.firms}
        for firm in self.firms:
            above = decides.get(firm.decides, firm.decides)
            if above != firm.decides:
                found = f"owner {firm.decides!r} of firm {firm.name!r}, itself owned by {above!r}"
                yield Problem(where=f"Industry {self.name!r}", found=found, needed="the owner that decides for both")
        if self.trade.headroom_spread_per_t > 0.0 and not isinstance(self.demand, LinearDemand):
            found, hint = f"{self.trade.headroom_spread_per_t:g} with isoelastic demand", "Or set the spread to 0."
            yield Problem(where="trade.headroom_spread_per_t", found=found, needed="linear demand", hint=hint)

    def plant(self, name: str) -> Plant:
        """Return the plant of that name.

        Raises:
            InputError: there is none.
        """
        names = [plant.name for plant in self.plants]
        return self.plants[names.index(one_of("Industry.plant, name", name, names, "the name of a plant"))]

    def owner(self, firm: str) -> str:
        """Return the firm that decides for ``firm``."""
        return next((item.decides for item in self.firms if item.name == firm), firm)

    @property
    def owners(self) -> tuple[str, ...]:
        """The deciding owners of plants, in order of first appearance."""
        return tuple(dict.fromkeys(self.plant_owners))

    @property
    def plant_owners(self) -> tuple[str, ...]:
        """The firm that decides for each plant, in the order of plants."""
        deciding = {firm.name: firm.decides for firm in reversed(self.firms)}
        return tuple(deciding.get(plant.firm, plant.firm) for plant in self.plants)

    @property
    def restartable_kt(self) -> tuple[float, ...]:
        """Idle capacity of each plant that availability lets run, kt/year, in the order of plants."""
        return tuple(plant.restartable_kt(self.availability_share) for plant in self.plants)

    @reads
    def with_vat(self, price_per_t: Annotated[float, Within(infinite=True, missing=True)]) -> float:
        """Return a price as it is quoted, with value-added tax; one that nothing reaches, or none, stays so."""
        return price_per_t * (1.0 + self.vat_rate)

    @reads
    def under(self, *events: Change | Policy | Agreement) -> Industry:
        """Return a copy with changes and policies applied and agreements recorded, in order.

        Raises:
            InputError: a path names no field, or selects no member; a field would get a value that it cannot have.
        """
        result = self
        policies: list[Policy] = []
        for event, *others in _together(events):
            if isinstance(event, JointCut):
                result = changed(result, agreements=(*result.agreements, event))
            elif isinstance(event, Change):
                result = _changed_at_once(result, event, *others) if others else _changed(result, event)
            else:
                policies.append(event)
                if effects := _effects(result, event):
                    result = changed(result, plants=_changed_each(result.plants, effects))
        return changed(result, policies=(*result.policies, *policies)) if policies else result


def policy_changes(industry: Industry, policy: Policy) -> tuple[Change, ...]:
    """Return the changes to plants that a policy makes; a state purchase changes no plant."""
    return tuple(
        Change(path=f"plant[{selector(plant.name)}].{field}", operation=operation, value=value)
        for plant, field, operation, value in _effects(industry, policy)
    )


def _effects(industry: Industry, policy: Policy) -> list[tuple[Plant, str, Operation, float]]:
    """Return what a policy does to each plant: the plant, its field, the operation, the value."""
    if isinstance(policy, StatePurchase):
        return []
    if isinstance(policy, PowerSubsidy):
        named = frozenset(policy.plants)
        known = dict.fromkeys(plant.name for plant in industry.plants)
        for name in policy.plants:
            one_of(f"policy {policy.name!r}, plants", name, known, "a plant")
        if not named and all(plant.government != policy.government for plant in industry.plants):
            found = f"government {policy.government!r} without a plant"
            hint = did_you_mean(policy.government, (plant.government for plant in industry.plants if plant.government))
            raise refuse(f"policy {policy.name!r}", found, "a government with plants, or plants=(...)", hint)
        return [
            (plant, "support_per_kwh", "add", policy.support_per_kwh)
            for plant in industry.plants
            if (plant.name in named if named else plant.government == policy.government)
        ]
    mine = [
        plant
        for plant in industry.plants
        if plant.firm == policy.firm and (not policy.government or plant.government == policy.government)
    ]
    running = sum(plant.running_kt for plant in mine)
    if running <= 0.0:
        found = f"firm {policy.firm!r}, which runs no plant in {policy.government or 'any province'}"
        raise refuse(f"policy {policy.name!r}", found, "a firm that runs one")
    effects: list[tuple[Plant, str, Operation, float]] = []
    for plant in mine:
        effects.append((plant, "lump_sum_m_per_year", "add", policy.money_m_per_year * plant.running_kt / running))
        effects.append((plant, "lump_sum_pro_rata", "set", float(policy.pro_rata)))
    return effects


_MEMBERS = {"plant": "plants", "government": "governments", "firm": "firms"}
_SUPPLY = {"supplier": "suppliers", "ore": "ore", "route": "routes"}


_NAMED = {"name", "firm", "government", "power_source"}  # no change moves these: who is meant stays who was


def _together(events: Iterable[_Event]) -> Iterator[list[_Event]]:
    """Yield events in order: changes in a row together where each moves another field of plants, others alone."""
    group: list[_Event] = []
    fields: set[tuple[str, str]] = set()
    for event in events:
        path = parse_path(event.path) if isinstance(event, Change) else Path(field="")
        free = path.noun == "plant" and {key for key, _ in path.where} <= _NAMED
        if group and not (free and fields and (path.product, path.field) not in fields):
            yield group
            group, fields = [], set()
        group.append(event)
        if free:
            fields.add((path.product, path.field))
    if group:
        yield group


def _changed_at_once(industry: Industry, *changes: Any) -> Industry:
    """Return an industry under changes that each move another field of plants: every plant is copied once."""
    plants, paths = industry.plants, [parse_path(change.path) for change in changes]
    try:
        meant = [[path.selects(plant) for plant in plants] for path in paths]
        if all(any(chosen) for chosen in meant):
            each = (list(compress(zip(paths, changes, strict=True), chosen)) for chosen in zip(*meant, strict=True))
            moved = (_moved(plant, mine) if mine else plant for plant, mine in zip(plants, each, strict=True))
            return changed(industry, plants=tuple(moved))
    except (InputError, AttributeError, TypeError, ValueError):
        pass
    for change in changes:  # one after the other, of which the first that is refused says why
        industry = _changed(industry, change)
    return industry


def _moved(plant: Plant, changes: list[tuple[Path, Change]]) -> Plant:
    own: dict[str, Any] = {}
    inputs: dict[str, dict[str, Any]] = {}
    for path, change in changes:
        old = getattr(plant.input(path.product) if path.product else plant, path.field)
        new = change.applied_to(float(old))
        fields = inputs.setdefault(path.product, {}) if path.product else own
        fields[path.field] = bool(new) if isinstance(old, bool) else new
    if inputs:
        each = (changed(item, **inputs[item.product]) if item.product in inputs else item for item in plant.inputs)
        own["inputs"] = tuple(each)
    return changed(plant, **own)


def _changed(industry: Industry, change: Change) -> Industry:
    path = parse_path(change.path)
    if not path.noun:
        return _set_dotted(industry, path.field.split("."), change)
    if path.noun in _SUPPLY:
        if industry.input_market is None:
            raise refuse(f"path {change.path!r}", "an industry without an input market", "one with `input_market`")
        part = _SUPPLY[path.noun]
        members = _changed_members(getattr(industry.input_market, part), path, change)
        return changed(industry, input_market=changed(industry.input_market, **{part: members}))
    attribute = _MEMBERS[path.noun]
    return changed(industry, **{attribute: _changed_members(getattr(industry, attribute), path, change)})


def _changed_members(members: tuple[Any, ...], path: Path, change: Change) -> tuple[Any, ...]:
    if not any(path.selects(member) for member in members):
        wanted = next((value for key, value in path.where if key == "name"), "")
        hint = did_you_mean(wanted, [member.name for member in members], f"There are {len(members)}")
        found = "a path that selects nothing"
        raise refuse(f"path {change.path!r}", found, f"a {path.noun} of the industry, or several", hint)
    return tuple(_changed_member(member, path, change) if path.selects(member) else member for member in members)


def _changed_each(
    plants: tuple[Plant, ...], effects: Iterable[tuple[Plant, str, Operation, float]]
) -> tuple[Plant, ...]:
    """Return plants under what a policy does to each: in one pass, however many they are."""
    fields: dict[str, dict[str, Any]] = {}
    for plant, field, operation, value in effects:
        new = getattr(plant, field) + value if operation == "add" else value
        fields.setdefault(plant.name, {})[field] = bool(new) if field == "lump_sum_pro_rata" else new
    return tuple(changed(plant, **fields[plant.name]) if plant.name in fields else plant for plant in plants)


def _changed_member(member: Any, path: Path, change: Change) -> Any:
    if not path.product:
        return _set_dotted(member, [path.field], change)
    if not any(item.product == path.product for item in member.inputs):
        hint = did_you_mean(path.product, [item.product for item in member.inputs], "Its inputs")
        found = f"no input {path.product!r} of plant {member.name!r}"
        raise refuse(f"path {change.path!r}", found, "an input of every plant selected", hint)
    inputs = tuple(
        _set_dotted(item, [path.field], change) if item.product == path.product else item for item in member.inputs
    )
    return changed(member, inputs=inputs)


def _set_dotted(noun: Any, names: list[str], change: Change) -> Any:
    where = f"path {change.path!r}"
    if not dataclasses.is_dataclass(noun) or isinstance(noun, type):
        raise refuse(where, f"nothing that has a {names[0]!r}", "a part that the industry has")
    fields: Mapping[str, object] = noun.__dataclass_fields__
    needed = f"a number of {a(type(noun).__name__)}"
    if names[0] not in fields:
        raise refuse(where, f"no field {names[0]!r}", needed, did_you_mean(names[0], fields, "Fields"))
    old = getattr(noun, names[0])
    if len(names) > 1:
        return changed(noun, **{names[0]: _set_dotted(old, names[1:], change)})
    if not isinstance(old, (int, float)):
        raise refuse(where, f"{names[0]!r}, which is not a number", needed)
    new = change.applied_to(float(old))
    return changed(noun, **{names[0]: bool(new) if isinstance(old, bool) else new})
