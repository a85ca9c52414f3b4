"""A Cournot equilibrium in whole lines, with the question it answers."""

from __future__ import annotations

__all__ = ["LinesEquilibrium"]

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from potline._version import __version__
from potline.equilibrium.concepts import Avoidable
from potline.industry import Industry
from potline.showing import Shown
from potline.verification import Checked

Floats = NDArray[np.float64]


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class LinesEquilibrium(Shown):
    """The equilibrium that maximises the potential, with the question it answers.

    Attributes:
        price_per_t: money/t.
        output_kt: of each plant, shape (plants,).
        owner_output_kt, owner_profit_m: of each owner, shape (owners,); profit at cash cost, million a year.
        equilibria: how many equilibria there are, in owners' total outputs.
        gain: largest unilateral gain at avoidable cost over every choice of every owner, relative to revenue.
        certificate: what independent code found.
    """

    industry: Industry
    avoidable: Avoidable
    unit_kt: float
    price_per_t: float
    output_kt: Floats
    owner_output_kt: Floats
    owner_profit_m: Floats
    equilibria: int
    gain: float
    certificate: Checked
    version: str = __version__
