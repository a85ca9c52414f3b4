"""Whether the state of a case holds at its price, at central values and over its stated ranges."""

from __future__ import annotations

__all__ = ["state"]

import dataclasses

import numpy as np
from numpy.typing import NDArray

from potline.agreement.checks.state import verify_state_share
from potline.agreement.table.draws import draw_case
from potline.cases import Case
from potline.choices import OnFailure
from potline.errors import CertificateFailed
from potline.reading import DrawsOrNone, Seed, reads
from potline.shutdown import ObservedState, StateShare, observed_state, terms_of, verify_state
from potline.verification import Checked, verify

Floats = NDArray[np.float64]


@reads
def state(case: Case, *, draws: DrawsOrNone = 0, seed: Seed = 7, check: OnFailure = OnFailure.RAISE) -> ObservedState:
    """Test the state of the lines that a case gives: what runs and stands idle, at the price of the date.

    Args:
        case: a case with a price.
        draws: for the share of draws in which some line is not explained, 0 for none; more need a meeting.
        seed: of draws.
        check: ``raise`` where the certificate fails, or ``report``.

    Raises:
        InputError: no price above 0, or no meeting where draws are asked for.
        CertificateFailed: separate code rejects the answer.

    Examples:
        >>> from potline.industry import Industry, LinearDemand, Plant
        >>> ten = Industry(
        ...     name="ten", price_per_t=620.0,
        ...     demand=LinearDemand(price_per_t=620.0, quantity_kt=850.0, elasticity=0.3),
        ...     plants=tuple(Plant(name=f"{k}", firm=f"{k}", capacity_kt=100.0, running_kt=85.0,
        ...                        other_cost_per_t=400.0 + 20.0 * k) for k in range(10)))
        >>> found = state(Case(name="ten", industry=ten))
        >>> found.below_restart_kt, found.not_explained_kt, found.lowest_per_t, found.highest_per_t
        (150.0, 0.0, 580.0, 400.0)
        >>> found.explained, found.certificate.holds
        (True, True)
    """
    result = observed_state(case.industry)
    if draws:
        result = dataclasses.replace(result, share=_share(case, draws, seed))
        result = dataclasses.replace(result, certificate=_verify(result))
    if check == OnFailure.RAISE and not result.certificate.holds:
        told = f"the state of {case.name!r} does not pass its check: {result.certificate.words}"
        raise CertificateFailed(f'{told}; ask with check="report" to see the answer all the same')
    return result


@verify.register
def _verify(result: ObservedState, tolerance: float | None = None) -> Checked:
    found = verify_state(result, tolerance or 1e-6)
    return (
        found if result.share is None else Checked((*found.checks, *verify_state_share(result.industry, result.share)))
    )


def _share(case: Case, draws: int, seed: int) -> StateShare:
    points = draw_case(case, draws, seed)
    terms = terms_of(points.compiled, points.term_years)
    running, idle = points.compiled.plant("running_kt"), points.compiled.restartable_kt()
    needs = terms.not_explained > 0.0
    kt = np.where(needs, running, 0.0).sum(axis=1)
    money = np.where(needs, running * terms.not_explained, 0.0).sum(axis=1)
    return StateShare(
        case=case,
        draws=kt.size,
        seed=seed,
        not_explained_kt=kt,
        not_explained_per_t=money / np.where(kt > 0.0, kt, 1.0),
        below_restart_kt=np.where(terms.restart_added > 0.0, idle, 0.0).sum(axis=1),
    )
