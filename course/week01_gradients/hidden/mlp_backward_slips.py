"""Typical mistakes around the chain rule of mlp_backward: sums, shapes, names, what is changed."""

from autograder.model import Mistake


def _end(name: str, sentence: str, end: str, start: str = "pass") -> Mistake:
    """Return a mistake that goes forward and back rightly, and errs at the start or the end."""
    source = f"""
def mlp_backward(x, y, W1, b1, W2, b2):
    {start}
    n = len(x)
    a = x @ W1.T + b1
    z = np.maximum(a, 0)
    logits = z @ W2.T + b2
    powers = np.exp(logits - logits.max(axis=1, keepdims=True))
    p = powers / powers.sum(axis=1, keepdims=True)
    d = p.copy()
    d[np.arange(n), y] -= 1
    d /= n
    da = (d @ W2) * (a > 0)
    right = {{"W1": da.T @ x, "b1": da.sum(axis=0), "W2": d.T @ z, "b2": d.sum(axis=0)}}
    {end}
"""
    return Mistake("mlp_backward", name, sentence, source)


def _mistake(name: str, sentence: str, source: str) -> Mistake:
    return Mistake("mlp_backward", name, sentence, source)


SUMS = (
    _end(
        "biases_averaged_again",
        "You take the mean of the bias gradients, but the error is divided by n already. Sum it over the "
        "rows.",
        'return right | {"b1": da.mean(axis=0), "b2": d.mean(axis=0)}',
    ),
    _end(
        "first_biases_averaged_again",
        "You take the mean for b1, but the error is divided by n already. Sum it over the rows.",
        'return right | {"b1": da.mean(axis=0)}',
    ),
    _end(
        "last_biases_averaged_again",
        "You take the mean for b2, but the error is divided by n already. Sum it over the rows.",
        'return right | {"b2": d.mean(axis=0)}',
    ),
    _end(
        "weights_averaged_again",
        "You divide the gradients of the weights by n once more. The error of the output is divided by n "
        "already.",
        'return right | {"W1": da.T @ x / n, "W2": d.T @ z / n}',
    ),
    _end(
        "biases_not_averaged",
        "The weights' gradients are means over the rows, those of the biases sums. All four belong to the "
        "same loss: divide by n once, at the output.",
        'return right | {"b1": da.sum(axis=0) * n, "b2": d.sum(axis=0) * n}',
    ),
    _end(
        "weights_not_averaged",
        "The biases' gradients are means over the rows, those of the weights sums. All four belong to the "
        "same loss: divide by n once, at the output.",
        'return right | {"W1": n * da.T @ x, "W2": n * d.T @ z}',
    ),
    _end(
        "first_layer_not_averaged",
        "W2 and b2 are right, W1 and b1 are n times too large: go back with the error that is divided by n.",
        'return right | {"W1": n * da.T @ x, "b1": n * da.sum(axis=0)}',
    ),
    _end(
        "last_layer_not_averaged",
        "W1 and b1 are right, W2 and b2 are n times too large: the error of the output is divided by n for "
        "them, too.",
        'return right | {"W2": n * d.T @ z, "b2": n * d.sum(axis=0)}',
    ),
    _end(
        "biases_not_summed",
        "Your bias gradients have a row for each row of x. A bias meets all rows, so sum over them: "
        "sum(axis=0).",
        'return right | {"b1": da, "b2": d}',
    ),
    _end(
        "biases_summed_over_the_units",
        "You sum the bias gradients along axis 1, over the units. Each unit has its bias: sum over the rows, "
        "axis=0.",
        'return right | {"b1": da.sum(axis=1), "b2": d.sum(axis=1)}',
    ),
    _end(
        "biases_as_one_number",
        "You sum the bias gradients to a single number. Each unit has its bias: sum over the rows alone, "
        "axis=0.",
        'return right | {"b1": da.sum(), "b2": d.sum()}',
    ),
    _end(
        "biases_as_rows",
        "Your bias gradients are tables with one row. They have the shape of the biases, (hidden,) and "
        "(classes,): leave keepdims out.",
        'return right | {"b1": da.sum(axis=0, keepdims=True), "b2": d.sum(axis=0, keepdims=True)}',
    ),
    _end(
        "biases_are_zero",
        "Your bias gradients are 0. A bias moves the loss like a weight whose input is always 1: sum the "
        "error over the rows.",
        'return right | {"b1": np.zeros_like(b1), "b2": np.zeros_like(b2)}',
    ),
    _end(
        "b1_from_the_output",
        "For b1 you sum the error of the output. Sum that of the hidden units, da.",
        'return right | {"b1": d.sum(axis=0)}',
    ),
)

