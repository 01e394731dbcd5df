"""What a tutor says about each option of the question of week 3."""

from autograder.checks.choice import question

GQ5 = question(
    "gq5",
    why={
        "A": "Accuracy only asks which score is the highest, the loss also asks how sure the model is. "
        "The loss would be 0 only if every right label had the probability 1. Try cross_entropy on [[0.1, "
        "0, 0]] with the label 0: right, and far from free.",
        "B": "A loss is not a share of right answers, even when it looks like a percentage: 0.69 is "
        "-ln(0.50). Compute exp(-0.69) and ask what it is the probability of.",
        "C": "The mean of -ln p is 0.69, so the geometric mean of the probabilities at the right labels is "
        "exp(-0.69), one half. Single pictures may lie far from it, and with three classes a half can be "
        "the largest. Surer scores raise these probabilities, and the loss falls.",
        "D": "cross_entropy takes scores and already contains the softmax. A second softmax squeezes the "
        "scores into 0 to 1, so the loss could not even come near 0: with three classes it stays above "
        "0.55. Try it on [[10, 0, 0]].",
    },
)
