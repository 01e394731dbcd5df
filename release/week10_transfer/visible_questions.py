"""The visible checks of the exercises without marks: counts by hand, four tests and a broken line."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from checking import as_array, expect
from tutor import visible
from visible_broken import BROKEN, LINES

LEARNING = {0: 6405, 1: 2245, 2: 165, 3: 0}  # of build_net((64, 64, 32, 5))
SIZES = ((64, 64), (64, 32), (32, 5))


def _typical(frozen: int) -> dict[int, str]:
    """Return what is wrong with each typical count, if so many linear layers are frozen."""
    counts = [inputs * outputs + outputs for inputs, outputs in SIZES]
    weights = [inputs * outputs for inputs, outputs in SIZES]
    biases = sum(outputs for _, outputs in SIZES[frozen:])
    seen = {
        sum(weights[frozen:]): f"the biases learn, too: {biases} of them",
        sum(counts[frozen:]) + sum(outputs for _, outputs in SIZES[:frozen]): "a frozen layer's biases rest",
        sum(counts[:frozen]): "so many are frozen. How many are left?",
        sum(counts[: len(counts) - frozen]): "the first layers are frozen, not the last ones",
        sum(counts[(frozen + 1) // 2 :]): "ReLU has no parameters: the n linear layers are meant",
    }
    seen.pop(LEARNING[frozen], None)
    return seen


@visible
def check_q1(learning: Any) -> None:
    """Compare the four counts, and name biases left out, frozen ones counted and ReLU taken for a layer."""
    whole = isinstance(learning, Mapping) and set(learning) == set(LEARNING)
    hint = "learning = {0: …, 1: …, 2: …, 3: …}: one count under each n"
    expect(whole, call="learning", got=learning, expected="counts for n = 0, 1, 2 and 3", hint=hint)
    for frozen, want in LEARNING.items():
        given, call = as_array(learning[frozen]), f"learning[{frozen}]"
        single = given is not None and given.ndim == 0
        expect(single, call=call, got=learning[frozen], expected="a count", hint="one whole number")
        layers = ["64·64 + 64", "64·32 + 32", "32·5 + 5"][frozen:]
        hint = f"add up {', '.join(layers)}" if layers else "all three are frozen: who is left?"
        hint = _typical(frozen).get(int(given) if float(given).is_integer() else -1, hint)
        expect(float(given) == want, call=call, got=learning[frozen], expected="another count", hint=hint)
    print("✓ q1: 6405, 2245, 165 and 0. The head has only 165 of 6405 numbers.")


UNMASKED_BY = {"anew": 2, "alias": 3, "late": 4}
FALLS = "a fresh net learns, the source itself learns, a body under a random head learns: the loss falls"
WHY = {
    "anew": {
        1: FALLS,
        3: "nobody touches the source here: this test is passed",
        4: "the head does learn here, together with all the rest",
    },
    "alias": {
        1: FALLS,
        2: "net[0] is source[0], one and the same layer: they are always equal",
        4: "the head does learn here: its layer was replaced before the training",
    },
    "late": {
        1: FALLS,
        2: "the copy is a true copy, and after 0 epochs nothing has moved",
        3: "a copy was made: the source rests",
    },
}


@visible
def check_q2(unmasked_by: Any) -> None:
    """Say for the first way that is wrong what the chosen test would show."""
    whole = isinstance(unmasked_by, Mapping) and set(unmasked_by) == set(UNMASKED_BY)
    hint = 'keep the three keys "anew", "alias" and "late"'
    expect(whole, call="unmasked_by", got=unmasked_by, expected="a test for each of three ways", hint=hint)
    for way, test in unmasked_by.items():
        call, known = f"unmasked_by[{way!r}]", isinstance(test, int) and test in (1, 2, 3, 4)
        hint = "write the number of one test, without quotes"
        expect(known, call=call, got=test, expected="a number from 1 to 4", hint=hint)
        hint = WHY[way].get(test, "")
        expected = "the test that fails for this way"
        expect(test == UNMASKED_BY[way], call=call, got=test, expected=expected, hint=hint)
    print(
        "✓ q2: anew fails test 2, alias test 3, late test 4. All three pass test 1:\n"
        "  a training loss that falls says nothing about what was carried over."
    )


@visible
def check_q3(broken_line: Any) -> None:
    """Say what the line with this number does, and whether that is the fault."""
    whole = isinstance(broken_line, int) and not isinstance(broken_line, bool) and broken_line in LINES
    hint = "write a whole number without quotes, such as broken_line = 5"
    expected = f"a number from 1 to {len(LINES)}"
    expect(whole, call="broken_line", got=broken_line, expected=expected, hint=hint)
    fault, hint = "the line that carries nothing over", LINES[broken_line]
    expect(broken_line == BROKEN, call="broken_line", got=broken_line, expected=fault, hint=hint)
    print(f"✓ q3: {LINES[broken_line]}.")