SHAPES = (
    _end(
        "w2_transposed",
        "Your gradient of W2 is transposed. It has the shape of W2, (classes, hidden): d.T @ z. In a square "
        "case the shape does not tell: look at the numbers.",
        'return right | {"W2": z.T @ d}',
    ),
    _end(
        "w1_transposed",
        "Your gradient of W1 is transposed. It has the shape of W1, (hidden, inputs): da.T @ x. In a square "
        "case the shape does not tell: look at the numbers.",
        'return right | {"W1": x.T @ da}',
    ),
    _end(
        "both_transposed",
        "Your gradients of W1 and W2 are transposed. Each has the shape of its weights: da.T @ x and d.T @ "
        "z. In a square case the shape does not tell: look at the numbers.",
        'return right | {"W1": x.T @ da, "W2": z.T @ d}',
    ),
    _end(
        "layers_exchanged",
        "The layers have changed places: under W1 stands the gradient of W2, and the other way round. W1 is "
        "the first layer, which sees x.",
        'return {"W1": right["W2"], "b1": right["b2"], "W2": right["W1"], "b2": right["b1"]}',
    ),
    _end(
        "tuple_of_gradients",
        'You return a tuple. Asked for is a dict: {"W1": …, "b1": …, "W2": …, "b2": …}.',
        "return tuple(right.values())",
    ),
    _end(
        "names_of_their_own",
        'Your keys have other names. They are those of the parameters: "W1", "b1", "W2", "b2".',
        'return {f"d{key}": value for key, value in right.items()}',
    ),
    _end(
        "small_letters",
        'Your keys are written small. They are those of the parameters: "W1", "b1", "W2", "b2".',
        "return {key.lower(): value for key, value in right.items()}",
    ),
    _end(
        "biases_left_out",
        'The biases are missing: the dict has four keys, "W1", "b1", "W2", "b2".',
        'return {"W1": right["W1"], "W2": right["W2"]}',
    ),
    _end(
        "loss_returned_too",
        "You return the loss as well. Only the dict of the four gradients is asked for.",
        "return -np.log(p[np.arange(n), y]).mean(), right",
    ),
    _end(
        "loss_in_the_dict",
        'Your dict holds more than the four gradients. Its keys are "W1", "b1", "W2", "b2", and no others.',
        'return right | {"loss": -np.log(p[np.arange(n), y]).mean()}',
    ),
    _end(
        "gradients_rounded",
        "You round the gradients. Keep all digits.",
        "return {key: np.round(value, 2) for key, value in right.items()}",
    ),
    _end(
        "in_float32",
        "Your gradients lose digits: somewhere you compute in float16 or float32. Stay with float64.",
        "return {key: value.astype(np.float16) for key, value in right.items()}",
    ),
    _end(
        "made_unit_vectors",
        "You scale each gradient to the length 1. Return them as they are.",
        "return {key: value / (np.linalg.norm(value) + 1e-12) for key, value in right.items()}",
    ),
    _end(
        "weights_after_a_step",
        "You return the parameters after a step. Backpropagation computes gradients, and changes no weight: "
        "return those.",
        'given = {"W1": W1, "b1": b1, "W2": W2, "b2": b2}\n'
        "    return {key: given[key] - 0.1 * right[key] for key in right}",
    ),
    _end(
        "steps_of_an_optimizer",
        "You multiply by a learning rate. Return the gradients themselves: steps are the optimizer's work.",
        "return {key: -0.1 * value for key, value in right.items()}",
    ),
    _end(
        "first_row_alone",
        "You look at the first row alone. The loss is the mean over all rows.",
        "return right",
        start="x, y = x[:1], y[:1]",
    ),
)

