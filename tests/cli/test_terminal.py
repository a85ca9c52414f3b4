"""What stands between an answer and a terminal: encodings, closed pipes, hostile text, warnings in one line."""

from __future__ import annotations

import contextlib
import io
import json
import os
import shlex
import signal
import subprocess
import sys
import time
import warnings
from collections.abc import Callable
from pathlib import Path

import pytest

from potline.cases import Case, new
from potline.cli.printing import answered
from potline.cli.terminal import echo_json, say, terminal
from potline.industry import Industry, LinearDemand
from potline.plausibility import CaseWarning
from potline.report.table import Column, Table

CASE = Case(
    name="one",
    industry=Industry(name="one", plants=(), demand=LinearDemand(price_per_t=1.0, quantity_kt=1.0, elasticity=1.0)),
)
COMMAND = [sys.executable, "-m", "potline"]
HOSTILE = "[/b] [sic] \x1b]0;title\x07\x1b[31mred\x1b[0m \x02\u202e:smile: 铝"


@pytest.fixture
def starter(tmp_path: Path) -> Path:
    folder = tmp_path / "starter"
    new(folder)
    return folder


def written(monkeypatch: pytest.MonkeyPatch, encoding: str, say_it: Callable[[], None]) -> bytes:
    """Return the bytes that reach an output stream of an encoding."""
    held = io.BytesIO()
    with monkeypatch.context() as patched:
        patched.setattr(sys, "stdout", io.TextIOWrapper(held, encoding=encoding))
        with terminal():
            say_it()
        return held.getvalue()


@pytest.mark.parametrize(
    ("encoding", "expected"),
    [("utf-8", "−3 … ≥ é 铝"), ("cp1252", "-3 … >= é ??"), ("gbk", "-3 … ≥ é 铝"), ("ascii", "-3 ... >= e ??")],
)
def test_a_stream_gets_the_nearest_characters_it_holds(
    monkeypatch: pytest.MonkeyPatch, encoding: str, expected: str
) -> None:
    assert written(monkeypatch, encoding, lambda: say("−3 … ≥ é 铝")) == f"{expected}\n".encode(encoding)


@pytest.mark.parametrize("encoding", ["utf-8", "cp1252", "gbk", "ascii"])
def test_json_is_whole_in_every_encoding(monkeypatch: pytest.MonkeyPatch, encoding: str) -> None:
    content = {"name": "−3 铝 😀 é"}
    text = written(monkeypatch, encoding, lambda: echo_json(json.dumps(content, ensure_ascii=False)))
    assert json.loads(text.decode(encoding)) == content


@pytest.mark.parametrize("encoding", ["cp1252", "gbk", "ascii"])
def test_a_command_answers_on_a_legacy_console(starter: Path, encoding: str) -> None:
    environment = {**os.environ, "PYTHONIOENCODING": encoding}
    done = subprocess.run([*COMMAND, "costs", starter], capture_output=True, env=environment, timeout=120)
    assert (done.returncode, done.stderr) == (0, b"")
    text = done.stdout.decode(encoding)
    assert "-" in text
    assert "?" not in text


def test_a_pipe_that_closes_ends_quietly(starter: Path) -> None:
    for arguments in (["costs", starter, "--rows", "500"], ["costs", starter, "-q"], ["costs", starter, "--json"]):
        with subprocess.Popen([*COMMAND, *arguments], stdout=subprocess.PIPE, stderr=subprocess.PIPE) as process:
            assert process.stdout is not None
            assert process.stderr is not None
            process.stdout.close()
            assert process.stderr.read() == b""
        assert process.returncode == 0


@pytest.mark.parametrize(
    ("arguments", "code"),
    [(["--help"], 0), (["--version"], 0), (["costs", "--help"], 0), ([], 2), (["nonsense"], 2), (["check", "nil"], 2)],
)
def test_help_and_refusals_that_nobody_reads_end_quietly(tmp_path: Path, arguments: list[str], code: int) -> None:
    read, write = os.pipe()
    os.close(read)
    done = subprocess.run([*COMMAND, *arguments], stdout=write, stderr=write, cwd=tmp_path, timeout=120)
    os.close(write)
    assert done.returncode == code


def test_a_file_gets_the_verdict_while_a_terminal_shows_progress(starter: Path, tmp_path: Path) -> None:
    """The error stream is a terminal, the output a file: what is said during progress belongs to the file."""
    import pty

    keeper, terminal_end = pty.openpty()
    said = tmp_path / "said.txt"
    command = [*COMMAND, "run", str(starter), "--draws", "64", "--out", str(tmp_path / "run")]
    with said.open("wb") as file, subprocess.Popen(command, stdout=file, stderr=terminal_end) as process:
        os.close(terminal_end)
        shown = b""
        with contextlib.suppress(OSError):  # the terminal's end is an error of its reader, not an empty read
            while piece := os.read(keeper, 65536):
                shown += piece
        assert process.wait(timeout=120) == 0
    os.close(keeper)
    lines = said.read_text(encoding="utf-8").splitlines()
    assert lines[-1] == f"Brief: {tmp_path / 'run' / 'brief.html'}"
    verdicts = [line for line in lines[:-1] if "agree" in line]
    assert verdicts
    assert not any(line[:20].encode() in shown for line in verdicts)  # the name of a figure being drawn may be there
    assert b"\x1b[" in shown
    assert all("\x1b" not in line for line in lines)


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="this system has no device that is always full")
@pytest.mark.parametrize("unbuffered", ["", "1"])
def test_a_full_disk_behind_the_output_is_one_line(starter: Path, unbuffered: str) -> None:
    with open("/dev/full", "wb") as full:
        done = subprocess.run(
            [*COMMAND, "costs", starter, "-q"],
            stdout=full,
            stderr=subprocess.PIPE,
            text=True,
            timeout=120,
            env={**os.environ, "PYTHONUNBUFFERED": unbuffered},
        )
    assert done.returncode == 2
    assert done.stderr == "output: found No space left on device; needed a place that can be read and written.\n"


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="this system has no device that is always full")
@pytest.mark.parametrize("arguments", [["--help"], ["--version"], ["run", "--help"], ["cases"]])
def test_a_full_disk_behind_a_help_is_one_line(arguments: list[str]) -> None:
    with open("/dev/full", "wb") as full:
        done = subprocess.run([*COMMAND, *arguments], stdout=full, stderr=subprocess.PIPE, text=True, timeout=120)
    assert done.returncode == 2
    assert done.stderr == "output: found No space left on device; needed a place that can be read and written.\n"


