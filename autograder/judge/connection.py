"""Ask the student's process, wait no longer than allowed, and end it at the first sign of trouble."""

from __future__ import annotations

import io
import pickle
import random
import socket
import sys
import time
import types
from array import array
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any, Protocol, TypeVar

import numpy as np
import torch

from autograder.judge.decoder import Decoder, parse
from autograder.judge.errors import Lost, ProtocolError, StudentDied, make_student_error
from autograder.judge.proxies import Remote, RemoteCallable, attach_gradients, is_remote
from autograder.judge.sync import apply_states
from autograder.judge.walk import mutables, tensors
from autograder.judge.wire import TORCH_TYPES, receive_frame, send_frame, tensor_bytes, tensor_of

T = TypeVar("T")
MAX_CALLBACKS = 20_000
# What the child can import. A function from elsewhere travels as a callback, a class not at all.
LIBRARIES = frozenset({"torch", "numpy", "sklearn", "scipy", "matplotlib", "optuna"})


class Session(Protocol):
    """Hold a student's process: a stream socket to its server, when it must end, and a way to end it now."""

    @property
    def sock(self) -> socket.socket:
        """Return the socket."""

    @property
    def deadline(self) -> float:
        """Return the end on the clock of time.monotonic()."""

    def kill(self, reason: str) -> None:
        """End the process and everything that it started."""


@dataclass(frozen=True)
class Reply:
    """Hold a decoded answer: its value, what else was reported, the tensors in it that have a gradient."""

    value: Any
    extra: Any
    tracked: list[torch.Tensor]


class Connection:
    """Exchange requests and answers with one student's process. `alive` turns False when it is lost.

    `seconds` is the usual time limit of a request. `modules` are the course's own that the child can import.
    """

    def __init__(self, session: Session, seconds: float, modules: Iterable[str] = ()) -> None:
        self.session, self.seconds = session, seconds
        self.importable = LIBRARIES | sys.stdlib_module_names | frozenset(modules)
        self.deadlines = [session.deadline]
        self.reason = ""
        self.verdict: AssertionError | None = None
        self.functions: list[Callable[..., Any]] = []
        self.callbacks = 0
        self.desk: Any = None  # what an instructor's own test cells have defined so far

    @property
    def alive(self) -> bool:
        """Return whether the process can still be asked."""
        return not self.reason

    @property
    def seconds_left(self) -> float:
        """Return the seconds until the process must have ended."""
        return self.deadlines[0] - time.monotonic()

    def ask(self, op: str, seconds: float | None = None, **fields: Any) -> Any:
        """Return the value of the answer to one request; `seconds` replaces the usual time limit.

        Raises StudentError for an exception of the student's, and StudentTimeout, StudentDied or
        ProtocolError when the process is lost.
        """
        return self.exchange(op, seconds, fields).value

    def ask_for(self, kind: type[T], op: str, seconds: float | None = None, **fields: Any) -> T:
        """Return the value of the answer like `ask`; an answer of another type ends the process."""
        value = self.ask(op, seconds, **fields)
        if type(value) is not kind:
            raise self.lose(ProtocolError(f"a {kind.__name__} was asked for and something else came back"))
        return value

    def call(self, function: Remote, args: tuple[Any, ...], kwargs: dict[str, Any]) -> Any:
        """Call a student's function as if it were in this process.

        Changes it makes to modules, optimizers, tensors, arrays, lists and dicts among the arguments are made
        here too, gradients flow through it, and it draws from the judge's random numbers.
        """
        given = (*args, *kwargs.values())
        arguments, changeable = tensors(given, is_remote), mutables(given, is_remote)
        inputs = [tensor for tensor in arguments if tensor.requires_grad]
        request = {"function": function, "args": args, "kwargs": kwargs, "track": torch.is_grad_enabled()}
        # A pickled tensor leaves its gradient behind.
        request["grads"] = [tensor.grad if tensor.is_leaf else None for tensor in arguments]
        reply = self.exchange("call", None, {**request, "random_state": random_state()})
        move_random_state()
        if type(reply.extra) is not tuple or len(reply.extra) != 2 or type(reply.extra[0]) is not int:
            raise self.lose(ProtocolError("an answer is incomplete"))
        graph, states = reply.extra
        value = reply.value
        if inputs and reply.tracked and torch.is_grad_enabled():
            value = attach_gradients(self, graph, value, reply.tracked, inputs)
        self._guarded(lambda: apply_states(changeable, states))
        return value

    def exchange(self, op: str, seconds: float | None, fields: dict[str, Any]) -> Reply:
        """Send one request and return the whole answer."""
        if not self.alive:
            raise StudentDied(self.reason)
        request = self._pickled({"op": op, **fields})
        limit = time.monotonic() + (self.seconds if seconds is None else seconds)
        # A request from within a callback has no more time than the call that it belongs to.
        self.deadlines.append(min([limit, *self.deadlines]))
        try:
            reply: Reply = self._guarded(lambda: self._exchange(request))
            return reply
        finally:
            self.deadlines.pop()

    def _exchange(self, request: bytes) -> Reply:
        while True:
            send_frame(self.session.sock, b"", request, self.deadlines[-1])
            text, blob = receive_frame(self.session.sock, self.deadlines[-1])
            message, decoder = parse(text), Decoder(blob, self._remote)
            if "callback" not in message:
                self._raise_verdict()
                return self._reply(message, decoder)
            request = self._pickled(self._run_callback(message, decoder))

    def _reply(self, message: dict[str, Any], decoder: Decoder) -> Reply:
        if message.get("ok") is True:
            value = decoder.decode(message.get("value"))
            tracked = list(decoder.tracked)
            return Reply(value, decoder.decode(message.get("extra")), tracked)
        kinds, text = message.get("kinds"), message.get("message")
        if type(kinds) is not list or not kinds or not all(type(part) is str for part in (text, *kinds)):
            raise ProtocolError("an answer is neither a value nor an error")
        raise make_student_error(kinds[0], str(text), kinds[1:])

    def _raise_verdict(self) -> None:
        """Raise what a check's own function found wrong while the student's code called it."""
        verdict, self.verdict = self.verdict, None
        if verdict is not None:
            raise verdict

    def _run_callback(self, message: dict[str, Any], decoder: Decoder) -> dict[str, Any]:
        """Call a function that was passed to the student's code, with plain values in and out."""
        number, arguments = message["callback"], decoder.decode(message.get("value"))
        self.callbacks += 1
        if type(number) is not int or not 0 <= number < len(self.functions) or self.callbacks > MAX_CALLBACKS:
            raise ProtocolError("an answer calls a function that was not passed")
        if type(arguments) is not tuple or len(arguments) != 2 or type(arguments[0]) is not list:
            raise ProtocolError("an answer holds a malformed call")
        try:
            value, error = self.functions[number](*arguments[0], **arguments[1]), None
        except AssertionError as verdict:
            # What was expected is nothing that the student's process should get to read.
            self.verdict, value, error = verdict, None, ("RuntimeError", "the function passed in failed")
        except Exception as problem:
            value, error = None, (type(problem).__name__, str(problem))
        return {"op": "returned", "value": value, "error": error}

    def _remote(self, number: int, names: list[str], is_callable: bool, is_class: bool) -> Remote:
        return (RemoteCallable if is_callable else Remote)(self, number, names, is_class)

    def _pickled(self, request: dict[str, Any]) -> bytes:
        buffer = io.BytesIO()
        _Pickler(buffer, self).dump(request)
        return buffer.getvalue()

    def _guarded(self, action: Callable[[], Any]) -> Any:
        try:
            return action()
        except Lost as error:
            raise self.lose(error) from None

    def lose(self, error: Lost) -> Lost:
        """End the process, once and for all, and return the error that tells why."""
        if self.alive:
            self.reason = str(error)
            self.session.kill(self.reason)
        return error

    def number_of(self, function: Callable[..., Any]) -> int:
        """Return the number under which the child may call a function of the judge's."""
        for number, known in enumerate(self.functions):
            if known is function:
                return number
        self.functions.append(function)
        return len(self.functions) - 1


