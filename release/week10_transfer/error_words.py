"""Say in a sentence what the commonest errors of Python, NumPy and torch mean for a beginner."""

from __future__ import annotations

import builtins
import difflib
import re
from collections.abc import Iterable
from types import FrameType
from typing import Any

READ_LAST = "this error is a rarer one: read its last line first, then print what goes into the line above"
IS_NONE = (
    "something in this line is None: most often the answer of a function that ends without `return`, or of a "
    "method like list.sort() that changes its list and hands nothing back"
)
DOTS = "three dots ... still stand where an answer belongs: fill them in, and run that cell again"
ONE_DECISION = (
    "`if`, `and`, `or`, max() and min() want one yes or no, and here is one for each element: decide for "
    "each with torch.where(size <= delta, a, b), or write torch.clamp(z, min=0) for the larger of z and 0"
)
ONE_DECISION_NUMPY = (
    "`if`, `and` and `or` want one yes or no, and here is one for each element: decide for each with "
    "np.where(condition, a, b), or ask condition.any() or condition.all()"
)
DTYPES = (
    "whole numbers and decimals, or decimals of two sizes, meet here: x.float() makes float32 of a tensor, "
    "and class labels want y.long()"
)
CUT = (
    "no gradient can flow back from here: .detach(), .item(), .numpy(), torch.tensor(…) or torch.no_grad() "
    "has cut the way, or nothing at its beginning has requires_grad"
)
TO_NUMPY = (
    "NumPy takes no tensor that needs gradients: use torch's own functions (torch.abs, torch.where, …), or "
    "x.detach().numpy() where you only want to draw"
)
IN_PLACE = (
    "a tensor that is needed for the gradient is changed in place: write x = x - y instead of x -= y, and "
    "leave out methods that end in _"
)
BROADCAST = (
    "tensors of these shapes do not fit element by element: two lengths must be equal, or one of them 1. "
    "Print the .shape of both"
)
TEXTS = "+ joins a text only with a text: str(…) makes one of a number, or put all into an f-string"
NOT_A_LIST = "plain lists do not compute element by element: np.array(list) or torch.tensor(list) does"
ONE_NUMBER = "math.sqrt, float and their like take one number: np.sqrt and its like take whole arrays"
SET_UP = {"torch", "nn", "F", "np", "plt", "math", "pd", "utils"}

