"""Arrays out of pickles, read as data: nothing that a pickle names is ever imported or called."""

from __future__ import annotations

import io
import pickletools
from dataclasses import dataclass
from typing import Any

import numpy as np
import torch
from torch import Tensor

_MARK = object()
_CONSTANTS = {"NONE": None, "NEWTRUE": True, "NEWFALSE": False}
_EMPTY = {"EMPTY_DICT": dict, "EMPTY_LIST": list, "EMPTY_TUPLE": tuple}
_TUPLES = {"TUPLE1": 1, "TUPLE2": 2, "TUPLE3": 3}
_VALUES = {
    "BININT", "BININT1", "BININT2", "LONG1", "BINFLOAT", "BINUNICODE", "SHORT_BINUNICODE", "BINBYTES",
    "SHORT_BINBYTES", "BINSTRING", "SHORT_BINSTRING",
}  # fmt: skip
_SIZES = {"FloatStorage": np.float32, "LongStorage": np.int64}  # of torch's storages


@dataclass
class Call:
    """What a pickle would have called: "module name", its arguments, and the state it would have been given."""

    name: str
    arguments: tuple
    state: Any = None


def read(file: io.BytesIO) -> Any:  # noqa: ANN401 - whatever was pickled
    """The next pickle of a file, with a `Call` in place of every object; ValueError for instructions we don't know."""
    stack: list[Any] = []
    memo: dict[int, Any] = {}
    for operation, argument, _ in pickletools.genops(file):
        if operation.name == "STOP":
            return stack.pop()
        _do(operation.name, argument, stack, memo)
    raise ValueError("the pickle breaks off")


def _do(name: str, argument: Any, stack: list[Any], memo: dict[int, Any]) -> None:  # noqa: ANN401
    if name in _VALUES:
        stack.append(argument)
    elif name in ("BINPUT", "LONG_BINPUT"):
        memo[argument] = stack[-1]
    elif name in ("BINGET", "LONG_BINGET"):
        stack.append(memo[argument])
    elif name in _CONSTANTS:
        stack.append(_CONSTANTS[name])
    elif name in _EMPTY:
        stack.append(_EMPTY[name]())
    elif name == "MARK":
        stack.append(_MARK)
    elif name in ("GLOBAL", "BINPERSID"):
        stack.append(argument if name == "GLOBAL" else Call("persistent", stack.pop()))
    elif name == "TUPLE":
        stack.append(tuple(_to_mark(stack)))
    elif name in _TUPLES:
        found = stack[-_TUPLES[name] :]
        stack[-_TUPLES[name] :] = [tuple(found)]
    elif name == "REDUCE":
        arguments = stack.pop()
        stack.append(_called(stack.pop(), arguments))
    else:
        _fill(name, stack)


def _fill(name: str, stack: list[Any]) -> None:
    """Put the topmost values into what lies below them."""
    if name == "PROTO":
        return
    if name == "BUILD":
        state = stack.pop()
        if isinstance(stack[-1], Call):
            stack[-1].state = state
    elif name in ("SETITEM", "SETITEMS"):
        values = [stack.pop(-2), stack.pop()] if name == "SETITEM" else _to_mark(stack)
        stack[-1].update(zip(values[::2], values[1::2], strict=True))
    elif name in ("APPEND", "APPENDS"):
        values = [stack.pop()] if name == "APPEND" else _to_mark(stack)
        stack[-1].extend(values)
    else:
        raise ValueError(f"the pickle does more than hold arrays ({name})")


def _to_mark(stack: list[Any]) -> list[Any]:
    at = len(stack) - 1 - stack[::-1].index(_MARK)
    values = stack[at + 1 :]
    del stack[at:]
    return values


def _called(name: str, arguments: tuple) -> Any:  # noqa: ANN401
    """A dictionary by its items; anything else as a `Call`."""
    return dict(*arguments) if name == "collections OrderedDict" else Call(name, arguments)


def numpy_arrays(data: bytes) -> dict[str, Any]:
    """A pickled (nested) dictionary of numpy's float32 arrays."""
    return _arrays(read(io.BytesIO(data)))


def _arrays(found: Any) -> Any:  # noqa: ANN401
    if isinstance(found, dict):
        return {name: _arrays(value) for name, value in found.items()}
    _, shape, dtype, fortran, raw = found.state
    if dtype.arguments[0] != "f4" or fortran:
        raise ValueError(f"the pickle holds an array of {dtype.arguments[0]}, not of float32")
    return np.frombuffer(raw, np.float32).reshape(shape).copy()


def torch_tensors(data: bytes) -> dict[str, Tensor]:
    """A dictionary of tensors that torch saved before version 1.6: four pickles, then the storages one by one."""
    file = io.BytesIO(data)
    _magic, _protocol, _system = (read(file) for _ in range(3))
    wanted, order = read(file), read(file)
    kinds = {call.arguments[0].arguments[2]: call.arguments[0].arguments[1] for call in wanted.values()}
    storages = {}
    for key in order:
        count = int(np.frombuffer(file.read(8), np.int64)[0])
        dtype = np.dtype(_SIZES[kinds[key].split()[-1]])
        storages[key] = np.frombuffer(file.read(count * dtype.itemsize), dtype)
    return {name: _tensor(call, storages) for name, call in wanted.items()}


def _tensor(call: Call, storages: dict[str, np.ndarray]) -> Tensor:
    storage, start, shape, strides = call.arguments[:4]
    whole = torch.from_numpy(storages[storage.arguments[2]].copy())
    return whole.as_strided(shape, strides, start)
