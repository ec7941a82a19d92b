"""What heads are like before one looks: learned means, spreads and correlations of the head's coefficients."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from vchar import checkpoint

NAME = "head-prior"


@dataclass(frozen=True)
class PriorConfig:
    """How many coefficients of each kind there are."""

    phenotypes: int
    locals: int
    actions: int
    landmarks: int = 70


@dataclass(frozen=True)
class Prior:
    """Gaussian over all coefficients x [K] (phenotype, local, ARKit), with ARKit weights also kept sparse.

    -log p(x) = (x - mean)' precision (x - mean) / 2 + sparsity' x.  noise: [70] standard deviation of a landmark that
    is fully trusted, in inter-ocular distances.  offset: [70,3] metres in head axes, from a landmark's vertex to where
    landmarks are found on average.
    """

    config: PriorConfig
    mean: NDArray[np.float64]  # [K]
    precision: NDArray[np.float64]  # [K, K]
    sparsity: NDArray[np.float64]  # [K], 0 but for ARKit
    noise: NDArray[np.float64]  # [70]
    offset: NDArray[np.float64]  # [70,3]

    @classmethod
    def load(cls) -> "Prior":
        """The shipped prior; VcharError when it is damaged."""
        folder = checkpoint.shipped(NAME)
        tensors = checkpoint.load_tensors(folder)
        arrays = {name: tensor.double().numpy() for name, tensor in tensors.items()}
        return cls(checkpoint.load_config(folder, PriorConfig), **arrays)

    def split(self, x: NDArray) -> tuple[NDArray, NDArray, NDArray]:
        """x [..., K] -> phenotype, local, ARKit."""
        n = self.config.phenotypes
        m = n + self.config.locals
        return x[..., :n], x[..., n:m], x[..., m:]
