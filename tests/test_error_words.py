"""The commonest errors in words: each is explained in a sentence, with the line that it comes from."""

from __future__ import annotations

import linecache
from typing import Any

import numpy
import pytest
import torch
from tutor import explain_error

CELL = "/tmp/ipykernel_1/3.py"  # as a notebook calls a cell

ERRORS = [  # one line of a student's code, words of what is said
    ("undefined_name", "nothing is called undefined_name yet"),
    ("Train", "If Train is meant as text, it needs quotes."),
    ("answers", "did you run the cell that defines it?\n"),
    ("trainloader", "Or did you mean train_loader?"),
    ("np", "np is imported at the top"),
    ("deepcopy([1])", "from copy import deepcopy"),
    ("copy.deepcopy([1])", "from copy import deepcopy"),
    ("import math; math.sqrt(numpy.zeros(2))", "np.sqrt"),
    ("float(numpy.zeros(2))", "take one number"),
    ("state = {}; state.t = 1", 'a dict, takes no new .t: a dict is written state["t"] = …'),
    ("raise_it = [].__setattr__('t', 1)", "takes no new .t"),
    ("[].t = 1", "a list, takes no new .t"),
    ("list(range(3)).abs()", "a list has no .abs"),
    ("None.mean()", "is None"),
    ("None + 1", "is None"),
    ("train_loader(2)", "brackets ( ) stand behind an int"),
    ("train_loader.sum()", "an int has no .sum: arrays and tensors may"),
    ("torch.nn.ReLU().forward(1, 2)", "forward is called with 3 values and takes 2"),
    ("for i in 5: pass", "single number"),
    ("for i in torch.tensor(5): pass", "single number"),
    ("train_loader[0]", "an int has no elements"),
    ("[1] + 2", "plain lists"),
    ("(1,) + 2", "plain lists"),
    ("'a' + 1", "+ joins a text only with a text"),
    ("1 + 'a'", "+ joins a text only with a text"),
    ("[1] * 2.0", "plain lists"),
    ("-[1]", "plain lists"),
    ("[1] - [1]", "plain lists"),
    ("'a' - 1", "- does not work between a str and an int"),
    ("torch.log(0.5)", "log wants a tensor and got a float"),
    ("list(range(3))['a']", "must be a whole number"),
    ("torch.zeros(2, z=1)", "no argument called z"),
    ("train_loader(5, a=1)", "brackets ( ) stand"),
    ("max(torch.zeros(2), 0)", "torch.clamp"),
    ("torch.zeros(3) + torch.zeros(2)", "3 elements along an axis and the other 2"),
    ("torch.zeros(2, 3) @ torch.zeros(2, 3)", "3 is not 2"),
    ("torch.zeros(2, 2) @ torch.ones(2, 2).long()", "x.float()"),
    ("torch.ones(2).long().mean()", "x.float()"),
    ("torch.zeros(1).sum().backward()", "no gradient can flow"),
    ("torch.zeros(1, requires_grad=True).numpy()", "detach().numpy()"),
    ("w = torch.zeros(1, requires_grad=True); w += 1", "in place"),
    ("torch.zeros(2, requires_grad=True).exp().backward()", "one number"),
    ("l = torch.ones(1, requires_grad=True).exp(); l.backward(); l.backward()", "called twice"),
    ("torch.zeros(2).item()", "a tensor of 2 elements"),
    ("torch.zeros(6).reshape(4, 2)", "6 elements do not fit into the shape [4, 2]"),
    ("torch.cat([torch.zeros(2, 2), torch.zeros(3, 3)])", "other shapes"),
    ("torch.stack([torch.zeros(2), torch.zeros(3)])", "other shapes"),
    ("numpy.zeros(2) + numpy.zeros(3)", "two lengths must be equal"),
    ("if numpy.zeros(2): pass", "np.where"),
    ("a, b = 1, 2, 3", "more than 2 values"),
    ("a, b = [1]", "2 values are wanted before the =, and 1"),
    ("import math; math.log(0)", "a number above 0"),
    ("float('half')", "'half' is text"),
    ("numpy.array([[1], [2, 3]])", "different lengths"),
    ("torch.zeros(3)[5]", "position 5 is asked for among 3 elements"),
    ("numpy.zeros(3)[5]", "position 5 is asked for among 3 elements"),
    ("torch.zeros(3).sum(dim=1)", "dim counts from 0"),
    ("[1][2]", "counting starts at 0"),
    ("{'a': 1}['b']", "there is no entry 'b'"),
    ("1 / 0", "divided by 0"),
    ("import math; math.exp(1000)", "too large"),
    ("import no_such_module", "no_such_module is not installed"),
    ("from math import squareroot", "math has nothing called squareroot"),
    ("torch.meen(torch.zeros(2))", "did you mean mean?"),
    ("next(iter([]))", "nothing is left"),
    ("assert 1 == 2", "does not hold"),
    ("total += 1", "total has no value yet"),
    ("torch.nn.BCELoss()(torch.zeros(2), torch.zeros(3))", "two lengths must be equal"),
    ("torch.nn.NLLLoss()(torch.zeros(2, 3), torch.zeros(2, 1).long())", "one whole number for each row"),
    ("raise OSError(28, 'No space left')", "your own `raise`"),
    ("eval('1 +')", "last line"),
    ("print(..., 5) or ... * 2", "three dots"),
]  # fmt: skip


@pytest.mark.parametrize(("line", "words"), ERRORS, ids=[case[0] for case in ERRORS])
def test_the_commonest_errors_are_explained(line: str, words: str) -> None:
    source = f"def answer():\n    train_loader = 5\n    {line}\n"
    linecache.cache[CELL] = (len(source), None, source.splitlines(keepends=True), CELL)
    names: dict[str, Any] = {"torch": torch, "numpy": numpy}
    exec(compile(source, CELL, "exec"), names)
    with pytest.raises(BaseException) as caught:  # noqa: PT011 - of every kind
        names["answer"]()
    said = explain_error(caught.value).splitlines()
    assert said[0] == f"  look at:   line 3 of answer:  {line}"
    assert said[1].startswith(f"  it says:   {type(caught.value).__name__}")
    assert said[2].startswith("  it means:  ")
    assert words in f"{said[2]}\n"
    assert len(said) == 3
