"""Answer the judge from inside the sandbox, in the same process as the student's code.

Nothing here is trusted. Whatever this process sends is decoded as plain data, and a student who breaks this
module breaks only his own answers. Numbers, tensors and the like go out by value, other objects stay here.
"""

from __future__ import annotations

import builtins
import io
import itertools
import json
import operator
import pickle
import random
import socket
from array import array
from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
import torch

from autograder.judge.capture import Outputs, captured, silenced
from autograder.judge.errors import EXPECTABLE, Lost
from autograder.judge.scenario import evaluate
from autograder.judge.walk import mutables, tensors
from autograder.judge.wire import Encoder, receive_trusted_frame, send_frame

MAX_ITEMS, MAX_TEXT, GRAPHS = 10_000, 2000, 8
OPERATORS = {name: getattr(operator, name) for name in ("add", "sub", "mul", "truediv", "matmul")}
Tensors = list[torch.Tensor]


def serve(sock: socket.socket, shell: Any) -> None:
    """Answer requests on `sock` about the code run in `shell` (an InteractiveShell) until it is closed."""
    server = Server(sock, shell)
    try:
        while True:
            server.reply(server.receive())
    except Lost:
        return


class Server:
    """Remember the objects that the judge has a handle of, and the graphs that it may differentiate."""

    def __init__(self, sock: socket.socket, shell: Any) -> None:
        self.sock, self.shell = sock, shell
        self.objects: list[Any] = []
        self.numbers: dict[int, int] = {}
        self.graphs: dict[int, tuple[Tensors, Tensors]] = {}
        self.loaded: set[int] = set()

    # ---- messages

    def receive(self) -> dict[str, Any]:
        """Return the next request. Its pickle was made by the judge."""
        self.loaded = set()
        request: dict[str, Any] = _Unpickler(receive_trusted_frame(self.sock), self).load()
        return request

    def reply(self, request: dict[str, Any]) -> None:
        """Do what a request asks and send the answer, or the exception that it ended in."""
        try:
            text, blob = self._answer(request)
        except BaseException as error:  # code that calls sys.exit() has failed like any other
            text, blob = _failure(error), b""
        send_frame(self.sock, text, blob)

    def _answer(self, request: dict[str, Any]) -> tuple[bytes, bytes]:
        operation, encoder = request.pop("op"), Encoder(self.keep)
        value = getattr(self, f"do_{operation}")(**request)
        if operation == "call":
            value, arguments, changeable = value
            data = encoder.encode(value)
            extra = encoder.encode((self._remember_graph(arguments, encoder.tracked), snapshot(changeable)))
        else:
            data, extra = encoder.encode(value), None
        return json.dumps({"ok": True, "value": data, "extra": extra}).encode(), bytes(encoder.blob)

    def callback(self, number: int, args: tuple[Any, ...], kwargs: dict[str, Any]) -> Any:
        """Call a function of the judge's with plain values and return its answer."""
        encoder = Encoder(self.keep)
        data = encoder.encode((list(args), kwargs))
        send_frame(self.sock, json.dumps({"callback": number, "value": data}).encode(), bytes(encoder.blob))
        while True:
            request = self.receive()
            if request["op"] != "returned":
                self.reply(request)
            elif request["error"]:
                raise _as_exception(*request["error"])
            else:
                return request["value"]

    def keep(self, obj: Any) -> int:
        """Return the number under which an object is known to the judge."""
        if id(obj) not in self.numbers:
            self.numbers[id(obj)] = len(self.objects)
            self.objects.append(obj)
        return self.numbers[id(obj)]

    # ---- what the judge may ask for

    def do_seed(self, seed: int) -> None:
        """Seed the random numbers of the student's cells."""
        torch.manual_seed(seed)
        np.random.seed(seed % 2**32)
        random.seed(seed)

    def do_cell(self, source: str, limit: int) -> dict[str, Any]:
        """Run a notebook cell and return its outputs, and whether it failed."""
        outputs = Outputs(limit)
        with captured(self.shell, outputs, quiet=source.rstrip().endswith(";")):
            result = self.shell.run_cell(source, store_history=True)
        return {"outputs": outputs.result(), "failed": not result.success}

    def do_lookup(self, name: str) -> tuple[bool, Any]:
        """Return whether the student defines a name, and its value."""
        return name in self.shell.user_ns, self.shell.user_ns.get(name)

    def do_run(self, source: str, inputs: Mapping[str, Any], random_state: Any) -> Any:
        """Run a scenario beside the student's code and return the value of its last expression."""
        _set_random_state(random_state)
        with silenced(), torch.enable_grad():
            return evaluate(source, {**self.shell.user_ns, **inputs})

    def do_call(
        self, function: Any, args: Any, kwargs: Any, grads: Any, track: bool, random_state: Any
    ) -> tuple[Any, Tensors, list[Any]]:
        """Return a function's value, the tensors among its arguments, and the objects it may have changed."""
        own = self.loaded.copy()
        given = (*args, *kwargs.values())
        arguments = tensors(given, lambda obj: id(obj) in own)
        changeable = mutables(given, lambda obj: id(obj) in own)
        for tensor, grad in zip(arguments, grads, strict=True):
            tensor.grad = grad
        _set_random_state(random_state)
        with silenced(), torch.set_grad_enabled(track):
            value = function(*args, **kwargs)
        return value, arguments, changeable

    def do_backward(self, graph: int, grads: Tensors) -> Tensors:
        """Return the gradients of a remembered call's inputs, given those of its outputs."""
        inputs, outputs = self.graphs[graph]
        found = torch.autograd.grad(outputs, inputs, grads, retain_graph=True, allow_unused=True)
        return [torch.zeros_like(i) if g is None else g for i, g in zip(inputs, found, strict=True)]

    def do_get(self, obj: Any, name: str) -> Any:
        """Return an attribute."""
        return getattr(obj, name)

    def do_set(self, obj: Any, name: str, value: Any) -> None:
        """Set an attribute."""
        setattr(obj, name, value)

    def do_item(self, obj: Any, key: Any) -> Any:
        """Return an element."""
        return obj[key]

    def do_len(self, obj: Any) -> int:
        """Return the length."""
        return len(obj)

    def do_iter(self, obj: Any) -> list[Any]:
        """Return the first elements."""
        return list(itertools.islice(iter(obj), MAX_ITEMS))

    def do_text(self, obj: Any) -> str:
        """Return the object's own text."""
        return str(obj)[:MAX_TEXT]

    def do_combine(self, name: str, left: Any, right: Any) -> Any:
        """Return the sum, product, … of two of the student's objects."""
        return OPERATORS[name](left, right)

    def _remember_graph(self, arguments: Tensors, outputs: Tensors) -> int:
        number = max(self.graphs, default=0) + 1
        inputs = [tensor for tensor in arguments if tensor.requires_grad]
        self.graphs[number] = (inputs, list(outputs))
        self.graphs.pop(number - GRAPHS, None)
        return number


