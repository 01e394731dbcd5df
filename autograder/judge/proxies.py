"""Stand for a student's objects in the judge: calls and look-ups go across, only plain data comes back."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import cache
from typing import TYPE_CHECKING, Any, NoReturn

import torch

from autograder.judge.errors import StudentError
from autograder.judge.sync import same_form

if TYPE_CHECKING:
    from autograder.judge.connection import Connection

Tensors = list[torch.Tensor]
SLOTS = ("_connection", "_number", "_names", "_is_class")
COMBINED = ("add", "sub", "mul", "truediv", "matmul")
REFUSED = (
    *("lt", "le", "gt", "ge", "bool", "float", "int", "index", "complex", "array", "abs", "neg", "round"),
    *("pow", "rpow", "mod", "rmod", "floordiv", "rfloordiv", *(f"r{name}" for name in COMBINED)),
)


class Remote:
    """Stand for an object that lives in the student's process.

    It is equal only to itself: the student's `==` never sees a value of the judge's. Arithmetic works between
    two remote objects; with anything else, and where a number or truth value is wanted, it is a StudentError.
    """

    __slots__ = SLOTS

    def __init__(self, connection: Connection, number: int, names: list[str], is_class: bool) -> None:
        for slot, value in zip(SLOTS, (connection, number, tuple(names), is_class), strict=True):
            object.__setattr__(self, slot, value)

    def __getattr__(self, name: str) -> Any:
        if name.startswith("__") and name.endswith("__"):
            raise AttributeError(name)
        return self._connection.ask("get", obj=self, name=name)

    def __setattr__(self, name: str, value: Any) -> None:
        self._connection.ask("set", obj=self, name=name, value=value)

    def __getitem__(self, key: Any) -> Any:
        return self._connection.ask("item", obj=self, key=key)

    def __len__(self) -> int:
        # Python takes no length that is negative or does not fit a machine word.
        length: int = self._connection.ask_for(int, "len", obj=self)
        return min(max(0, length), 1 << 53)

    def __iter__(self) -> Iterator[Any]:
        return iter(self._connection.ask_for(list, "iter", obj=self))

    def __str__(self) -> str:
        text: str = self._connection.ask_for(str, "text", obj=self)
        return text

    def __format__(self, specification: str) -> str:
        return repr(self)

    def __repr__(self) -> str:
        return f"<{'class' if self._is_class else 'object of class'} {short_name(self)}>"

    def __eq__(self, other: object) -> bool:
        return is_remote(other) and _identity(self) == _identity(other)

    @classmethod
    def __torch_function__(cls, *ignored: Any) -> NoReturn:
        raise StudentError("Not a plain value", "an object of your own came where a tensor belongs")

    def __hash__(self) -> int:
        return hash(self._number)

    def __instancecheck__(self, other: Any) -> bool:
        own = self._names[:1]
        return bool(own) and is_remote(other) and not other._is_class and own[0] in other._names

    @property  # type: ignore[misc]
    def __class__(self) -> Any:
        """Return the class of torch that the object claims to be of, so that isinstance reads naturally."""
        if self._is_class:
            return type
        known = torch_classes()
        return next((known[name] for name in self._names if name in known), type(self))


class RemoteCallable(Remote):
    """Stand for a function, method, class or other callable of the student's."""

    __slots__ = ()

    def __call__(self, *args: Any, **kwargs: Any) -> Any:
        return self._connection.call(self, args, kwargs)


# Messages to students name kinds of values by their class: "an object", "a function".
Remote.__name__, RemoteCallable.__name__ = "object", "function"


def is_remote(value: Any) -> bool:
    """Return whether a value is a proxy, whatever it claims to be."""
    return issubclass(type(value), Remote)


def _identity(remote: Any) -> tuple[int, int]:
    return id(remote._connection), remote._number


def short_name(remote: Remote) -> str:
    """Return the name that the student gave to a remote object's class."""
    return remote._names[0].removeprefix("__main__.") if remote._names else "?"


@cache
def torch_classes() -> dict[str, type]:
    """Return the classes that a remote object may pose as: those of torch that never travel by value."""
    modules = (torch.nn, torch.optim, torch.optim.lr_scheduler, torch.utils.data)
    classes = [value for module in modules for value in vars(module).values() if isinstance(value, type)]
    plain = (torch.Tensor, int, float, str, bytes, list, tuple, dict, set)
    return {f"{c.__module__}.{c.__qualname__}": c for c in classes if not issubclass(c, plain)}


def _refuse(self: Remote, *others: Any) -> NoReturn:
    message = f"an object of class {short_name(self)} came where a number belongs"
    raise StudentError("Not a plain value", message)


def _combine(name: str) -> Callable[[Remote, Any], Any]:
    def combine(self: Remote, other: Any) -> Any:
        # A lying object would answer `answer - expected` with 0: it gets to see no value of the judge's.
        if not is_remote(other):
            _refuse(self)
        return self._connection.ask("combine", name=name, left=self, right=other)

    return combine


for _name in COMBINED:
    setattr(Remote, f"__{_name}__", _combine(_name))
for _name in REFUSED:
    setattr(Remote, f"__{_name}__", _refuse)


class RemoteGrad(torch.autograd.Function):
    """Connect tensors that a student's function returned with the judge's tensors that it was given."""

    @staticmethod
    def forward(ctx: Any, connection: Connection, graph: int, outputs: Tensors, *inputs: torch.Tensor) -> Any:
        """Return copies of the outputs."""
        ctx.connection, ctx.graph = connection, graph
        ctx.inputs = [torch.empty_like(tensor, device="meta") for tensor in inputs]
        return tuple(output.detach().clone() for output in outputs)

    @staticmethod
    @torch.autograd.function.once_differentiable
    def backward(ctx: Any, *grads: torch.Tensor) -> Any:
        """Ask the student's process for the gradients of the inputs and check their shapes."""
        found = ctx.connection.ask_for(list, "backward", graph=ctx.graph, grads=list(grads))
        fits = len(found) == len(ctx.inputs) and all(map(same_form, found, ctx.inputs))
        if not fits:
            raise StudentError("Wrong gradient", "the gradient has another shape than the argument")
        return None, None, None, *found


def attach_gradients(
    connection: Connection, graph: int, value: Any, outputs: Tensors, inputs: Tensors
) -> Any:
    """Return `value` with its tensors `outputs` replaced by ones whose gradients flow to `inputs`."""
    connected = RemoteGrad.apply(connection, graph, outputs, *inputs)  # type: ignore[no-untyped-call]
    return _replace(value, {id(old): new for old, new in zip(outputs, connected, strict=True)})


def _replace(value: Any, new: dict[int, torch.Tensor]) -> Any:
    if type(value) in (list, tuple, set):
        return type(value)(_replace(item, new) for item in value)
    if type(value) is dict:
        return {key: _replace(item, new) for key, item in value.items()}
    return new.get(id(value), value)
