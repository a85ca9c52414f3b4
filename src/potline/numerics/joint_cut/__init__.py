"""A joint cut for every coalition: arrangement, sweep, search with bounds."""
