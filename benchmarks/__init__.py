"""Bars: each asserts its answer, then times a peer in the same run and reports the ratio."""
