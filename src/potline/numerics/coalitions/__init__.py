"""Every coalition of a market as one owner: prices and profits."""
