"""One starter case, answered and run once for all tests of the report."""

from __future__ import annotations

from pathlib import Path

import pytest

from potline.answers import Answers
from potline.cases import Case, load, new
from potline.questions.verbs import run
from potline.report.running import RunResult

DRAWS = 8


@pytest.fixture(scope="session")
def starter(tmp_path_factory: pytest.TempPathFactory) -> Case:
    folder = tmp_path_factory.mktemp("cases") / "starter"
    new(folder)
    return load(folder)


@pytest.fixture(scope="session")
def answers(starter: Case) -> Answers:
    return Answers(starter, draws=DRAWS, spread_draws=8)


@pytest.fixture(scope="session")
def finished(starter: Case, tmp_path_factory: pytest.TempPathFactory) -> RunResult:
    return run(starter, draws=DRAWS, out=tmp_path_factory.mktemp("runs") / "first")


@pytest.fixture(scope="session")
def page(finished: RunResult) -> str:
    return Path(finished.brief).read_text(encoding="utf-8")
