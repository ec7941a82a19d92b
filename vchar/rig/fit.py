"""Portrait landmarks -> identity, expression, gaze, head pose and camera, by Levenberg-Marquardt.

The head's coefficients are found as the likeliest under a learned prior (`vchar.rig.prior`) given where the landmarks
stand; pose and camera are free. ARKit weights stay between 0 and 1 by an active set.
"""

from dataclasses import dataclass, field, replace

import numpy as np
from numpy.typing import NDArray
from scipy.spatial.transform import Rotation

from vchar.errors import VcharError
from vchar.rig.blendshapes import ARKIT_NAMES
from vchar.rig.body import GAZE, HeadModel
from vchar.rig.camera import Camera
from vchar.rig.prior import Prior

Array = NDArray[np.float64]
Floats = NDArray[np.float32]

FOCAL = 4.2  # of the picture's longer side: what portraits are commonly taken with
JAW, INNER = slice(0, 17), slice(17, 68)
LEFT_EYE, RIGHT_EYE = slice(36, 42), slice(42, 48)  # of the picture
ALONG_JAW = 0.3  # weight of sliding along the jaw, where a landmark has no definite place
POSE_STEPS, STEPS = 4, 16
DEPTH_SPREAD = 0.05  # of the distance: how far head size and distance may trade places
LIMITS = (3.5, 1.0)  # of phenotype (standard deviations) and local changes
TOO_FAR = 0.06  # mean inner residual beyond which the points are no face
MIN_EYE_DISTANCE = 8.0  # pixels
MAX_YAW = 65.0  # degrees
SETTLED = 1e-4  # relative gain below which a step is the last


@dataclass(frozen=True)
class Fit:
    """A head in front of a camera that explains a portrait's landmarks.

    residual: mean distance of the inner landmarks (17-67) to the head's, in inter-ocular distances.
    confidence: 0..1, how far to trust it.  offset: [70,3] metres in head axes, from the landmarks' vertices to where
    this picture shows them: what the head can't express of a person, and their next picture will show again.
    """

    phenotype: Floats  # [P]
    local: Floats  # [L]
    arkit: Floats  # [52]
    camera: Camera
    residual: float
    confidence: float
    offset: Floats = field(default_factory=lambda: np.zeros((70, 3), np.float32))

    def scaled(self, k: float) -> "Fit":
        """The same head in a picture `k` times as large."""
        return replace(self, camera=self.camera.scaled(k))


def fit(
    head: HeadModel,
    prior: Prior,
    landmarks: NDArray,
    confidence: NDArray,
    width: int,
    height: int,
    identity: Fit | None = None,
) -> Fit:
    """Explain landmarks [70,2] (pixels) that are trusted by `confidence` [70] (0..1) in a picture of this size.

    `identity` keeps the person of another picture and finds expression and pose alone. Raises VcharError when the
    landmarks are too close together, too uncertain, turned too far aside, or not those of a face.
    """
    points, trust = np.asarray(landmarks, np.float64), np.clip(np.asarray(confidence, np.float64), 0, 1)
    _refuse_unusable(points, trust)
    problem = _Problem(head, prior, points, trust, width, height, identity)
    return _finish(problem, _minimise(problem, problem.start()), trust)


@dataclass(frozen=True)
class Posterior:
    """The likeliest coefficients [K], and what the landmarks leave open.

    covariance: [K,K] by Laplace approximation.  squared_error: [70] expected for every landmark, in standard deviations
    (1 if the prior's noise is right).  offset: [70,3] metres in head axes, how far beside its vertex it is seen.
    """

    x: Array
    covariance: Array
    squared_error: Array
    offset: Array


