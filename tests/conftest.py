"""Property tests draw the same examples in continuous integration, new ones elsewhere; oracles are counted.

Where tests run in several processes, each counts its own and sends what it counted to the one that prints.
"""

import os
import sys

import pytest
from hypothesis import settings

settings.register_profile("repeatable", derandomize=True, deadline=None)
settings.register_profile("searching", deadline=None)
settings.load_profile("repeatable" if os.environ.get("CI") else "searching")

SENT = "solved by other codes"
_received: list[str] = []


def pytest_sessionfinish(session):
    """Send what this process counted, where another one prints."""
    if hasattr(session.config, "workeroutput"):
        session.config.workeroutput[SENT] = _counted()


@pytest.hookimpl(optionalhook=True)  # of pytest-xdist
def pytest_testnodedown(node, error):
    """Keep what a process counted that ended."""
    _received.extend(getattr(node, "workeroutput", {}).get(SENT, ()))


def pytest_terminal_summary(terminalreporter):
    """Print how many problems each oracle solved, in the runs that asked any."""
    if lines := [*_counted(), *_received]:
        terminalreporter.section(f"{SENT}, by our residual")
        for line in lines:
            terminalreporter.write_line(line)


def _counted() -> list[str]:
    asking = sys.modules.get("tests.oracles.asking")
    return [] if asking is None else list(asking.COUNTS)
