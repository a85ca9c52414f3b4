"""The documentation as a site: ``python -m docs.building`` writes pages that need no network into ``site/``."""
