"""The spatial market in linopy with HiGHS's interior point, run by an interpreter that has both; prints one JSON line.

``POTLINE_LINOPY_PYTHON`` may name that interpreter; `make bench` installs both in the one it uses.
"""

from __future__ import annotations

import json
import sys
import time


def main(path: str) -> None:
    """Build and solve the market of an ``.npz`` file; print seconds and objective."""
    import linopy
    import numpy as np
    import xarray

    data = np.load(path)
    begin = time.perf_counter()
    months, origins, destinations = data["freight"].shape
    index = {"month": range(months), "origin": range(origins), "destination": range(destinations)}

    def array(name: str, *dims: str) -> xarray.DataArray:
        return xarray.DataArray(data[name], dims=dims, coords={dim: index[dim] for dim in dims})

    model = linopy.Model()
    flow = model.add_variables(lower=0.0, coords=[(d, list(v)) for d, v in index.items()], name="flow")
    made = model.add_variables(lower=0.0, coords=[(d, list(index[d])) for d in ("month", "origin")], name="made")
    used = model.add_variables(lower=0.0, coords=[(d, list(index[d])) for d in ("month", "destination")], name="used")
    model.add_constraints(made - flow.sum("destination") == 0.0, name="made")
    model.add_constraints(flow.sum("origin") - used == 0.0, name="used")
    model.add_objective(
        (array("freight", "month", "origin", "destination") * flow).sum()
        + (array("ask", "month", "origin") * made + 0.5 * array("rise", "month", "origin") * made * made).sum()
        + (
            0.5 * array("fall", "month", "destination") * used * used - array("bid", "month", "destination") * used
        ).sum()
    )
    built = time.perf_counter()
    status, _ = model.solve(solver_name="highs", io_api="direct", solver=sys.argv[2], output_flag=False)
    done = time.perf_counter()
    answer = {"status": status, "objective": float(model.objective.value or 0.0), "build": built - begin}
    print(json.dumps({**answer, "seconds": done - begin}))


if __name__ == "__main__":
    main(sys.argv[1])
