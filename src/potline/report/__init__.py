"""From typed results to figures, tables, the brief and the run folder. Nothing is computed here but averages shown."""
