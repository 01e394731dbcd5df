"""What crosses from a student's process: every plain value whole, and nothing but plain values."""

from __future__ import annotations

import json
from typing import Any

import numpy as np
import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st

from autograder.judge.decoder import MAX_NUMBER_KEYS, Decoder, parse
from autograder.judge.errors import ProtocolError
from autograder.judge.wire import MAX_BLOB, NUMPY_TYPES, TORCH_TYPES, Encoder, Unsendable

HANDLE = {"H": [0, ["__main__.Thing"], True, False]}
DEEP = '{"l":[' * 60 + "1" + "]}" * 60
FLOOD, NUMBERS = ",".join(["0"] * 600_000), ",".join(map(str, range(MAX_NUMBER_KEYS + 1)))


def there_and_back(value: Any) -> Any:
    """Encode a value as the child does and decode it as the judge does."""
    encoder = Encoder(lambda obj: 0)
    text = json.dumps({"value": encoder.encode(value)}).encode()
    return decoded(text, bytes(encoder.blob))


def decoded(text: bytes, blob: bytes = b"") -> Any:
    """Decode the value of a message as the judge does."""
    return Decoder(blob, lambda *handle: ("handle", *handle)).decode(parse(text)["value"])


def same(a: Any, b: Any) -> bool:
    """Return whether two values have the same types and contents, nan being equal to nan."""
    if type(a) is not type(b):
        return False
    if isinstance(a, torch.Tensor):
        raw = (a.dtype, a.shape, a.requires_grad) == (b.dtype, b.shape, b.requires_grad)
        return raw and torch.equal(_bits(a), _bits(b))
    if isinstance(a, np.ndarray | np.generic):
        return a.dtype == b.dtype and a.shape == b.shape and a.tobytes() == b.tobytes()
    if isinstance(a, list | tuple):
        return len(a) == len(b) and all(map(same, a, b))
    if isinstance(a, dict):
        return same(list(a.items()), list(b.items()))
    return a == b or (isinstance(a, float | complex) and repr(a) == repr(b))


def _bits(tensor: torch.Tensor) -> torch.Tensor:
    return tensor.detach().reshape(-1).contiguous().view(torch.uint8)


TEXTS = st.text(st.characters(exclude_categories=["Cs"]), max_size=80)
SHAPES = st.lists(st.integers(0, 4), max_size=4)
KEYS = TEXTS | st.integers(-(2**70), 2**70) | st.booleans() | st.tuples(st.integers(), TEXTS)


@st.composite
def tensors(draw: st.DrawFn) -> torch.Tensor:
    """Draw a tensor of any type and small shape, perhaps with a gradient."""
    dtype = draw(st.sampled_from(sorted(TORCH_TYPES.items())))[1]
    value = (torch.randn(draw(SHAPES)) * 50).to(dtype)
    differentiable = dtype.is_floating_point or dtype.is_complex
    return value.requires_grad_(differentiable and draw(st.booleans()))


@st.composite
def arrays(draw: st.DrawFn) -> np.ndarray | np.generic:
    """Draw an array or a single number of any of NumPy's types."""
    dtype = draw(st.sampled_from(sorted(NUMPY_TYPES.items())))[1]
    value = np.asarray(np.random.default_rng(draw(st.integers(0, 9))).random(draw(SHAPES)) * 50).astype(dtype)
    return value if value.ndim else value[()]


SINGLE = (
    st.none() | st.booleans() | st.integers(-(10**350), 10**350) | st.floats() | st.complex_numbers() | TEXTS
) | (st.binary(max_size=50) | st.sets(KEYS, max_size=5) | tensors() | arrays())
VALUES = st.recursive(
    SINGLE,
    lambda inner: (
        st.lists(inner, max_size=5)
        | st.lists(inner, max_size=5).map(tuple)
        | st.dictionaries(KEYS, inner, max_size=5)
    ),
    max_leaves=20,
)
JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=10),
    lambda inner: (
        st.lists(inner, max_size=6)
        | st.dictionaries(st.sampled_from("TNnicbltsdHx"), inner, max_size=2)
        | st.tuples(st.sampled_from(["float32", "bool"]), st.lists(st.integers(-1, 3)), inner, inner, inner)
    ),
    max_leaves=20,
)


@settings(deadline=None, max_examples=300)
@given(VALUES)
def test_every_plain_value_arrives_as_it_was_sent(value: Any) -> None:
    assert same(there_and_back(value), value)


@settings(deadline=None, max_examples=500)
@given(JSON, st.binary(max_size=40))
def test_whatever_json_arrives_is_a_plain_value_or_a_protocol_error(data: Any, blob: bytes) -> None:
    try:
        value = decoded(json.dumps({"value": data}).encode(), blob)
    except ProtocolError:
        return
    plain = (
        str,
        float,
        int,
        bool,
        complex,
        bytes,
        list,
        tuple,
        dict,
        set,
        np.ndarray,
        np.generic,
        torch.Tensor,
    )
    assert value is None or isinstance(value, plain)


