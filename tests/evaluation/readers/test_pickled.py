"""Pickles read as data."""

import io
import pickle
from pathlib import Path

import numpy as np
import pytest
import torch

from vchar.evaluation.readers.pickled import Call, numpy_arrays, read, torch_tensors


def test_numpy_s_arrays_come_back() -> None:
    arrays = {"net": {"kernel": np.arange(6, dtype=np.float32).reshape(2, 3)}, "bias": np.ones(4, np.float32)}
    found = numpy_arrays(pickle.dumps(arrays, protocol=3))
    np.testing.assert_array_equal(found["net"]["kernel"], arrays["net"]["kernel"])
    np.testing.assert_array_equal(found["bias"], arrays["bias"])


def test_old_torch_files_come_back() -> None:
    whole = torch.arange(12, dtype=torch.float32).reshape(3, 4)
    saved = {"weight": whole, "view": whole.t()[1:], "count": torch.tensor(7)}
    file = io.BytesIO()
    torch.save(saved, file, _use_new_zipfile_serialization=False)
    found = torch_tensors(file.getvalue())
    assert found.keys() == saved.keys()
    assert all(torch.equal(found[name], tensor) for name, tensor in saved.items())


class Trap:
    """Would make a file if it were unpickled."""

    def __init__(self, path: Path) -> None:
        self.path = path

    def __reduce__(self) -> tuple:
        return Path.touch, (self.path,)


def test_nothing_is_called(tmp_path: Path) -> None:
    found = read(io.BytesIO(pickle.dumps({"trap": Trap(tmp_path / "sprung")}, protocol=2)))
    assert isinstance(found["trap"], Call)
    assert not (tmp_path / "sprung").exists()


def test_other_instructions_and_other_numbers_are_refused() -> None:
    with pytest.raises(ValueError, match="more than hold arrays"):
        read(io.BytesIO(pickle.dumps({1, 2}, protocol=4)))
    with pytest.raises(ValueError, match="not of float32"):
        numpy_arrays(pickle.dumps({"a": np.arange(3)}, protocol=3))
