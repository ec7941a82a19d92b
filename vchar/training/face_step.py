"""One step of adversarial training, and all that it changes."""

from __future__ import annotations

import copy
from collections.abc import Callable
from pathlib import Path

import torch
import torch.nn.functional as F
from torch import Tensor, nn

from vchar import checkpoint
from vchar.errors import VcharError
from vchar.models.critic import Critic, CriticConfig
from vchar.models.face_encoder import FaceEncoder, FaceEncoderConfig
from vchar.models.studio_face import StudioFace, StudioFaceConfig
from vchar.models.studio_head import StudioHead
from vchar.training import adversarial
from vchar.training.disturb import adapted, disturb, nudged
from vchar.training.face_batches import RECALLED, Batch
from vchar.training.face_recipe import Recipe
from vchar.training.loop import follow
from vchar.training.processes import Processes

FIRST_SIZE = 64  # pixels, for which the recipe's penalty is meant, and at most which the encoder sees
LEARNT = 100_000  # pictures that whoever is gone on from counts as having seen
CLIP = {"critic": 8.0, "generator": 100.0}  # longest gradients, about twice the usual ones: rare ones destroy a network
DIVERGENCE = 0.05  # weight of the encoder's divergence from the prior, in nats a number of z

Distance = Callable[[Tensor, Tensor], Tensor]


class Contest(nn.Module):
    """A generator with the encoder that places pictures in its z, the averaged selves of both, and their critic.

    chance: that each disturbance happens (ADA's).  seen: pictures in all stages so far.
    """

    chance: Tensor
    seen: Tensor

    def __init__(
        self, config: StudioFaceConfig, head: StudioHead, units: tuple[Tensor, Tensor], encoded: int | None = None
    ) -> None:
        """head: of config.head.  units: mean and spread [K] of the conditions.  encoded: pixels a side that the encoder
        sees."""
        super().__init__()
        self.generator = StudioFace(config)
        self.generator.head.load_state_dict(head.state_dict())
        for kept, found in zip((self.generator.code.mean, self.generator.code.spread), units, strict=True):
            kept.copy_(found)
        seen = min(FIRST_SIZE, config.size) if encoded is None else encoded
        self.encoder = FaceEncoder(FaceEncoderConfig(config.z_dim, len(config.conditions), seen))
        self.average = copy.deepcopy(self.generator).requires_grad_(False)
        self.average_encoder = copy.deepcopy(self.encoder).requires_grad_(False)
        self.critic = Critic(CriticConfig(config.size, len(config.conditions)))
        self.register_buffer("chance", torch.zeros((), dtype=torch.float64))
        self.register_buffer("seen", torch.zeros((), dtype=torch.int64))

    def grow_from(self, smaller: Contest) -> None:
        """Go on from a contest at half the size."""
        self.generator.grow_from(smaller.generator)
        self.average.grow_from(smaller.average)
        self.critic.grow_from(smaller.critic)
        self.encoder.load_state_dict(smaller.encoder.state_dict())
        self.average_encoder.load_state_dict(smaller.average_encoder.state_dict())
        self.chance.copy_(smaller.chance)
        self.seen.copy_(smaller.seen)

    def parts(self, folder: Path, encoded: bool) -> dict[Path, list[StudioFace] | list[Critic] | list[FaceEncoder]]:
        """By checkpoint, in `folder` and beside it: the nets that learn from it, the one that it is made of last."""
        found = {folder: [self.generator, self.average], checkpoint.beside(folder, "critic"): [self.critic]}
        encoders = {checkpoint.beside(folder, "encoder"): [self.encoder, self.average_encoder]}
        return found | (encoders if encoded else {})

    def load(self, folder: Path, encoded: bool) -> None:
        """Go on from checkpoints; VcharError where one is missing, damaged or made for pictures of another size.

        A critic may be missing, as one is no use to those who only make pictures; it then begins anew.
        """
        for path, nets in self.parts(folder, encoded).items():
            if nets == [self.critic] and not path.is_dir():
                continue
            tensors = checkpoint.load_tensors(path)
            for net in nets:
                try:
                    net.load_state_dict(tensors)
                except RuntimeError as error:
                    size = self.generator.config.size
                    raise VcharError(f"{path} is of another size or kind; the first stage is {size} px.") from error
        self.seen.fill_(LEARNT)


