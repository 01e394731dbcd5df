"""Right answers of clip_by_global_norm that are written differently."""

from autograder.model import Variant


def _variant(name: str, source: str) -> Variant:
    return Variant("clip_by_global_norm", name, source)


VARIANTS = (
    _variant(
        "torch_norm_own_factor",
        """
def clip_by_global_norm(grads, max_norm):
    norm = float(torch.nn.utils.get_total_norm([torch.tensor(g) for g in grads]))
    factor = max_norm / norm if norm > max_norm else 1.0
    return [np.asarray(g * factor) for g in grads], norm
""",
    ),
    _variant(
        "norm_of_norms",
        """
def clip_by_global_norm(grads, max_norm):
    norm = np.linalg.norm([np.linalg.norm(g) for g in grads])
    if norm <= max_norm:
        return grads, norm
    return [g / norm * max_norm for g in grads], norm
""",
    ),
    _variant(
        "epsilon_as_in_torch",
        """
def clip_by_global_norm(grads, max_norm):
    total = 0
    for grad in grads:
        for value in np.nditer(grad):
            total += float(value) ** 2
    norm = total ** 0.5
    scale = min(1, max_norm / (norm + 1e-6))
    return [np.multiply(grad, scale) for grad in grads], norm
""",
    ),
    _variant(
        "one_long_array_cut_again",
        """
def clip_by_global_norm(grads, max_norm):
    flat = np.concatenate([np.ravel(g) for g in grads])
    norm = float(np.linalg.norm(flat))
    if norm >= max_norm:
        flat = flat * (max_norm / norm)
    parts, start = [], 0
    for g in grads:
        parts.append(flat[start:start + g.size].reshape(g.shape))
        start += g.size
    return parts, norm
""",
    ),
    _variant(
        "copies_changed_in_place",
        """
def clip_by_global_norm(grads, max_norm):
    grads = [np.array(g) for g in grads]
    norm = math.sqrt(math.fsum((g * g).sum() for g in grads))
    if norm > max_norm:
        for g in grads:
            g *= max_norm / norm
    print("norm", norm)
    return tuple(grads), norm
""",
    ),
    _variant(
        "map_and_hypot",
        """
from functools import reduce

def clip_by_global_norm(grads, max_norm):
    norm = np.sqrt(reduce(lambda total, g: total + np.vdot(g, g), grads, 0.0))
    factor = max_norm / max(norm, max_norm)
    return list(map(lambda g: factor * g, grads)), np.asarray(norm)
""",
    ),
    _variant(
        "einsum_and_a_list_pair",
        """
def clip_by_global_norm(grads, max_norm):
    squares = [np.square(g).sum(dtype=np.float64) for g in grads]
    norm = np.sqrt(np.sum(squares))
    clipped = []
    for g in grads:
        clipped += [np.array(g) if norm <= max_norm else np.array(g) * max_norm / norm]
    return [clipped, norm]
""",
    ),
    _variant(
        "with_torch_inside",
        """
def clip_by_global_norm(grads, max_norm):
    tensors = [torch.from_numpy(np.array(g)) for g in grads]
    norm = torch.linalg.vector_norm(torch.stack([t.pow(2).sum().sqrt() for t in tensors])).item()
    factor = max_norm / norm if norm > max_norm else 1.0
    return [(t * factor).numpy() for t in tensors], norm
""",
    ),
)
