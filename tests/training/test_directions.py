import torch

from vchar.models.face import FaceConfig, PreviewConfig, SynthesisNetwork
from vchar.training.directions import Whitening, best_ridge, least_change, remix, ridge, to_styles


def normal(*shape: int, seed: int = 0) -> torch.Tensor:
    return torch.randn(*shape, generator=torch.Generator().manual_seed(seed))


def test_whitened_coordinates_are_uncorrelated_and_lead_back() -> None:
    offsets = normal(4000, 6) @ normal(6, 6, seed=1)
    whitening = Whitening.of(offsets, 6)
    x = whitening.flatten(offsets[:, None])
    assert torch.allclose(x.T @ x / len(x), torch.eye(6), atol=1e-3)
    assert torch.allclose(whitening.codes(x)[:, 0], offsets, atol=1e-3)


def test_readers_read_codes_as_gradients_read_coordinates() -> None:
    offsets = normal(500, 6)
    whitening = Whitening.of(offsets, 4)
    codes, gradient = offsets[:10].unflatten(0, (5, 2)), normal(1, 8, seed=2)
    by_code = (codes * whitening.readers(gradient)).sum((1, 2))
    assert torch.allclose(by_code, whitening.flatten(codes) @ gradient[0], atol=1e-4)


def test_ridge_finds_a_linear_law_and_best_ridge_knows_how_well() -> None:
    x, law = normal(3000, 10), normal(2, 10, seed=1)
    y = x @ law.T + 0.5 + 0.01 * normal(3000, 2, seed=2)
    gradients, offsets = ridge(x, y, 1e-3)
    assert torch.allclose(gradients, law, atol=1e-2)
    assert torch.allclose(offsets, torch.full((2,), 0.5), atol=1e-2)
    strength, r2 = best_ridge(x, y, (1e-3, 1e5))
    assert strength == 1e-3
    assert (r2 > 0.99).all()


def test_the_least_change_reaches_one_and_avoids_what_is_penalised() -> None:
    gradients = normal(3, 20)
    nothing = torch.zeros(1, 20)
    free = least_change(gradients[0], gradients, torch.zeros(3), nothing, 0.0)
    careful = least_change(gradients[0], gradients, torch.tensor([0.0, 1e4, 0.0]), nothing, 0.0)
    for step in (free, careful):
        assert torch.isclose(step @ gradients[0], torch.tensor(1.0), atol=1e-4)
    assert abs(careful @ gradients[1]) < 0.01 * abs(free @ gradients[1])
    assert free.norm() < careful.norm()


def test_remixing_cancels_a_measured_leak() -> None:
    effects = torch.tensor([[1.0, 0.5], [0.0, 1.0]])  # the first direction leaks into the second reading
    steps = torch.eye(2)
    shares = remix(effects, steps, 0, torch.tensor([1.0, 0.0]), torch.tensor([4.0, 1.0]), shyness=(1e-3, 1e-3))
    assert torch.allclose(shares @ effects, torch.tensor([1.0, 0.0]), atol=1e-2)


def test_style_changes_are_those_that_the_ws_cause() -> None:
    config = FaceConfig(16, (8, 8), 16, 16, 2, (PreviewConfig(8, 4),))
    network = SynthesisNetwork(config)
    ws, change = normal(2, config.num_ws, 16), normal(2, config.num_ws, 16, seed=1)
    before, after = (torch.cat(network.styles(w), 1) for w in (ws, ws + change))
    assert torch.allclose(to_styles(network, change), after - before, atol=1e-4)


def test_a_shy_mix_stays_where_it_starts() -> None:
    effects = torch.tensor([[1.0, 0.5], [0.0, 1.0]])
    shares = remix(effects, torch.eye(2), 0, torch.tensor([1.0, 0.0]), torch.ones(2), shyness=(1e6, 0.0))
    assert torch.allclose(shares, torch.tensor([1.0, 0.0]), atol=1e-3)