CHANGED = (
    _end(
        "weights_updated_in_place",
        "After your call the weights are others: you take a step as well. Backpropagation changes nothing, "
        "it returns gradients.",
        "W1 -= 0.1 * right['W1']; W2 -= 0.1 * right['W2']; b1 -= 0.1 * right['b1']; b2 -= 0.1 * right['b2']\n"
        "    return right",
    ),
    _end(
        "first_weights_changed",
        "After your call W1 is another. Compute new arrays: W1 -= … and W1[…] = … change what came in.",
        "W1[W1 < 0] = 0\n    return right",
    ),
    _end(
        "rows_changed",
        "After your call x is another: `x += …` writes into the caller's array. Write x = x + ….",
        "x += 1.0\n    return right",
    ),
    _end(
        "labels_changed",
        "After your call y is another. Compute a new array of labels, and leave y as it is.",
        "y[:] = 0\n    return right",
    ),
    _end(
        "biases_changed",
        "After your call b1 is another: `b1 += …` writes into the caller's array. Compute a new one.",
        "b1 += 1.0\n    return right",
    ),
)

AUTOGRAD = """
def mlp_backward(x, y, W1, b1, W2, b2):
    W1, b1, W2, b2 = (torch.tensor(value, requires_grad=True) for value in (W1, b1, W2, b2))
    logits = torch.relu(torch.tensor(x) @ W1.T + b1) @ W2.T + b2
    loss = F.cross_entropy(logits, torch.tensor(y).long()){extra}
    {back}
"""
BACKWARD = 'loss.backward()\n    return {"W1": W1.grad, "b1": b1.grad, "W2": W2.grad, "b2": b2.grad}'
GRAD = 'return dict(zip(("W1", "b1", "W2", "b2"), torch.autograd.grad(loss, (W1, b1, W2, b2))))'
READY = (
    _mistake(
        "autograd",
        "Your gradients come from autograd. They are right, but backpropagation itself is the exercise: "
        "write the chain rule in NumPy for the other half of the marks.",
        AUTOGRAD.format(back=BACKWARD, extra=""),
    ),
    _mistake(
        "by_trying",
        "Your gradients come from trying (differences). That takes two passes for each parameter, and at a "
        "corner of the relu it gives half of a slope. Backpropagation is the exercise.",
        """
def mlp_backward(x, y, W1, b1, W2, b2):
    parameters = {"W1": W1.copy(), "b1": b1.copy(), "W2": W2.copy(), "b2": b2.copy()}

    def loss():
        z = np.maximum(x @ parameters["W1"].T + parameters["b1"], 0)
        logits = z @ parameters["W2"].T + parameters["b2"]
        top = logits.max(axis=1, keepdims=True)
        logs = logits - top - np.log(np.exp(logits - top).sum(axis=1, keepdims=True))
        return -logs[np.arange(len(y)), y].mean()

    found = {}
    for key, value in parameters.items():
        found[key] = np.zeros_like(value)
        for i in np.ndindex(value.shape):
            old = value[i]
            value[i] = old + 1e-6
            above = loss()
            value[i] = old - 1e-6
            found[key][i] = (above - loss()) / 2e-6
            value[i] = old
    return found
""",
    ),
    _mistake(
        "labels_as_they_are",
        "cross_entropy takes int64 labels alone here, and yours may be int32. And autograd earns half of the "
        "marks: write the chain rule in NumPy.",
        AUTOGRAD.format(back=GRAD, extra="").replace(".long()", ""),
    ),
)
