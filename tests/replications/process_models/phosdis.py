"""Sea distances: one ship from each source to every other port by the shortest way, a product for each source."""

from __future__ import annotations

from tests.replications.process_models.parts import places, supply, tables

from potline.industry.network import FixedDemand, Network, Product, Route


def sea() -> dict[tuple[str, str], float]:
    """Return the distance of each arc, both ways."""
    table = tables("phosdis")["distance"]
    there = {(a, b): float(miles) for a, row in table.items() for b, miles in row.items()}
    return there | {(b, a): miles for (a, b), miles in there.items()}


def phosdis() -> Network:
    """Write the last of the seven programs."""
    sources = tables("phosdis")["round"]
    arcs = sea()
    ports = list(dict.fromkeys(port for pair in arcs for port in pair))
    return Network(
        name="phosdis",
        products=tuple(Product(name=f"ship from {source}", unit="ships") for source in sources),
        places=places(*ports),
        activities=tuple(supply(f"ship from {source}", source) for source in sources),
        routes=tuple(
            Route(product=f"ship from {source}", origin=a, destination=b, freight_per_t=miles)
            for source in sources
            for (a, b), miles in arcs.items()
        ),
        demands=tuple(
            FixedDemand(product=f"ship from {source}", place=port, quantity_kt=1.0)
            for source in sources
            for port in ports
            if port != source
        ),
    )
