"""Completion by click's own scripts in bash, zsh and fish; what the doctor says of a machine that lacks something."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from click.testing import CliRunner

from potline.cli import command
from potline.report import health

POTLINE = Path(sys.executable).with_name("potline")
SHELLS = ("bash", "zsh", "fish")


def completed(shell, line):
    words = line.split(" ")
    at = {"COMP_WORDS": line, "COMP_CWORD": words[-1] if shell == "fish" else str(len(words) - 1)}
    env = {**os.environ, "_POTLINE_COMPLETE": f"{shell}_complete", **at}
    found = subprocess.run([POTLINE], env=env, capture_output=True, text=True, check=True, timeout=60)
    return found.stdout


@pytest.mark.parametrize("shell", SHELLS)
@pytest.mark.parametrize(
    ("line", "word"),
    [
        ("potline mee", "meeting"),
        ("potline do", "doctor"),
        ("potline costs --meas", "--measure"),
        ("potline costs --measure f", "full"),
        ("potline costs china-aluminium-2015", "china-aluminium-2015"),
    ],
)
def test_words_are_completed(shell, line, word):
    assert word in completed(shell, line)


@pytest.mark.parametrize("shell", SHELLS)
def test_each_shell_gets_its_script_and_takes_it(shell, tmp_path):
    env = {**os.environ, "_POTLINE_COMPLETE": f"{shell}_source"}
    found = subprocess.run([POTLINE], env=env, capture_output=True, text=True, check=True, timeout=60)
    assert f"_POTLINE_COMPLETE={shell}_complete" in found.stdout
    if shutil.which(shell) is None:
        return  # the script is looked at; nothing here can read it
    script = tmp_path / "script"
    script.write_text(found.stdout, encoding="utf-8")
    check = {"bash": f"source {script} && complete -p potline"}.get(shell, f"{shell} -n {script}")
    subprocess.run([shell, "-c", check], check=True, timeout=60, capture_output=True)


def test_the_page_names_the_line_of_each_shell():
    page = (Path(__file__).parents[2] / "docs" / "how-to" / "complete-commands.md").read_text(encoding="utf-8")
    assert all(f"_POTLINE_COMPLETE={shell}_source potline" in page for shell in SHELLS)


def test_a_machine_that_has_all_is_fine():
    told = CliRunner().invoke(command, ["doctor", "--json"])
    content = json.loads(told.output)
    assert (told.exit_code, content["ok"]) == (0, True)
    names = [row["name"] for row in content["findings"]]
    assert {"potline", "python", "numba", "nanoarrow", "cache", "scratch", "kernels", "fonts", "altair", "threads",
            "memory"} <= set(names)  # fmt: skip
    assert CliRunner().invoke(command, ["doctor", "--quiet"]).output == ""


def test_what_lacks_is_said_with_its_remedy(monkeypatch, tmp_path):
    closed = tmp_path / "file"
    closed.write_text("", encoding="utf-8")
    monkeypatch.setattr(health, "find_spec", lambda _: None)
    monkeypatch.setenv("NUMBA_NUM_THREADS", "99999")
    monkeypatch.setenv("NUMBA_CACHE_DIR", str(closed / "inside"))
    monkeypatch.setattr(health, "_free_mb", lambda: 100)
    told = CliRunner().invoke(command, ["doctor"])
    lines = told.output.splitlines()
    assert told.exit_code == 2
    assert "none   polars: not installed. Write `pip install 'potline[frames]'`." in lines
    assert "none   memory: 100 MB free. The largest shipped case takes 500 MB; close something." in lines
    assert any(
        line.startswith("none   cache: ") and "set NUMBA_CACHE_DIR to a folder of yours" in line for line in lines
    )
    assert any(line.startswith("lacks  threads: 99999 of ") and "or unset it." in line for line in lines)
