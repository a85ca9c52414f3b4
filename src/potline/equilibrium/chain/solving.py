"""Solve the chain of an industry and attach the certificate."""

from __future__ import annotations

__all__ = ["chain"]

import dataclasses
from collections.abc import Mapping, Sequence
from typing import Literal

from potline.cases import Case
from potline.equilibrium.avoidable import avoidable_cost
from potline.equilibrium.chain.landing import landed_in
from potline.equilibrium.chain.network import chain_network
from potline.equilibrium.chain.result import ChainResult
from potline.equilibrium.chain.verify import verify_chain
from potline.equilibrium.chain.vertex import solve_at_vertex
from potline.equilibrium.concepts import Avoidable
from potline.equilibrium.network import NetworkEquilibrium, PriceIntervals, price_intervals
from potline.equilibrium.network.certificate import Accuracy
from potline.errors import CertificateFailed, InputError
from potline.industry import Industry
from potline.reading import Month, NonNegative, reads
from potline.verification import Checked, verify


@reads
def chain(
    case_or_industry: Case | Industry,
    *,
    avoidable: Avoidable | None = None,
    output_kt: Sequence[NonNegative] | None = None,
    input_price_per_t: Mapping[str, float] | None = None,
    landing: Month | Literal[""] = "",
    intervals: bool = True,
    start: NetworkEquilibrium | None = None,
) -> ChainResult:
    """Solve ore, input and product together, by province.

    Everybody takes prices. What the chain adds to :func:`potline.solve_input_market` is where things are:
    freight between provinces, ports, ore by source, and plants that answer the price of the input.

    Args:
        case_or_industry: with a market of the input; ore and routes where the case has them.
        avoidable: as in :func:`potline.solve`. Both move one for one with what a tonne's input costs, which is exact
            for cash cost and an approximation for the options.
        output_kt: output of each plant, kt/year, held.
        input_price_per_t: price of the input by province, held: what a cut does before the input answers.
        landing: a month ``YYYY-MM``; prices abroad are then those of ``lag_months`` of the routes before it, at the
            exchange rate of that month, from the series of the case. The case's own parity unless given.
        intervals: whether to find the interval of every price; without it each ends at the price itself.
        start: the equilibrium of a neighbouring question.

    Raises:
        InputError: no market of the input, or a chain that means nothing.
        Infeasible: a place cannot be supplied; says which.
        CertificateFailed: independent code rejects the answer.

    Examples:
        >>> from potline.industry import Input, InputMarket, LinearDemand, Plant, Supplier
        >>> ore = Input(product="coke", use_per_t=2.0, price_per_unit=2000.0)
        >>> small = Industry(name="small", demand=LinearDemand(price_per_t=9000.0, quantity_kt=50.0, elasticity=1.0),
        ...     plants=(Plant(name="A", firm="A", government="Henan", capacity_kt=50.0, inputs=(ore,)),),
        ...     input_market=InputMarket(product="coke", price_per_t=2000.0,
        ...                         suppliers=(Supplier(name="H", capacity_kt=160.0, cash_cost_per_t=1800.0),)))
        >>> answer = chain(small)
        >>> answer.place("everywhere").input_price_per_t, answer.status
        (1800.0, 'certified')
    """
    industry = case_or_industry.industry if isinstance(case_or_industry, Case) else case_or_industry
    if landing:
        if not isinstance(case_or_industry, Case):
            raise InputError("landing: found an industry; needed a case, whose series hold prices abroad by month.")
        industry = landed_in(case_or_industry, landing)
    costs = avoidable_cost(industry, avoidable)
    network = chain_network(industry, costs, output_kt=output_kt, input_price_per_t=input_price_per_t)
    solved = solve_at_vertex(network, start)
    point = PriceIntervals(low_per_t=solved.price_per_t, high_per_t=solved.price_per_t)
    ends = price_intervals(solved) if intervals else point
    result = ChainResult(
        industry=industry,
        avoidable=costs,
        equilibrium=solved,
        intervals=ends,
        intervals_found=intervals,
        certificate=Checked(()),
    )
    certificate = verify_chain(result, network=solved.certificate)
    if not certificate.holds:
        raise CertificateFailed(
            f"The chain of {industry.name!r} does not pass its check: {certificate.words}. Please report the case."
        )
    return dataclasses.replace(result, certificate=certificate)


@verify.register
@reads(name="verify")
def _(result: ChainResult, tolerance: Accuracy | None = None) -> Checked:
    return verify_chain(result, tolerance)
