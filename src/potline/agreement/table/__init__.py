"""The ground that every question of a meeting shares: who sits there, what is at stake, games, draws."""
