"""Typical mistakes in soft_threshold with kinds, borders and errors."""

from hidden.soft_threshold_answers import CHECK, FORMULA, NUMPY, SIZE, TORCH, _wrong

from autograder.model import Mistake

ONE_YES_OR_NO = (
    "if asks for one yes or no, and so does max; here it gets many numbers: all of w or, in a loop, a row of "
    "a table. Compute all at once, with np.maximum or where. If the line compares t: w comes first, then t."
)
WHOLE = "With integers in w and in t, integers go out: floats are asked for. Compute with float(t)."
ROWS = (
    "Your loop goes along the first axis alone: of a table it gets whole rows, which are no single numbers. "
    "Work on w as a whole, or loop over w.reshape(-1)."
)
BRANCH = "    if isinstance(w, torch.Tensor):\n        return " + TORCH + "\n"


def _other(name: str, sentence: str, source: str) -> Mistake:
    return Mistake("soft_threshold", name, sentence, source)


KINDS = (
    _wrong(
        "negative_t_goes_through",
        "A negative t goes through unnoticed, and numbers grow. Raise ValueError if t < 0.",
        (CHECK, ""),
    ),
    _wrong(
        "negative_t_is_turned_round",
        "You make a negative t positive. It is an error of the caller: raise ValueError.",
        (CHECK, "    t = abs(t)\n"),
    ),
    _wrong(
        "negative_t_becomes_zero",
        "You treat a negative t as 0. It is an error of the caller: raise ValueError.",
        (CHECK, "    t = max(t, 0)\n"),
    ),
    _wrong(
        "another_error",
        "A negative t should raise a ValueError: that is the error by which a bad value is known. An assert "
        "or a plain Exception is another.",
        (CHECK, '    assert t >= 0, "t must be at least 0"\n'),
    ),
    _wrong(
        "error_returned",
        "You return the ValueError. Write raise instead of return: only then the caller notices.",
        ("raise ValueError", "return ValueError"),
    ),
    _wrong(
        "error_printed",
        "A negative t only prints a message, and None comes back. Raise ValueError.",
        ('raise ValueError("t must be at least 0")', 'print("t must be at least 0")\n        return None'),
    ),
    _wrong(
        "zero_refused",
        "t = 0 is allowed and changes nothing. Only t < 0 is an error.",
        ("if t < 0:", "if t <= 0:"),
    ),
    _wrong(
        "tensors_refused",
        "Your code is for NumPy arrays alone: a tensor stops it. Ask isinstance(w, torch.Tensor), or use "
        "what both know, such as abs(w) and w > t.",
        (TORCH, "w.astype(float) * size"),
    ),
    _wrong(
        "arrays_refused",
        "Your code is for tensors alone: torch.sign refuses a NumPy array. Ask isinstance(w, torch.Tensor), "
        "or use what both know.",
        (NUMPY, TORCH),
    ),
    _wrong(
        "tensors_become_arrays",
        "A tensor came in and an array goes out. The same kind comes back: torch.from_numpy turns it round.",
        (TORCH, "(torch.sign(w) * size.clamp(min=0)).numpy()"),
    ),
    _wrong(
        "arrays_become_tensors",
        "An array came in and a tensor goes out. The same kind comes back: .numpy() turns it round.",
        (NUMPY, "torch.as_tensor(" + NUMPY + ")"),
    ),
    _wrong(
        "lists_come_back",
        "You return a list. The same kind comes back: an array for an array, a tensor for a tensor.",
        (TORCH, "(" + TORCH + ").tolist()"),
        (NUMPY, "(" + NUMPY + ").tolist()"),
    ),
    _wrong(
        "integers_stay_integers",
        "Integers came in, and integers go out: the result is floats. Compute with float(t), or w * 1.0.",
        (BRANCH, BRANCH.replace(TORCH, "(" + TORCH + ").to(w.dtype)")),
        ("return " + NUMPY, "return (" + NUMPY + ").astype(w.dtype)"),
    ),
    _wrong(
        "integers_with_an_integer_t",
        WHOLE,
        (SIZE, "size = abs(w) - t"),
    ),
    _wrong(
        "nan_becomes_zero",
        "nan becomes 0 in your answer: a comparison lets it fall through, for nan is neither above t nor "
        "below. It stays nan: sign(w) · max(|w| − t, 0) does that by itself.",
        (TORCH, "torch.nan_to_num(" + TORCH + ")"),
        (NUMPY, "np.nan_to_num(" + NUMPY + ")"),
    ),
    _other(
        "w_overwritten",
        "You write into w itself, and the caller's numbers are gone. Compute with new arrays: w - t, not "
        "w -= t; or begin with a copy.",
        """
def soft_threshold(w, t):
    if t < 0:
        raise ValueError("t")
    if "int" in str(w.dtype):
        w = w * 1.0
    small, up, down = abs(w) <= t, w > t, w < -t
    w[small] = 0
    w[up] -= t
    w[down] += t
    return w
""",
    ),
    _other(
        "w_overwritten_by_minus",
        "w -= … writes into w itself: the caller's numbers are gone, and integers cannot hold the result. "
        "Compute new numbers: w = w - ….",
        """
def soft_threshold(w, t):
    if t < 0:
        raise ValueError("t")
    w -= w.clip(-float(t), float(t))
    return w
""",
    ),
    _other(
        "floats_of_rows",
        ROWS,
        """
def soft_threshold(w, t):
    if t < 0:
        raise ValueError("t")
    out = [math.copysign(max(abs(float(x)) - t, 0), float(x)) for x in w]
    return torch.tensor(out) if torch.is_tensor(w) else np.array(out)
""",
    ),
    _other(
        "half_precision",
        "Floats of 16 bits came out, which know three digits. Keep the kind of w, or compute with w * 1.0.",
        """
def soft_threshold(w, t):
    if t < 0:
        raise ValueError("t")
    x = torch.as_tensor(w).half()
    result = torch.sign(x) * (x.abs() - float(t)).clamp(min=0)
    return result if torch.is_tensor(w) else result.numpy()
""",
    ),
    _wrong(
        "flattened",
        "A table comes back as one long row. Keep the shape of w.",
        (TORCH, "(" + TORCH + ").flatten()"),
        (NUMPY, "(" + NUMPY + ").flatten()"),
    ),
    _other(
        "only_one_axis",
        ONE_YES_OR_NO,
        """
def soft_threshold(w, t):
    if t < 0:
        raise ValueError("t")
    out = w * 1.0
    for i, value in enumerate(w):
        if value > t:
            out[i] = value - t
        elif value < -t:
            out[i] = value + t
        elif value == value:
            out[i] = 0.0
    return out
""",
    ),
    _other(
        "if_on_the_whole_array",
        ONE_YES_OR_NO,
        """
def soft_threshold(w, t):
    if t < 0:
        raise ValueError("t")
    if w > t:
        return w - t
    elif w < -t:
        return w + t
    return 0 * w
""",
    ),
    _wrong(
        "sum_returned",
        "You return one number. One comes back for each number of w: leave .sum() out.",
        (TORCH, "(" + TORCH + ").sum()"),
        (NUMPY, "(" + NUMPY + ").sum()"),
    ),
    _wrong(
        "nothing_returned",
        "Your function ends without return, so None comes back. Return the result.",
        ("return " + TORCH, "result = " + TORCH),
        ("    return " + NUMPY, "    result = " + NUMPY),
    ),
    _wrong(
        "zeros_left_out",
        "You leave out what became 0, so the result is shorter than w. Keep the zeros in their places.",
        ("return " + TORCH, "result = " + TORCH + "\n        return result[result != 0]"),
        ("return " + NUMPY, "result = " + NUMPY + "\n    return result[result != 0]"),
    ),
    _other(
        "formula_alone",
        WHOLE,
        """
def soft_threshold(w, t):
    return np.sign(w) * np.maximum(np.abs(w) - t, 0)
""",
    ),
    _wrong(
        "negative_w_refused",
        "You refuse negative numbers in w. They are fine, and move towards 0 from below: ask t < 0.",
        ("if t < 0:", "if (w < 0).any():"),
    ),
    _other(
        "a_list_from_a_loop",
        "Your loop returns a list. The same kind comes back: an array for an array, a tensor for a tensor, "
        "and of any shape.",
        """
def soft_threshold(w, t):
    if t < 0:
        raise ValueError("t")
    return [math.copysign(max(abs(x) - t, 0.0), x) for x in w]
""",
    ),
    _other(
        "an_array_from_a_loop",
        "Your loop walks through one axis and always makes an array. The same kind comes back, of any shape: "
        "work on w as a whole.",
        """
def soft_threshold(w, t):
    if t < 0:
        raise ValueError("t")
    return np.array([math.copysign(max(abs(x) - t, 0.0), x) for x in w])
""",
    ),
    _other(
        "hard_threshold_by_a_mask",
        "You set the small ones to 0 and leave the others as they are. L1 also pulls the survivors in by t.",
        """
def soft_threshold(w, t):
    if t < 0:
        raise ValueError("t")
    x = w * 1.0
    x[abs(x) < t] = 0
    return x
""",
    ),
    _wrong(
        "result_and_t",
        "You return two values. The result alone is asked for.",
        ("return " + TORCH, "return " + TORCH + ", t"),
        ("return " + NUMPY, "return " + NUMPY + ", t"),
    ),
    _other(
        "torch_has_it_for_tensors",
        "softshrink is torch's own soft threshold, and writing it is the exercise. And for an array an array "
        "comes back, not a tensor.",
        """
def soft_threshold(w, t):
    if t < 0:
        raise ValueError("t")
    return nn.Softshrink(float(t))(torch.as_tensor(w) * 1.0)
""",
    ),
    _other(
        "torch_has_it",
        "The numbers are right, but softshrink is torch's own soft threshold, and writing it is the "
        "exercise: you keep half of the marks.",
        """
def soft_threshold(w, t):
    if t < 0:
        raise ValueError("t")
    if isinstance(w, torch.Tensor):
        return F.softshrink(w * 1.0, float(t))
    return F.softshrink(torch.as_tensor(w * 1.0), float(t)).numpy()
""",
    ),
)

MISTAKES = (*FORMULA, *KINDS)
