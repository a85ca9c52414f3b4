"""Slopes of the conditions against differences, with and without foresight."""

from __future__ import annotations

import numpy as np
import pytest
from tests.equilibrium.network.networks import bent, power

from potline.equilibrium.concepts import Competitive, Cournot
from potline.equilibrium.network import compile_network, solve_network
from potline.equilibrium.network.conditions import Conditions, scale_of
from potline.equilibrium.network.foreseeing import Settled
from potline.equilibrium.network.foresight import foresight_at
from potline.numerics.complementarity.certificate import check_jacobian


@pytest.mark.parametrize("seed", [3, 8, 9])
@pytest.mark.parametrize("concept", [Competitive(), Cournot()])
def test_slopes_are_those_of_the_conditions(seed, concept):
    compiled = compile_network(bent(seed), concept, "metal")
    rng = np.random.default_rng(seed)
    x, price = rng.uniform(0.5, 3.0, compiled.linear.size), rng.uniform(1.0, 30.0, compiled.right.size)
    flow, money = scale_of(compiled, x, price)
    problem, _, _ = Conditions(compiled, money, flow).problem()
    assert check_jacobian(problem.evaluate, problem.jacobian, np.concatenate((x / flow, price / money))) <= 1e-7


def test_foresight_answers_as_its_own_slopes_say():
    network, concept = power(5)
    result = solve_network(network, concept)
    compiled = compile_network(network, concept)
    x, price = result.answer.x, result.answer.price
    flow, money = scale_of(compiled, x, price)
    busy = np.flatnonzero((compiled.kind == 0) & (x > 0.1))[-2:]
    assert isinstance(result.answer.basis, Settled)
    (stage,) = foresight_at(compiled, x, busy, money, flow, 0.0 * result.answer.basis.answers)
    for bend in (np.zeros(2), np.array([0.3, 0.9])):
        answer, left, right = stage.answers(bend)
        for j in range(2):
            step = np.zeros(2)
            step[j] = 1e-6
            measured = (stage.answers(bend + step)[0] - answer) / 1e-6
            assert measured == pytest.approx(np.outer(left[:, j], right[j]), rel=1e-4, abs=1e-8)
    # Stiffer buyers take what comes at a lower price, and never at a higher one.
    soft, hard = stage.answers(np.zeros(2))[0], stage.answers(np.ones(2))[0]
    assert np.linalg.eigvalsh(soft - hard + (soft - hard).T)[0] >= -1e-9
