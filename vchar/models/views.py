"""Square views into batches of pictures: shifted, scaled, turned, mirrored. The first pixel's centre is (0.5, 0.5)."""

from __future__ import annotations

from dataclasses import dataclass

import torch
import torch.nn.functional as F
from torch import Tensor


@dataclass(frozen=True)
class Views:
    """One view of each of B pictures."""

    matrix: Tensor  # [B,2,3] from view pixels to picture pixels
    size: int  # pixels a side

    @classmethod
    def of(cls, centre: Tensor, side: Tensor, roll: Tensor, mirrored: Tensor, size: int) -> Views:
        """Squares around `centre` [B,2], `side` [B] pixels long, turned clockwise by `roll` [B] radians."""
        scale = side / size
        across, down = scale * roll.cos(), scale * roll.sin()
        flip = torch.where(mirrored, -1.0, 1.0)
        turn = torch.stack([across * flip, -down, down * flip, across], dim=1).unflatten(1, (2, 2))
        return cls(torch.cat([turn, (centre - turn.sum(2) * size / 2)[..., None]], dim=2), size)

    def see(self, pictures: Tensor, padding: str = "zeros") -> Tensor:
        """Pictures [B,C,H,W] -> views [B,C,size,size]."""
        line = torch.arange(self.size, dtype=torch.float32) + 0.5
        pixels = torch.stack(torch.meshgrid(line, line, indexing="xy"), dim=-1)
        places = self.to_picture(pixels.flatten(0, 1).expand(len(pictures), -1, 2))
        grid = places / places.new_tensor(pictures.shape[:1:-1]) * 2 - 1
        grid = grid.unflatten(1, (self.size, self.size))
        return F.grid_sample(pictures, grid, "bilinear", padding, align_corners=False)

    def rippled(self, waves: Tensor) -> Rippled:
        """The same views through uneven glass (see Rippled)."""
        return Rippled(self.matrix, self.size, waves)

    def to_picture(self, points: Tensor) -> Tensor:
        """View pixels [B,N,2] -> picture pixels."""
        return points @ self.matrix[:, :, :2].mT + self.matrix[:, None, :, 2]

    def to_view(self, points: Tensor) -> Tensor:
        """Picture pixels [B,N,2] -> view pixels."""
        return (points - self.matrix[:, None, :, 2]) @ torch.linalg.inv(self.matrix[:, :, :2]).mT


@dataclass(frozen=True)
class Rippled(Views):
    """Views in which waves push everything about smoothly, so that no two things keep their distance."""

    waves: Tensor  # [B,K,5] push (x, y) in view pixels, change of phase along x and y in radians a pixel, phase

    def to_picture(self, points: Tensor) -> Tensor:
        return super().to_picture(points + self._push(points))

    def to_view(self, points: Tensor) -> Tensor:
        calm = super().to_view(points)
        found = calm
        for _ in range(6):  # the waves are so shallow that each step leaves a fraction of the error
            found = calm - self._push(found)
        return found

    def _push(self, points: Tensor) -> Tensor:
        phase = points @ self.waves[:, :, 2:4].mT + self.waves[:, None, :, 4]
        return phase.sin() @ self.waves[:, :, :2]
