"""One step of adversarial training."""

from __future__ import annotations

from collections.abc import Callable, Mapping

import torch
import torch.nn.functional as F
from torch import Tensor, nn

from vchar.data.conditions import NAMES, PHOTO
from vchar.models.critic import Verdict
from vchar.training import adversarial
from vchar.training.disturb import adapted, disturb, nudged
from vchar.training.face_batches import RECALLED, Batch
from vchar.training.face_contest import FIRST_SIZE, Contest
from vchar.training.face_recipe import Recipe
from vchar.training.loop import follow
from vchar.training.processes import Processes

BATCH = 32  # for which the recipe's rate is meant
CLIP = {"critic": 8.0, "generator": 100.0}  # longest gradients, about twice the usual ones: rare ones destroy a network
DIVERGENCE = 0.03  # weight of the encoder's divergence from the prior, in nats a number of z
PLACES = 10.0  # weight of places in what the critic itself learns, a mean over many
STRIDE = 4  # pixels from one that LPIPS looks at first to the next
ENLARGED = 256  # pixels a side to which LPIPS sees smaller pictures enlarged, but to twice their side at most

Lesson = Callable[[Tensor, Tensor], dict[str, Tensor]]


class Trainer:
    """Takes steps; everything it keeps between them is in `parts`."""

    def __init__(self, contest: Contest, recipe: Recipe, own: Processes, unlike: Mapping[str, Lesson]) -> None:
        """unlike: by whom, how unlike pictures [B,3,H,W] in 0..1 look, [B]: "lpips" for all of them, "resemble" for
        faces; whoever the recipe gives weight."""
        self.contest = contest.to(own.device).to(memory_format=torch.channels_last)  # pyright: ignore[reportCallIssue]
        self.recipe, self.own, self.unlike = recipe, own, unlike
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
            z, price = self._places(batch) if recall else (batch.normal, {})
            fake = net.generator(z, batch.asked).float()
        chances = batch.chances[:, 1].clone()
        if recall:  # what is to come out again is disturbed like what went in
            chances[RECALLED] = batch.chances[RECALLED, 0]
        real, shown = disturb(batch.pictures, batch.chances[:, 0], chance), disturb(fake, chances, chance)
        real, shown = nudged(real, number), nudged(shown, number)
        judged, of_real = self._teach_critic(number, batch, real, shown.detach())
        recalled = price | (self._missed(number, fake[RECALLED], batch.pictures[RECALLED]) if recall else {})
        asked = self._teach_makers(batch, shown, of_real, recalled)
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
            z, price = self._recalled(batch)
            again = self.contest.generator(z, batch.conditions[RECALLED]).float()
        parts = self._missed(number, again, batch.pictures[RECALLED]) | price
        self._descend("generator", self.makers, self._price(parts))
        self._follow()
        return self._means(parts)

    def _missed(self, number: int, made: Tensor, real: Tensor) -> dict[str, Tensor]:
        """How unlike pictures are that were to come out again."""
        parts = {"pixels": adversarial.unlike(made, real)}
        real, made = (nudged(x, number, STRIDE) / 2 + 0.5 for x in (real, made))
        for name, lesson in self.unlike.items():
            a, b = (_enlarged(x) if name == "lpips" else x for x in (real, made))
            with self._mixed():
                parts |= {part: apart.float().mean() for part, apart in lesson(a, b).items()}
        return parts

    def _price(self, recalled: dict[str, Tensor]) -> Tensor:
        """Of pictures that were to come out again."""
        recipe = self.recipe
        likeness = {"pixels": 1.0, "lpips": recipe.like, "texture": recipe.texture, "resemble": recipe.resemble}
        weights = likeness | {"divergence": DIVERGENCE}
        parts = [weight * recalled[name] for name, weight in weights.items() if name in recalled]
        return recipe.recall * torch.stack(parts).sum() + recipe.control * recalled["read_twins"]

    def _means(self, parts: dict[str, Tensor]) -> dict[str, float]:
        """Of all processes."""
        means = {name: value.detach().float().mean() for name, value in parts.items()}
        return dict(zip(means, self.own.mean(torch.stack(list(means.values()))).tolist(), strict=True))

    def _mixed(self, exact: bool = False) -> torch.autocast:
        """bfloat16 where that is worth it, unless it must be exact."""
        return torch.autocast(self.own.device.type, torch.bfloat16, enabled=self.own.mixed and not exact)

    def _places(self, batch: Batch) -> tuple[Tensor, dict[str, Tensor]]:
        """z [B,z_dim], of which RECALLED ones are where the encoder sees the twins; and what those cost."""
        recalled, price = self._recalled(batch)
        mean, spread = self.contest.crowd.spread()
        z = mean + batch.normal @ spread.T
        z[RECALLED] = recalled
        return z, price

    def _recalled(self, batch: Batch) -> tuple[Tensor, dict[str, Tensor]]:
        """Where the encoder sees the twins, z [B/2,z_dim] with what is known of it; and what that costs."""
        net = self.contest
        place = net.encoder(batch.twins.contiguous(memory_format=torch.channels_last)).float()
        known = batch.known[RECALLED]
        found = place.given(known)
        weight = batch.conditions[RECALLED, NAMES.index(PHOTO)]  # whoever asks for nothing wants photos
        net.crowd.follow(found.mean.detach(), weight, self._decay(), self.own)
        read = adversarial.reading_loss(place.conditions, net.generator.code(batch.of_twins))
        return found.draw(batch.noise), {"divergence": place.price(known), "read_twins": read}

    def _teach_critic(self, number: int, batch: Batch, real: Tensor, fake: Tensor) -> tuple[dict[str, Tensor], Verdict]:
        """Losses by name, and what it said of the real pictures."""
        critic, code, recipe = self.contest.critic, self.contest.generator.code, self.recipe
        shown, known = code(batch.asked), code(batch.conditions)
        penalised = recipe.penalty > 0 and number % recipe.every == 0
        both = torch.cat([real, fake]).contiguous(memory_format=torch.channels_last).requires_grad_(penalised)
        with self._mixed(exact=penalised):
            verdict = critic(both, torch.cat([shown, shown]))
        read = verdict.conditions.float().chunk(2)[0]
        of_real, of_fake = (Verdict(*parts) for parts in zip(*(part.float().chunk(2) for part in verdict), strict=True))
        parts = {
            "critic": adversarial.critic_loss(recipe.loss, of_real.realism, of_fake.realism),
            "read_real": adversarial.reading_loss(read, known),
        }
        loss = parts["critic"] + recipe.control * parts["read_real"]
        if recipe.places and critic.judges:
            parts["critic_places"] = adversarial.critic_loss(recipe.loss, of_real.places, of_fake.places)
            loss = loss + PLACES * parts["critic_places"]
        if penalised:
            parts["penalty"] = 2 * adversarial.gradient_penalty(both, _said(verdict))  # 2: two halves, a mean each
            loss = loss + self.penalty * recipe.every * parts["penalty"]
        self._descend("critic", critic, loss)
        lead = adversarial.lead(recipe.loss, of_real.realism, of_fake.realism)
        return {name: part.detach() for name, part in parts.items()} | {"lead": lead}, of_real

    def _teach_makers(
        self, batch: Batch, fake: Tensor, of_real: Verdict, recalled: dict[str, Tensor]
    ) -> dict[str, Tensor]:
        """recalled: how unlike what came out again is, and its price; empty without an encoder."""
        net, recipe = self.contest, self.recipe
        code = net.generator.code(batch.asked)
        net.critic.requires_grad_(False)  # else its own gradients are computed too
        with self._mixed():
            verdict = net.critic(fake.contiguous(memory_format=torch.channels_last), code)
        net.critic.requires_grad_(True)
        parts = recalled | {
            "generator": adversarial.generator_loss(recipe.loss, of_real.realism, verdict.realism.float()),
            "read_fake": adversarial.reading_loss(verdict.conditions.float(), code),
        }
        loss = recipe.whole * parts["generator"] + recipe.control * parts["read_fake"]
        if recipe.places and net.critic.judges:
            parts["generator_places"] = adversarial.generator_loss(recipe.loss, of_real.places, verdict.places.float())
            loss = loss + recipe.places * parts["generator_places"]
        loss = self._trust() * loss
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
        rate = recipe.rate * (recipe.batch / BATCH) ** 0.5
        rate *= min(1.0, (number + 1) * recipe.batch / max(1.0, 1000 * recipe.warm_up))
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

    def _decay(self) -> float:
        """How much of a moving average remains after a step, by the recipe's half-life."""
        half_life = min(1000 * self.recipe.half_life, self.recipe.ramp * (int(self.contest.seen) + self.recipe.batch))
        return 0.5 ** (self.recipe.batch / half_life)

    def _follow(self) -> None:
        """Move the averaged generator and encoder."""
        net, decay = self.contest, self._decay()
        net.seen += self.recipe.batch
        follow(net.average, net.generator, decay)
        follow(net.average_encoder, net.encoder, decay)


def _enlarged(pictures: Tensor) -> Tensor:
    """As LPIPS sees them: small ones larger."""
    scale = min(2.0, ENLARGED / pictures.shape[-1])
    return F.interpolate(pictures, scale_factor=scale, mode="bilinear") if scale > 1 else pictures


def _said(verdict: Verdict) -> Tensor:
    """All that a critic says [B], of which a penalty is taken: places as if what they see did not overlap."""
    places = verdict.places
    return verdict.realism + places.sum(1) / max(1, places.shape[1]) ** 0.5
