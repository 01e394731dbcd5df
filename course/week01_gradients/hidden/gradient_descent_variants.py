"""Right answers to gradient_descent that are written differently."""

from autograder.model import Variant


def _variant(name: str, source: str) -> Variant:
    return Variant("gradient_descent", name, source)


VARIANTS = (
    _variant(
        "table_filled",
        """
def gradient_descent(grad, theta0, lr, n_steps):
    start = np.atleast_1d(np.asarray(theta0, dtype=np.float64))
    table = np.empty((n_steps + 1, start.size))
    table[0] = start
    for k in range(1, n_steps + 1):
        table[k] = table[k - 1] - lr * np.asarray(grad(table[k - 1]))
    return table
""",
    ),
    _variant(
        "in_place_with_copies",
        """
def gradient_descent(grad, theta0, lr, n_steps):
    theta = np.array(theta0, dtype=float, ndmin=1)
    path = [theta.copy()]
    for _ in range(n_steps):
        theta -= lr * grad(theta)
        path.append(theta.copy())
    return np.stack(path)
""",
    ),
    _variant(
        "recursion",
        """
def gradient_descent(grad, theta0, lr, n_steps):
    here = np.array(theta0, dtype=float).ravel()
    if n_steps == 0:
        return here.reshape(1, -1)
    return np.vstack([here, gradient_descent(grad, here - lr * grad(here), lr, n_steps - 1)])
""",
    ),
    _variant(
        "generator",
        """
from itertools import accumulate, repeat

def gradient_descent(grad, theta0, lr, n_steps):
    start = np.array(theta0, dtype=float).reshape(-1)
    return np.array(list(accumulate(repeat(None, n_steps), lambda t, _: t - lr * grad(t), initial=start)))
""",
    ),
    _variant(
        "nested_lists",
        """
def gradient_descent(grad, theta0, lr, n_steps):
    theta = [float(v) for v in np.ravel(theta0)]
    rows = [theta]
    while len(rows) <= n_steps:
        slopes = grad(np.array(theta))
        theta = [a - lr * float(s) for a, s in zip(theta, slopes)]
        rows.append(theta)
    return rows
""",
    ),
    _variant(
        "pytorch_tensor",
        """
def gradient_descent(grad, theta0, lr, n_steps):
    theta = torch.tensor(np.array(theta0, dtype=float)).reshape(-1)
    path = torch.zeros(n_steps + 1, len(theta), dtype=torch.float64)
    path[0] = theta
    for k in range(n_steps):
        path[k + 1] = path[k] - lr * torch.as_tensor(np.array(grad(path[k].numpy().copy()), dtype=float))
    return path
""",
    ),
    _variant(
        "pytorch_optimizer",
        """
def gradient_descent(grad, theta0, lr, n_steps):
    theta = torch.tensor(np.array(theta0, dtype=float).reshape(-1), requires_grad=True)
    optimizer = torch.optim.SGD([theta], lr=lr)
    rows = [theta.detach().numpy().copy()]
    for _ in range(n_steps):
        theta.grad = torch.tensor(np.array(grad(rows[-1]), dtype=float))
        optimizer.step()
        rows.append(theta.detach().numpy().copy())
    return np.array(rows)
""",
    ),
    _variant(
        "one_call_too_many",
        """
def gradient_descent(grad, theta0, lr, n_steps):
    theta = np.array(theta0, dtype=float).flatten()
    path = []
    for _ in range(n_steps + 1):
        path.append(theta)
        theta = theta - lr * grad(theta)
    return np.array(path)
""",
    ),
    _variant(
        "appended_to_an_array",
        """
def gradient_descent(grad, theta0, lr, n_steps):
    path = np.array([theta0], dtype=float).reshape(1, -1)
    for _ in range(n_steps):
        path = np.append(path, [path[-1] - lr * grad(path[-1])], axis=0)
    print(path)
    return path
""",
    ),
)