class _Unpickler(pickle.Unpickler):
    """Load a request: objects that stayed here are put in place, functions of the judge become callbacks."""

    def __init__(self, data: bytes, server: Server) -> None:
        super().__init__(io.BytesIO(data))
        self.server = server

    def persistent_load(self, pid: Any) -> Any:
        kind, number = pid
        if kind == "callback":
            return lambda *args, **kwargs: self.server.callback(number, args, kwargs)
        obj = self.server.objects[number]
        self.server.loaded.add(id(obj))
        return obj


def snapshot(objects: Sequence[Any]) -> list[Any]:
    """Return the present state of the objects that a call may have changed, as data.

    An element of a list or dict that is itself one of the objects is given by its place, others by value.
    """
    places = {id(obj): place for place, obj in enumerate(objects)}
    return [_state(obj, places) for obj in objects]


def _state(obj: Any, places: Mapping[int, int]) -> Any:
    if isinstance(obj, torch.nn.Module):
        parameters = dict(obj.named_parameters())
        grads = {name: parameter.grad for name, parameter in parameters.items()}
        wanted = {name: parameter.requires_grad for name, parameter in parameters.items()}
        return dict(obj.state_dict()), grads, wanted, {name: m.training for name, m in obj.named_modules()}
    if isinstance(obj, torch.optim.Optimizer):
        return obj.state_dict()
    if isinstance(obj, torch.Tensor):
        return obj.detach(), obj.grad if obj.is_leaf else None, obj.requires_grad
    if isinstance(obj, list):
        return [_element(item, places) for item in obj]
    if isinstance(obj, dict):
        return [(key, *_element(item, places)) for key, item in obj.items()]
    return obj


def _element(item: Any, places: Mapping[int, int]) -> tuple[int, Any]:
    return (places[id(item)], None) if id(item) in places else (-1, item)


def _set_random_state(state: tuple[bytes, Any, tuple[int, bytes, Any]]) -> None:
    raw, numpy_state, python_state = state
    torch.set_rng_state(torch.frombuffer(bytearray(raw), dtype=torch.uint8))
    np.random.set_state(numpy_state)
    version, words, gauss = python_state
    random.setstate((version, tuple(array("I", words)), gauss))


def _as_exception(kind: str, message: str) -> Exception:
    error: Exception = getattr(builtins, kind)(message) if kind in EXPECTABLE else RuntimeError(message)
    return error


def _failure(error: BaseException) -> bytes:
    try:
        message = str(error)[:MAX_TEXT]
    except Exception:
        message = ""
    kinds = [kind.__name__[:80] for kind in type(error).__mro__][:12]
    return json.dumps({"ok": False, "kinds": kinds, "message": message}).encode()
