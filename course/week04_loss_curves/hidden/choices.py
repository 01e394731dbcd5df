"""What a tutor says about each wrong option of the questions of week 4."""

from autograder.checks.choice import question

GQ1 = question(
    "gq1",
    why={
        "A": "The training loss is measured on the rows that the weights were fitted to, so mixing it in "
        "makes the estimate too good. Ask of each curve: has the model seen these rows before?",
        "B": "The optimizer never sees the validation rows: all parameters, weights and biases, are moved "
        "by the training loss alone. Look at which loader stands in the loop with the backward call.",
        "D": "The two curves often have their lowest points at different epochs, so one does not tell you "
        "about the other's. Ask what you learn from rows that the model was not fitted to.",
    },
)
GQ2 = question(
    "gq2",
    why={
        "A": "The training loss is falling, so the optimizer does make progress; going on makes the "
        "validation loss worse. Ask what the model may be learning that helps on its own rows only.",
        "C": "One model is measured on two sets of rows, and it can well get better on one and worse on "
        "the other. Ask which kind of learning would have exactly this effect.",
        "D": "The training loss falls freely, so the size of the network does not hold it back. Ask what "
        "it is fitting now.",
    },
)
GQ3 = question(
    "gq3",
    why={
        "A": "This one is supported: ln 10 = 2.30 is exactly the loss of ten equal probabilities. The "
        "question asks for the conclusion that is not supported.",
        "B": "This one is supported: overfitting needs a training loss better than the validation loss. "
        "The question asks for the conclusion that is not supported.",
        "C": "This one is supported: each of the three gives two high, flat curves, as the experiment of "
        "this week shows. The question asks for the conclusion that is not supported.",
    },
)
GQ4 = question(
    "gq4",
    why={
        "B": "With a constant rate that is too large, every step overshoots again, however long you "
        "train. Look at what sets the length of a step.",
        "C": "More units do not stop the steps from overshooting; a wider network often needs a smaller "
        "rate. Look at what sets the length of a step.",
        "D": "Smoothing changes the picture, not the training: the weights still jump. Change something "
        "in the training itself.",
    },
)
GQ5 = question(
    "gq5",
    why={
        "A": "A run that has not finished cannot show what its network is able to reach. Look at what "
        "both curves do in the last epochs.",
        "C": "Close together says nothing about the level, and the level is still getting better. Look at "
        "what both curves do in the last epochs.",
        "D": "A small gap is usual. Overfitting shows when the validation loss stops falling or turns "
        "upwards while the training loss goes on falling.",
    },
)
GQ6 = question(
    "gq6",
    why={
        "A": "The level, far below 2.30, already shows that the model has learned. The test set is kept "
        "for one final measurement.",
        "B": "Flat only means that training has settled. Underfitting would be flat and high, near the "
        "baseline of 2.30.",
        "D": "A small gap is what a healthy run looks like; nothing in these two curves points to a leak. "
        "Compare the level with the baseline.",
    },
)
