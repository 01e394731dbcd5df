"""What a tutor says about each option of the question of week 1."""

from autograder.checks.choice import question

GQ4 = question(
    "gq4",
    why={
        "A": "A step downhill is the work of the update, theta - lr * gradient, or of an optimizer. Print "
        "layer.weight before and after backward(): it is the same. Backpropagation hands over the slopes, "
        "in .grad, and stops there.",
        "B": "One slope for each weight, all from a single pass backwards: by how much the loss rises if "
        "this weight grows a little. What is done with them is another's business.",
        "C": "A weight has no right value of its own that it could be compared with, so it has no error. "
        "What comes back is a slope: how the loss would answer if this weight were a little larger.",
        "D": "Slopes tell what is downhill here, not where the valley ends. Recall the ravine: at (5, 2) the "
        "gradient is (10, 40), almost across the valley, while the lowest point is at (0, 0).",
    },
)