# The kind of error, a pattern of its message, and its meaning, in which {1} is what the first group found.
MEANINGS: tuple[tuple[type[BaseException], str, str], ...] = (
    (Exception, r"'ellipsis'|ellipsis\.", DOTS),
    (
        TypeError,
        r"missing \d+ required .*arguments?: (.*)",
        "this call has too few arguments: {1} is missing",
    ),
    (
        TypeError,
        r"(\w+)\(\) takes (.*) positional arguments? but (\d+) w",
        "{1} is called with {3} values and takes {2}: if it is yours, write a name for each of them into the "
        "brackets of its def",
    ),
    (
        TypeError,
        r"unexpected keyword argument '(\w+)'",
        "this function takes no argument called {1}: compare with how it is defined",
    ),
    (TypeError, r"multiple values for argument '(\w+)'", "{1} is given twice, by its place and by its name"),
    (Exception, r"NoneType", IS_NONE),
    (
        TypeError,
        r"'(\w+)' object is not callable",
        "brackets ( ) stand behind a {1}, which is no function: is a * missing, or does a variable bear "
        "the name of a function?",
    ),
    (
        TypeError,
        r"over a 0-d|'(?:int|float)' object is not iterable",
        "this is a single number: there is nothing in it to loop over",
    ),
    (
        TypeError,
        r"'(\w+)' object is not (?:subscriptable|iterable)",
        "a {1} has no elements that [ ] or a loop could take out",
    ),
    (TypeError, r"can only concatenate str|for \+: '\w+' and 'str'", TEXTS),
    (TypeError, r"can only concatenate (?:list|tuple)|can't multiply sequence", NOT_A_LIST),
    (TypeError, r"operand type\(s\) for .*'list'|bad operand type for .*'list'", NOT_A_LIST),
    (
        TypeError,
        r"operand type\(s\) for (.+): '(\w+)' and '(\w+)'",
        "{1} does not work between a {2} and a {3}: print both",
    ),
    (
        TypeError,
        r"(\w+)\(\): argument '\w+' .*must be Tensor, not (\w+)",
        "{1} wants a tensor and got a {2}: torch.tensor(…) makes one",
    ),
    (
        TypeError,
        r"indices must be integers or slices, not (\w+)",
        "a position must be a whole number, and this is a {1}",
    ),
    (RuntimeError, r"Boolean value of Tensor with more than one", ONE_DECISION),
    (
        RuntimeError,
        r"size of tensor a \((\d+)\) must match the size of tensor b \((\d+)\)",
        "one tensor has {1} elements along an axis and the other {2}, so they do not fit element by "
        "element: print the .shape of both",
    ),
    (
        RuntimeError,
        r"shapes cannot be multiplied \((\d+)x(\d+) and (\d+)x(\d+)\)",
        "a matrix product needs the inner numbers to be equal, and {2} is not {3}: print the .shape of both",
    ),
    (
        RuntimeError,
        r"scalar type|same dtype|Found dtype|result type .* can't be cast|infer output dtype|floating point",
        DTYPES,
    ),
    (RuntimeError, r"element 0 of tensors does not require grad", CUT),
    (RuntimeError, r"numpy\(\) on [Tt]ensor that requires grad", TO_NUMPY),
    (RuntimeError, r"in-?place operation", IN_PLACE),
    (
        RuntimeError,
        r"backward through the graph a second time",
        "backward() was called twice for one loss: compute the loss anew before each backward()",
    ),
    (
        RuntimeError,
        r"implicitly created only for scalar",
        "backward() starts from one number: average the losses with .mean() first",
    ),
    (
        RuntimeError,
        r"with (\d+) elements cannot be converted to Scalar",
        "a tensor of {1} elements is no single number: average, or pick one, before .item() or float()",
    ),
    (
        RuntimeError,
        r"shape '(.*)' is invalid for input of size (\d+)",
        "{2} elements do not fit into the shape {1}: its numbers multiply to something else",
    ),
    (
        RuntimeError,
        r"Sizes of tensors must match|same number of dimensions|each tensor to be equal size",
        "the tensors that are joined here have other shapes: print the .shape of each",
    ),
    (
        RuntimeError,
        r"multi-target not supported",
        "the labels should be one whole number for each row, of shape (rows,)",
    ),
    (
        RuntimeError,
        r"same device",
        "one tensor lies on the graphics card and one does not: bring both to one place with .to(device)",
    ),
    (ValueError, r"truth value of an array", ONE_DECISION_NUMPY),
    (TypeError, r"only (?:0-dimensional|length-1|size-1) arrays can be converted", ONE_NUMBER),
    (ValueError, r"could not be broadcast|target size .* different to the input size", BROADCAST),
    (
        ValueError,
        r"too many values to unpack \(expected (\d+)",
        "more than {1} values come back here: write as many names before the = as there are values",
    ),
    (
        ValueError,
        r"not enough values to unpack \(expected (?:at least )?(\d+), got (\d+)",
        "{1} values are wanted before the =, and {2} come back",
    ),
    (
        ValueError,
        r"math domain error|expected a positive input",
        "a logarithm needs a number above 0, and a root none below 0: print what goes in",
    ),
    (
        ValueError,
        r"could not convert string to float: (.*)|invalid literal for int.*: (.*)",
        "{1}{2} is text that does not read as a number",
    ),
    (
        ValueError,
        r"inhomogeneous|setting an array element with a sequence",
        "the rows have different lengths, so they make no table of numbers",
    ),
    (
        IndexError,
        r"index (-?\d+) is out of bounds for (?:dimension|axis) \d+ with size (\d+)",
        "position {1} is asked for among {2} elements: counting starts at 0 and ends one below their number",
    ),
    (
        IndexError,
        r"Dimension out of range|too many indices|0-dim tensor",
        "an axis is asked for that this tensor does not have: print its .shape; dim counts from 0",
    ),
    (
        IndexError,
        r"",
        "a position is asked for that is not there: counting starts at 0 and ends one below the length",
    ),
    (
        ZeroDivisionError,
        r"",
        "something is divided by 0: what is below the fraction bar when there is nothing to count?",
    ),
    (RecursionError, r"", "a function calls itself without an end: another name meant, or a stop missing?"),
    (
        OverflowError,
        r"",
        "a number became too large for a float, as by exp of a large number: rearrange the formula",
    ),
    (FileNotFoundError, r"", "there is no such file beside this notebook: did you start it in its folder?"),
    (
        ModuleNotFoundError,
        r"No module named '([\w.]+)'",
        "{1} is not installed or its file does not lie beside this notebook: look for a typing error, "
        "and at the list of what to install",
    ),
    (
        ImportError,
        r"cannot import name '(\w+)' from '([\w.]+)'",
        "{2} has nothing called {1}: look for a typing error",
    ),
    (StopIteration, r"", "next() was called where nothing is left to hand out"),
    (MemoryError, r"", "this needs more memory than there is: look for an endless loop or a huge array"),
    (AssertionError, r"", "an `assert` of this code does not hold"),
)


