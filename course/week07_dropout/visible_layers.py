"""What the visible checks ask of every layer: a class of its own, which torch can call and switch."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from typing import Any

import torch
from checking import Mismatch, kind_of, show
from general_hints import gradient_hint
from torch import Tensor, nn
from torch.overrides import TorchFunctionMode

Layer = Callable[..., Any]
FIRST_LINE = "let __init__ begin with super().__init__(): it sets up what every module needs"


class Watch(TorchFunctionMode):
    """Keep the names of all functions of torch's that are called with tensors, in `seen`."""

    def __init__(self) -> None:
        super().__init__()
        self.seen: set[str] = set()

    def __torch_function__(self, function: Any, types: Any, args: Any = (), kwargs: Any = None) -> Any:
        """Note the name of a function and call it."""
        self.seen.add(getattr(function, "__name__", ""))
        return function(*args, **(kwargs or {}))


def told(holds: bool, *, call: str, got: Any, expected: str, hint: str) -> None:
    """Raise Mismatch unless something holds. `got` is shown; a text as it is, for it tells what came back."""
    if not holds:
        raise Mismatch(call, got if isinstance(got, str) else show(got), expected, hint)


@contextmanager
def coins(seed: int) -> Iterator[None]:
    """Let torch toss the coins of this seed in a `with` block, and leave its random state as it was."""
    with torch.random.fork_rng(devices=[]):
        torch.default_generator.manual_seed(seed)
        yield


def made(layer_class: Any, call: str, *args: Any, **named: Any) -> Any:
    """Return a new layer. Raises Mismatch unless `call` makes a module that can be called and switched."""
    name = call.partition("(")[0]
    if not (isinstance(layer_class, type) and issubclass(layer_class, nn.Module)):
        found = f"the class {layer_class.__name__}" if isinstance(layer_class, type) else show(layer_class)
        hint = f"begin with class {name}(nn.Module): and give the class itself to the check, without brackets"
        told(False, call=name, got=found, expected="a class that is an nn.Module", hint=hint)
    _has_forward(layer_class, name)
    try:
        layer = layer_class(*args, **named)
    except AttributeError as error:
        if "before Module.__init__()" not in str(error):
            raise
        raise Mismatch(call, f"AttributeError: {error}", f"a new {name}", FIRST_LINE) from error
    except ValueError as error:
        hint = "these arguments are allowed: look at the condition before your raise"
        raise Mismatch(call, f"ValueError: {error}", f"a new {name}", hint) from error
    started = "_modules" in vars(layer)
    told(started, call=call, got="a module that is not set up", expected=f"a new {name}", hint=FIRST_LINE)
    for method in ("train", "eval"):
        there = callable(getattr(layer, method))
        hint = f"self.{method} = … hides the method .{method}(): torch keeps the mode in self.training"
        got, expected = show(getattr(layer, method)), f"the method .{method}() of every module"
        told(there, call=f"{call}.{method}", got=got, expected=expected, hint=hint)
    return layer


def _has_forward(layer_class: type, name: str) -> None:
    """Raise Mismatch unless a class defines forward."""
    if layer_class.forward is not nn.Module.forward:  # type: ignore[attr-defined]
        return
    own = [key for key, value in vars(layer_class).items() if callable(value) and key != "__init__"]
    hint = "define forward(self, x) inside the class, as far indented as __init__, and spelt just so"
    if "__call__" in own:
        hint = "rename __call__ to forward: torch's own __call__ calls it, and does more besides"
    got = f"a class with {', '.join(own)}" if own else "a class without any methods but __init__"
    told(False, call=f"{name}.forward", got=got, expected="a method of yours", hint=hint)


def answer(layer: Any, x: Tensor, call: str) -> Tensor:
    """Return what a layer makes of x. Raises Mismatch unless it is a tensor of x's shape and kind."""
    got = layer(x.clone())  # whoever changes x in place is told so elsewhere
    if got is None:
        raise Mismatch(call, "None", "a tensor", "end forward with return: each of its ways out needs one")
    expected = f"a tensor of shape {tuple(x.shape)}"
    hint = "compute with torch all the way, and return the tensor alone"
    told(isinstance(got, Tensor), call=call, got=f"a {kind_of(got)}", expected=expected, hint=hint)
    hint = "work on x as a whole: its shape stays"
    told(got.shape == x.shape, call=call, got=got, expected=expected, hint=hint)
    kind, own = (str(value.dtype).removeprefix("torch.") for value in (got, x))
    hint = f"in comes {own}, so out goes {own}: make what you multiply with of x.dtype"
    told(kind == own, call=f"the dtype of {call}", got=kind, expected=own, hint=hint)
    return got


def connected(got: Tensor, call: str) -> None:
    """Raise Mismatch unless gradients flow through an answer."""
    problem = gradient_hint(got)
    if problem is not None:
        raise Mismatch(call, problem[0], "a tensor through which gradients flow", problem[1], general=True)


def not_ready_made(layer: Any, x: Tensor, parts: Sequence[str], call: str, hint: str) -> None:
    """Raise Mismatch if a layer calls functions of torch's that have one of these parts in their names."""
    with Watch() as watch:
        for training in (True, False):
            layer.train(training)
            layer(x)
    used = sorted(name for name in watch.seen if any(part in name for part in parts))
    told(not used, call=call, got=f"torch's {', '.join(used)}", expected="a layer of your own", hint=hint)
