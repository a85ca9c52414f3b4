"""Tables: each function takes a typed result and returns tables with units in their column names."""