class Trainer:
    """Takes steps; everything it keeps between them is in `parts`."""

    def __init__(self, contest: Contest, recipe: Recipe, own: Processes, lpips: Distance | None = None) -> None:
        """lpips: how unlike pictures [B,3,H,W] in 0..1 look to people, [B]; None if the recipe gives it no weight."""
        self.contest = contest.to(own.device).to(memory_format=torch.channels_last)  # pyright: ignore[reportCallIssue]
        self.recipe, self.own, self.lpips = recipe, own, lpips
        self.penalty = recipe.penalty * (contest.generator.config.size / FIRST_SIZE) ** 2
        fused = {"lr": recipe.rate, "betas": recipe.betas, "fused": True}
        self.optimisers = {
            "critic": torch.optim.Adam(contest.critic.parameters(), **fused),
            "generator": torch.optim.Adam(self.makers.parameters(), **fused),
        }

    @property
    def makers(self) -> nn.ModuleList:
        """What makes pictures, and is taught together."""
        made_by = [self.contest.generator, self.contest.encoder]
        return nn.ModuleList(made_by if self.recipe.recall else made_by[:1])

    @property
    def parts(self) -> dict[str, nn.Module | torch.optim.Optimizer]:
        """For snapshots."""
        named = {f"{name}_optimiser": optimiser for name, optimiser in self.optimisers.items()}
        return {"contest": self.contest, **named}

    def step(self, number: int, batch: Batch) -> dict[str, float]:
        """Learn from this process's share of the batch; returns the whole batch's losses by name."""
        net, recall = self.contest, self.recipe.recall > 0
        self._set_rate(number)
        if int(net.seen) < 1000 * self.recipe.alone:
            return self._learn_alone(number, batch)
        chance = float(net.chance)
        with self._mixed():
            z, divergence = self._places(batch) if recall else (batch.z, None)
            fake = net.generator(z, batch.asked).float()
        chances = batch.chances[:, 1].clone()
        if recall:  # what is to come out again is disturbed like what went in
            chances[RECALLED] = batch.chances[RECALLED, 0]
        real, shown = disturb(batch.pictures, batch.chances[:, 0], chance), disturb(fake, chances, chance)
        real, shown = nudged(real, number), nudged(shown, number)
        judged = self._teach_critic(number, batch, real, shown.detach())
        recalled = {}
        if divergence is not None:
            recalled = self._missed(number, fake[RECALLED], batch.pictures[RECALLED]) | {"divergence": divergence}
        asked = self._teach_makers(batch, shown, judged["real"], recalled)
        means = self._means(judged | asked)
        if self.recipe.disturb == "ada":
            net.chance.fill_(adapted(chance, means["lead"], self.recipe.batch))
        elif self.recipe.disturb == "diffaugment":
            net.chance.fill_(1)
        self._follow()
        return means | {"chance": chance}

    def _learn_alone(self, number: int, batch: Batch) -> dict[str, float]:
        """Bring back the RECALLED pictures: a critic of a generator that knows nothing yet teaches little for much."""
        with self._mixed():
            z, divergence = self._recalled(batch)
            again = self.contest.generator(z, batch.conditions[RECALLED]).float()
        parts = self._missed(number, again, batch.pictures[RECALLED]) | {"divergence": divergence}
        self._descend("generator", self.makers, self._price(parts))
        self._follow()
        return self._means(parts)

    def _missed(self, number: int, made: Tensor, real: Tensor) -> dict[str, Tensor]:
        """How unlike pictures are that were to come out again."""
        parts = {"pixels": adversarial.unlike(made, real)}
        if self.lpips is not None:
            a, b = (F.interpolate(nudged(x, number) / 2 + 0.5, scale_factor=2.0, mode="bilinear") for x in (made, real))
            a, b = (nudged(x, number // 4) for x in (a, b))  # it looks at every fourth pixel first
            with self._mixed():
                parts["lpips"] = self.lpips(a, b).float().mean()
        return parts

    def _price(self, recalled: dict[str, Tensor]) -> Tensor:
        """Of pictures that were to come out again."""
        price = recalled["pixels"] + DIVERGENCE * recalled["divergence"]
        if "lpips" in recalled:
            price = price + self.recipe.like * recalled["lpips"]
        return self.recipe.recall * price

    def _means(self, parts: dict[str, Tensor]) -> dict[str, float]:
        """Of all processes."""
        means = {name: value.detach().float().mean() for name, value in parts.items()}
        return dict(zip(means, self.own.mean(torch.stack(list(means.values()))).tolist(), strict=True))

    def _mixed(self, exact: bool = False) -> torch.autocast:
        """bfloat16 where that is worth it, unless it must be exact."""
        return torch.autocast(self.own.device.type, torch.bfloat16, enabled=self.own.mixed and not exact)

    def _places(self, batch: Batch) -> tuple[Tensor, Tensor]:
        """z [B,z_dim], of which RECALLED ones are where the encoder sees the twins; and its divergence."""
        z = batch.z.clone()
        z[RECALLED], divergence = self._recalled(batch)
        return z, divergence

    def _recalled(self, batch: Batch) -> tuple[Tensor, Tensor]:
        """Where the encoder sees the twins, z [B/2,z_dim] with what is known of it; and what that costs."""
        place = self.contest.encoder(batch.twins.contiguous(memory_format=torch.channels_last)).float()
        known = batch.known[RECALLED]
        return place.given(known).draw(batch.noise), place.price(known)

    def _teach_critic(self, number: int, batch: Batch, real: Tensor, fake: Tensor) -> dict[str, Tensor]:
        critic, code, recipe = self.contest.critic, self.contest.generator.code, self.recipe
        shown, known = code(batch.asked), code(batch.conditions)
        penalised = recipe.penalty > 0 and number % recipe.every == 0
        both = torch.cat([real, fake]).contiguous(memory_format=torch.channels_last).requires_grad_(penalised)
        with self._mixed(exact=penalised):
            verdict = critic(both, torch.cat([shown, shown]))
        of_real, of_fake = verdict.realism.float().chunk(2)
        parts = {
            "critic": adversarial.critic_loss(recipe.loss, of_real, of_fake),
            "read_real": adversarial.reading_loss(verdict.conditions.float().chunk(2)[0], known),
        }
        loss = parts["critic"] + recipe.control * parts["read_real"]
        if penalised:
            parts["penalty"] = 2 * adversarial.gradient_penalty(both, verdict.realism)  # 2: two halves, a mean each
            loss = loss + self.penalty * recipe.every * parts["penalty"]
        self._descend("critic", critic, loss)
        return parts | {"real": of_real, "fake": of_fake, "lead": adversarial.lead(recipe.loss, of_real, of_fake)}

    def _teach_makers(
        self, batch: Batch, fake: Tensor, of_real: Tensor, recalled: dict[str, Tensor]
    ) -> dict[str, Tensor]:
        """recalled: how unlike what came out again is, and its price; empty without an encoder."""
        net, recipe = self.contest, self.recipe
        code = net.generator.code(batch.asked)
        net.critic.requires_grad_(False)  # else its own gradients are computed too
        with self._mixed():
            verdict = net.critic(fake.contiguous(memory_format=torch.channels_last), code)
        net.critic.requires_grad_(True)
        parts = recalled | {
            "generator": adversarial.generator_loss(recipe.loss, of_real, verdict.realism.float()),
            "read_fake": adversarial.reading_loss(verdict.conditions.float(), code),
        }
        loss = self._trust() * (parts["generator"] + recipe.control * parts["read_fake"])
        if recalled:
            loss = loss + self._price(recalled)
        self._descend("generator", self.makers, loss)
        return parts

    def _trust(self) -> float:
        """How much of the critic's word counts."""
        judged = int(self.contest.seen) + self.recipe.batch - 1000 * self.recipe.alone
        return min(1.0, judged / max(1.0, 1000 * self.recipe.entry))

    def _set_rate(self, number: int) -> None:
        """Adam's first steps are as long as any, whatever the gradient; so they begin short."""
        recipe = self.recipe
        rate = recipe.rate * min(1.0, (number + 1) * recipe.batch / max(1.0, 1000 * recipe.warm_up))
        rate *= min(1.0, (1000 * recipe.settle / max(1, int(self.contest.seen))) ** 0.5)
        for optimiser in self.optimisers.values():
            for group in optimiser.param_groups:
                group["lr"] = rate

    def _descend(self, name: str, model: nn.Module, loss: Tensor) -> None:
        self.optimisers[name].zero_grad(set_to_none=True)
        loss.backward()
        self.own.average_gradients(model)
        nn.utils.clip_grad_norm_(model.parameters(), CLIP[name])
        self.optimisers[name].step()

    def _follow(self) -> None:
        """Move the averaged generator and encoder by the recipe's half-life."""
        net, recipe = self.contest, self.recipe
        net.seen += recipe.batch
        half_life = min(1000 * recipe.half_life, recipe.ramp * int(net.seen))
        decay = 0.5 ** (recipe.batch / half_life)
        follow(net.average, net.generator, decay)
        follow(net.average_encoder, net.encoder, decay)
