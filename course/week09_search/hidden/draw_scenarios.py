"""Scenarios of sample_log_uniform."""

# Generators cannot cross the border between judge and student: the scenarios make them.
DRAWS = """
import numpy as _np
sample_log_uniform(_np.random.default_rng(_seed), _low, _high, _n)
"""
AGAIN = """
import random as _random
import numpy as _np
import torch as _t

def _set(seed):
    _np.random.seed(seed)
    _random.seed(seed)
    _t.default_generator.manual_seed(seed)

def _state():
    return repr(_np.random.get_state()), _random.getstate(), _t.default_generator.get_state().tolist()

def _draw(rng):
    values = sample_log_uniform(rng, _low, _high, _n)
    return sorted(float(value) for value in values)

_kept = _np.random.get_state(), _random.getstate(), _t.default_generator.get_state()
try:
    _set(1)
    _first = _draw(_np.random.default_rng(_seed))
    _set(2)
    _before = _state()
    _again = _draw(_np.random.default_rng(_seed))
    _untouched = [one == other for one, other in zip(_state(), _before)]
    _other = _draw(_np.random.default_rng(_seed + 1))
    _rng = _np.random.default_rng(_seed)
    _two = [_draw(_rng), _draw(_rng)]
    _ends = []
    for _size in (_n, 4 * _n):
        _rng = _np.random.default_rng(_seed)
        sample_log_uniform(_rng, _low, _high, _size)
        _ends.append(repr(_rng.bit_generator.state))
finally:
    _np.random.set_state(_kept[0])
    _random.setstate(_kept[1])
    _t.default_generator.set_state(_kept[2])
[_first == _again, _untouched, _first != _other, _two[0] != _two[1], _two[0] == _first, _ends[0] != _ends[1]]
"""
KINDS = """
import numpy as _np
_came = []
for _n in _sizes:
    _value = sample_log_uniform(_np.random.default_rng(_seed), _low, _high, _n)
    _is_array = isinstance(_value, _np.ndarray)
    _kind = f"a NumPy array of {_value.dtype.kind}" if _is_array else f"a {type(_value).__name__}"
    _came.append([_kind, list(_value.shape) if _is_array else []])
_came
"""
REFUSED = """
import numpy as _np
_found = []
for _low, _high in _bounds:
    try:
        with _np.errstate(all="ignore"):
            _value = sample_log_uniform(_np.random.default_rng(_seed), _low, _high, 3)
    except Exception as _error:
        _found.append("ValueError" if isinstance(_error, ValueError) else type(_error).__name__)
    else:
        _found.append(f"no error, but a {type(_value).__name__}")
_found
"""
READY = """
import sys as _sys
import numpy as _np

_used, _before = set(), _sys.getprofile()

def _watch(frame, event, _):
    name = str(frame.f_globals.get("__name__", ""))
    if event == "call" and name.startswith("scipy.stats"):
        _used.add("scipy.stats")

_sys.setprofile(_watch)
try:
    sample_log_uniform(_np.random.default_rng(_seed), _low, _high, 3)
finally:
    _sys.setprofile(_before)
sorted(_used)
"""
