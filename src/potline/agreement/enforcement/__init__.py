"""Whether a deal would be kept over time."""
