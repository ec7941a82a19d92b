"""Weights as TensorFlow.js stores them: a JSON manifest and a binary, sometimes quantised."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import numpy as np
import torch
from torch import Tensor


def read_tfjs(manifest: Path, binary: Path) -> dict[str, Tensor]:
    """model.json or weights_manifest.json, and its binary -> float tensors by name."""
    shards = json.loads(manifest.read_text())
    shards = shards["weightsManifest"] if isinstance(shards, dict) else shards
    return unpack([entry for shard in shards for entry in shard["weights"]], binary.read_bytes())


def unpack(entries: list[dict[str, Any]], data: bytes) -> dict[str, Tensor]:
    """The entries of a TensorFlow.js weights manifest, cut out of their binary and dequantised."""
    weights, at = {}, 0
    for entry in entries:
        packed = entry.get("quantization")
        kind = np.dtype(packed["dtype"] if packed else entry["dtype"])
        count = int(np.prod(entry["shape"]))
        values = np.frombuffer(data, kind, count, at).astype(np.float32)
        if packed and "scale" in packed:
            values = values * packed["scale"] + packed["min"]
        weights[entry["name"]] = torch.from_numpy(values.reshape(entry["shape"]))
        at += count * kind.itemsize
    return weights
