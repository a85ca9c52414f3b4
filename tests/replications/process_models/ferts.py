"""Egyptian fertilizer, static: five plants, twenty regions, nine fertilizers, no shipments of intermediates."""

from __future__ import annotations

from tests.replications.process_models.parts import places, process, products, supply, tables, use

from potline.industry.network import Activity, FixedDemand, Network, Route

PORT = "abu-kir"


def ferts() -> Network:
    """Write the model; a region and a plant of one name are two places, 1000 t and pounds."""
    data = tables("ferts")
    by_road = data["freight"]["road"]
    by_barge = data["freight"]["barge"]
    dollar, room = data["pounds_per_dollar"], data["utilization"] * data["kt_a_year_per_t_a_day"]

    def freight(distance: float, rate: list[float]) -> float:
        return rate[0] + rate[1] * distance if distance else 0.0

    activities: list[Activity] = []
    makes: set[tuple[str, str]] = set()
    for plant, units in data["capacity"].items():
        local = data["common_price"] | data["local_price"][plant]
        landing = sum(map(freight, data["landing"][plant], (by_barge, by_road)))
        needed: dict[str, None] = {}
        made: dict[str, None] = {}
        for name, tonnes_a_day in units.items():
            recipe = data["recipe"][name]
            needed |= dict.fromkeys(c for c, value in recipe.items() if value < 0.0)
            made |= dict.fromkeys(c for c, value in recipe.items() if value > 0.0)
            activities.append(process(f"{name} {plant}", plant, recipe, capacity_kt=room * tonnes_a_day))
        for c in needed:
            if c in local:
                activities.append(supply(c, plant, cost_per_t=local[c]))
            if c in data["import_price"]:
                activities.append(supply(c, plant, cost_per_t=dollar * data["import_price"][c] + landing))
        activities += [use(c, plant) for c in made]
        makes |= {(plant, c) for c in made}
    activities += [supply(c, PORT, cost_per_t=dollar * data["import_price"][c]) for c in data["final"]]
    makes |= {(PORT, c) for c in data["final"]}
    regions = list(data["consumption"])
    distance = {j: dict(zip(data["road"]["from"], data["road"][j], strict=True)) for j in regions}
    wanted = {
        (j, c): float(quantity)
        for j, row in data["consumption"].items()
        for c, quantity in zip(data["final"], row, strict=True)
        if quantity
    }
    return Network(
        name="ferts",
        products=products(activities),
        places=places(PORT, *data["capacity"], *(f"region {j}" for j in regions)),
        activities=tuple(activities),
        routes=tuple(
            Route(product=c, origin=i, destination=f"region {j}", freight_per_t=freight(distance[j][i], by_road))
            for i, c in sorted(makes)
            for j in regions
            if (j, c) in wanted
        ),
        demands=tuple(
            FixedDemand(product=c, place=f"region {j}", quantity_kt=quantity) for (j, c), quantity in wanted.items()
        ),
    )
