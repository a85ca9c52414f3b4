"""Whether a joint cut would hold, what stands in its way, and how sure that is."""