class _Pickler(pickle.Pickler):
    """Pickle a request: remote objects as handles, functions that the child cannot import as callbacks."""

    def __init__(self, buffer: io.BytesIO, connection: Connection) -> None:
        super().__init__(buffer, protocol=4)  # under 5 an array would not own its data
        self.connection = connection

    def persistent_id(self, obj: Any) -> tuple[str, int] | None:
        if is_remote(obj):
            return "object", obj._number
        if isinstance(obj, (types.FunctionType, type)) and not self._is_importable(obj):
            if isinstance(obj, type):
                raise TypeError(
                    f"{obj.__qualname__} cannot be passed to a student: its class is not in a library"
                )
            return "callback", self.connection.number_of(obj)
        return None

    def reducer_override(self, obj: Any) -> Any:
        """Send a plain tensor as its bytes: saving its storage, which torch does, takes ten times as long."""
        return _as_bytes(obj) if type(obj) is torch.Tensor and _is_plain(obj) else NotImplemented

    def _is_importable(self, obj: Any) -> bool:
        # A lambda or an inner function has a module, but no name there.
        known = obj is tensor_of or str(obj.__module__).split(".")[0] in self.connection.importable
        return known and "<" not in obj.__qualname__


def _is_plain(tensor: torch.Tensor) -> bool:
    """Return whether its type, shape and elements are all that there is to know about a tensor."""
    here = tensor.layout is torch.strided and tensor.device.type == "cpu" and not tensor.requires_grad
    return here and _type_name(tensor) in TORCH_TYPES and tensor.is_contiguous() and not tensor.__dict__


def _as_bytes(tensor: torch.Tensor) -> tuple[Callable[..., torch.Tensor], tuple[Any, ...]]:
    return tensor_of, (_type_name(tensor), tuple(tensor.shape), tensor_bytes(tensor))


def _type_name(tensor: torch.Tensor) -> str:
    return str(tensor.dtype).removeprefix("torch.")


def random_state() -> tuple[bytes, Any, Any]:
    """Return the state of the judge's random numbers (torch, NumPy, Python)."""
    version, words, gauss = random.getstate()
    python = version, array("I", words).tobytes(), gauss  # pickling 625 numbers one by one would be slow
    return torch.get_rng_state().numpy().tobytes(), np.random.get_state(), python


def move_random_state() -> None:
    """Draw once from each generator, so that the next call does not see the same numbers again.

    The student's own state never comes back: it could fix the inputs of the next check.
    """
    torch.rand(1)
    np.random.rand()
    random.random()
