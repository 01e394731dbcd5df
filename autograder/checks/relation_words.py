"""What a tutor says about each relation between wrong answers and the right ones."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

Array = np.ndarray


@dataclass(frozen=True)
class Relation:
    """Hold what relates all answers to the right ones, and what a tutor says about it."""

    name: str
    sentence: str


SUMMED = Relation(
    "relation: summed",
    "Your answers are the right ones times the number of values: you add up where a mean is asked for. "
    "Divide the sum by how many values there are.",
)
DIVIDED_AGAIN = Relation(
    "relation: divided once too often",
    "Your answers are the right ones divided by the number of values: the mean is taken once too often. "
    "Look for a second .mean(), or a division of something that is a mean already.",
)
SIGN = Relation(
    "relation: sign",
    "All your answers have the right size and the wrong sign. Look for a minus that is missing, or for a "
    "difference that is taken the other way round.",
)
TRANSPOSED = Relation(
    "relation: transposed",
    "Your tables have the right numbers with rows and columns exchanged. Look at the dim or axis that you "
    "work along, or end with .T.",
)
REVERSED = Relation(
    "relation: reversed",
    "Your answers have the right numbers in the opposite order. Look at where your loop begins, or at a sort "
    "or flip that is not asked for.",
)
LATE = Relation(
    "relation: one place too late",
    "Your numbers are right, but each stands one place too late. Look at what you use before the first "
    "step, and at whether you store a value before or after the update.",
)
EARLY = Relation(
    "relation: one place too early",
    "Your numbers are right, but each stands one place too early. Look at what you use before the first "
    "step, and at whether you store a value before or after the update.",
)
SHAPE = Relation(
    "relation: shape",
    "Your numbers are right, and only their shape is not. Print .shape of what you return and compare it "
    "with the task: .mean() and .sum() without dim, .squeeze() or .reshape(…) change it.",
)
KIND = Relation(
    "relation: kind",
    "Your numbers are right, and only the kind of what you return is not. Print type(…) of it and compare it "
    "with the task: a list, an array and a tensor are three kinds.",
)
OFFSET = Relation(
    "relation: constant added",
    "All your answers are off by the same amount. Look for a constant that is added or left out, or for "
    "counting that begins one too early or too late.",
)
DETACHED = Relation(
    "relation: detached",
    "Your numbers are right, but no gradient reaches the arguments: the way back is cut. Compute with torch "
    "from beginning to end, and return the tensor: .item(), float(), .detach(), torch.tensor(…) and NumPy "
    "cut it.",
)
ONE_VALUE = Relation(
    "relation: right for one value",
    "Your function is right for a single value, and wrong as soon as there are several. Try it on two "
    "values, and compute by hand what each step should give.",
)
FIXED_SIZE = Relation(
    "relation: right for one size",
    "Your function is right for inputs of one size, and wrong for all others. Look for a number in your code "
    "that belongs to the example: take the size from the arguments, with len(…) or .shape.",
)
DEFAULT = Relation(
    "relation: right for the default",
    "Your function is right as long as the last argument has its default value, and wrong for any other. "
    "Look at each place where this argument belongs in the formula.",
)
FACTORS = (
    (2.0, "All your answers are twice the right ones. Look for a factor ½ in the formula that yours lacks."),
    (0.5, "All your answers are half of the right ones. Look for a factor ½ that does not belong there."),
    (1 / math.log(2), "All your answers are 1.443 times the right ones, which is 1/ln 2: you take log2 where "
     "the natural logarithm belongs. Use torch.log or math.log."),
    (1 / math.log(10), "All your answers are 0.434 times the right ones, which is 1/ln 10: you take log10 "
     "where the natural logarithm belongs. Use torch.log or math.log."),
    (math.log(2), "All your answers are 0.693 times the right ones, which is ln 2: you take the natural "
     "logarithm where log2 belongs, or a base that is one too many."),
    (math.log(10), "All your answers are 2.303 times the right ones, which is ln 10: you take the natural "
     "logarithm where log10 belongs."),
)  # fmt: skip
FUNCTIONS: tuple[tuple[Relation, Callable[[Array], Array]], ...] = (
    (
        Relation(
            "relation: square root",
            "All your answers are the square roots of the right ones. Leave the last root out: nothing "
            "asks for it.",
        ),
        np.sqrt,
    ),
    (
        Relation(
            "relation: square",
            "All your answers are the squares of the right ones. Look for a square that is one too many, or "
            "for a root that is missing.",
        ),
        np.square,
    ),
    (
        Relation(
            "relation: exponential",
            "All your answers are exp of the right ones. Look for a logarithm that is missing.",
        ),
        np.exp,
    ),
    (
        Relation(
            "relation: exponential of minus",
            "All your answers are exp of minus the right ones: a probability where its cost is asked for. "
            "Take minus the logarithm.",
        ),
        lambda want: np.exp(-want),
    ),
    (
        Relation(
            "relation: one minus",
            "All your answers are 1 minus the right ones. Look at which of the two, a share or what is left "
            "of it, is asked for.",
        ),
        lambda want: 1 - want,
    ),
)
