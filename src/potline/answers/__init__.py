"""What a case answers: each result computed once, when it is first asked for."""

from potline.answers.asking import NO_ANSWER, SPREAD_DRAWS, Flexibility, Progress, quiet, there
from potline.answers.results import Answers
from potline.answers.verbs import hindcast, record

__all__ = ["NO_ANSWER", "SPREAD_DRAWS", "Answers", "Flexibility", "Progress", "hindcast", "quiet", "record", "there"]
