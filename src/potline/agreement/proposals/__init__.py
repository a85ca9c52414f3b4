"""Who would idle what: proposals and what triggers them."""
