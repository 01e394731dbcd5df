"""Right answers to numerical_gradient that are written differently."""

from autograder.model import Variant


def _variant(name: str, source: str) -> Variant:
    return Variant("numerical_gradient", name, source)


VARIANTS = (
    _variant(
        "unit_steps",
        """
def numerical_gradient(f, x, eps=1e-5):
    x = np.asarray(x).astype(np.float64)
    steps = eps * np.eye(x.size).reshape(x.size, *x.shape)
    return np.array([(f(x + s) - f(x - s)) / (2 * eps) for s in steps]).reshape(x.shape)
""",
    ),
    _variant(
        "flat_view",
        """
def numerical_gradient(f, x, eps=1e-5):
    here = np.array(x, dtype=np.float64)
    flat, out = here.reshape(-1), []
    for i, old in enumerate(flat.tolist()):
        flat[i] = old + eps
        up = f(here.copy())
        flat[i] = old - eps
        down = f(here.copy())
        flat[i] = old
        out.append(0.5 * (up - down) / eps)
    return np.reshape(out, here.shape)
""",
    ),
    _variant(
        "in_place_and_put_back_exactly",
        """
def numerical_gradient(f, x, eps=1e-5):
    x = np.asarray(x, dtype=np.float64)
    slopes = np.empty_like(x)
    it = np.nditer(x, flags=["multi_index"])
    while not it.finished:
        i = it.multi_index
        old = float(x[i])
        x[i] = old + eps
        above = f(x)
        x[i] = old - eps
        below = f(x)
        x[i] = old
        slopes[i] = (above - below) / (2 * eps)
        it.iternext()
    return slopes
""",
    ),
    _variant(
        "float_for_a_number",
        """
def numerical_gradient(f, x, eps=1e-5):
    x = np.array(x, dtype="float64")
    if x.shape == ():
        return float((f(x + eps) - f(x - eps)) / (2 * eps))

    def slope(k):
        move = np.zeros(x.size)
        move[k] = eps
        move = move.reshape(x.shape)
        return (f(x + move) - f(x - move)) / (2 * eps)

    return np.vectorize(slope, otypes=[float])(np.arange(x.size)).reshape(x.shape)
""",
    ),
    _variant(
        "nested_lists",
        """
def numerical_gradient(f, x, eps=1e-5):
    x = np.array(x, dtype=float)
    values = []
    for k in range(x.size):
        moved = [x.copy(), x.copy()]
        moved[0].flat[k] += eps
        moved[1].flat[k] -= eps
        values.append(float(f(moved[0]) - f(moved[1])) / eps / 2)
    slopes = np.array(values).reshape(x.shape)
    return slopes.tolist() if x.ndim < 3 else slopes
""",
    ),
    _variant(
        "halves_of_two_sides",
        """
def numerical_gradient(f, x, eps=1e-5):
    x = np.array(x, dtype=np.float64, copy=True)
    here = f(x)

    def one_side(index, step):
        moved = x.copy()
        moved[index] = moved[index] + step
        return (f(moved) - here) / step

    slopes = [0.5 * (one_side(i, eps) + one_side(i, -eps)) for i in np.ndindex(*x.shape)]
    return np.array(slopes).reshape(x.shape)
""",
    ),
    _variant(
        "pytorch_tensor_back",
        """
def numerical_gradient(f, x, eps=1e-5):
    place = torch.as_tensor(np.array(x, dtype=np.float64)).numpy()
    grad = torch.zeros(place.shape, dtype=torch.float64)
    for i in np.ndindex(place.shape):
        left, right = place.copy(), place.copy()
        left[i], right[i] = place[i] - eps, place[i] + eps
        grad[i] = float(f(right) - f(left)) / (2 * eps)
    print("f was asked", 2 * place.size, "times")
    return grad
""",
    ),
)
