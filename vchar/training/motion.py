"""`vchar train motion`: the motion generator, by flow matching on recorded clips and sentences about them."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path

import torch
from torch import Tensor, nn
from torch.nn.attention import SDPBackend, sdpa_kernel

from vchar import checkpoint
from vchar.data import captions, motion_set
from vchar.data.motion_set import Take
from vchar.evaluation.workers import Log
from vchar.models import pose
from vchar.models.motion import MotionConfig, MotionTransformer
from vchar.models.motion_gru import MotionGRU
from vchar.models.motion_outline import Outline, coarse
from vchar.models.pose import Body
from vchar.rig.skeleton import Skeleton
from vchar.sentences import Sentences
from vchar.training.loop import Schedule, fit
from vchar.training.motion_batches import LONGEST, Batch, Batches

STEPS, WARM_UP, RATE = 3400, 300, 8e-4  # from nothing
MORE, WARM_AGAIN, GENTLE = 2000, 100, 5e-4  # from a checkpoint
BATCH, WEIGHT_DECAY = 32, 0.02
LEAST_SPREAD = 0.005  # of a number of the sentences' vectors
AVERAGE = 0.998  # decay of the weights' moving average
WORDLESS = 0.12  # probability of learning without the sentence
TIMES = (-0.8, 1.1)  # mean and deviation of the logit of the time: early ones count, they decide what is done
LATE = 0.35  # below this distance from the data the flow's error counts no more
TURNING, STEPPING = 10.0, 3.0  # weights of the heading's turn and the root's step beside any other feature's
PLACE, STEP, STAND = 0.1, 0.02, 0.01  # m, m a frame: errors that count as one
SLIDE = 1.0  # weight of the slide of standing feet beside the error of all joints' steps
FEET = ("LeftFoot", "LeftToeBase", "RightFoot", "RightToeBase")


def train(*, data: Path, start: Path | None = None, output: Path = Path("runs/motion"), seed: int = 0,
          ship: bool = False, log: Log = print) -> Path:  # fmt: skip
    """Train on `data`'s takes that aren't held out; returns the checkpoint's folder, the shipped one if `ship`.

    start: a checkpoint to go on from, for fewer steps at a lower rate, instead of learning from nothing. A run that was
    stopped goes on from the snapshot in `output`. Raises VcharError when `data` or `start` can't be read.
    """
    torch.manual_seed(seed)
    net = MotionTransformer(MotionConfig(Skeleton.body().parents))
    if start:
        checkpoint.fill(net, start, apart=("phrases", "outlines"))
    sentences = Sentences.load()
    batches = Batches(motion_set.load(data, held_out=False), sentences, net.config.frames)
    if not start:
        measure(net, batches)
    steps, warm_up, rate = (MORE, WARM_AGAIN, GENTLE) if start else (STEPS, WARM_UP, RATE)
    optimiser = torch.optim.AdamW(net.parameters(), rate, (0.9, 0.99), weight_decay=WEIGHT_DECAY, fused=True)
    schedule = Schedule(steps, warm_up, AVERAGE, seed=seed, clip=1.0)
    averaged = fit(net, optimiser, objective(net, batches, seed), schedule, folder=output, log=log)
    folder = checkpoint.shipped("motion") if ship else output / "checkpoint"
    save(folder, net.config, averaged, batches, sentences)
    return folder


def save(folder: Path, config: MotionConfig, net: nn.Module, batches: Batches, sentences: Sentences) -> None:
    """Write the checkpoint, with the phrases and the names of the takes that the network learnt, and their outlines."""
    phrases = captions.phrases({take.action for take in batches.takes})
    outlines, features = outlined(batches.takes, config.frames)
    tensors = net.state_dict() | {
        "phrases": sentences.embed([phrase for _, phrase in phrases]),
        "outlines": features,
    }
    learnt = tuple(dict.fromkeys(take.name for take in batches.takes))
    config = replace(config, phrases=phrases, learnt=learnt, outlines=outlines)
    checkpoint.save(folder, config, {name: tensor.half() for name, tensor in tensors.items()})


def outlined(takes: Sequence[Take], frames: int) -> tuple[tuple[Outline, ...], Tensor]:
    """Outlines of takes that show one thing, or of all where an action has no such take, and their features [M,F]."""
    plain = {take.action for take in takes if " and " not in take.sentences[0]}
    table, features = [], []
    for take in takes:
        if " and " in take.sentences[0] and take.action in plain:
            continue
        features.append(coarse(torch.from_numpy(take.features[:LONGEST]), frames))
        tokens = len(features[-1])
        first, end = (min(round(at / frames), tokens) for at in take.cycle or (0, 0))
        table.append(Outline(take.action, tokens, first, end))
    return tuple(table), torch.cat(features)


def measure(net: MotionTransformer | MotionGRU, batches: Batches) -> None:
    """Give the network its skeleton's offsets and the units of features and words."""
    net.body.offsets.copy_(torch.from_numpy(Skeleton.body().offsets))
    for kept, found in zip((net.mean, net.spread), batches.statistics(), strict=True):
        kept.copy_(found)
    net.wish.mean.copy_(batches.vectors.mean(0))
    net.wish.spread.copy_(batches.vectors.std(0).clamp(min=LEAST_SPREAD))


