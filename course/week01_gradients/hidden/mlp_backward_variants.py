"""Right answers to mlp_backward that are written differently."""

from autograder.model import Variant


def _variant(name: str, source: str) -> Variant:
    return Variant("mlp_backward", name, source)


VARIANTS = (
    _variant(
        "row_by_row",
        """
def mlp_backward(x, y, W1, b1, W2, b2):
    grads = {key: np.zeros(v.shape) for key, v in {"W1": W1, "b1": b1, "W2": W2, "b2": b2}.items()}
    n = len(x)
    for row, label in zip(x, y):
        a = W1 @ row + b1
        z = np.where(a > 0, a, 0)
        s = W2 @ z + b2
        e = np.exp(s - s.max())
        d = e / e.sum()
        d[label] -= 1
        hidden = (W2.T @ d) * (a > 0)
        grads["W2"] += np.outer(d, z) / n
        grads["b2"] += d / n
        grads["W1"] += np.outer(hidden, row) / n
        grads["b1"] += hidden / n
    return grads
""",
    ),
    _variant(
        "einsum_and_one_hot",
        """
def mlp_backward(x, y, W1, b1, W2, b2):
    a = np.einsum("ni,hi->nh", x, W1) + b1
    z = np.clip(a, 0, None)
    s = np.einsum("nh,ch->nc", z, W2) + b2
    logp = s - np.logaddexp.reduce(s, axis=1, keepdims=True)
    one_hot = (np.arange(len(W2)) == np.asarray(y)[:, None]).astype(float)
    delta = np.exp(logp) - one_hot
    back = np.einsum("nc,ch->nh", delta, W2)
    back[a <= 0] = 0
    return {
        "b2": delta.mean(0), "W2": np.einsum("nc,nh->ch", delta, z) / len(x),
        "b1": back.mean(0), "W1": np.einsum("nh,ni->hi", back, x) / len(x),
    }
""",
    ),
    _variant(
        "pytorch_without_autograd",
        """
def mlp_backward(x, y, W1, b1, W2, b2):
    x, W1, b1, W2, b2 = (torch.from_numpy(v) for v in (x, W1, b1, W2, b2))
    y = torch.from_numpy(y).long()
    a = F.linear(x, W1, b1)
    z = F.relu(a)
    p = torch.softmax(F.linear(z, W2, b2), dim=1)
    d = (p - F.one_hot(y, len(W2))) / len(x)
    da = (d @ W2).masked_fill(a <= 0, 0.0)
    return {"W1": da.T @ x, "b1": da.sum(0), "W2": d.T @ z, "b2": d.sum(0)}
""",
    ),
    _variant(
        "scipy_softmax",
        """
from scipy.special import softmax

def mlp_backward(x, y, W1, b1, W2, b2):
    grads = {}
    a = x.dot(W1.T) + b1
    z = a * (a > 0)
    d = softmax(z.dot(W2.T) + b2, axis=1)
    for i in range(len(y)):
        d[i][int(y[i])] = d[i][int(y[i])] - 1.0
    d = d / x.shape[0]
    grads["b2"], grads["W2"] = np.sum(d, axis=0), np.dot(d.T, z)
    da = np.where(z > 0, np.dot(d, W2), 0.0)
    grads["b1"], grads["W1"] = np.sum(da, axis=0), np.dot(da.T, x)
    print({k: v.shape for k, v in grads.items()})
    return grads
""",
    ),
    _variant(
        "bias_as_a_weight",
        """
def mlp_backward(x, y, W1, b1, W2, b2):
    def with_one(table):
        return np.hstack([table, np.ones((len(table), 1))])

    first, second = np.column_stack([W1, b1]), np.column_stack([W2, b2])
    before = with_one(x) @ first.T
    after = np.maximum(before, 0.0)
    scores = with_one(after) @ second.T
    scores = scores - np.amax(scores, axis=1)[:, np.newaxis]
    share = np.exp(scores) / np.exp(scores).sum(1)[:, None]
    share[range(len(y)), y] -= 1
    share /= y.size
    last = share.T @ with_one(after)
    hidden = (share @ second)[:, :-1] * np.sign(after)
    early = hidden.T @ with_one(x)
    return dict(W1=early[:, :-1], b1=early[:, -1], W2=last[:, :-1], b2=last[:, -1])
""",
    ),
    _variant(
        "nested_lists",
        """
def mlp_backward(x, y, W1, b1, W2, b2):
    n, hidden, classes, inputs = len(x), len(b1), len(b2), x.shape[1]
    gW1, gb1 = [[0.0] * inputs for _ in range(hidden)], [0.0] * hidden
    gW2, gb2 = [[0.0] * hidden for _ in range(classes)], [0.0] * classes
    for r in range(n):
        a = [sum(float(W1[h, i] * x[r, i]) for i in range(inputs)) + float(b1[h]) for h in range(hidden)]
        z = [max(v, 0.0) for v in a]
        s = [sum(float(W2[c, h]) * z[h] for h in range(hidden)) + float(b2[c]) for c in range(classes)]
        top = max(s)
        total = sum(math.exp(v - top) for v in s)
        for c in range(classes):
            d = (math.exp(s[c] - top) / total - (c == y[r])) / n
            gb2[c] += d
            for h in range(hidden):
                gW2[c][h] += d * z[h]
                if a[h] > 0:
                    gb1[h] += d * float(W2[c, h])
                    for i in range(inputs):
                        gW1[h][i] += d * float(W2[c, h]) * float(x[r, i])
    return {"W1": gW1, "b1": gb1, "W2": gW2, "b2": gb2}
""",
    ),
    _variant(
        "a_class_for_layers",
        """
class Linear:
    def __init__(self, W, b):
        self.W, self.b = W, b

    def forward(self, x):
        self.x = x
        return x @ self.W.T + self.b

    def backward(self, d):
        self.dW, self.db = d.T @ self.x, np.add.reduce(d)
        return d @ self.W

def mlp_backward(x, y, W1, b1, W2, b2):
    first, second = Linear(W1, b1), Linear(W2, b2)
    a = first.forward(x)
    logits = second.forward(np.fmax(a, 0.0))
    d = np.exp(logits - logits.max(1, keepdims=True))
    d = d / d.sum(1, keepdims=True) - np.eye(logits.shape[1])[y]
    first.backward(second.backward(d / len(y)) * np.heaviside(a, 0))
    return {"W1": first.dW, "b1": first.db, "W2": second.dW, "b2": second.db}
""",
    ),
)
