"""Typical mistakes in mlp_backward between the layers: the relu, the weights, what meets what."""

from autograder.model import Mistake


def _way(
    name: str,
    sentence: str,
    a: str = "x @ W1.T + b1",
    z: str = "np.maximum(a, 0)",
    logits: str = "z @ W2.T + b2",
    dz: str = "d @ W2",
    da: str = "dz * (a > 0)",
    dw1: str = "da.T @ x",
    db1: str = "da.sum(axis=0)",
    dw2: str = "d.T @ z",
) -> Mistake:
    """Return a mistake that differs from a right answer in one line of the way forward or back."""
    source = f"""
def mlp_backward(x, y, W1, b1, W2, b2):
    n = len(x)
    a = {a}
    z = {z}
    logits = {logits}
    powers = np.exp(logits - logits.max(axis=1, keepdims=True))
    d = (powers / powers.sum(axis=1, keepdims=True) - np.eye(len(W2))[y]) / n
    dz = {dz}
    da = {da}
    return {{"W1": {dw1}, "b1": {db1}, "W2": {dw2}, "b2": d.sum(axis=0)}}
"""
    return Mistake("mlp_backward", name, sentence, source)


ON_THE_WAY = (
    _way(
        "no_relu_on_the_way_back",
        "You forget the relu on the way back: where a is below 0 nothing passes. Multiply by (a > 0). (If "
        "you did: `z = a` is no copy, so z[z < 0] = 0 changes a as well. Write z = np.maximum(a, 0)).",
        da="dz",
    ),
    _way(
        "mask_of_the_gradient",
        "You let the error pass where the *error* is above 0. What counts is the sign of a, on the way "
        "forward: (a > 0).",
        da="dz * (dz > 0)",
    ),
    _way(
        "relu_of_the_gradient_too",
        "You put the error through a relu, too. On the way back only the sign of a counts: dz * (a > 0).",
        da="np.maximum(dz, 0) * (a > 0)",
    ),
    _way(
        "mask_turned_round",
        "Your mask is the wrong way round: the error passes where a is above 0, not where it is below.",
        da="dz * (a < 0)",
    ),
    _way(
        "slope_1_at_0",
        "At exactly 0 your relu has the slope 1. Here it is 0, as in torch: a > 0, without the =.",
        da="dz * (a >= 0)",
    ),
    _way(
        "slope_half_at_0",
        "At exactly 0 your relu has the slope one half. Here it is 0, as in torch: (a > 0).",
        da="dz * np.heaviside(a, 0.5)",
    ),
    _way(
        "mask_without_the_bias",
        "Your mask leaves the bias out: it asks for the sign of x W1ᵀ. What counts is a, with b1.",
        da="dz * (x @ W1.T > 0)",
    ),
    _way(
        "multiplied_by_z",
        "You multiply by relu(a) itself. Its slope belongs there: 1 where a > 0, else 0.",
        da="dz * z",
    ),
    _way(
        "multiplied_by_a",
        "You multiply by a. The slope of the relu belongs there: 1 where a > 0, else 0.",
        da="dz * a",
    ),
    _way(
        "leaky_relu",
        "Below 0 your relu lets a little pass. The relu of this net has the slope 0 there.",
        da="dz * np.where(a > 0, 1, 0.01)",
    ),
    _way(
        "slope_of_tanh",
        "You go back as if through tanh, 1 - z². This net has a relu: (a > 0).",
        da="dz * (1 - z**2)",
    ),
    _way(
        "slope_of_the_sigmoid",
        "You go back as if through a sigmoid, z · (1 - z). This net has a relu: (a > 0).",
        da="dz * z * (1 - z)",
    ),
    _way(
        "through_w1_instead_of_w2",
        "You go back through W1. The way from the logits to the hidden units leads through W2: d @ W2.",
        dz="d @ W1",
    ),
    _way(
        "back_through_w2_transposed",
        "You go back through W2 transposed. Forward it was z @ W2.T, so back it is d @ W2. With a square, "
        "symmetric W2 nobody notices.",
        dz="d @ W2.T",
    ),
    _way(
        "size_of_w2",
        "You go back through the sizes of the weights and lose their signs. It is d @ W2, without abs.",
        dz="d @ np.abs(W2)",
    ),
    _way(
        "mean_at_the_hidden_layer_again",
        "You divide by n once more on the way to the hidden layer, so W1 and b1 are too small. The mean was "
        "taken at the output already.",
        dz="d @ W2 / n",
    ),
    _way(
        "w2_from_a",
        "For W2 you use a, from before the relu. What W2 met on the way forward was z = relu(a): d.T @ z.",
        dw2="d.T @ a",
    ),
    _way(
        "w2_from_the_mask",
        "For W2 you use whether a unit was on, (a > 0). What W2 met was its value, z = relu(a).",
        dw2="d.T @ (a > 0)",
    ),
    _way(
        "w1_from_z",
        "For W1 you use z. What W1 met on the way forward was x: da.T @ x.",
        dw1="da.T @ z",
    ),
    _way(
        "w1_without_the_mask",
        "For W1 you use the error from before the relu's slope. Both W1 and b1 get dz * (a > 0).",
        dw1="dz.T @ x",
    ),
    _way(
        "b1_without_the_mask",
        "For b1 you use the error from before the relu's slope. Both W1 and b1 get dz * (a > 0).",
        db1="dz.sum(axis=0)",
    ),
    _way(
        "no_relu_forward",
        "On the way forward you leave the relu out: z = a. The logits come from np.maximum(a, 0).",
        z="a",
    ),
    _way(
        "no_relu_at_all",
        "Your net has no relu, neither forward nor back. z is np.maximum(a, 0), and back it passes the error "
        "where a > 0.",
        z="a",
        da="dz",
    ),
    _way(
        "relu_on_the_logits",
        "You put the logits through a relu, too. There is one relu, between the two layers.",
        logits="np.maximum(z @ W2.T + b2, 0)",
    ),
    _way(
        "first_bias_left_out",
        "On the way forward you leave b1 out. With biases of 0 nobody notices: a = x @ W1.T + b1.",
        a="x @ W1.T",
    ),
    _way(
        "last_bias_left_out",
        "On the way forward you leave b2 out. With biases of 0 nobody notices: logits = z @ W2.T + b2.",
        logits="z @ W2.T",
    ),
    _way(
        "bias_subtracted",
        "You subtract b1 on the way forward. It is added: a = x @ W1.T + b1.",
        a="x @ W1.T - b1",
    ),
    _way(
        "weights_not_transposed",
        "You multiply by W1 and W2 as they are. As in nn.Linear a row of W1 belongs to a hidden unit, so it "
        "is x @ W1.T, and z @ W2.T.",
        a="x @ W1 + b1",
        logits="z @ W2 + b2",
    ),
)
