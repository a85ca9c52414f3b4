"""Repeated games: payoffs, discount rates, transfers."""