def posterior(
    head: HeadModel, prior: Prior, landmarks: NDArray, confidence: NDArray, width: int, height: int
) -> Posterior:
    """Like `fit`, for learning priors."""
    points, trust = np.asarray(landmarks, np.float64), np.clip(np.asarray(confidence, np.float64), 0, 1)
    problem = _Problem(head, prior, points, trust, width, height, None)
    state = _minimise(problem, problem.start())
    gradient, hessian, jacobian, residual = problem.quadratic(state)
    bound = np.zeros(len(gradient), bool)
    bound[6:] = ((state.x <= problem.low) & (gradient[6:] > 0)) | ((state.x >= problem.high) & (gradient[6:] < 0))
    covariance = np.zeros_like(hessian)
    free = np.ix_(~bound, ~bound)
    covariance[free] = np.linalg.inv(hessian[free])
    spread = np.einsum("ik,kl,il->i", jacobian, covariance, jacobian)
    slope, curvature = gradient[bound], np.diag(hessian)[bound]
    covariance[bound, bound] = 1 / (slope**2 / 2 + curvature)  # between an exponential's and half a Gaussian's
    squared = (residual**2 + spread).reshape(70, 2).mean(1)
    return Posterior(state.x, covariance[6:, 6:], squared, problem.offset(state))


def eye_distance(points: NDArray) -> float:
    """Between the eyes' centres, in pixels."""
    return float(np.linalg.norm(points[LEFT_EYE].mean(0) - points[RIGHT_EYE].mean(0)))


def _refuse_unusable(points: Array, trust: Array) -> None:
    if points.shape != (70, 2) or not np.isfinite(points).all():
        raise VcharError("The face's landmarks are incomplete; choose a picture that shows the whole face.")
    if eye_distance(points) < MIN_EYE_DISTANCE:
        raise VcharError("The face is too small in the picture; choose a larger picture or crop it around the face.")
    if trust[INNER].mean() < 0.15:
        raise VcharError("The face can't be read with any confidence; choose a picture that shows it unobstructed.")


@dataclass(frozen=True)
class _State:
    """A rigid pose (head to camera) and all coefficients [K]: phenotype, local, ARKit."""

    rotation: Array
    translation: Array
    x: Array


