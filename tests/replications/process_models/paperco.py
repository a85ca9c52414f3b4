"""A vertically integrated paper company: logs, two woods, two pulps that are also traded, three papers."""

from __future__ import annotations

from tests.replications.process_models.parts import places, process, products, supply, tables, use

from potline.industry.network import Activity, FixedDemand, Network, Route

YARD = "yard"


def paperco() -> Network:
    """Write the model; what the least sales pay is :func:`least_revenue` and not part of the program."""
    data = tables("paperco")
    woods, pulps, papers = data["wood"], data["pulp"], data["paper"]
    activities: list[Activity] = [supply("logs", YARD, cost_per_t=float(data["log_price"]))]
    activities += [
        process(f"making {wood}", YARD, {"logs": -1.0 / data["wood_from_logs"], wood: 1.0}, cost_per_t=float(cost))
        for wood, cost in woods.items()
    ]
    for pulp, row in pulps.items():
        activities += [
            process(f"making {pulp}", pulp, {pulp: 1.0} | {wood: -row[wood] for wood in woods}),
            supply(pulp, pulp, cost_per_t=float(row["price"]), capacity_kt=float(row["most_bought"])),
            use(pulp, pulp, cost_per_t=-float(row["price"]), capacity_kt=float(row["most_sold"])),
        ]
    for paper, row in papers.items():
        activities += [
            process(f"making {paper}", paper, {paper: 1.0} | {pulp: -row[pulp] for pulp in pulps}),
            use(paper, paper, cost_per_t=-float(row["price"]), capacity_kt=float(row["most"] - row["least"])),
        ]
    return Network(
        name="paperco",
        products=products(activities),
        places=places(YARD, *pulps, *papers),
        activities=tuple(activities),
        routes=(
            *(
                Route(product=wood, origin=YARD, destination=pulp, freight_per_t=float(row["wood_freight"]))
                for wood in woods
                for pulp, row in pulps.items()
            ),
            *(
                Route(product=pulp, origin=pulp, destination=paper, freight_per_t=float(cost))
                for paper, row in papers.items()
                for pulp, cost in zip(pulps, row["freight"], strict=True)
            ),
        ),
        demands=tuple(
            FixedDemand(product=paper, place=paper, quantity_kt=float(row["least"])) for paper, row in papers.items()
        ),
    )


def least_revenue() -> float:
    """Return what the least sales pay."""
    return float(sum(row["least"] * row["price"] for row in tables("paperco")["paper"].values()))
