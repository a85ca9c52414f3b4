"""A question of somebody else's whose answer shows itself in Python: its kind, and what is shown of it."""

from __future__ import annotations

from dataclasses import dataclass

from potline.answers import Answers
from potline.report.face import Face
from potline.report.listed import Listed
from potline.report.question import Question
from potline.showing import Shown


@dataclass(frozen=True, slots=True)
class Weight(Shown):
    """How heavy an industry is."""

    weight_kt: float
    name: str = "one"


def weighed(answers: Answers) -> Weight:
    """Add up what plants can make."""
    return Weight(sum(plant.capacity_kt for plant in answers.case.industry.plants))


QUESTION: Question[Weight] = Question(
    answer=weighed,
    faces={"Weight": Face(numbers=lambda found: {"weight_kt": found.weight_kt}, tables=lambda _: [])},
)
WEIGHED = Listed(name="weighed", about="how heavy is it?", home="tests.questions.weighed:QUESTION", results=("Weight",))
