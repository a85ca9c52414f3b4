"""How a joint gain could be shared."""
