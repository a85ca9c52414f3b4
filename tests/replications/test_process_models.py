"""Classic process and sector models, written as networks from their tables, reach their published optima."""

from __future__ import annotations

import csv
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
import pytest
from scipy import sparse
from scipy.sparse.csgraph import dijkstra
from tests.replications.process_models.ajax import ajax, revenue
from tests.replications.process_models.egypt import constant, egypt
from tests.replications.process_models.ferts import ferts
from tests.replications.process_models.indus import indus
from tests.replications.process_models.mexls import mexls
from tests.replications.process_models.mexss import mexss
from tests.replications.process_models.nebrazil import least_worth, nebrazil
from tests.replications.process_models.paperco import least_revenue, paperco
from tests.replications.process_models.parts import TABLES
from tests.replications.process_models.phosdis import phosdis, sea
from tests.replications.process_models.turkpow import turkpow

from potline.equilibrium import solve, verify
from potline.industry.network import Network


@dataclass(frozen=True)
class Model:
    """How a model is written, what its optimum is counted in, and what the program leaves out because it is fixed."""

    write: Callable[[], Network]
    unit: float = 1.0
    fixed: Callable[[], float] = lambda: 0.0
    tolerance: float = 1e-9


MODELS = {
    "mexss": Model(mexss),
    "mexls": Model(mexls, 1000.0),
    "ferts": Model(ferts),
    "phosdis": Model(phosdis),
    "turkpow": Model(turkpow),
    "paperco": Model(paperco, fixed=least_revenue),
    "ajax": Model(ajax, fixed=revenue),
    "indus": Model(indus, 1000.0, tolerance=3e-9),
    "nebrazil": Model(nebrazil, 1000.0, least_worth),
    "egypt": Model(egypt, fixed=constant),
}
with (TABLES / "reference_optima.csv").open(encoding="utf-8") as file:
    REFERENCE = {row["model"]: row for row in csv.DictReader(file)}


def test_every_linear_model_is_written() -> None:
    assert len(REFERENCE) == 18
    assert {name for name, row in REFERENCE.items() if row["type"] == "LP"} == MODELS.keys()


@pytest.mark.parametrize("name", MODELS)
def test_optimum(name: str) -> None:
    model, row = MODELS[name], REFERENCE[name]
    result = solve(model.write())
    assert verify(result).holds
    surplus = (1000.0 * result.potential_m + model.fixed()) / model.unit
    optimum = surplus if row["sense"] == "max" else -surplus
    assert optimum == pytest.approx(float(row["objective"]), rel=model.tolerance, abs=0.0)


def test_phosdis_prices_are_the_shortest_distances() -> None:
    result = solve(phosdis())
    ports = [place.name for place in result.network.places]
    miles = np.zeros((len(ports), len(ports)))
    for (a, b), distance in sea().items():
        miles[ports.index(a), ports.index(b)] = distance
    sources = [activity.place for activity in result.network.activities]
    shortest = dijkstra(sparse.csr_array(miles), indices=[ports.index(source) for source in sources])
    assert result.answer.method == "flow"
    assert result.price_per_t[:, :, 0].tolist() == shortest.tolist()
