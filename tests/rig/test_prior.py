"""The prior that ships."""

import numpy as np

from vchar.rig.body import HeadModel
from vchar.rig.prior import Prior


def test_the_shipped_prior_belongs_to_the_shipped_head() -> None:
    prior, head = Prior.load(), HeadModel.load()
    phenotype, local, arkit = prior.split(prior.mean)
    assert len(phenotype) == len(head.phenotype)
    assert len(local) == len(head.local_names)
    assert len(arkit) == 52


def test_it_is_a_proper_distribution() -> None:
    prior = Prior.load()
    assert np.allclose(prior.precision, prior.precision.T, rtol=1e-4)
    assert np.linalg.eigvalsh(prior.precision).min() > 0
    assert (prior.noise > 0.002).all()
    assert (prior.sparsity >= 0).all()


def test_only_actions_are_sparse_and_start_from_rest() -> None:
    prior = Prior.load()
    phenotype, local, arkit = prior.split(prior.sparsity)
    assert not phenotype.any()
    assert not local.any()
    assert (arkit > 0).all()
    assert not prior.split(prior.mean)[2].any()
