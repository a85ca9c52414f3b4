"""Mexican steel, small static: five mills, three markets, one import and one export point. Million t and dollars."""

from __future__ import annotations

from tests.replications.process_models.parts import places, process, products, supply, tables, use

from potline.industry.network import Activity, FixedDemand, Network, Route


def mexss() -> Network:
    """Write the model; each unit runs one process."""
    data = tables("mexss")
    activities: list[Activity] = []
    for mill, units in data["capacity"].items():
        for name, recipe in data["recipe"].items():
            if data["unit"][name] in units:
                room = units[data["unit"][name]]
                activities.append(process(f"{name} {mill}", mill, recipe, capacity_kt=room))
        activities += [supply(c, mill, cost_per_t=price) for c, price in data["price"].items()]
    price = data["steel_price"]
    activities += [
        supply("steel", "import", cost_per_t=float(price["import"])),
        use("steel", "export", cost_per_t=-float(price["export"]), capacity_kt=data["export_limit"]),
    ]
    by_tonne, by_km = data["freight"]
    routes = tuple(
        Route(product="steel", origin=i, destination=j, freight_per_t=by_tonne + by_km * km if km else 0.0)
        for i, row in data["rail"].items()
        for j, km in row.items()
    )
    wanted = data["demand"] * data["raw_steel_per_product"]
    return Network(
        name="mexss",
        products=products(activities),
        places=places(*data["capacity"], *data["share_of_demand"], "export", "import"),
        activities=tuple(activities),
        routes=routes,
        demands=tuple(
            FixedDemand(product="steel", place=j, quantity_kt=wanted * share)
            for j, share in data["share_of_demand"].items()
        ),
    )