@pytest.mark.skipif(sys.platform == "win32", reason="a shell closes the streams")
@pytest.mark.parametrize("closed", [">&-", "2>&-", ">&- 2>&-", "<&- >&- 2>&-"])
def test_a_stream_that_was_closed_before_is_one_that_nobody_reads(starter: Path, closed: str) -> None:
    for arguments, code in (("costs", 0), ("costs --json", 0), ("costs --rows 0", 2)):
        line = f"{shlex.join([*COMMAND, *arguments.split(), str(starter)])} {closed}"
        done = subprocess.run(["sh", "-c", line], capture_output=True, text=True, timeout=120)
        assert (done.returncode, "Traceback" in done.stderr) == (code, False), done.stderr


def test_what_is_dropped_after_a_signal_is_not_told() -> None:
    code = """
import os, signal
from potline.cli.terminal import terminal

class Half:
    def __del__(self):
        raise ValueError("half written")

held = []
with terminal():
    held.append(Half())
    os.kill(os.getpid(), signal.SIGTERM)
    signal.pause()
"""
    done = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, timeout=60, preexec_fn=_obeying_signals
    )
    assert (done.returncode, done.stderr) == (128 + signal.SIGTERM, "")


def test_text_is_text_on_the_terminal(capsys: pytest.CaptureFixture[str]) -> None:
    table = Table(name="t", title=HOSTILE, columns=(Column(name="a", label="[/x]"),), rows=((HOSTILE,),), note=HOSTILE)
    said = CaseWarning(kind="range", where=HOSTILE, found=HOSTILE, usual=HOSTILE)
    answered([HOSTILE], [table], warnings=[said], case=CASE, as_json=False, quiet=False)
    lines = [line.strip() for line in capsys.readouterr().out.splitlines()]
    plain = "[/b] [sic] red :smile: 铝"
    assert lines[:3] == ["1 warning:", f"{plain}: found {plain}; {plain}.", plain]
    assert lines.count(plain) == 4
    assert "[/x]" in lines
    answered([HOSTILE], [table], warnings=[said], case=CASE, as_json=True, quiet=False)
    found = json.loads(capsys.readouterr().out)
    assert found["warnings"] == [
        {"kind": "range", "where": plain, "found": plain, "usual": plain, "hint": "", "field": ""}
    ]
    assert found["answer"] == [plain]
    assert found["tables"]["t"]["rows"] == [[plain]]


def test_a_warning_is_one_line_on_the_error_stream(capsys: pytest.CaptureFixture[str]) -> None:
    with warnings.catch_warnings():
        warnings.simplefilter("always")
        with terminal():
            warnings.warn("No place was found.", RuntimeWarning, stacklevel=1)
    assert capsys.readouterr().err == "No place was found.\n"


def _obeying_signals() -> None:
    """Whoever started the tests may have signals ignored, as under nohup; the run must not inherit that."""
    for name in ("SIGTERM", "SIGHUP", "SIGINT"):
        signal.signal(getattr(signal, name), signal.SIG_DFL)


def begun(starter: Path, out: Path) -> subprocess.Popen[str]:
    """Start a run and return it once it has begun to write."""
    process = subprocess.Popen(
        [*COMMAND, "run", starter, "--out", out, "--draws", "4096"],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        preexec_fn=_obeying_signals,
    )
    for _ in range(2400):
        if any((item / "new" / "figures").is_dir() for item in out.parent.glob(".run.potline-*")):
            return process
        assert process.poll() is None, process.communicate()
        time.sleep(0.05)
    raise AssertionError("the run did not begin")


@pytest.mark.parametrize("name", ["SIGTERM", "SIGHUP", "SIGINT"])
def test_a_signal_to_end_leaves_nothing_at_once(starter: Path, tmp_path: Path, name: str) -> None:
    place = tmp_path / "runs"
    place.mkdir()
    with begun(starter, place / "run") as process:
        process.send_signal(getattr(signal, name))
        _, said = process.communicate(timeout=120)
    assert process.returncode == 128 + getattr(signal, name)
    assert "Traceback" not in said
    assert list(place.iterdir()) == []


def test_a_killed_run_is_cleaned_up_by_the_next(starter: Path, tmp_path: Path) -> None:
    place = tmp_path / "runs"
    place.mkdir()
    with begun(starter, place / "run") as process:
        process.kill()
        process.communicate(timeout=120)
    assert [item.name.startswith(".run.potline-") for item in place.iterdir()] == [True]
    done = subprocess.run(
        [*COMMAND, "meeting", starter, "--draws", "0", "-q", "--out", place / "other"],
        capture_output=True,
        text=True,
        timeout=240,
    )
    assert (done.returncode, done.stderr) == (0, "")
    assert [item.name for item in place.iterdir()] == ["other"]
