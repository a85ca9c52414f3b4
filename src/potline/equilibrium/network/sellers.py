"""Who sells with market power at which products of the chain, and where their goods can go."""

from __future__ import annotations

__all__ = ["Sellers", "sellers_of"]

from collections.abc import Iterable
from dataclasses import dataclass

from potline.equilibrium.concepts import (
    Cartel,
    Competitive,
    Concept,
    Conjectural,
    Cournot,
    Leader,
    NetworkConcept,
    Stage,
    Successive,
)
from potline.errors import InputError, Problem
from potline.industry.network import Activity, FixedDemand, IsoelasticLocalDemand, Network
from potline.reading import found_as, refuse, unique


@dataclass(frozen=True, slots=True, kw_only=True)
class Sellers:
    """Sellers with market power at the products ``stages``, upstream first.

    Attributes:
        falls: of each stage, how fast sellers believe their price falls; None where they foresee it.
        derived: stages that activities take as inputs.
        shared: stages that price takers bring to market as well.
        names, product, theta: each seller, what it sells and its conduct, above 0.
        members: owners that each decides for.
        reach: places each seller's goods can come to.

    Examples:
        >>> Sellers().names
        ()
    """

    stages: tuple[str, ...] = ()
    falls: tuple[float | None, ...] = ()
    derived: tuple[str, ...] = ()
    shared: tuple[str, ...] = ()
    names: tuple[str, ...] = ()
    product: tuple[str, ...] = ()
    theta: tuple[float, ...] = ()
    members: tuple[tuple[str, ...], ...] = ()
    reach: tuple[tuple[str, ...], ...] = ()

    def layer(self, activity: Activity, product: str) -> int:
        """Return the seller whose goods an activity's output is, counted from 1; 0 for price takers."""
        own = (
            k
            for k, owners in enumerate(self.members, start=1)
            if self.product[k - 1] == product and activity.decides in owners
        )
        return next(own, 0)


def sellers_of(network: Network, concept: NetworkConcept, stage: str = "") -> Sellers:
    """Say who sells with market power, and check that buyers' demand can carry it.

    Raises:
        InputError: a stage is not clear, is bought by nobody or in fixed quantity, or by the seller itself; the concept
            names nobody; no output of a seller is best because demand is too little elastic.

    Examples:
        >>> sellers_of(Network(name="empty", products=(), places=()), Competitive()).stages
        ()
    """
    if isinstance(concept, Competitive):
        return Sellers()
    if isinstance(concept, Leader):
        needed = "Competitive, Cournot, Conjectural, Cartel or Successive on a network"
        raise InputError([Problem(where="concept", found="Leader", needed=needed)])
    stages = concept.stages if isinstance(concept, Successive) else (_only(network, concept, stage),)
    problems = [problem for item in stages for problem in _unsold(network, item)]
    names = [item.product for item in stages]
    problems += [
        Problem(where=f"stage {name!r}", found=f"{names.count(name)} of that product", needed="one")
        for name in dict.fromkeys(names)
        if names.count(name) > 1
    ]
    if problems:
        raise InputError(problems)
    parts = [part for part in (_stage(network, item) for item in stages) if part.names]
    joined = Sellers(
        stages=tuple(name for part in parts for name in part.stages),
        falls=tuple(fall for part in parts for fall in part.falls),
        derived=tuple(name for part in parts for name in part.derived),
        shared=tuple(name for part in parts for name in part.shared),
        names=tuple(name for part in parts for name in part.names),
        product=tuple(name for part in parts for name in part.product),
        theta=tuple(theta for part in parts for theta in part.theta),
        members=tuple(owners for part in parts for owners in part.members),
        reach=tuple(places for part in parts for places in part.reach),
    )
    problems = [*_integrated(network, joined), *_too_little_elastic(network, joined)]
    if problems:
        raise InputError(problems)
    return joined


def _only(network: Network, concept: Concept, stage: str) -> Stage:
    """Return the one stage of a concept that names none."""
    sold = _sold(network)
    product = stage or (sold[0] if len(sold) == 1 else "")
    if not product:
        found = f"{len(sold)} products with demand that answers the price ({', '.join(sold)})"
        needed = "one product, where market power sits"
        hint = f"Pass stage= one of: {', '.join(item.name for item in network.products)}."
        raise InputError([Problem(where="stage", found=found, needed=needed, hint=hint)])
    assert not isinstance(concept, Leader)
    return Stage(product=product, concept=concept)


def _sold(network: Network) -> list[str]:
    """Return the products with final demand that answers the price."""
    return list(dict.fromkeys(item.product for item in network.demands if not isinstance(item, FixedDemand)))


def _used(network: Network) -> list[str]:
    """Return the products that activities take."""
    return list(dict.fromkeys(amount.product for item in network.activities for amount in item.inputs))


def _unsold(network: Network, stage: Stage) -> Iterable[Problem]:
    product, bought = stage.product, list(dict.fromkeys((*_sold(network), *_used(network))))
    if product not in bought:
        hint = f"There are: {', '.join(bought) or 'none'}."
        needed = "a product that activities take or that has demand which answers the price"
        yield Problem(where="stage", found=repr(product), needed=needed, hint=hint)
    for item in network.demands:
        if item.product == product and isinstance(item, FixedDemand):
            yield Problem(
                where=f"demand for {item.product!r} at {item.place!r}",
                found="a fixed quantity",
                needed="demand that answers the price where sellers have market power: against a fixed quantity no "
                "price is high enough",
            )


