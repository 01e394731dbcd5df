"""Rebuild plain values from what an untrusted child sent; what is no plain value stays opaque."""

from __future__ import annotations

import json
import math
import sys
from collections.abc import Callable, Iterable
from typing import Any

import numpy as np
import torch

from autograder.judge.errors import ProtocolError
from autograder.judge.wire import (
    MAX_BLOB,
    MAX_DEPTH,
    MAX_INT_DIGITS,
    MAX_NODES,
    NUMPY_TYPES,
    TORCH_TYPES,
)

MAX_DIMENSIONS, MAX_ELEMENTS = 16, MAX_BLOB
MAX_FLOAT_DIGITS = 64
SHORT_TEXT = 64
# Hashes of numbers are predictable, so keys can be chosen that all collide; hashes of texts are salted.
MAX_NUMBER_KEYS = 10_000


def parse(text: bytes) -> dict[str, Any]:
    """Return the JSON object in `text`. Raises ProtocolError if it is none, or holds absurd numbers."""
    try:
        message = json.loads(text.decode("utf-8"), parse_int=_short_int, parse_float=_short_float)
    except (ValueError, RecursionError, MemoryError) as error:
        raise ProtocolError(f"an answer is no valid JSON ({type(error).__name__})") from None
    if type(message) is not dict:
        raise ProtocolError("an answer is no JSON object")
    return message


def _short_int(digits: str) -> int:
    if len(digits) > MAX_INT_DIGITS:
        raise ProtocolError("an answer holds an absurdly long integer")
    return int(digits)


def _short_float(digits: str) -> float:
    if len(digits) > MAX_FLOAT_DIGITS:
        raise ProtocolError("an answer holds an absurdly long number")
    return float(digits)


def well_formed(text: str) -> str:
    """Return `text` with lone surrogates replaced; short texts interned, as `is` may be used on them."""
    text = text.encode("utf-8", "replace").decode("utf-8")
    return sys.intern(text) if len(text) < SHORT_TEXT else text


