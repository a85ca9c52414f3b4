"""What is promised of Pythons is what the wheel is tried under (`make wheel`), and how one is looked for."""

from __future__ import annotations

import re
import sys
import tomllib

import pytest
from tests import installed

PROJECT = tomllib.loads((installed.ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]


def test_the_pythons_promised_are_those_the_wheel_is_tried_under():
    named = [line.rsplit(" ", 1)[1] for line in PROJECT["classifiers"] if re.search(r":: 3\.\d+$", line)]
    assert tuple(named) == installed.SUPPORTED
    first, last = installed.SUPPORTED[0], installed.SUPPORTED[-1]
    after = f"3.{int(last.split('.')[1]) + 1}"
    assert PROJECT["requires-python"] == f">={first},<{after}"
    looked_for = (installed.ROOT / "Makefile").read_text(encoding="utf-8")
    assert "CANDIDATES := python3 " + " ".join(f"python{name}" for name in reversed(installed.SUPPORTED)) in looked_for
    bounds = ", ".join(name.replace(".", ", ") for name in (first, last)).split(", ")
    assert f"({bounds[0]}, {bounds[1]}) <= sys.version_info[:2] <= ({bounds[2]}, {bounds[3]})" in looked_for


def test_the_lock_is_one_for_every_python_and_holds_what_the_project_asks_for():
    pinned = installed.pinned()
    lock = (installed.ROOT / "requirements" / "run.txt").read_text(encoding="utf-8")
    assert lock.count("==") == len(pinned)  # none stands for some Pythons alone
    asked = {re.split(r"[>=\[]", line)[0] for line in PROJECT["dependencies"]}
    assert asked <= set(pinned)


def test_this_python_is_found_and_one_that_is_none_is_not(monkeypatch):
    assert installed.found(installed.OWN) == sys.executable
    assert installed.found("3.99") is None
    monkeypatch.setenv("POTLINE_REDUCED", "1")
    assert installed.asked() == (installed.COSTS,)
    monkeypatch.delenv("POTLINE_REDUCED")
    assert installed.asked() == (installed.COSTS, installed.MEETING)


def test_a_command_that_fails_is_told_with_what_it_said():
    with pytest.raises(installed.subprocess.CalledProcessError) as caught:
        installed._told([sys.executable, "-c", "print('half'); raise SystemExit('no')"])
    assert "half" in caught.value.output
    assert "no" in caught.value.output
