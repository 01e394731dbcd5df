"""What stands in a release in the place of a solution: a stub, and one that runs wherever it can."""

from __future__ import annotations

import pytest

from autograder.build.stubs import stub_of, stubbed

MARKS = "### BEGIN SOLUTION\n{}\n### END SOLUTION"
RAISES = "# YOUR CODE HERE\nraise NotImplementedError()"

TOP_LEVEL = [
    ("one name", "loss = 3", "# YOUR CODE HERE\nloss = ..."),
    ("several names in a line", "a, (b, *c) = f()", "# YOUR CODE HERE\na = ...\nb = ...\nc = ..."),
    ("a name twice", "a = 1\na += 1\nb: int = 2", "# YOUR CODE HERE\na = ...\nb = ..."),
    ("a function", "def f(x):\n    y = x\n    return y", "# YOUR CODE HERE\nf = ..."),
    ("a name in a block", "for i in range(3):\n    last = i", "# YOUR CODE HERE\nlast = ..."),
    ("names of its own", "_step = 1\nwith open(p) as file:\n    text = file.read()",
     "# YOUR CODE HERE\ntext = ..."),
    ("no name", "print(3)", "# YOUR CODE HERE"),
    ("an item of something", "match['a'] = 1", "# YOUR CODE HERE"),
    ("no Python", "loss = = 3", RAISES),
]  # fmt: skip


@pytest.mark.parametrize(
    ("solution", "stub"), [case[1:] for case in TOP_LEVEL], ids=[c[0] for c in TOP_LEVEL]
)
def test_a_solution_at_top_level_becomes_names_without_a_value(solution: str, stub: str) -> None:
    assert stubbed(MARKS.format(solution)) == stub
    assert stub_of(solution) == stub


ABOVE = [
    (
        'answer_gq2 = ""\n',
        'answer_gq2 = "C"',
        "# YOUR ANSWER HERE: write one letter between the quotes above.",
    ),
    ('match = {"a": ""}\n', 'match = {"a": "b"}\nkey = 1', "# YOUR CODE HERE\nkey = ..."),
    ("%matplotlib inline\ncolumn, row = 1, 2\n", "mended = row", "# YOUR CODE HERE\nmended = ..."),
]


@pytest.mark.parametrize(("above", "solution", "stub"), ABOVE)
def test_what_is_given_above_needs_no_stub(above: str, solution: str, stub: str) -> None:
    assert stubbed(above + MARKS.format(solution)) == above + stub


INSIDE = [
    ("def f(x):\n    {}", "return x", f"def f(x):\n    {RAISES.replace(chr(10), chr(10) + '    ')}"),
    (
        "class Net:\n    def f(self):\n        {}",
        "self.x = 1",
        f"class Net:\n    def f(self):\n        {RAISES.replace(chr(10), chr(10) + '        ')}",
    ),
    ("for i in (1, 2):\n    {}", "print(i)", "for i in (1, 2):\n    # YOUR CODE HERE\n    pass"),
]


@pytest.mark.parametrize(("frame", "solution", "stub"), INSIDE)
def test_a_solution_inside_a_function_or_class_raises(frame: str, solution: str, stub: str) -> None:
    indent = " " * (len(frame.splitlines()[-1]) - 2)
    region = f"\n{indent}".join(("### BEGIN SOLUTION", solution, "### END SOLUTION"))
    assert stubbed(frame.format(region)) == stub


def test_each_region_of_a_cell_has_its_own_stub() -> None:
    cell = "def f():\n    ### BEGIN SOLUTION\n    return 1\n    ### END SOLUTION\n\n" + MARKS.format(
        "a = f()"
    )
    body = "def f():\n    # YOUR CODE HERE\n    raise NotImplementedError()\n\n"
    assert stubbed(cell) == f"{body}# YOUR CODE HERE\na = ..."
