"""Typical mistakes in soft_threshold: the formula."""

from autograder.checks.answers import changed
from autograder.model import Mistake

RIGHT = """
def soft_threshold(w, t):
    if t < 0:
        raise ValueError("t must be at least 0")
    size = abs(w) - float(t)
    if isinstance(w, torch.Tensor):
        return torch.sign(w) * size.clamp(min=0)
    return np.sign(w) * np.maximum(size, 0)
"""
SIZE = "size = abs(w) - float(t)"
TORCH = "torch.sign(w) * size.clamp(min=0)"
NUMPY = "np.sign(w) * np.maximum(size, 0)"
CHECK = '    if t < 0:\n        raise ValueError("t must be at least 0")\n'


def _wrong(name, sentence, *changes):  # type: ignore[no-untyped-def]
    return changed("soft_threshold", RIGHT, name, sentence, *changes)


def _both(name: str, sentence: str, formula: str) -> Mistake:
    """Return a mistake whose formula works for arrays and tensors alike: `x` is w in floats."""
    source = f"""
def soft_threshold(w, t):
    if t < 0:
        raise ValueError("t must be at least 0")
    x, t = w * 1.0, float(t)
    return {formula}
"""
    return Mistake("soft_threshold", name, sentence, source)


FORMULA = (
    _both(
        "hard_threshold",
        "You cut without shrinking: what survives keeps its whole size. L1 pulls the survivors in by t as "
        "well.",
        "x * (abs(x) > t)",
    ),
    _wrong(
        "sign_lost",
        "−1.5 must stay negative: you return sizes. Multiply by the sign of w at the end.",
        (TORCH, "size.clamp(min=0)"),
        (NUMPY, "np.maximum(size, 0)"),
    ),
    _wrong(
        "no_floor_at_zero",
        "Numbers smaller than t have jumped to the other side. They stop at 0: the larger of |w| − t and 0.",
        (TORCH, "torch.sign(w) * size"),
        (NUMPY, "np.sign(w) * size"),
    ),
    _both(
        "negative_numbers_vanish",
        "max(w − t, 0) makes 0 of every negative number. Work with the size, then put the sign back.",
        "(x - t) * (x > t)",
    ),
    _both(
        "clipped_to_t",
        "You limit the size to t: that tames large numbers. Soft thresholding takes t away from them, and "
        "removes the small ones.",
        "x.clip(-t, t)",
    ),
    _both(
        "shrunk_in_proportion",
        "w·(1 − t) is what L2 does: it shrinks in proportion and reaches 0 nowhere. Here each number loses "
        "the same amount, t.",
        "x * (1 - t)",
    ),
    _both(
        "divided_by_one_plus_t",
        "w / (1 + t) is a step of L2: in proportion, and never 0. Take t away from the size instead.",
        "x / (1 + t)",
    ),
    _both(
        "t_subtracted_on_both_sides",
        "For negative numbers shrinking means adding t: −3 with t = 1 becomes −2, and yours becomes −4. Work "
        "with sizes, or treat the two sides apart.",
        "(x - t) * (abs(x) > t)",
    ),
    _both(
        "t_subtracted_from_all",
        "You take t away from every number, small or negative ones as well. Work with the size, stop at 0, "
        "put the sign back.",
        "x - t",
    ),
    _wrong(
        "t_halved",
        "The threshold is t, and yours is t/2.",
        (SIZE, "size = abs(w) - float(t) / 2"),
    ),
    _wrong(
        "t_doubled",
        "The threshold is t, and yours is 2t.",
        (SIZE, "size = abs(w) - 2 * float(t)"),
    ),
    _both(
        "sign_by_division",
        "w / |w| is 0/0 where w is 0, and nan comes out. The sign of 0 is 0: use np.sign or torch.sign.",
        "x / abs(x) * (abs(x) - t) * (abs(x) > t)",
    ),
    _both(
        "share_that_is_left",
        "t / |w| is 0/0 where both t and w are 0, and nan comes out. sign(w) · max(|w| − t, 0) divides by "
        "nothing.",
        "x * (1 - t / abs(x)).clip(0)",
    ),
    _both(
        "small_ones_kept",
        "Numbers with a size of at most t stay as they were in your answer. They become 0.",
        "x * (abs(x) <= t) + (x - t) * (x > t) + (x + t) * (x < -t)",
    ),
    _both(
        "small_ones_become_t",
        "Numbers with a size of at most t become t, with their sign, in your answer. They become 0.",
        "t * (x > 0) * (abs(x) <= t) - t * (x < 0) * (abs(x) <= t) + (x - t) * (x > t) + (x + t) * (x < -t)",
    ),
    _both(
        "away_from_zero",
        "Large numbers grow by t in your answer. They move towards 0: |w| − t.",
        "(x + t) * (x > t) + (x - t) * (x < -t)",
    ),
    _both(
        "only_positive_shrink",
        "Positive numbers shrink and negative ones stay. Both sides move towards 0.",
        "(x - t) * (x > t) + x * (x < 0)",
    ),
    _wrong(
        "squared_sizes",
        "You take the square of w for its size. The size is |w|.",
        (SIZE, "size = w * w - float(t)"),
    ),
    _wrong(
        "t_squared",
        "You take t² away from the size. It is t.",
        (SIZE, "size = abs(w) - float(t) ** 2"),
    ),
    _wrong(
        "threshold_of_one",
        "Your threshold is a fixed 1, whatever t is. Use the argument t.",
        (SIZE, "size = abs(w) - 1.0"),
    ),
    _both(
        "ones_and_signs",
        "You return signs alone: multiply them by the size that is left, max(|w| − t, 0).",
        "1.0 * (x > t) - 1.0 * (x < -t)",
    ),
    _wrong(
        "size_of_the_difference",
        "abs(|w| − t) makes small numbers grow again below t. They stop at 0: the larger of |w| − t and 0.",
        (TORCH, "torch.sign(w) * abs(size)"),
        (NUMPY, "np.sign(w) * abs(size)"),
    ),
    _wrong(
        "minimum_for_maximum",
        "You take the smaller of |w| − t and 0, so what should stay vanishes. Take the larger.",
        ("clamp(min=0)", "clamp(max=0)"),
        ("np.maximum", "np.minimum"),
    ),
    _wrong(
        "max_with_two_arguments",
        "np.max(a, 0) is the largest along axis 0, one number for all. For the larger of two, number by "
        "number, use np.maximum(a, 0), or a.clamp(min=0) for a tensor.",
        (TORCH, "torch.sign(w) * size.max(0).values"),
        (NUMPY, "np.sign(w) * np.max(size, 0)"),
    ),
)