class Decoder:
    """Rebuild plain values from what the child sent; believe nothing.

    `handle(number, class names, callable, is_class)` returns what stands for an object that stayed there.
    `tracked` lists the decoded tensors that had a gradient, in the order in which the Encoder met them.
    """

    def __init__(self, blob: bytes, handle: Callable[[int, list[str], bool, bool], Any]) -> None:
        self.blob, self.handle = blob, handle
        self.nodes = self.used = self.number_keys = 0
        self.tracked: list[torch.Tensor] = []

    def decode(self, data: Any, depth: int = 0) -> Any:
        """Return the value that `data` describes. Raises ProtocolError if it describes none."""
        self.nodes += 1
        if depth > MAX_DEPTH + 1 or self.nodes > MAX_NODES + 1000:
            raise ProtocolError("an answer is nested too deeply or has too many parts")
        if data is None or type(data) in (bool, int, float):
            return data
        if type(data) is str:
            return well_formed(data)
        if type(data) is not dict or len(data) != 1:
            raise ProtocolError("an answer holds something that is no value")
        ((tag, body),) = data.items()
        if tag not in _DECODERS:
            raise ProtocolError("an answer holds a value of an unknown kind")
        try:
            return _DECODERS[tag](self, body, depth + 1)
        except Exception as error:  # whatever a malformed body breaks, it is the sender who is to blame
            raise ProtocolError(f"an answer holds a malformed value ({type(error).__name__})") from None

    def sequence(self, body: Any, depth: int) -> list[Any]:
        """Return the decoded elements of a list."""
        return [self.decode(item, depth) for item in _as(list, body)]

    def keyed(self, body: Any, depth: int) -> dict[Any, Any]:
        """Return the decoded pairs of a dict."""
        pairs = [self.sequence(pair, depth) for pair in _as(list, body)]
        self.count_keys(key for key, _ in pairs)
        return dict(pairs)  # raises if a pair is none

    def unique(self, body: Any, depth: int) -> set[Any]:
        """Return the decoded members of a set."""
        members = self.sequence(body, depth)
        self.count_keys(members)
        return set(members)

    def count_keys(self, keys: Iterable[Any]) -> None:
        """Raise ProtocolError when there are too many keys with predictable hashes."""
        self.number_keys += sum(type(key) is not str for key in keys)
        if self.number_keys > MAX_NUMBER_KEYS:
            raise ProtocolError("an answer holds too many numbers as keys")

    def cut(self, start: Any, size: Any) -> bytearray:
        """Return a piece of the blob. All pieces together may not be larger than the blob."""
        self.used += _as(int, size)
        if (
            not 0 <= _as(int, start) <= start + size <= len(self.blob)
            or size < 0
            or self.used > len(self.blob)
        ):
            raise ProtocolError("an answer refers to bytes that it does not have")
        return bytearray(self.blob[start : start + size])

    def tensor(self, body: Any, depth: int) -> torch.Tensor:
        """Return a tensor after checking that its shape fits its bytes."""
        name, shape, start, size, gradient = body
        dtype = TORCH_TYPES[_known(name, TORCH_TYPES)]
        raw = self.cut(start, size)
        _check_shape(shape, size, dtype.itemsize)
        if dtype is torch.bool:  # a byte other than 0 and 1 is no truth value
            raw = bytearray(np.frombuffer(raw, np.uint8) != 0)
        value = torch.frombuffer(raw, dtype=dtype).reshape(shape) if raw else torch.empty(shape, dtype=dtype)
        if gradient is True and (dtype.is_floating_point or dtype.is_complex):
            self.tracked.append(value.requires_grad_())
        return value

    def array(self, body: Any, depth: int) -> np.ndarray:
        """Return an array after checking that its shape fits its bytes."""
        name, shape, start, size = body
        dtype = NUMPY_TYPES[_known(name, NUMPY_TYPES)]
        raw = self.cut(start, size)
        _check_shape(shape, size, dtype.itemsize)
        if dtype == np.bool_:
            raw = bytearray(np.frombuffer(raw, np.uint8) != 0)
        return np.frombuffer(raw, dtype).reshape(shape)

    def opaque(self, body: Any, depth: int) -> Any:
        """Return what stands for an object that stayed in the child."""
        number, names, is_callable, is_class = body
        if not 0 <= _as(int, number) < 1 << 53:
            raise ProtocolError("an answer holds a malformed handle")
        shown = [well_formed(_as(str, name))[:200] for name in _as(list, names)[:12]]
        return self.handle(number, shown, is_callable is True, is_class is True)


def _as(kind: type, value: Any) -> Any:
    if type(value) is not kind:
        raise ProtocolError(f"an answer holds a {type(value).__name__} where a {kind.__name__} belongs")
    return value


def _known(name: Any, table: dict[str, Any]) -> str:
    if type(name) is not str or name not in table:
        raise ProtocolError("an answer holds numbers of an unknown kind")
    return name


def _check_shape(shape: Any, size: int, itemsize: int) -> None:
    sizes = _as(list, shape)
    if len(sizes) > MAX_DIMENSIONS or not all(type(n) is int and 0 <= n <= MAX_ELEMENTS for n in sizes):
        raise ProtocolError("an answer holds numbers of an absurd shape")
    # An empty shape like (0, 10**12) costs nothing here, but its sum along the first axis would.
    if math.prod(sizes) * itemsize != size or math.prod(n or 1 for n in sizes) > MAX_ELEMENTS:
        raise ProtocolError("an answer holds numbers whose shape does not fit their bytes")


def _complex(decoder: Decoder, body: Any, depth: int) -> complex:
    real, imaginary = decoder.sequence(body, depth)
    return complex(_as(float, real), _as(float, imaginary))


_DECODERS: dict[str, Callable[[Decoder, Any, int], Any]] = {
    "T": Decoder.tensor,
    "N": Decoder.array,
    "n": lambda decoder, body, depth: decoder.array([body[0], [], *body[1:]], depth)[()],
    "i": lambda decoder, body, depth: _short_int(_as(str, body)),
    "c": _complex,
    "b": lambda decoder, body, depth: bytes(decoder.cut(*_as(list, body))),
    "l": Decoder.sequence,
    "t": lambda decoder, body, depth: tuple(decoder.sequence(body, depth)),
    "s": Decoder.unique,
    "d": Decoder.keyed,
    "H": Decoder.opaque,
}