def meaning(error: BaseException, frame: FrameType | None = None, line: str = "") -> str:
    """Return a sentence on what an error means. `frame` and `line` say where it arose."""
    if isinstance(error, NameError):
        return _of_name(error, frame)
    if isinstance(error, KeyError):
        return f"there is no entry {error.args[0]!r} here: print the keys" if error.args else READ_LAST
    if line.startswith("raise "):
        return "your own `raise` is reached here: should it be, for these inputs?"
    for kind, pattern, words in MEANINGS:
        found = re.search(pattern, str(error)) if isinstance(error, kind) else None
        if found:
            return _filled(words, found)
    return _of_attribute(error) if isinstance(error, AttributeError) else READ_LAST


def _filled(words: str, found: re.Match[str]) -> str:
    said = re.sub(r"\{(\d)\}", lambda number: found[int(number[1])] or "", words)
    said = re.sub(r"\b1 values\b", "1 value", said)
    return re.sub(r"\ba (?=int\b|object\b)", "an ", said)


def _of_name(error: NameError, frame: FrameType | None) -> str:
    name = error.name or ""
    if isinstance(error, UnboundLocalError):
        name = (re.search(r"'(\w+)'", str(error)) or ["", "a variable"])[1]
        return f"{name} has no value yet when this line is reached: set it before the loop or the `if`"
    if name in ("copy", "deepcopy"):
        return "write `from copy import deepcopy` above it: then deepcopy(…) copies all the way down"
    if name in SET_UP:
        return f"{name} is imported at the top of the notebook: run the first cell again"
    known = {*frame.f_locals, *frame.f_globals, *dir(builtins)} if frame else set(dir(builtins))
    known -= {frame.f_code.co_name} if frame else set()  # few functions mean themselves
    text = f" If {name} is meant as text, it needs quotes." if name[:1].isupper() else ""
    return (
        f"nothing is called {name} yet: did you run the cell that defines it?{text}{_or_meant(name, known)}"
    )


def _of_attribute(error: AttributeError) -> str:
    owner, name = error.obj, error.name or ""
    told = re.match(r"'([\w.]+)' object has no attribute '(\w+)'", str(error))
    if owner is None:  # the error of an assignment holds no object
        entry = f': a dict is written state["{told[2]}"] = …' if told and told[1] == "dict" else ""
        return f"this object, a {told[1]}, takes no new .{told[2]}{entry}" if told else READ_LAST
    kind = getattr(owner, "__name__", None) or type(owner).__name__
    if isinstance(owner, (list, tuple, float, int)) and name:
        a = "an" if kind == "int" else "a"
        return (
            f"{a} {kind} has no .{name}: arrays and tensors may have, and np.array(…) or torch.tensor(…) "
            "makes one"
        )
    return f"{kind} has nothing called {name}: look for a typing error.{_or_meant(name, _names_of(owner))}"


def _names_of(owner: Any) -> Iterable[str]:
    try:
        return dir(owner)
    except Exception:  # an object may answer this as it likes
        return []


def _or_meant(name: str, known: Iterable[str]) -> str:
    near = difflib.get_close_matches(name, {word for word in known if not word.startswith("_")}, 1, 0.75)
    return f" Or did you mean {near[0]}?" if near else ""