HOSTILE = [
    ("deep lists", f'{{"value": {DEEP}}}'),
    ("very deep json", '{"value": %s}' % ("[" * 100_000)),
    ("huge integer", '{"value": %s}' % ("9" * 5000)),
    ("huge integer as text", '{"value": {"i": "%s"}}' % ("9" * 5000)),
    ("integer that is a float", '{"value": {"i": 1.5}}'),
    ("long float", '{"value": 0.%s}' % ("1" * 5000)),
    ("no object", "[1, 2]"),
    ("not json", "{value: 1}"),
    ("bare list", '{"value": [1, 2]}'),
    ("unknown tag", '{"value": {"pickle": "gASVAAA="}}'),
    ("two tags", '{"value": {"l": [], "t": []}}'),
    ("unhashable key", '{"value": {"d": [[{"l": []}, 1]]}}'),
    ("unhashable member", '{"value": {"s": [{"l": []}]}}'),
    ("pair of three", '{"value": {"d": [[1, 2, 3]]}}'),
    ("bytes beyond the end", '{"value": {"b": [0, 99]}}'),
    ("negative start", '{"value": {"b": [-4, 4]}}'),
    ("negative size", '{"value": {"b": [4, -4]}}'),
    ("size that is true", '{"value": {"b": [0, true]}}'),
    ("the same bytes twice", '{"value": {"l": [{"b": [0, 16]}, {"b": [0, 16]}]}}'),
    ("shape too large for the bytes", '{"value": {"T": ["float32", [5], 0, 16, false]}}'),
    ("shape too small for the bytes", '{"value": {"N": ["float32", [3], 0, 16]}}'),
    ("negative dimension", '{"value": {"T": ["float32", [-2, -2], 0, 16, false]}}'),
    ("empty but enormous", '{"value": {"T": ["float32", [0, 999999999], 0, 0, false]}}'),
    ("empty and enormous twice", '{"value": {"N": ["int8", [0, 99999, 99999], 0, 0]}}'),
    ("seventeen dimensions", f'{{"value": {{"N": ["float64", {[1] * 17}, 0, 8]}}}}'),
    ("shape of floats", '{"value": {"T": ["float32", [4.0], 0, 16, false]}}'),
    ("objects in an array", '{"value": {"N": ["object", [2], 0, 16]}}'),
    ("unknown dtype", '{"value": {"T": ["Tensor", [4], 0, 16, false]}}'),
    ("dtype that is a list", '{"value": {"T": [["float32"], [4], 0, 16, false]}}'),
    ("missing parts", '{"value": {"T": ["float32"]}}'),
    ("number that is none", '{"value": {"n": []}}'),
    ("handle without a number", '{"value": {"H": ["0", [], true, true]}}'),
    ("handle with a negative number", '{"value": {"H": [-1, [], true, true]}}'),
    ("handle with odd names", '{"value": {"H": [1, [[]], true, true]}}'),
    ("complex of texts", '{"value": {"c": ["1", "2"]}}'),
    ("flood of values", f'{{"value": {{"l": [{FLOOD}]}}}}'),
    ("flood of number keys", f'{{"value": {{"s": [{NUMBERS}]}}}}'),
]


@pytest.mark.parametrize(("name", "text"), HOSTILE, ids=[name for name, _ in HOSTILE])
def test_a_hostile_message_ends_in_a_protocol_error(name: str, text: str) -> None:
    with pytest.raises(ProtocolError):
        decoded(text.encode(), bytes(16))


def test_what_is_no_plain_value_stays_behind_a_handle() -> None:
    value = there_and_back([print, object, np.array([object()]), torch.zeros(2).to_sparse(), range(3)])
    assert [item[0] for item in value] == ["handle"] * 5
    assert value[0][3:] == (True, False)
    assert value[1][3:] == (True, True)


LYING = [
    (
        "text that equals everything",
        type("S", (str,), {"__eq__": lambda a, b: True, "__hash__": str.__hash__})("x"),
        str,
    ),
    ("number that equals everything", type("F", (float,), {"__eq__": lambda a, b: True})(1.0), float),
    ("list that equals everything", type("L", (list,), {"__eq__": lambda a, b: True})([1]), list),
    (
        "tensor of another class",
        type("T", (torch.Tensor,), {"__eq__": lambda a, b: True})([1.0]),
        torch.Tensor,
    ),
    ("array of another class", np.array([1.0]).view(type("A", (np.ndarray,), {})), np.ndarray),
    ("parameter", torch.nn.Parameter(torch.ones(1)), torch.Tensor),
    ("named tuple", torch.max(torch.ones(2, 2), 0), tuple),
]


@pytest.mark.parametrize(("name", "value", "kind"), LYING, ids=[case[0] for case in LYING])
def test_a_value_of_a_class_of_the_student_arrives_as_the_plain_one(
    name: str, value: Any, kind: type
) -> None:
    assert type(there_and_back(value)) is kind


def test_a_byte_that_is_neither_true_nor_false_becomes_true() -> None:
    text = b'{"value": {"T": ["bool", [2], 0, 2, false]}}'
    assert decoded(text, b"\x00\x07").tolist() == [False, True]
    assert _bits(decoded(text, b"\x00\x07")).tolist() == [0, 1]


def test_lone_surrogates_are_replaced_so_that_every_text_can_be_written() -> None:
    assert decoded(b'{"value": "a\\ud800b"}').encode() == b"a?b"


@pytest.mark.parametrize(
    "value", [10**500, [[0] * 1000] * 1000, bytes(MAX_BLOB + 1)], ids=["digits", "parts", "bytes"]
)
def test_a_result_too_large_to_send_is_refused_by_name(value: Any) -> None:
    with pytest.raises(Unsendable):
        there_and_back(value)


def test_a_list_that_holds_itself_is_refused() -> None:
    value: list[Any] = []
    value.append(value)
    with pytest.raises(Unsendable):
        there_and_back(value)


def test_tracked_tensors_come_in_the_same_order_on_both_sides() -> None:
    value = {"b": [torch.ones(1, requires_grad=True), torch.ones(2)], "a": torch.ones(3, requires_grad=True)}
    encoder = Encoder(lambda obj: 0)
    decoder = Decoder(b"", lambda *handle: handle)
    data = encoder.encode(value)
    decoder.blob = bytes(encoder.blob)
    decoder.decode(data)
    assert [t.shape for t in encoder.tracked] == [t.shape for t in decoder.tracked] == [(1,), (3,)]
