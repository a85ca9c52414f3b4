"""The industry: plants, firms, governments and the market they sell into, at one date."""

from __future__ import annotations

__all__ = ["Industry", "Project"]

import dataclasses
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Literal

from potline.equality import same_values
from potline.industry.chain import InputMarket
from potline.industry.change import Change, Path, parse_path
from potline.industry.deal import Agreement, JointCut
from potline.industry.market import Demand, PriceProcess, Trade
from potline.industry.people import Firm, Government
from potline.industry.plant import Plant
from potline.industry.policy import Policy, PowerSubsidy, StatePurchase


@dataclass(frozen=True, slots=True, kw_only=True)
class Project:
    """Capacity under construction, kt/year, not yet part of any plant.

    Examples:
        >>> Project(name="Xinjiang", government="Xinjiang", capacity_kt=1500.0).firm
        ''
    """

    name: str
    capacity_kt: float
    government: str = ""
    firm: str = ""
    start: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Industry:
    r"""An industry at one date, central values only, hashable.

    Attributes:
        price_per_t: observed price at the date, money/t without value-added tax.
        vat_rate: value-added tax, share; used to show prices as they are quoted.
        discount_rate: a year, continuous.
        demand: demand for the industry's product at the horizon asked about.
        own_inputs: inputs a firm makes itself are valued ``at_market`` or ``at_cost``.
        trade, process, alumina: import and export parity, law of the price, market of the shared input.
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

    name: str
    plants: tuple[Plant, ...]
    demand: Demand
    price_per_t: float = float("nan")
    firms: tuple[Firm, ...] = ()
    governments: tuple[Government, ...] = ()
    currency: str = "money"
    product: str = "product"
    date: str = ""
    vat_rate: float = 0.0
    discount_rate: float = 0.10
    own_inputs: Literal["at_market", "at_cost"] = "at_market"
    trade: Trade = Trade()
    process: PriceProcess | None = None
    alumina: InputMarket | None = None
    projects: tuple[Project, ...] = ()
    policies: tuple[Policy, ...] = ()
    agreements: tuple[Agreement, ...] = ()

    __eq__ = same_values

    def plant(self, name: str) -> Plant:
        """Return the plant of that name."""
        found = next((plant for plant in self.plants if plant.name == name), None)
        if found is None:
            raise KeyError(f"no plant {name!r}; plants: {', '.join(plant.name for plant in self.plants)}")
        return found

    def owner(self, firm: str) -> str:
        """Return the firm that decides for ``firm``."""
        return next((item.decides for item in self.firms if item.name == firm), firm)

    @property
    def owners(self) -> tuple[str, ...]:
        """The deciding owners of plants, in order of first appearance."""
        deciding = {firm.name: firm.decides for firm in reversed(self.firms)}
        return tuple(dict.fromkeys(deciding.get(plant.firm, plant.firm) for plant in self.plants))

    def with_vat(self, price_per_t: float) -> float:
        """Return a price as it is quoted, with value-added tax."""
        return price_per_t * (1.0 + self.vat_rate)

    def under(self, *events: Change | Policy | Agreement) -> Industry:
        """Return a copy with changes and policies applied and agreements recorded, in order.

        Raises:
            ValueError: a path names no field, or selects no member.
        """
        result = self
        for event in events:
            if isinstance(event, JointCut):
                result = dataclasses.replace(result, agreements=(*result.agreements, event))
            elif isinstance(event, Change):
                result = _changed(result, event)
            else:
                plants = _changed_each(result.plants, policy_changes(result, event))
                result = dataclasses.replace(result, plants=plants, policies=(*result.policies, event))
        return result


def policy_changes(industry: Industry, policy: Policy) -> tuple[Change, ...]:
    """Return the changes to plants that a policy makes; a state purchase changes no plant."""
    if isinstance(policy, StatePurchase):
        return ()
    if isinstance(policy, PowerSubsidy):
        named = frozenset(policy.plants)
        return tuple(
            Change(path=f"plant[{plant.name}].support_per_kwh", operation="add", value=policy.support_per_kwh)
            for plant in industry.plants
            if (plant.name in named if named else plant.government == policy.government)
        )
    mine = [
        plant
        for plant in industry.plants
        if plant.firm == policy.firm and (not policy.government or plant.government == policy.government)
    ]
    running = sum(plant.running_kt for plant in mine)
    if running <= 0.0:
        raise ValueError(
            f"policy {policy.name!r}: firm {policy.firm!r} runs no plant in {policy.government or 'any province'}"
        )
    return tuple(
        change
        for plant in mine
        for change in (
            Change(
                path=f"plant[{plant.name}].lump_sum_m_per_year",
                operation="add",
                value=policy.money_m_per_year * plant.running_kt / running,
            ),
            Change(path=f"plant[{plant.name}].lump_sum_pro_rata", value=float(policy.pro_rata)),
        )
    )


_MEMBERS = {"plant": "plants", "government": "governments", "firm": "firms"}
_SUPPLY = {"refinery": "refineries", "bauxite": "bauxite", "route": "routes"}


def _changed(industry: Industry, change: Change) -> Industry:
    path = parse_path(change.path)
    if not path.noun:
        return _set_dotted(industry, path.field.split("."), change)
    if path.noun in _SUPPLY:
        if industry.alumina is None:
            raise ValueError(f"path {change.path!r}: the industry has no input market")
        part = _SUPPLY[path.noun]
        changed = _changed_members(getattr(industry.alumina, part), path, change)
        return dataclasses.replace(industry, alumina=dataclasses.replace(industry.alumina, **{part: changed}))
    attribute = _MEMBERS[path.noun]
    return dataclasses.replace(industry, **{attribute: _changed_members(getattr(industry, attribute), path, change)})


def _changed_members(members: tuple[Any, ...], path: Path, change: Change) -> tuple[Any, ...]:
    if not any(path.selects(member) for member in members):
        names = ", ".join(member.name for member in members[:12])
        raise ValueError(
            f"path {change.path!r} selects nothing; there are {len(members)}: {names}{' ...' * (len(members) > 12)}"
        )
    return tuple(_changed_member(member, path, change) if path.selects(member) else member for member in members)


def _changed_each(plants: tuple[Plant, ...], changes: tuple[Change, ...]) -> tuple[Plant, ...]:
    """Return plants under changes that each name one of them: in one pass, however many they are."""
    changed = list(plants)
    places: dict[str, list[int]] = {}
    for place, plant in enumerate(plants):
        places.setdefault(plant.name, []).append(place)
    for change in changes:
        path = parse_path(change.path)
        for place in places[path.where[0][1]]:
            changed[place] = _changed_member(changed[place], path, change)
    return tuple(changed)


def _changed_member(member: Any, path: Path, change: Change) -> Any:
    if not path.product:
        return _set_dotted(member, [path.field], change)
    if not any(item.product == path.product for item in member.inputs):
        raise ValueError(f"path {change.path!r}: plant {member.name!r} has no input {path.product!r}")
    inputs = tuple(
        _set_dotted(item, [path.field], change) if item.product == path.product else item for item in member.inputs
    )
    return dataclasses.replace(member, inputs=inputs)


def _set_dotted(noun: Any, names: list[str], change: Change) -> Any:
    fields: Mapping[str, object] = getattr(noun, "__dataclass_fields__", {})
    if names[0] not in fields:
        raise ValueError(f"path {change.path!r}: no field {names[0]!r}; fields: {', '.join(fields) or 'none'}")
    old = getattr(noun, names[0])
    if len(names) > 1:
        return _replaced(noun, **{names[0]: _set_dotted(old, names[1:], change)})
    if not isinstance(old, (int, float)):
        raise ValueError(f"path {change.path!r}: {names[0]!r} is not a number")
    new = change.applied_to(float(old))
    return _replaced(noun, **{names[0]: bool(new) if isinstance(old, bool) else new})


def _replaced(noun: Any, **fields: Any) -> Any:
    return dataclasses.replace(noun, **fields)
