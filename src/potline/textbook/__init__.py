"""Games that carry published results and stand in no brief: stable cartels and repeated games of two players."""

from potline.textbook.cartels import cartel_stability
from potline.textbook.payoffs import PayoffSet, RepeatedGame
from potline.textbook.repeated_games import game_deal, payoff_set
from potline.textbook.stability import CartelStability

__all__ = [
    "CartelStability",
    "PayoffSet",
    "RepeatedGame",
    "cartel_stability",
    "game_deal",
    "payoff_set",
]
