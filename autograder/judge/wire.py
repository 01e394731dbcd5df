"""Frames and plain data between the trusted judge and an untrusted child.

A frame is a 12-byte header (length of the JSON part, length of the binary part) and the two parts. From the
child come JSON and raw buffers alone, which the judge decodes into plain values: there is no pickle and no
class look-up, so nothing that arrives behaves as the student wants. What is no plain value stays there.
"""

from __future__ import annotations

import socket
import struct
import time
from collections.abc import Callable, Iterable
from typing import Any

import numpy as np
import torch

from autograder.judge.errors import ProtocolError, StudentDied, StudentTimeout

HEADER = struct.Struct("!IQ")
MAX_JSON, MAX_BLOB = 16 << 20, 96 << 20
MAX_DEPTH, MAX_NODES, MAX_INT_DIGITS = 40, 500_000, 400
CHUNK = 1 << 20

REAL = (
    "float16",
    "float32",
    "float64",
    "int8",
    "int16",
    "int32",
    "int64",
    "uint8",
    "bool",
    "complex64",
    "complex128",
)
NUMPY_TYPES = {name: np.dtype(name) for name in (*REAL, "uint16", "uint32", "uint64")}
TORCH_TYPES: dict[str, torch.dtype] = {name: getattr(torch, name) for name in (*REAL, "bfloat16")}


class Unsendable(Exception):
    """Report a result that is too large or too deep to send."""


# ---------------------------------------------------------------- frames


def send_frame(sock: socket.socket, text: bytes, blob: bytes = b"", deadline: float | None = None) -> None:
    """Send one frame before `deadline` (absolute, time.monotonic; None waits forever).

    Raises StudentTimeout or StudentDied.
    """
    view = memoryview(HEADER.pack(len(text), len(blob)) + text + blob)
    while view:
        sock.settimeout(_left(deadline))
        try:
            view = view[sock.send(view[:CHUNK]) :]
        except TimeoutError:
            raise StudentTimeout("no answer came within the time limit") from None
        except OSError as error:
            raise StudentDied(f"the Python process ended ({error.strerror})") from None


def receive_frame(sock: socket.socket, deadline: float | None = None) -> tuple[bytes, bytes]:
    """Return the JSON part and the binary part of the next frame.

    Raises StudentTimeout, StudentDied, or ProtocolError if the frame says that it is too large.
    """
    text, blob = HEADER.unpack(_receive(sock, HEADER.size, deadline))
    if text > MAX_JSON or blob > MAX_BLOB:
        raise ProtocolError(f"an answer of {text + blob} bytes is too large")
    return _receive(sock, text, deadline), _receive(sock, blob, deadline)


def receive_trusted_frame(sock: socket.socket) -> bytes:
    """Return the binary part of the next frame, however large. For the child: the judge is trusted."""
    text, blob = HEADER.unpack(_receive(sock, HEADER.size, None))
    _receive(sock, text, None)
    return _receive(sock, blob, None)


def _receive(sock: socket.socket, size: int, deadline: float | None) -> bytes:
    parts = bytearray()
    while len(parts) < size:
        sock.settimeout(_left(deadline))
        try:
            part = sock.recv(min(size - len(parts), CHUNK))
        except TimeoutError:
            raise StudentTimeout("no answer came within the time limit") from None
        except OSError as error:
            raise StudentDied(f"the Python process ended ({error.strerror})") from None
        if not part:
            raise StudentDied("the Python process ended")
        parts += part
    return bytes(parts)


def _left(deadline: float | None) -> float | None:
    left = None if deadline is None else deadline - time.monotonic()
    if left is not None and left <= 0:
        raise StudentTimeout("no answer came within the time limit")
    return left


# ---------------------------------------------------------------- values to JSON and bytes (in the child)


