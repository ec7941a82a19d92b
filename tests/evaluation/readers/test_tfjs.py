import numpy as np

from vchar.evaluation.readers.tfjs import unpack


def test_plain_half_and_quantised_weights_come_back_as_floats() -> None:
    plain, half, packed = np.array([[1, 2]], np.float32), np.array([3, 4], np.float16), np.array([0, 10], np.uint8)
    entries = [
        {"name": "plain", "shape": [1, 2], "dtype": "float32"},
        {"name": "half", "shape": [2], "dtype": "float32", "quantization": {"dtype": "float16"}},
        {
            "name": "packed",
            "shape": [2],
            "dtype": "float32",
            "quantization": {"dtype": "uint8", "scale": 0.5, "min": -1},
        },
    ]
    weights = unpack(entries, plain.tobytes() + half.tobytes() + packed.tobytes())
    assert weights["plain"].tolist() == [[1, 2]]
    assert weights["half"].tolist() == [3, 4]
    assert weights["packed"].tolist() == [-1, 4]