class _Problem:
    """Residuals and their derivatives at the 70 landmark vertices; unknown: 3 turns, 3 shifts, K coefficients."""

    def __init__(
        self, head: HeadModel, prior: Prior, points: Array, trust: Array, width: int, height: int, known: Fit | None
    ) -> None:
        self.prior, self.points = prior, points
        self.focal, self.centre = FOCAL * max(width, height), np.array([width, height]) / 2
        self.iod = eye_distance(points)
        ids = head.landmarks
        self.mean = head.mean[ids] + prior.offset + (0 if known is None else known.offset)
        phenotype, arkit = head.phenotype[:, ids], _landmark_actions(head)
        self.up = np.concatenate([phenotype, head.local_up[:, ids], arkit]).astype(np.float64, order="C")
        self.down = np.concatenate([-phenotype, head.local_down[:, ids], -arkit]).astype(np.float64, order="C")
        self.people = len(phenotype) + len(head.local_up)
        self.low = np.concatenate([np.full(len(phenotype), -LIMITS[0]), np.full(len(head.local_up), -LIMITS[1])])
        self.low = np.concatenate([self.low, np.zeros(len(arkit))])
        self.high = np.concatenate([-self.low[: self.people], np.ones(len(arkit))])
        self.known = None if known is None else np.concatenate([known.phenotype, known.local]).astype(np.float64)
        self.whiten = self._whitening(trust)
        self.distance = 0.0

    def _whitening(self, trust: Array) -> Array:
        """[70,2,2]: pixels of error -> standard deviations; along the jaw errors count less than across it."""
        along = np.gradient(self.points[JAW], axis=0)
        along /= np.linalg.norm(along, axis=1, keepdims=True) + 1e-9
        turn = np.tile(np.eye(2), (70, 1, 1))
        turn[JAW] = np.stack([np.stack([-along[:, 1], along[:, 0]], 1), ALONG_JAW * along], axis=1)
        return turn * (np.sqrt(trust) / (self.prior.noise * self.iod))[:, None, None]

    def start(self) -> _State:
        """The likeliest head, posed by the affine map that takes it nearest to the landmarks."""
        x = np.clip(self.prior.mean, self.low, self.high)
        if self.known is not None:
            x[: self.people] = self.known
        shape = self.shape(x)
        weight = np.sqrt((self.whiten**2).sum((1, 2)))[:, None]
        middle = (shape * weight).sum(0) / weight.sum()
        design = np.concatenate([shape - middle, np.ones((70, 1))], axis=1)
        affine = np.linalg.lstsq(design * weight, self.points * weight, rcond=None)[0].T
        size = np.linalg.norm(affine[:, :3], axis=1).mean()
        u, _, vt = np.linalg.svd(affine[:, :3])
        rows = u @ vt[:2]
        rotation = np.stack([rows[0], rows[1], np.cross(rows[0], rows[1])])
        self.distance = self.focal / size
        at = np.append((affine[:, 3] - self.centre) / size, self.distance)
        return _State(rotation, at - rotation @ middle, x)

    def shape(self, x: Array) -> Array:
        """[70,3] vertices in head axes."""
        return self.mean + np.tensordot(np.maximum(x, 0), self.up, 1) + np.tensordot(np.maximum(-x, 0), self.down, 1)

    def errors(self, state: _State) -> Array:
        """[70,2] pixels."""
        return self._project(self.shape(state.x) @ state.rotation.T + state.translation) - self.points

    def offset(self, state: _State) -> Array:
        """[70,3] metres in head axes, parallel to the picture, from the head's landmarks to the picture's."""
        depth = (self.shape(state.x) @ state.rotation.T + state.translation)[:, 2:]
        return np.pad(-self.errors(state) * depth / self.focal, ((0, 0), (0, 1))) @ state.rotation

    def cost(self, state: _State) -> float:
        residual = np.einsum("nij,nj->ni", self.whiten, self.errors(state))
        return float((residual**2).sum()) + self._penalty(state)

    def _penalty(self, state: _State) -> float:
        off = state.x - self.prior.mean
        depth = (state.translation[2] / self.distance - 1) / DEPTH_SPREAD
        return float(off @ self.prior.precision @ off + 2 * self.prior.sparsity @ state.x + depth**2)

    def _project(self, camera_space: Array) -> Array:
        return self.focal * camera_space[:, :2] / camera_space[:, 2:] + self.centre

    def quadratic(self, state: _State) -> tuple[Array, Array, Array, Array]:
        """Gradient [6+K] and Gauss-Newton Hessian of half the cost; Jacobian [140,6+K] and whitened residual [140]."""
        turned = self.shape(state.x) @ state.rotation.T
        y = turned + state.translation
        to_pixels = np.zeros((70, 2, 3))
        to_pixels[:, 0, 0] = to_pixels[:, 1, 1] = self.focal / y[:, 2]
        to_pixels[:, :, 2] = -self.focal * y[:, :2] / y[:, 2:] ** 2
        turning = np.stack([np.cross(axis, turned) for axis in np.eye(3)])
        shifting = np.broadcast_to(np.eye(3)[:, None], (3, 70, 3))
        basis = np.where((state.x < 0)[:, None, None], -self.down, self.up) @ state.rotation.T
        motion = np.concatenate([turning, shifting, basis])
        jacobian = np.einsum("nij,knj->nik", self.whiten @ to_pixels, motion).reshape(140, -1)
        residual = np.einsum("nij,nj->ni", self.whiten, self._project(y) - self.points).ravel()
        gradient, hessian = jacobian.T @ residual, jacobian.T @ jacobian
        gradient[6:] += self.prior.precision @ (state.x - self.prior.mean) + self.prior.sparsity
        hessian[6:, 6:] += self.prior.precision
        depth = (state.translation[2] / self.distance - 1) / DEPTH_SPREAD
        gradient[5] += depth / (DEPTH_SPREAD * self.distance)
        hessian[5, 5] += 1 / (DEPTH_SPREAD * self.distance) ** 2
        return gradient, hessian, jacobian, residual

    def moved(self, state: _State, step: Array) -> _State:
        """The state after a step [6+K], inside the limits."""
        rotation = Rotation.from_rotvec(step[:3]).as_matrix() @ state.rotation
        return _State(rotation, state.translation + step[3:6], np.clip(state.x + step[6:], self.low, self.high))

    def free(self, stage: int) -> NDArray[np.bool_]:
        """Which unknowns may move: the pose first, then all but a known person's."""
        free = np.ones(6 + len(self.low), bool)
        free[6:] = stage >= POSE_STEPS
        if self.known is not None:
            free[6 : 6 + self.people] = False
        return free


