"""A paper maker: four grades share the hours of three machines. Tonnes and dollars."""

from __future__ import annotations

from tests.replications.process_models.parts import places, process, products, supply, tables

from potline.industry.network import Activity, FixedDemand, Network

MILL = "mill"


def ajax() -> Network:
    """Write the model; what the fixed orders pay is :func:`revenue` and not part of the program."""
    data = tables("ajax")
    hours = {machine: f"hours of {machine}" for machine in data["machine"]}
    activities: list[Activity] = [
        supply(hours[machine], MILL, capacity_kt=float(available)) for machine, available in data["machine"].items()
    ]
    for grade, row in data["grade"].items():
        for machine, rate, cost in zip(hours, row["rate"], row["cost"], strict=True):
            recipe = {grade: 1.0, hours[machine]: -1.0 / rate}
            activities.append(process(f"{grade} on {machine}", MILL, recipe, cost_per_t=float(cost)))
    return Network(
        name="ajax",
        products=products(activities),
        places=places(MILL),
        activities=tuple(activities),
        demands=tuple(
            FixedDemand(product=grade, place=MILL, quantity_kt=float(row["demand"]))
            for grade, row in data["grade"].items()
        ),
    )


def revenue() -> float:
    """Return what the fixed orders pay."""
    return float(sum(row["demand"] * row["price"] for row in tables("ajax")["grade"].values()))
