"""What a tutor says about each option of the questions of week 4."""

from autograder.checks.choice import question

GQ1 = question(
    "gq1",
    why={
        "A": "The training loss is measured on the rows that the weights were fitted to, so mixing it in "
        "makes the estimate too good. Ask of each curve: has the model seen these rows before?",
        "B": "The crossing says that both losses have the same height, and a good run may cross early and go "
        "on falling in both. Which rows does each curve speak about?",
        "C": "The two curves often have their lowest points in different epochs, so one does not tell about "
        "the other's. Ask what you learn from rows that the model was not fitted to.",
        "D": "One curve asks how well the model fits what it has seen, the other whether that holds for rows "
        "it has not seen. Only both together tell overfitting from underfitting.",
    },
)
GQ2 = question(
    "gq2",
    why={
        "A": "The training loss is falling, so the optimizer does make progress; going on makes the "
        "validation loss worse. Ask what the model may be learning that helps on its own rows only.",
        "B": "What helps on the training rows and harms on others can only be a detail of the training rows: "
        "single rows and wrong labels learned by heart. That is overfitting.",
        "C": "One model is measured on two sets of rows, and it can well get better on one and worse on the "
        "other. Ask which kind of learning would have exactly this effect.",
        "D": "The training loss falls freely, far below guessing, so the size of the network does not hold "
        "it back. Ask what it is fitting now.",
    },
)
GQ3 = question(
    "gq3",
    why={
        "A": "Too small a net is one cause among several, and these curves do not single it out: a rate far "
        "too low or inputs near zero look the same, and there a larger net need not help.",
        "B": "This one is supported: ln 10 = 2.30 is exactly the loss of ten equal probabilities. The "
        "question asks for the conclusion that is not supported.",
        "C": "This one is supported: overfitting needs a training loss that is better than the validation "
        "loss. The question asks for the conclusion that is not supported.",
        "D": "This one is supported: each of the three gives two high, flat curves, as the experiment of "
        "this week shows. The question asks for the conclusion that is not supported.",
    },
)
GQ4 = question(
    "gq4",
    why={
        "A": "With a constant rate that is too large, every step overshoots again, however long you train. "
        "Look at what sets the length of a step.",
        "B": "More units do not stop the steps from overshooting; a wider network often needs a smaller "
        "rate. Look at what sets the length of a step.",
        "C": "Steps that overshoot make both losses jump, and a tenth of the rate makes them shorter. Only "
        "one thing is changed, so the next run tells whether that was the cause.",
        "D": "That would explain a jagged validation curve over a smooth training curve. Here the training "
        "loss jumps as well, so the weights themselves do.",
    },
)
GQ5 = question(
    "gq5",
    why={
        "A": "A run that has not finished cannot show what its network is able to reach. Look at what both "
        "curves do in the last epochs.",
        "B": "Both losses still fall in the last epoch, so the level is not yet what this setting can reach. "
        "First finish the run, then judge it.",
        "C": "A small gap is usual. Overfitting shows when the validation loss stops falling or turns "
        "upwards while the training loss goes on falling.",
        "D": "Close together says nothing about the level, and the level is still getting better. Look at "
        "what both curves do in the last epochs.",
    },
)
GQ6 = question(
    "gq6",
    why={
        "A": "Flat only means that training has settled. Underfitting would be flat and high, near the "
        "dashed line of guessing.",
        "B": "A small gap is what a healthy run looks like; nothing in these two curves points to a leak. "
        "Compare the level with guessing.",
        "C": "The level lies far below guessing, so much was learned, and the validation loss lies close by, "
        "so it holds for rows that the model has not seen.",
        "D": "The level, far below guessing, already shows that the model has learned. The test rows are "
        "kept for one final measurement.",
    },
)
