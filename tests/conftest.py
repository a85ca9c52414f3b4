"""Property tests draw the same examples in continuous integration, new ones elsewhere; oracles are counted."""

import os
import sys

from hypothesis import settings

settings.register_profile("repeatable", derandomize=True, deadline=None)
settings.register_profile("searching", deadline=None)
settings.load_profile("repeatable" if os.environ.get("CI") else "searching")


def pytest_terminal_summary(terminalreporter):
    """Print how many problems each oracle solved, in the runs that asked any."""
    asking = sys.modules.get("tests.oracles.asking")
    if asking is not None and asking.COUNTS:
        terminalreporter.section("solved by other codes, by our residual")
        for line in asking.COUNTS:
            terminalreporter.write_line(line)
