"""What a tutor says about each option of the question of week 2."""

from autograder.checks.choice import question

GQ4 = question(
    "gq4",
    why={
        "A": "no_grad() only tells torch to build no graph. A layer does not ask for that: dropout looks at "
        "train() and eval() alone. Try it: call a net with dropout twice on the same rows inside no_grad().",
        "B": "That is the other forgotten switch: eval() without no_grad(). Here the graph is off, so "
        "nothing is wasted, but the layers still behave as in training. Which layer of this net minds that?",
        "C": "A weight moves when an optimizer steps, and here nobody calls step(); with no_grad() there is "
        "not even a gradient. The two calls do differ, but what changes at random is not the weights.",
        "D": "no_grad() stops gradients, not dropout: about half of the units are left out, others in each "
        "call, and a net that misses half of its units guesses worse. Only eval() ends that.",
    },
)
