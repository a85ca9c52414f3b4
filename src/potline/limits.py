"""Limits that a help states, in a module that imports nothing."""

__all__ = ["MOST_DRAWS"]

MOST_DRAWS = 2**17
"""Most draws of one answer: 131,072, whose share is known to 0.1 points; more would only fill the memory."""
