"""Checkpoints: a folder with config.json and model.safetensors, loaded strictly; and the user's cache of them."""

import dataclasses
import json
import os
import shutil
import tempfile
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any, ClassVar, Protocol, TypeVar

from safetensors import SafetensorError
from safetensors.torch import load_file, save_file
from torch import Tensor, nn

from vchar.errors import VcharError
from vchar.writing import whole

T = TypeVar("T")
Net = TypeVar("Net", bound=nn.Module)


class Dataclass(Protocol):
    """Any instance of a dataclass."""

    __dataclass_fields__: ClassVar[dict[str, Any]]


def shipped(name: str) -> Path:
    """The folder of a checkpoint that comes with the package (a wheel carries them inside, a clone beside it)."""
    package = Path(__file__).resolve().parent
    inside = package / "checkpoints" / name
    return inside if inside.is_dir() else package.parent / "checkpoints" / name


def beside(folder: Path, part: str) -> Path:
    """The folder of what belongs to the checkpoint in `folder` and is called after it, such as its "encoder"."""
    return folder.with_name(f"{folder.name}-{part}")


def cache_dir() -> Path:
    """Where fetched weights live: $VCHAR_HOME, or `vchar` in the user's cache folder (XDG_CACHE_HOME, ~/.cache)."""
    home = os.environ.get("VCHAR_HOME")
    if home:
        return Path(home).expanduser()
    return Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache") / "vchar"


@contextmanager
def staging(target: Path) -> Iterator[Path]:
    """A temporary folder that becomes `target` when the block ends well, and vanishes when it doesn't.

    Raises VcharError where the folder above `target` can't be written to.
    """
    try:
        target.parent.mkdir(parents=True, exist_ok=True)
        stage = Path(tempfile.mkdtemp(prefix=f".{target.name}-", dir=target.parent))
    except OSError as error:
        raise VcharError(
            f"Can't write to {target.parent} ({error.strerror}); "
            "make that folder writable or set VCHAR_HOME to another one, then try again."
        ) from error
    try:
        yield stage
        if target.exists():
            shutil.rmtree(target)
        stage.replace(target)
    except OSError as error:
        raise VcharError(
            f"Can't finish {target} ({error.strerror or error}); free some disk space and try again."
        ) from error
    finally:
        shutil.rmtree(stage, ignore_errors=True)


def save(folder: Path, config: Dataclass, tensors: dict[str, Tensor]) -> None:
    """Write config.json (a dataclass and nothing more) and model.safetensors; other files in `folder` stay.

    Raises VcharError where they can't be written; then those of before are still whole.
    """
    text = json.dumps(dataclasses.asdict(config), indent=2) + "\n"
    with whole(folder / "config.json") as part:
        folder.mkdir(parents=True, exist_ok=True)
        part.write_text(text, encoding="utf-8")
    contiguous = {name: tensor.detach().cpu().contiguous() for name, tensor in tensors.items()}
    with whole(folder / "model.safetensors") as part:
        save_file(contiguous, part)


def halved(net: nn.Module) -> dict[str, Tensor]:
    """What a checkpoint keeps of a network: numbers in half precision."""
    return {name: t.half() if t.is_floating_point() else t for name, t in net.state_dict().items()}


def save_metrics(folder: Path, metrics: Mapping[str, Any]) -> None:
    """Write what was measured as metrics.json; VcharError where it can't be written."""
    with whole(folder / "metrics.json") as part:
        part.write_text(json.dumps(metrics, indent=2) + "\n", encoding="utf-8")


def load_config(folder: Path, config_class: type[T]) -> T:
    """config.json as `config_class`; VcharError when it's missing, damaged, or of another version."""
    try:
        return config_class(**json.loads((folder / "config.json").read_text(encoding="utf-8")))
    except (OSError, ValueError, TypeError) as error:
        raise VcharError(f"The checkpoint {folder.name} can't be read ({error}); install vchar again.") from error


def load_network(folder: Path, build: Callable[[T], Net], config_class: type[T]) -> Net:
    """The network that `build` makes of a checkpoint's config, its numbers filled in, to be used and not trained.

    Raises VcharError when the checkpoint is missing, damaged, or of another version.
    """
    net = build(load_config(folder, config_class))
    fill(net, folder)
    return net.eval().requires_grad_(False)


def fill(net: nn.Module, folder: Path, apart: Sequence[str] = ()) -> list[Tensor]:
    """Give `net` all the numbers of a checkpoint but for tensors named in `apart`, which are returned.

    Raises VcharError when the checkpoint is missing, damaged, or of another network.
    """
    tensors = load_tensors(folder)
    try:
        others = [tensors.pop(name) for name in apart]
        net.load_state_dict(tensors)
    except (KeyError, RuntimeError) as error:
        raise VcharError(
            f"The checkpoint {folder.name} can't be read (it is of another network); name one of this kind, "
            "or install vchar again."
        ) from error
    return others


def load_tensors(folder: Path) -> dict[str, Tensor]:
    """All tensors of model.safetensors; VcharError when it's missing or damaged."""
    try:
        return load_file(folder / "model.safetensors")
    except (OSError, SafetensorError) as error:
        raise VcharError(f"The checkpoint {folder.name} can't be read ({error}); install vchar again.") from error
