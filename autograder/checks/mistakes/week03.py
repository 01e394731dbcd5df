"""Typical mistakes in the exercises of week 3, each with what a tutor would say about it."""

from autograder.checks.choice import choice_mistakes
from autograder.checks.mistakes.week03_bce_with_logits import BCE_WITH_LOGITS
from autograder.checks.mistakes.week03_cross_entropy import CROSS_ENTROPY
from autograder.checks.mistakes.week03_huber import HUBER
from autograder.checks.mistakes.week03_pairwise_ranking import PAIRWISE_RANKING

GQ5 = choice_mistakes(
    "gq5",
    "C",
    {
        "A": "Accuracy only asks which score is the highest, the loss also asks how sure the model is. "
        "The loss would be 0 only if every right label had the probability 1. Try cross_entropy on [[0.1, "
        "0, 0]] with the label 0: right, and far from free.",
        "B": "A loss is not a share of right answers, even when it looks like a percentage: 0.69 is "
        "-ln(0.50). Compute exp(-0.69) and ask what it is the probability of.",
        "D": "cross_entropy takes scores and already contains the softmax. A second softmax squeezes the "
        "scores into 0 to 1, so the loss could not even come near 0: with three classes it stays above "
        "0.55. Try it on [[10, 0, 0]].",
    },
)

MISTAKES = (*HUBER, *BCE_WITH_LOGITS, *CROSS_ENTROPY, *PAIRWISE_RANKING, *GQ5)