def objective(net: MotionTransformer, batches: Batches, seed: int) -> Callable[[int, torch.Generator], Tensor]:
    """The loss of a step."""

    weights = torch.ones(net.config.features)
    weights[pose.TURN], weights[pose.STEP] = TURNING, STEPPING

    def loss(step: int, random: torch.Generator) -> Tensor:
        batch = batches.batch(step, BATCH, seed)
        data = (batch.features - net.mean) / net.spread
        time = (TIMES[0] + TIMES[1] * torch.randn(BATCH, generator=random)).sigmoid()
        at = time[:, None, None]
        noisy = at * data + (1 - at) * torch.randn(data.shape, generator=random)
        known = torch.rand(BATCH, generator=random) > WORDLESS
        inside = torch.arange(data.shape[1])[None] < batch.frames[:, None]
        wish = net.wish(batch.text, batch.energy, known)
        with torch.autocast("cpu", torch.bfloat16), sdpa_kernel(SDPBackend.MATH):  # its flash kernel is slow on CPUs
            found = net(noisy, time, wish, inside[:, :: net.config.frames], _places(batch, net.config.frames)).float()
        flow = mean_inside((weights * (found - data) ** 2).mean(-1) / (1 - at[..., 0]).clamp(min=LATE) ** 2, inside)
        return flow + geometry(net.body, found * net.spread + net.mean, batch, inside, time)

    return loss


def _places(batch: Batch, frames: int) -> Tensor:
    """How much of each motion is over at each token of so many frames [B,T / frames], NaN where that isn't told."""
    over = (torch.arange(0, batch.features.shape[1], frames) + frames / 2) / batch.frames[:, None]
    return torch.where(batch.placed[:, None], over.clamp(max=1), torch.nan)


def geometry(body: Body, features: Tensor, batch: Batch, inside: Tensor, time: Tensor) -> Tensor:
    """How far joints and their steps are off, and how fast standing feet slide; the surer the later in time."""
    names = Skeleton.body().names
    (placed, stepped), (true_placed, true_stepped) = (body.seen(f) for f in (features, batch.features))
    off = ((placed - true_placed) / PLACE).square().sum(-1).mean(-1)
    slip = ((stepped - true_stepped) / STEP).square().sum(-1).mean(-1)
    feet = [names.index(name) for name in FEET]
    both = batch.features[..., pose.CONTACTS] + features[..., pose.CONTACTS].detach().clamp(0, 1)
    standing = both[:, 1:].repeat_interleave(2, -1) / 2  # what the network says to stand shall not slide either
    slide = (stepped[:, :, feet][..., [0, 2]] / STAND).square().sum(-1) * standing
    share = time[:, None]
    return mean_inside(share * off, inside) + 0.5 * mean_inside(share * (slip + SLIDE * slide.mean(-1)), inside[:, 1:])


def mean_inside(values: Tensor, inside: Tensor) -> Tensor:
    """The mean of values [B,T] over the frames that are inside the motions."""
    return (values * inside).sum() / inside.sum()
