"""A process that draws figures while this one goes on.

The drawing library holds the interpreter's lock, so a thread would gain nothing. The process starts its engine while
answers are computed, then takes one figure after the other, a line of JSON each, and answers with its SVG and PNG; what
started it writes them, so that this process touches no file. It ends when its input does and leaves Ctrl-C to the
process that started it.
"""

from __future__ import annotations

__all__ = ["Draw", "renderer"]

import base64
import dataclasses
import json
import os
import signal
import subprocess
import sys
from collections.abc import Callable, Generator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager, suppress
from contextvars import copy_context
from pathlib import Path

from potline.errors import PotlineError
from potline.report.figure import Figure, png, sourced, standalone, svg, with_source

Draw = Callable[[Figure, Path], Future[str]]


@contextmanager
def renderer() -> Generator[Draw]:
    """Start a process that draws; what is given takes a figure and a folder, and promises the SVG for the page.

    Raises:
        PotlineError: from the promise, where a figure could not be drawn, or the process ended before its answer.
        OSError: from the promise, where a file could not be written.
    """
    command = [sys.executable, "-m", "potline.report.renderer"]
    # It must find the package where this process found it.
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)}
    with subprocess.Popen(
        command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, encoding="ascii", env=environment
    ) as process:
        queue = ThreadPoolExecutor(1)
        try:
            yield lambda item, folder: queue.submit(copy_context().run, _ask, process, item, folder)
        except BaseException:
            process.kill()  # nobody waits for the figures it has
            raise
        finally:
            queue.shutdown(cancel_futures=True)
            if process.stdin is not None:
                with suppress(OSError):  # it may have ended before
                    process.stdin.close()


def _ask(process: subprocess.Popen[str], item: Figure, folder: Path) -> str:
    assert process.stdin is not None
    assert process.stdout is not None
    parts = {field.name: getattr(item, field.name) for field in dataclasses.fields(item)}
    told = sourced(item)
    request = {"figure": {**parts, "chart_spec": dict(item.chart_spec)}, "told": told}
    try:
        process.stdin.write(json.dumps(request) + "\n")
        process.stdin.flush()
        answer: dict[str, str] = json.loads(process.stdout.readline())
    except (OSError, ValueError):
        message = f"The process that draws ended at figure {item.name!r}; what it said stands above."
        raise PotlineError(message) from None
    if "error" in answer:
        raise PotlineError(f"Figure {item.name!r} could not be drawn: {answer['error']}.")
    text = standalone(with_source(answer["svg"], told))
    (folder / f"{item.name}.svg").write_text(text, encoding="utf-8", newline="\n")
    (folder / f"{item.name}.png").write_bytes(base64.b64decode(answer["png"]))
    return answer["svg"]


def _serve() -> None:
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    svg(Figure(name="blank", title="", sentence="", source="", units="", chart_spec={"data": {}, "mark": "point"}))
    for line in sys.stdin:
        request = json.loads(line)
        item = Figure(**request["figure"])
        try:
            text = svg(item)
            picture = base64.b64encode(png(with_source(text, request["told"]))).decode()
            answer = {"svg": text, "png": picture}
        except Exception as error:  # whatever the drawing library raises is said by the process that asked
            answer = {"error": f"{type(error).__name__}: {error}"}
        try:
            print(json.dumps(answer), flush=True)
        except BrokenPipeError:  # the process that asked is gone
            os._exit(0)


if __name__ == "__main__":
    _serve()