def _landmark_actions(head: HeadModel) -> Floats:
    """How each ARKit action moves the landmarks [52,70,3]; a gaze moves the pupils as its first degrees do."""
    actions = head.arkit[:, head.landmarks]
    for eye, side in ((1, "Right"), (2, "Left")):
        arm = head.mean[head.landmarks[67 + eye]] - head.mean[head.eye == eye].mean(0)
        outwards = -1.0 if side == "Left" else 1.0
        axes = {"Out": (0, outwards, 0), "In": (0, -outwards, 0), "Up": (-1, 0, 0), "Down": (1, 0, 0)}
        for way, axis in axes.items():
            turning = np.radians(GAZE[way]) * np.array(axis)
            actions[ARKIT_NAMES.index(f"eyeLook{way}{side}"), 67 + eye] += np.cross(turning, arm)
    return actions


def _minimise(problem: _Problem, state: _State) -> _State:
    cost, damping = problem.cost(state), 1e-2
    for stage in range(STEPS):
        gradient, hessian, _, _ = problem.quadratic(state)
        before = cost
        for _ in range(6):
            damped = hessian + damping * np.diag(np.diag(hessian))
            candidate = problem.moved(state, _step(problem, state, gradient, damped, problem.free(stage)))
            candidate_cost = problem.cost(candidate)
            if candidate_cost < cost:
                state, cost, damping = candidate, candidate_cost, max(damping * 0.2, 1e-7)
                break
            damping = max(damping * 8, 1e-3)
        if stage > POSE_STEPS and before - cost < SETTLED * before:
            break
    return state


def _step(problem: _Problem, state: _State, gradient: Array, hessian: Array, free: NDArray[np.bool_]) -> Array:
    """The damped Newton step under the limits: whatever would leave them stops there, and the rest is solved again."""
    low, high = np.full(len(free), -np.inf), np.full(len(free), np.inf)
    low[6:], high[6:] = problem.low - state.x, problem.high - state.x
    step, free = np.zeros(len(free)), free.copy()
    for _ in range(4):
        at = np.flatnonzero(free)
        step[at] = np.linalg.solve(hessian[np.ix_(at, at)], -gradient[at] - hessian[at][:, ~free] @ step[~free])
        outside = free & ((step < low) | (step > high))
        if not outside.any():
            break
        step[outside] = np.clip(step, low, high)[outside]
        free &= ~outside
    return step


def _finish(problem: _Problem, state: _State, trust: Array) -> Fit:
    error = np.linalg.norm(problem.errors(state), axis=1) / problem.iod
    residual = float((error[INNER] * trust[INNER]).sum() / trust[INNER].sum())
    if residual > TOO_FAR:
        raise VcharError("The landmarks are not those of a face; choose a picture that shows a face clearly.")
    x, y = problem.centre
    camera = Camera(state.rotation, state.translation, problem.focal, (float(x), float(y)))
    if abs(camera.yaw_pitch_roll[0]) > MAX_YAW:
        raise VcharError("The face is turned too far aside; choose a picture that shows both eyes.")
    phenotype, local, arkit = (part.astype(np.float32) for part in problem.prior.split(state.x))
    certainty = float(trust[INNER].mean() * np.exp(-((residual / TOO_FAR * 2) ** 2) / 2))
    return Fit(phenotype, local, arkit, camera, residual, certainty, problem.offset(state).astype(np.float32))
