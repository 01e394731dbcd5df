"""Put what a call did to its arguments into the judge's own objects, after checking shapes and types."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, NoReturn

import numpy as np
import torch

from autograder.judge.errors import ProtocolError, StudentError
from autograder.judge.wire import tensor_bytes


def apply_states(objects: Sequence[Any], states: Any) -> None:
    """Give each object the state that the child reports.

    Raises StudentError if an object came back with another shape, dtype or structure, ProtocolError if the
    report is malformed.
    """
    if type(states) is not list or len(states) != len(objects):
        raise ProtocolError("an answer does not say what became of the arguments")
    for obj, state in zip(objects, states, strict=True):
        try:
            _apply(obj, state, objects)
        except StudentError:
            raise
        except Exception as error:  # whatever a malformed state breaks, it is the sender who is to blame
            raise ProtocolError(f"an answer reports a malformed state ({type(error).__name__})") from None


def is_tensor(value: Any) -> bool:
    """Return whether a decoded value is a tensor: a proxy may claim to be one, so the exact type counts."""
    return type(value) is torch.Tensor


def same_form(new: Any, old: torch.Tensor) -> bool:
    """Return whether `new` is a tensor of the same shape and dtype as `old`."""
    return is_tensor(new) and new.shape == old.shape and new.dtype == old.dtype


def _apply(obj: Any, state: Any, objects: Sequence[Any]) -> None:
    if isinstance(obj, torch.nn.Module):
        _apply_to_module(obj, state)
    elif isinstance(obj, torch.optim.Optimizer):
        _apply_to_optimizer(obj, state)
    elif isinstance(obj, torch.Tensor):
        _apply_to_tensor(obj, *_parts(state, 3))
    elif isinstance(obj, np.ndarray):
        _apply_to_array(obj, state)
    elif isinstance(obj, list):
        obj[:] = [_element(_parts(item, 2), objects) for item in _exact(list, state)]
    else:
        triples = [_parts(item, 3) for item in _exact(list, state)]
        items = {key: _element(element, objects) for key, *element in triples}
        obj.clear()
        obj.update(items)


def _apply_to_tensor(tensor: torch.Tensor, data: Any, grad: Any, requires_grad: Any) -> None:
    if not same_form(data, tensor):
        _replaced("a tensor")
    if tensor_bytes(data) != tensor_bytes(tensor):
        with torch.no_grad():
            tensor.copy_(data)
    if tensor.is_leaf:
        _apply_grad(tensor, grad, requires_grad)


def _apply_grad(tensor: torch.Tensor, grad: Any, requires_grad: Any) -> None:
    if type(requires_grad) is bool and tensor.is_floating_point():
        tensor.requires_grad_(requires_grad)
    if grad is None or same_form(grad, tensor):
        tensor.grad = grad


def _apply_to_array(array: np.ndarray, data: Any) -> None:
    if type(data) is not np.ndarray or data.shape != array.shape or data.dtype != array.dtype:
        _replaced("an array")
    if array.flags.writeable:
        array[...] = data


def _apply_to_module(module: torch.nn.Module, state: Any) -> None:
    tensors, grads, wanted, training = (_exact(dict, part) for part in _parts(state, 4))
    own = module.state_dict()
    if tensors.keys() != own.keys() or not all(same_form(tensors[name], own[name]) for name in own):
        _replaced("a model")
    module.load_state_dict(tensors)
    for name, parameter in module.named_parameters():
        _apply_grad(parameter, grads.get(name), wanted.get(name))
    for name, part in module.named_modules():
        if type(training.get(name)) is bool:
            part.training = training[name]


def _apply_to_optimizer(optimizer: torch.optim.Optimizer, state: Any) -> None:
    own = optimizer.state_dict()
    groups = _exact(dict, state).get("param_groups")
    if type(groups) is not list or len(groups) != len(own["param_groups"]):
        _replaced("an optimizer")
    if not all(_same_settings(new, old) for new, old in zip(groups, own["param_groups"], strict=True)):
        _replaced("an optimizer")
    parameters = [parameter for group in optimizer.param_groups for parameter in group["params"]]
    memory = state.get("state")
    if type(memory) is not dict or not all(_fits(*item, parameters) for item in memory.items()):
        _replaced("an optimizer")
    optimizer.load_state_dict({"state": memory, "param_groups": groups})


def _same_settings(new: Any, old: Mapping[str, Any]) -> bool:
    if type(new) is not dict or new.keys() != old.keys() or new["params"] != old["params"]:
        return False
    return all(_same_kind(new[name], old[name]) for name in old)


def _same_kind(new: Any, old: Any) -> bool:
    return type(new) is type(old) or (_is_number(new) and _is_number(old))


def _fits(place: Any, memory: Any, parameters: Sequence[torch.Tensor]) -> bool:
    """Return whether an optimizer's memory of one parameter consists of numbers and tensors of its shape."""
    if type(place) is not int or not 0 <= place < len(parameters) or type(memory) is not dict:
        return False
    shapes = (parameters[place].shape, torch.Size([]))
    plain = (value is None or _is_number(value) for value in memory.values())
    fitting = (is_tensor(value) and value.shape in shapes for value in memory.values())
    return all(type(name) is str for name in memory) and all(map(any, zip(plain, fitting, strict=True)))


def _element(element: Sequence[Any], objects: Sequence[Any]) -> Any:
    place, value = element
    if type(place) is not int or not -1 <= place < len(objects):
        raise ProtocolError("an answer holds a malformed list")
    return value if place < 0 else objects[place]


def _is_number(value: Any) -> bool:
    return type(value) in (int, float)


def _exact(kind: type, value: Any) -> Any:
    if type(value) is not kind:
        raise ProtocolError("an answer reports a malformed state")
    return value


def _parts(value: Any, count: int) -> tuple[Any, ...]:
    if type(value) is not tuple or len(value) != count:
        raise ProtocolError("an answer reports a malformed state")
    return value


def _replaced(what: str) -> NoReturn:
    raise StudentError("Changed argument", f"{what} passed to your code came back with another shape or type")
