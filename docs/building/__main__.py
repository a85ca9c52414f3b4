"""Build the site: lay out the pages, make the reference and the gallery, run the generator, which passes no warning."""

from __future__ import annotations

import argparse
import shutil
import sys
from pathlib import Path

from docs.building.gallery import write_gallery
from docs.building.navigation import ROOT, navigation
from docs.building.pages import lay_out
from docs.building.reference import write_reference
from sphinx.cmd.build import build_main


def main() -> int:
    """Build the site and say where it is; the generator's own status where it refused."""
    parser = argparse.ArgumentParser(prog="python -m docs.building", description=__doc__)
    parser.add_argument("--out", type=Path, default=ROOT / "site", help="where the pages go")
    parser.add_argument("--without-gallery", action="store_true", help="leave out the figures, which take longest")
    asked = parser.parse_args()
    out = asked.out.resolve()
    here, place = Path(__file__).parent, ROOT / "build" / "site"
    shutil.rmtree(place, ignore_errors=True)
    place.mkdir(parents=True)
    lay_out(navigation(), place)
    write_reference(place / "reference")
    write_gallery(place, drawn=not asked.without_gallery)
    shutil.rmtree(out, ignore_errors=True)
    strict = ["-W", "--keep-going", "--fail-on-warning"]
    arguments = ["-q", *strict, "-c", str(here), "-d", str(ROOT / "build" / "site-read"), str(place), str(out)]
    status = build_main(arguments)
    if status == 0:
        print(f"The documentation is in {out}: open index.html")
    return status


if __name__ == "__main__":
    sys.exit(main())
