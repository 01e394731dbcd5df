"""What students are told when a check or a demonstration of their code cannot go on."""

from __future__ import annotations

import json
import linecache
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import torch
from checking import Mismatch, expect_close, expect_raises
from IPython.core.interactiveshell import InteractiveShell
from lesson_data import DATA, encode
from lesson_samples import ipython
from tutor import hint_key, needs, visible

Capture = pytest.CaptureFixture[str]
RIGHT = "def half(x): return (x / 2).mean()"
CHECK = """
import torch
from checking import expect_close
from tutor import visible

@visible
def check_half(half):
    expect_close(half(torch.tensor([1.0, 3.0])), 1.0, call="half([1, 3])", hint="divide by 2")
    print("✓ half")

@visible
def check_broken(half):
    {}["no such key"]

@visible
def check_used(half):
    half(torch.tensor([1.0, 3.0])).backward()
"""


def run(source: str, name: str, names: dict[str, Any] | None = None) -> dict[str, Any]:
    """Run code as a file of this name, so that its lines can be shown."""
    linecache.cache[name] = (len(source), None, source.splitlines(keepends=True), name)
    names = {"torch": torch} if names is None else names
    exec(compile(source, name, "exec"), names)
    return names


@pytest.fixture
def lesson(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[[str], dict[str, Any]]:
    """Return what runs a student's code beside a week's visible checks."""
    monkeypatch.chdir(tmp_path)
    (tmp_path / "visible.py").write_text(CHECK)
    checks = run(CHECK, str(tmp_path / "visible.py"), {})
    return lambda source: {**checks, **run(source, "/tmp/ipykernel_1/2.py")}


ANSWERS = [  # the student's code, words that are said, words that are not
    (RIGHT, ["✓ half"], ["Not yet"]),
    ("def half(x): raise NotImplementedError()", ["half: not yet.", "still there?"], ["it says"]),
    ("def half(x): raise NotImplementedError", ["half: not yet.", "still there?"], ["it says"]),
    ("half = ...", ["half: not yet.", "still there?"], ["it says"]),
    ("def half(x): return ... + 1", ["half: not yet.", "still there?"], ["it says"]),
    ("def half(x): x / 2", ["Not yet:\nhalf([1, 3])", "came back: None", "`return`"], ["divide by 2"]),
    ("def half(x): return x.mean()", ["came back: 2", "expected:  1", "try:       divide by 2"], []),
    ("def half(x): return x / 2", ["shape (2,), not ()", ".mean()"], ["divide by 2"]),
    (
        "def half(x):\n    if x > 2:\n        return x\n    return x",
        ["look at:   line 2 of half:  if x > 2:", "it says:   RuntimeError: Boolean", "torch.where("],
        ["itself failed"],
    ),
    ("def half(x): return torch.hlaf(x)", ["line 1 of half", "nothing called hlaf"], ["itself failed"]),
    (
        "def half(x): return torch.zeros(3) + x",
        ["3 elements along an axis and the other 2"],
        ["itself failed"],
    ),
    (
        "def half(): return 1",
        ["TypeError: half() takes 0", "half is called with 1 value and takes 0"],
        ["itself failed"],
    ),
    ("def half(x, y): return 1", ["too few arguments: 'y' is missing"], ["itself failed"]),
    ("half = 0.5", ["'float' object is not callable", "is no function"], ["itself failed"]),
    ("half = None", ["'NoneType' object is not callable"], ["itself failed"]),
    (
        "class half:\n    def __init__(self): pass",
        ["TypeError: half.__init__() takes 1"],
        ["itself failed"],
    ),
    ("def half(x):\n    return half(x)", ["RecursionError", "calls itself"], ["itself failed"]),
    (
        "def half(x):\n    raise ValueError('only\\none')",
        ["ValueError: only\n", "your own `raise`"],
        ["itself failed"],
    ),
    ("def half(x): raise KeyError", ["KeyError", "last line"], ["itself failed"]),
]


@pytest.mark.parametrize(("source", "said", "unsaid"), ANSWERS, ids=[case[0] for case in ANSWERS])
def test_a_check_never_raises_and_says_what_helps(
    source: str, said: list[str], unsaid: list[str], lesson: Callable[..., Any], capsys: Capture
) -> None:
    names = lesson(source)
    names["check_half"](names["half"])
    printed = capsys.readouterr()
    assert not printed.err
    assert all(words in printed.out for words in said), printed.out
    assert not any(words in printed.out for words in unsaid), printed.out


@pytest.mark.parametrize("check", ["check_broken", "check_used"])
def test_a_check_that_fails_by_itself_is_told_from_a_wrong_answer(
    check: str, lesson: Callable[..., Any], capsys: Capture
) -> None:
    names = lesson("def half(x): return None")
    names[check](names["half"])
    assert "this check itself failed" in capsys.readouterr().out


def test_the_raw_check_still_raises(lesson: Callable[..., Any]) -> None:
    with pytest.raises(Mismatch):
        lesson(RIGHT)["check_half"].__wrapped__(lambda x: 5.0)


def test_dots_inside_an_answer_mean_that_it_is_not_done(capsys: Capture) -> None:
    @visible
    def check_match(match: Any, number: Any = 1) -> None:
        raise AssertionError("this must not be reached")

    for args in (({"task": ...},), ([1, ...],), (1, ...)):
        check_match(*args)
        assert capsys.readouterr().out.startswith("match: not yet.")


# hints that fit the answer
def shipped(folder: Path, hints: dict[str, str]) -> None:
    (folder / DATA).write_text(json.dumps({"hints": {"half": encode(hints)}}))


HINTED = [  # the answer, the key that a hint is shipped for, whether it is shown
    ("return x.mean()", "half([1, 3])\n2", True),
    ("return x.mean()", "half([1, 3])\n2.0001", True),
    ("return x.mean()", "half([1, 3])\n2.1", False),
    ("return x.mean()", "half([1, 4])\n2", False),
    ("return x.mean()", "other([1, 3])\n2", False),
    ("x / 2", "half([1, 3])\nNone, not a number", False),  # what the answer itself shows comes first
    ("return 1 / 0", "ZeroDivisionError: division by zero", True),
    ("return 1 / 0", "ZeroDivisionError: float division by zero", False),
]


@pytest.mark.parametrize(("answer", "key", "shown"), HINTED)
def test_a_hint_is_shown_for_the_answer_it_was_written_for(
    answer: str, key: str, shown: bool, lesson: Callable[..., Any], capsys: Capture, tmp_path: Path
) -> None:
    names = lesson(f"def half(x): {answer}")
    shipped(tmp_path, {"other key\n5": "no", key: "You forgot the half."})
    names["check_half"](names["half"])
    printed = capsys.readouterr().out
    assert ("You forgot the half." in printed) is shown
    assert printed.count("try:") == (0 if "Error" in printed and not shown else 1)


def test_the_key_of_an_error_is_what_was_called_and_came_back() -> None:
    with pytest.raises(Mismatch) as caught:
        expect_close(2.0, 1.0, call="half([1, 3])", hint="divide by 2")
    assert hint_key(caught.value) == "half([1, 3])\n2"
    assert hint_key(ValueError("one\ntwo")) == "ValueError: one"
    assert hint_key(ValueError()) == "ValueError: "


def test_another_error_than_the_expected_one_is_shown_with_its_line(lesson: Callable[..., Any]) -> None:
    names = lesson("def half(x):\n    return [][x]")
    with pytest.raises(Mismatch) as caught:
        expect_raises(ValueError, lambda: names["half"](1), call="half(1)", hint="think")
    assert isinstance(caught.value.__cause__, IndexError)


# demonstrations
DEMOS = [  # the demonstration, what is said
    ("stub()", "Not yet: this cell needs your stub.\n"),
    ("dots + 1", "Not yet: this cell needs your stub.\n"),
    ("f'{dots:.3f}'", "Not yet: this cell needs your stub.\n"),
    ("dots.figure", "Not yet: this cell needs your stub.\n"),
    ("1 + 1", ""),
    ("nothing().figure", "Not yet: this cell needs your stub. It stopped with an error:\n  look at:"),
    ("torch.nn.Module()(1)", "Not yet: this cell needs your stub. It stopped with an error:\n  look at:"),
]


@pytest.mark.parametrize(("line", "said"), DEMOS)
def test_a_demonstration_says_what_it_needs(line: str, said: str, capsys: Capture) -> None:
    names = {"torch": torch, "needs": needs, "dots": ..., "nothing": lambda: None}
    run("def stub(): raise NotImplementedError()", "/tmp/ipykernel_1/4.py", names)
    run(f"with needs('stub'):\n    {line}", "/tmp/ipykernel_1/5.py", names)
    printed = capsys.readouterr().out
    assert printed.startswith(said)
    assert bool(printed) is bool(said)


def test_a_demonstration_of_a_cell_that_was_not_run_names_it(capsys: Capture) -> None:
    with needs("undone", "other"):
        undone  # type: ignore[name-defined]  # noqa: F821
    assert capsys.readouterr().out == "Not yet: this cell needs your undone and other.\n"


# a real notebook's traceback
def test_the_line_of_a_cell_is_shown_in_ipython(lesson: Callable[..., Any], capsys: Capture) -> None:
    with ipython():
        shell = InteractiveShell.instance()
        shell.push(lesson(RIGHT))
        shell.run_cell("def half(x):\n    y = x - 1\n    return y / missing")
        shell.run_cell("check_half(half)")
    printed = capsys.readouterr().out
    assert "look at:   line 3 of half:  return y / missing" in printed
    assert "nothing is called missing yet" in printed
