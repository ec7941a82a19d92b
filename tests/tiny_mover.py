"""A small, untrained generator and a small sentence encoder that knows twelve words: enough to ask for movement."""

import torch
from tokenizers import Tokenizer
from tokenizers.models import WordLevel
from tokenizers.pre_tokenizers import Whitespace

from vchar.models.motion import MotionConfig, MotionTransformer
from vchar.models.motion_outline import Outlines
from vchar.models.sentence import SentenceConfig, SentenceEncoder
from vchar.moving import Mover
from vchar.rig.skeleton import Skeleton, standing_height
from vchar.sentences import LONGEST, Sentences

WORDS = ("[UNK]", "[PAD]", "a", "person", "walks", "waves", "kicks", "walk", "wave", "kick", "and", "the")
PHRASES = (("walk", "a person walks"), ("wave", "a person waves"), ("kick", "a person kicks"))


def tiny_sentences() -> Sentences:
    torch.manual_seed(0)
    config = SentenceConfig(vocabulary=len(WORDS), width=16, layers=1, heads=2, hidden=16, longest=LONGEST)
    tokenizer = Tokenizer(WordLevel({word: i for i, word in enumerate(WORDS)}, unk_token="[UNK]"))
    tokenizer.pre_tokenizer = Whitespace()  # pyright: ignore[reportAttributeAccessIssue]
    tokenizer.enable_truncation(LONGEST)
    tokenizer.enable_padding()
    return Sentences(SentenceEncoder(config).eval().requires_grad_(False), tokenizer)


def tiny_mover() -> Mover:
    """Its motions stand upright and fidget."""
    sentences, body = tiny_sentences(), Skeleton.body()
    torch.manual_seed(1)
    net = MotionTransformer(
        MotionConfig(body.parents, text=16, width=32, layers=1, heads=4, smoothing=8, phrases=PHRASES)
    )
    for parameter in net.parameters():
        parameter.data += 0.1 * torch.randn(parameter.shape)
    net.body.offsets.copy_(torch.from_numpy(body.offsets))
    net.mean[3] = standing_height(body)
    net.mean[4:-2].view(-1, 6)[:, [0, 4]] = 1
    net.spread.fill_(0.05)
    net.spread[:3] = 0.01
    phrases = sentences.embed([phrase for _, phrase in PHRASES])
    return Mover(
        net.eval().requires_grad_(False), sentences, phrases, Outlines((), torch.zeros(0, net.config.features))
    )