class Encoder:
    """Turn values into JSON-ready data plus `blob`.

    `keep(obj)` returns the number under which an object that is no plain value stays here.
    `tracked` lists the tensors with a gradient in the order in which they were met.
    """

    def __init__(self, keep: Callable[[Any], int]) -> None:
        self.keep, self.blob, self.nodes = keep, bytearray(), 0
        self.tracked: list[torch.Tensor] = []

    def encode(self, value: Any, depth: int = 0) -> Any:
        """Return JSON-ready data for `value`. Raises Unsendable if it is too large or too deep."""
        self.nodes += 1
        if depth > MAX_DEPTH or self.nodes > MAX_NODES:
            raise Unsendable("the result is nested too deeply or has too many parts")
        if value is None or value is True or value is False:
            return value
        for kind, encode in _ENCODERS:
            if issubclass(type(value), kind):
                return encode(self, value, depth + 1)
        return self._handle(value)

    def items(self, values: Iterable[Any], depth: int) -> list[Any]:
        """Return JSON-ready data for each of the values."""
        return [self.encode(value, depth) for value in values]

    def put(self, raw: bytes) -> list[int]:
        """Append bytes to the blob and return where they are."""
        if len(self.blob) + len(raw) > MAX_BLOB:
            raise Unsendable("the result is too large")
        self.blob += raw
        return [len(self.blob) - len(raw), len(raw)]

    def tensor(self, value: torch.Tensor, depth: int) -> Any:
        """Return a tensor as dtype, shape and place in the blob; an exotic one as a handle."""
        name = str(value.dtype).removeprefix("torch.")
        if name not in TORCH_TYPES or value.layout is not torch.strided or value.device.type == "meta":
            return self._handle(value)
        if value.requires_grad:
            self.tracked.append(value)
        return {"T": [name, list(value.shape), *self.put(tensor_bytes(value)), value.requires_grad]}

    def array(self, value: np.ndarray, depth: int) -> Any:
        """Return an array as dtype, shape and place in the blob; one of objects or texts as a handle."""
        name = value.dtype.name
        if name not in NUMPY_TYPES:
            return self._handle(value)
        return {"N": [name, list(value.shape), *self.put(np.asarray(value, NUMPY_TYPES[name]).tobytes())]}

    def scalar(self, value: np.generic, depth: int) -> Any:
        """Return a NumPy number as dtype and place in the blob; a NumPy text as text."""
        if value.dtype.name not in NUMPY_TYPES:
            return str(value) if isinstance(value, str) else self._handle(value)
        return {"n": [value.dtype.name, *self.put(value.astype(NUMPY_TYPES[value.dtype.name]).tobytes())]}

    def _handle(self, value: Any) -> Any:
        is_class = isinstance(value, type)
        kind = value if is_class else type(value)
        names = [f"{base.__module__}.{base.__qualname__}"[:200] for base in kind.__mro__][:12]
        return {"H": [self.keep(value), names, callable(value), is_class]}


def _integer(encoder: Encoder, value: int, depth: int) -> Any:
    if int.bit_length(value) > 3 * MAX_INT_DIGITS:
        raise Unsendable("the result holds an integer of hundreds of digits")
    return {"i": int.__repr__(value)} if int.bit_length(value) > 53 else int(value)


def tensor_bytes(value: torch.Tensor) -> bytes:
    """Return the elements of a tensor as raw bytes in C order."""
    flat = value.detach().cpu().resolve_conj().resolve_neg().reshape(-1)
    return flat.contiguous().view(torch.uint8).numpy().tobytes()


def tensor_of(name: str, shape: tuple[int, ...], raw: bytes) -> torch.Tensor:
    """Return the tensor of a type and shape whose elements are these bytes, which are trusted."""
    dtype = TORCH_TYPES[name]
    flat = torch.frombuffer(bytearray(raw), dtype=dtype) if raw else torch.empty(0, dtype=dtype)
    return flat.reshape(shape).clone()  # whose memory is its own, so that it can be resized


_ENCODERS: tuple[tuple[Any, Callable[[Encoder, Any, int], Any]], ...] = (
    (torch.Tensor, Encoder.tensor),
    (np.ndarray, Encoder.array),
    (np.generic, Encoder.scalar),
    (int, _integer),
    (float, lambda encoder, value, depth: float.__float__(value)),
    (complex, lambda encoder, value, depth: {"c": [value.real, value.imag]}),
    (str, lambda encoder, value, depth: str.__str__(value)),
    ((bytes, bytearray), lambda encoder, value, depth: {"b": encoder.put(bytes(value))}),
    (list, lambda encoder, value, depth: {"l": encoder.items(list.__iter__(value), depth)}),
    (tuple, lambda encoder, value, depth: {"t": encoder.items(tuple.__iter__(value), depth)}),
    ((set, frozenset), lambda encoder, value, depth: {"s": encoder.items(value, depth)}),
    (dict, lambda encoder, value, depth: {"d": [encoder.items(pair, depth) for pair in dict.items(value)]}),
)
