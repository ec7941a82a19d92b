"""The face generator: a mapping network and a style-modulated wavelet synthesis network.

Architecture: MobileStyleGAN (Belousov 2021, arXiv:2104.04767), which distils StyleGAN2 (Karras et al. 2020,
arXiv:1912.04958) into depthwise-separable convolutions that predict Haar wavelets.

Spaces: Z [z_dim] --mapping--> W [w_dim] --one per slot--> W+ [num_ws, w_dim] --affine--> StyleSpace --> picture.
Slot 0 belongs to the first convolution; level i = 1, 2, ... owns the slots 3i-2 (`up`), 3i-1 and 3i (the two
convolutions); the last slot belongs to the colour head.
"""

import copy
from collections.abc import Callable
from dataclasses import dataclass
from itertools import pairwise
from math import ceil

import torch
import torch.nn.functional as F
from torch import Tensor, nn

LEAK = 0.2  # slope of every leaky ReLU, as in StyleGAN2
BAND_BYTES = 8 * 2**20  # of features: what stays in cache and in memory that is already mapped


@dataclass(frozen=True)
class PreviewConfig:
    """A small colour head that replaces the levels above `resolution`."""

    resolution: int  # of the picture it makes
    hidden: int  # width of its non-linear path


@dataclass(frozen=True)
class FaceConfig:
    """Shape of a face generator; the defaults are those of the 1024 px photo-real weights."""

    resolution: int = 1024  # of the finished picture, a power of two
    channels: tuple[int, ...] = (512, 512, 512, 512, 512, 256, 128, 64)  # at 4, 8, ... resolution/2 px
    z_dim: int = 512
    w_dim: int = 512
    mapping_layers: int = 8
    previews: tuple[PreviewConfig, ...] = (PreviewConfig(256, 64), PreviewConfig(512, 32))

    def __post_init__(self) -> None:
        """Accept the lists and dicts that JSON gives back; raise ValueError for an impossible shape."""
        previews = (p if isinstance(p, PreviewConfig) else PreviewConfig(**p) for p in self.previews)
        object.__setattr__(self, "channels", tuple(self.channels))
        object.__setattr__(self, "previews", tuple(previews))
        if self.resolution != 4 * 2 ** len(self.channels):
            raise ValueError(
                f"{len(self.channels)} levels make {4 * 2 ** len(self.channels)} px, not {self.resolution}"
            )

    @property
    def style_dims(self) -> tuple[int, ...]:
        """Sizes of the StyleSpace vectors, one per slot."""
        dims = [self.channels[0]]
        for below, here in pairwise(self.channels):
            dims += [below, below // 4, here]
        return (*dims, self.channels[-1])

    @property
    def num_ws(self) -> int:
        return len(self.style_dims)

    def level_of(self, resolution: int) -> int:
        """How many levels run before a head of this resolution; ValueError where there is no such head."""
        sizes = [p.resolution for p in self.previews] + [self.resolution]
        if resolution not in sizes:
            raise ValueError(f"this generator makes pictures of {sorted(sizes)} px, not {resolution}")
        return (resolution // 8).bit_length() - 1


def inverse_haar(x: Tensor) -> Tensor:
    """One level of the inverse Haar (db1) transform: [B,4C,H,W] -> [B,C,2H,2W].

    The first C channels are the low band; the others hold the three high bands (LH, HL, HH) of each channel.
    """
    b, c4, h, w = x.shape
    x = x.permute(0, 2, 3, 1) * 0.5  # the fast order in memory: [B,H,W,C]
    low, (lh, hl, hh) = x[..., : c4 // 4], x[..., c4 // 4 :].unflatten(-1, (-1, 3)).unbind(-1)
    left, right, down, cross = low + hl, low - hl, lh + hh, lh - hh
    top = torch.stack([left + down, right + cross], dim=3)
    bottom = torch.stack([left - down, right - cross], dim=3)
    return torch.stack([top, bottom], dim=2).reshape(b, 2 * h, 2 * w, c4 // 4).permute(0, 3, 1, 2)


class MappingNetwork(nn.Module):
    """z [B,z_dim] -> w [B,w_dim]: normalise the second moment, then an MLP."""

    def __init__(self, config: FaceConfig) -> None:
        super().__init__()
        widths = [config.z_dim] + [config.w_dim] * config.mapping_layers
        self.layers = nn.ModuleList(nn.Linear(i, o) for i, o in pairwise(widths))

    def forward(self, z: Tensor) -> Tensor:
        x = z * torch.rsqrt(z.square().mean(dim=1, keepdim=True) + 1e-8)
        for layer in self.layers:
            x = F.leaky_relu(layer(x), LEAK) * 2**0.5
        return x


class StyledConv(nn.Module):
    """Modulate by a style, convolve, add the fixed noise and the bias, leaky ReLU.

    A depthwise 3x3 followed by a pointwise convolution, or one dense 3x3 (`dense`, the first layer).
    StyleGAN2's demodulation is a constant in the distilled network and is folded into `pointwise`.
    """

    noise: Tensor

    def __init__(self, c_in: int, c_out: int, resolution: int, dense: bool = False) -> None:
        super().__init__()
        self.depthwise = None if dense else nn.Parameter(torch.randn(c_in, 1, 3, 3) / 3)
        kernel = 3 if dense else 1
        self.weight = nn.Parameter(torch.randn(c_out, c_in, kernel, kernel) / (c_in * kernel**2) ** 0.5)
        self.bias = nn.Parameter(torch.zeros(c_out))
        self.register_buffer("noise", torch.zeros(1, 1, resolution, resolution))

    def forward(self, x: Tensor, style: Tensor, row: int = 0) -> Tensor:
        """x [B,C,H,W], style [B,C] -> [B,C_out,H,W]; `row` is where x begins in the whole picture."""
        if self.depthwise is None:
            x = F.conv2d(x * style[:, :, None, None], self.weight, self.bias, padding=1)
        else:
            x = F.conv2d(self._modulated_depthwise(x, style, self.depthwise), self.weight, self.bias)
        x += self.noise[:, :, row : row + x.shape[2]]  # in place: these passes are bound by memory
        return F.leaky_relu_(x, LEAK)

    @staticmethod
    def _modulated_depthwise(x: Tensor, style: Tensor, weight: Tensor) -> Tensor:
        if len(style) == 1:  # one picture: scaling the kernel costs nothing, scaling the picture a pass over it
            return F.conv2d(x, weight * style[0][:, None, None, None], padding=1, groups=x.shape[1])
        return F.conv2d(x * style[:, :, None, None], weight, padding=1, groups=x.shape[1])


class PreviewHead(nn.Module):
    """Colours for a smaller picture out of the features of an inner level.

    It reads the styles of the last level run and of all skipped ones, so that edits of fine layers still show. A
    linear path paints most of it; a small convolution adds the detail that a single feature pixel does not know.
    """

    styles_mean: Tensor
    styles_std: Tensor

    def __init__(self, channels: int, style_dims: int, hidden: int) -> None:
        super().__init__()
        self.register_buffer("styles_mean", torch.zeros(style_dims))
        self.register_buffer("styles_std", torch.ones(style_dims))
        self.modulation = nn.Linear(style_dims, channels)
        self.linear = nn.Conv2d(channels, 12, 1)
        self.hidden_in = nn.Conv2d(channels, hidden, 1)
        self.hidden_style = nn.Linear(style_dims, hidden)
        self.hidden = nn.Conv2d(hidden, hidden, 3, padding=1)
        self.hidden_out = nn.Conv2d(hidden, 12, 1)
        for layer in (self.modulation, self.hidden_style, self.hidden_out):  # start as a plain linear head
            nn.init.zeros_(layer.weight)
            nn.init.zeros_(layer.bias) if layer.bias is not None else None

    def forward(self, features: Tensor, styles: Tensor) -> Tensor:
        """features [B,C,H,W], styles [B,D] -> wavelets [B,12,H,W]."""
        s = (styles - self.styles_mean) / self.styles_std
        x = features * (1 + self.modulation(s))[:, :, None, None]
        h = F.leaky_relu(self.hidden_in(x) + self.hidden_style(s)[:, :, None, None], LEAK)
        return self.linear(x) + self.hidden_out(F.leaky_relu(self.hidden(h), LEAK))


class SynthesisLevel(nn.Module):
    """Doubles the resolution: modulated inverse Haar transform, then two styled convolutions."""

    def __init__(self, c_in: int, c_out: int, resolution: int) -> None:
        super().__init__()
        self.conv1 = StyledConv(c_in // 4, c_out, resolution)
        self.conv2 = StyledConv(c_out, c_out, resolution)

    def forward(self, x: Tensor, styles: list[Tensor], head: Callable[[Tensor], Tensor]) -> Tensor:
        """x [B,C_in,H,W] -> `head` of the new features [B,C_out,2H,2W].

        On a CPU in bands of rows: a big picture's features fit no cache, and mapping fresh memory for them takes
        longer than the arithmetic.
        """
        h, rows = x.shape[2], self._rows_per_band(x)
        bands = [head(self._band(x, styles, i, min(i + rows, h))) for i in range(0, h, rows)]
        return torch.cat(bands, dim=2) if len(bands) > 1 else bands[0]

    def _rows_per_band(self, x: Tensor) -> int:
        h, w = x.shape[2:]
        if not x.is_cpu or torch.is_grad_enabled():  # autograd keeps all features anyway
            return h
        feature_bytes = 4 * h * w * len(self.conv2.bias) * x.element_size()
        return ceil(h / ceil(feature_bytes / BAND_BYTES))

    def _band(self, x: Tensor, styles: list[Tensor], start: int, stop: int) -> Tensor:
        """What rows `start` to `stop` of x become; the two 3x3 convolutions see one row beyond them."""
        up, first, second = styles
        above, below = max(start - 1, 0), min(stop + 1, x.shape[2])
        x = inverse_haar(x[:, :, above:below] * up[:, :, None, None])
        x = self.conv2(self.conv1(x, first, 2 * above), second, 2 * above)
        return x[:, :, 2 * (start - above) : 2 * (stop - above)]


class SynthesisNetwork(nn.Module):
    """W, W+ or StyleSpace -> picture."""

    def __init__(self, config: FaceConfig) -> None:
        super().__init__()
        self.config = config
        c = config.channels
        self.affine = nn.ModuleList(nn.Linear(config.w_dim, d) for d in config.style_dims)
        self.const = nn.Parameter(torch.randn(1, c[0], 4, 4))
        self.conv = StyledConv(c[0], c[0], 4, dense=True)
        self.levels = nn.ModuleList(SynthesisLevel(c[i], c[i + 1], 8 * 2**i) for i in range(len(c) - 1))
        self.to_wavelets = nn.Conv2d(c[-1], 12, 1)
        self.previews = nn.ModuleDict({str(p.resolution): self._preview(p) for p in config.previews})

    def _preview(self, preview: PreviewConfig) -> PreviewHead:
        level = self.config.level_of(preview.resolution)
        seen = sum(self.config.style_dims[3 * level - 2 :])
        return PreviewHead(self.config.channels[level], seen, preview.hidden)

    def styles(self, ws: Tensor) -> list[Tensor]:
        """w [B,w_dim] or ws [B,num_ws,w_dim] -> StyleSpace: `num_ws` tensors [B, style_dims[i]]."""
        rows = [ws] * len(self.affine) if ws.ndim == 2 else ws.unbind(dim=1)
        return [affine(row) for affine, row in zip(self.affine, rows, strict=True)]

    def forward(self, styles: list[Tensor], size: int | None = None) -> Tensor:
        """StyleSpace -> RGB [B,3,size,size], nominally in -1..1; ValueError for a size without a head.

        Computes in the type of the weights; gradients flow to the styles.
        """
        size = size or self.config.resolution
        level = self.config.level_of(size)
        styles = [s.to(self.const.dtype) for s in styles]
        x = self.const.expand(len(styles[0]), -1, -1, -1).contiguous(memory_format=torch.channels_last)
        x = self.conv(x, styles[0])
        for i in range(level - 1):
            x = self.levels[i](x, styles[1 + 3 * i : 4 + 3 * i], nn.Identity())
        top, last = self.levels[level - 1], styles[3 * level - 2 : 3 * level + 1]
        if size == self.config.resolution:
            return top(x, last, lambda band: inverse_haar(self.to_wavelets(band * styles[-1][:, :, None, None])))
        seen = torch.cat(styles[3 * level - 2 :], dim=1)
        return inverse_haar(self.previews[str(size)](top(x, last, nn.Identity()), seen))


class FaceGenerator(nn.Module):
    """Both networks and the average w, which truncation pulls towards."""

    w_avg: Tensor

    def __init__(self, config: FaceConfig) -> None:
        super().__init__()
        self.config = config
        self.mapping = MappingNetwork(config)
        self.synthesis = SynthesisNetwork(config)
        self.register_buffer("w_avg", torch.zeros(config.w_dim))

    @property
    def num_ws(self) -> int:
        return self.config.num_ws

    def w_of_seed(self, seed: int) -> Tensor:
        """The w [1,w_dim] of a seed (0 .. 2**32-1); drawn on the CPU, so the same on every device."""
        z = torch.randn(1, self.config.z_dim, generator=torch.Generator().manual_seed(seed))
        return self.mapping(z.to(self.w_avg))

    def set_synthesis_dtype(self, dtype: torch.dtype) -> "FaceGenerator":
        """Run the levels in `dtype` (channels_last); the mapping and the affine layers stay in float32."""
        affine = copy.deepcopy(self.synthesis.affine)  # casting there and back would round it
        self.synthesis.to(dtype=dtype)
        self.synthesis.to(memory_format=torch.channels_last)  # pyright: ignore[reportCallIssue] torch's stub lacks it
        self.synthesis.affine = affine
        return self
