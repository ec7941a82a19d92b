"""The sentence encoder: small ones by claim, the real one by what it knows."""

import pytest
import torch

from tests.tiny_mover import tiny_sentences
from vchar.sentences import Sentences


def test_sentences_become_unit_vectors_whatever_stands_beside_them() -> None:
    sentences = tiny_sentences()
    alone = sentences.embed(["a person walks"])
    beside = sentences.embed(["the person waves and kicks and walks", "a person walks", "kick"])
    assert torch.allclose(beside.norm(dim=1), torch.ones(3), atol=1e-5)
    assert torch.allclose(alone[0], beside[1], atol=1e-5)
    assert not torch.allclose(beside[0], beside[1], atol=1e-2)


@pytest.mark.slow
def test_the_real_encoder_knows_what_means_alike() -> None:
    said = ["a person waves hello", "someone greets a friend", "somebody throws a punch", "boxing"]
    likeness = (vectors := Sentences.load().embed(said)) @ vectors.T
    assert likeness[0, 1] > 0.5 > likeness[0, 2]
    assert likeness[2, 3] > likeness[1, 3]
    assert float(likeness[0, 1]) == pytest.approx(0.7, abs=0.25)