def _stage(network: Network, stage: Stage) -> Sellers:
    """Return the sellers of one stage."""
    product = stage.product
    makers = {
        owner: [item for item in network.activities if item.decides == owner and _makes(item, product)]
        for owner in network.owners
    }
    owners = [owner for owner, items in makers.items() if items]
    _check_conducts(stage.concept, owners)
    strategic = [group for group in _groups(stage.concept, owners) if group[1] > 0.0]
    held = {owner for _, _, members in strategic for owner in members}
    shared = any(owner not in held for owner in owners) or bool(_in_hand(network, product))
    return Sellers(
        stages=(product,),
        falls=(stage.price_fall_per_kt,),
        derived=(product,) if product in _used(network) else (),
        shared=(product,) if shared else (),
        names=tuple(name for name, _, _ in strategic),
        product=(product,) * len(strategic),
        theta=tuple(theta for _, theta, _ in strategic),
        members=tuple(members for _, _, members in strategic),
        reach=tuple(
            _reach(network, product, [item.place for owner in members for item in makers[owner]])
            for _, _, members in strategic
        ),
    )


def _check_conducts(concept: Concept, owners: list[str]) -> None:
    """Refuse conduct of somebody who makes none of the product, or stated twice: it would have no effect."""
    stated = concept.fringe if isinstance(concept, Cartel) else concept
    if not isinstance(stated, Conjectural) or not isinstance(stated.theta, tuple):
        return
    names = [name for name, _ in stated.theta]
    problems = list(unique("owner", "concept, theta", names))
    if missing := [name for name in names if name not in owners]:
        needed = f"owners of activities that make the product: {', '.join(owners)}"
        problems.append(Problem(where="concept, theta", found=", ".join(map(repr, missing)), needed=needed))
    if problems:
        raise InputError(problems)


def _in_hand(network: Network, product: str) -> list[str]:
    """Return the places where price takers have a product from before, or must have it at the end."""
    stocks = (item for item in network.stocks if item.product == product)
    routes = (item for item in network.routes if item.product == product and item.afloat_kt > 0.0)
    return [
        *(item.place for item in stocks if item.opening_kt + item.closing_kt > 0.0),
        *(item.destination for item in routes),
    ]


def _integrated(network: Network, sellers: Sellers) -> Iterable[Problem]:
    for name, product, members in zip(sellers.names, sellers.product, sellers.members, strict=True):
        for item in network.activities:
            if item.decides in members and any(amount.product == product for amount in item.inputs):
                yield Problem(
                    where=f"activity {item.name!r}",
                    found=f"{product!r} as an input of its seller {name!r}",
                    needed="sellers with market power that do not use what they sell: inside one firm no mark-up is "
                    "paid",
                    hint="Give the activity another owner if it pays the market price.",
                )


def _too_little_elastic(network: Network, sellers: Sellers) -> Iterable[Problem]:
    """Look for markets of constant elasticity where every seller gains by selling less, however little is sold."""
    for item in network.demands:
        if not isinstance(item, IsoelasticLocalDemand) or item.product not in sellers.stages:
            continue
        if item.product in sellers.shared:
            mine = {owner for k, owners in enumerate(sellers.members) if sellers.product[k] == item.product
                    for owner in owners}  # fmt: skip
            others = [act.place for act in network.activities if act.decides not in mine and _makes(act, item.product)]
            if item.place in _reach(network, item.product, [*others, *_in_hand(network, item.product)]):
                continue
        here = [
            k for k, product in enumerate(sellers.product) if product == item.product and item.place in sellers.reach[k]
        ]
        spread = sum(1.0 / sellers.theta[k] for k in here)
        if here and item.elasticity * spread <= 1.0:
            names = ", ".join(repr(sellers.names[k]) for k in here)
            yield Problem(
                where=f"demand for {item.product!r} at {item.place!r}",
                found=f"elasticity {item.elasticity:g} where only {names} can sell",
                needed=f"above {1.0 / spread:g}, conduct over the number of sellers: below it each earns more by "
                "selling less, so that no output is best",
                hint="Give a higher elasticity, or price takers (imports) that limit the price.",
            )


def _makes(activity: Activity, product: str) -> bool:
    return any(amount.product == product for amount in activity.outputs)


def _groups(concept: Concept, owners: list[str]) -> list[tuple[str, float, tuple[str, ...]]]:
    if isinstance(concept, Cartel):
        missing = [name for name in concept.members if name not in owners]
        if missing or not concept.members:
            raise InputError(
                [
                    Problem(
                        where="concept, cartel members",
                        found=", ".join(map(repr, missing)) or "none",
                        needed=f"owners of activities that make the product: {', '.join(owners)}",
                    )
                ]
            )
        rest = [owner for owner in owners if owner not in concept.members]
        return [(concept.name, 1.0, concept.members), *_groups(concept.fringe, rest)]
    if isinstance(concept, Cournot):
        return [(owner, 1.0, (owner,)) for owner in owners]
    if isinstance(concept, Conjectural):
        return [(owner, concept.of(owner), (owner,)) for owner in owners]
    if isinstance(concept, Competitive):
        return [(owner, 0.0, (owner,)) for owner in owners]
    raise refuse(
        "concept", found_as(concept), "Competitive(), Cournot(), Conjectural(theta=...) or Cartel(members=...)"
    )


def _reach(network: Network, product: str, starts: list[str]) -> tuple[str, ...]:
    """Return the places that routes of a product lead to from some places, those included."""
    onward: dict[str, list[str]] = {}
    for route in network.routes:
        if route.product == product:
            onward.setdefault(route.origin, []).append(route.destination)
    seen = list(dict.fromkeys(starts))
    for place in seen:
        seen += [other for other in dict.fromkeys(onward.get(place, ())) if other not in seen]
    return tuple(seen)
