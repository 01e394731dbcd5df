"""More mistakes in mlp_backward, found in answers that were invented after its checks."""

from autograder.model import Mistake

RIGHT = """
def mlp_backward(x, y, W1, b1, W2, b2):
    n = len(x)
    a = x @ W1.T + b1
    z = np.maximum(a, 0)
    s = z @ W2.T + b2
    s = s - s.max(axis=1, keepdims=True)
    p = np.exp(s) / np.exp(s).sum(axis=1, keepdims=True)
    d = p.copy()
    d[np.arange(n), y] -= 1
    d = d / n
    dW2, db2 = d.T @ z, d.sum(axis=0)
    da = d @ W2
    da = da * (a > 0)
    dW1, db1 = da.T @ x, da.sum(axis=0)
    return {"W1": dW1, "b1": db1, "W2": dW2, "b2": db2}
"""
LABELS, MEAN = "d[np.arange(n), y] -= 1", "d = d / n"
RELU, MASK = "z = np.maximum(a, 0)", "da = da * (a > 0)"
LARGEST = "s.max(axis=1, keepdims=True)"
END = 'return {"W1": dW1, "b1": db1, "W2": dW2, "b2": db2}'


def _edited(name: str, sentence: str, old: str, new: str) -> Mistake:
    """Return a mistake that puts something else in one place of a right answer."""
    return Mistake("mlp_backward", name, sentence, RIGHT.replace(old, new))


OUTPUT = (
    _edited(
        "maximum_without_its_axis",
        "The largest logits of the rows lie in one row, (n,), and meet the columns. keepdims=True keeps them "
        "in a column, (n, 1).",
        LARGEST,
        "s.max(axis=1)",
    ),
    _edited(
        "sum_without_its_axis",
        "The sums of the rows lie in one row, (n,), and meet the columns. keepdims=True keeps them in a "
        "column, (n, 1).",
        "sum(axis=1, keepdims=True)",
        "sum(axis=1)",
    ),
    _edited(
        "sum_over_the_table",
        "You divide by the sum over the whole table. Each row's probabilities add up to 1: "
        "sum(axis=1, keepdims=True).",
        "sum(axis=1, keepdims=True)",
        "sum()",
    ),
    _edited(
        "one_added_to_the_sum",
        "You add something to the sum of the powers, so the probabilities of a row no longer add up to 1. "
        "Leave it out: the sum is never 0 once the largest logit is.",
        "sum(axis=1, keepdims=True)",
        "sum(axis=1, keepdims=True) + 1",
    ),
    _edited(
        "all_labels_in_each_row",
        "d[:, y] -= 1 subtracts in every row at all labels. Each row has its own: d[np.arange(n), y] -= 1.",
        LABELS,
        "d[:, y] -= 1",
    ),
    _edited(
        "labels_taken_for_rows",
        "d[y] -= 1 changes whole rows, those numbered like the labels. A label names a column: "
        "d[np.arange(n), y] -= 1.",
        LABELS,
        "d[y % n] -= 1",
    ),
    _edited(
        "all_labels_in_the_first_row",
        "You subtract all labels in the first row. Each row has its own: d[np.arange(n), y] -= 1.",
        LABELS,
        "d[0, y] -= 1",
    ),
    _edited(
        "guess_instead_of_label",
        "You subtract 1 at the class with the highest probability. It belongs at the label: "
        "d[np.arange(n), y] -= 1.",
        LABELS,
        "d[np.arange(n), p.argmax(axis=1)] -= 1",
    ),
    _edited(
        "less_than_one_at_the_label",
        "You subtract less than 1 at the label (label smoothing). This loss has whole labels: subtract 1.",
        LABELS,
        "d[np.arange(n), y] -= 0.9",
    ),
    _edited(
        "log_of_the_probabilities",
        "You start from the log of the probabilities. The log belongs to the loss; its slope is softmax "
        "minus one-hot.",
        "d = p.copy()",
        "d = np.log(p + 1e-12)",
    ),
    _edited(
        "divided_by_the_root_of_n",
        "You divide by the root of n. The mean over n rows divides by n.",
        MEAN,
        "d = d / np.sqrt(n)",
    ),
    _edited(
        "divided_by_the_inputs",
        "You take n from the wrong place: the loss is the mean over the rows of x, so divide by len(x).",
        MEAN,
        "d = d / x.shape[1]",
    ),
    _edited(
        "divided_by_the_hidden_units",
        "You take n from the wrong place: the loss is the mean over the rows of x, so divide by len(x).",
        MEAN,
        "d = d / len(W1)",
    ),
)

ON_THE_WAY = (
    _edited(
        "sigmoid_in_the_hidden_layer",
        "Your hidden layer has a sigmoid. In this net it is a relu: np.maximum(a, 0).",
        RELU,
        "z = 1 / (1 + np.exp(-a))",
    ),
    _edited(
        "tanh_in_the_hidden_layer",
        "Your hidden layer has a tanh. In this net it is a relu: np.maximum(a, 0).",
        RELU,
        "z = np.tanh(a)",
    ),
    _edited(
        "sizes_in_the_hidden_layer",
        "Your hidden layer takes the size of a. The relu cuts off what is below 0: np.maximum(a, 0).",
        RELU,
        "z = np.abs(a)",
    ),
    _edited(
        "hidden_layer_cut_at_1",
        "Your hidden layer is cut off at 1 as well. The relu has no upper limit: np.maximum(a, 0).",
        RELU,
        "z = np.clip(a, 0, 1)",
    ),
    _edited(
        "probabilities_on_the_way_back",
        "You go back with the probabilities. What goes back is the error of the output, softmax minus "
        "one-hot over n: d @ W2.",
        "da = d @ W2",
        "da = p @ W2 / n",
    ),
    _edited(
        "w2_after_a_step",
        "You take a step with W2 before you go back through it. All gradients belong to the weights that "
        "came in.",
        "da = d @ W2",
        "da = d @ (W2 - 0.1 * dW2)",
    ),
    _edited(
        "mask_below_0_alone_kept",
        "You keep the error where a is below 0 or 0, and drop it where a is above. It is the other way "
        "round: (a > 0).",
        MASK,
        "da = da * (a <= 0)",
    ),
    _edited(
        "a_tenth_below_0",
        "Below 0 your relu lets a tenth pass. The relu of this net has the slope 0 there.",
        MASK,
        "da = da * np.where(a > 0, 1, 0.1)",
    ),
    _edited(
        "b1_from_w1",
        "For b1 you sum the gradient of W1. Sum the error of the hidden units over the rows: da.sum(axis=0).",
        END,
        'return {"W1": dW1, "b1": dW1.sum(axis=1), "W2": dW2, "b2": db2}',
    ),
    _edited(
        "b2_from_w2",
        "For b2 you sum the gradient of W2. Sum the error of the output over the rows: d.sum(axis=0).",
        END,
        'return {"W1": dW1, "b1": db1, "W2": dW2, "b2": dW2.sum(axis=1)}',
    ),
)

ENDS = (
    _edited(
        "first_layer_still_0",
        "Your W1 and b1 are 0. Either nothing stands there yet, or the way back leaves W2 out: da = d @ W2, "
        "times (a > 0), then da.T @ x and da.sum(axis=0).",
        END,
        'return {"W1": 0 * dW1, "b1": 0 * db1, "W2": dW2, "b2": db2}',
    ),
    _edited(
        "slope_as_a_quotient",
        "z / a is the slope of the relu, but 0 / 0 where a is 0, which is nan. Use (a > 0).",
        MASK,
        "da = da * (z / a)",
    ),
    _edited(
        "w2_in_front",
        "`W2 @ d` does not fit: d is (n, classes) and W2 (classes, hidden), so it is d @ W2.",
        "da = d @ W2",
        "da = W2 @ d",
    ),
    _edited(
        "last_biases_over_the_units",
        "You sum b2 along axis 1, over the classes. Sum over the rows, axis=0.",
        END,
        'return {"W1": dW1, "b1": db1, "W2": dW2, "b2": d.sum(axis=1)}',
    ),
    _edited(
        "last_biases_as_one_number",
        "You sum b2 to a single number. Each class has its bias: sum over the rows alone, axis=0.",
        END,
        'return {"W1": dW1, "b1": db1, "W2": dW2, "b2": d.sum()}',
    ),
    _edited(
        "last_biases_as_a_row",
        "Your b2 is a table with one row. It has the shape (classes,): leave keepdims out.",
        END,
        'return {"W1": dW1, "b1": db1, "W2": dW2, "b2": d.sum(axis=0, keepdims=True)}',
    ),
    _edited(
        "last_biases_of_the_first_row",
        "Your b2 is the error of the first row alone. A bias meets all rows: d.sum(axis=0).",
        END,
        'return {"W1": dW1, "b1": db1, "W2": dW2, "b2": d[0]}',
    ),
    _edited(
        "first_biases_of_the_first_row",
        "Your b1 is the error of the first row alone. A bias meets all rows: da.sum(axis=0).",
        END,
        'return {"W1": dW1, "b1": da[0], "W2": dW2, "b2": db2}',
    ),
    _edited(
        "last_weights_of_the_first_row",
        "Your W2 comes from the first row alone. d.T @ z sums over all of them.",
        END,
        'return {"W1": dW1, "b1": db1, "W2": np.outer(d[0], z[0]), "b2": db2}',
    ),
    _edited(
        "last_weights_averaged_again",
        "Your W2 is divided by n once more. The error of the output is divided by n already.",
        END,
        'return {"W1": dW1, "b1": db1, "W2": dW2 / n, "b2": db2}',
    ),
    _edited(
        "first_weights_averaged_again",
        "Your W1 is divided by n once more. The error of the output is divided by n already.",
        END,
        'return {"W1": dW1 / n, "b1": db1, "W2": dW2, "b2": db2}',
    ),
    _edited(
        "biases_exchanged",
        "b1 and b2 have changed places: b1 belongs to the hidden units, b2 to the classes.",
        END,
        'return {"W1": dW1, "b1": db2, "W2": dW2, "b2": db1}',
    ),
    _edited(
        "weight_decay_added",
        "You add a part of the weights to their gradient (weight decay, week 6). The loss here is "
        "cross-entropy alone.",
        END,
        'return {"W1": dW1 + 0.01 * W1, "b1": db1, "W2": dW2 + 0.01 * W2, "b2": db2}',
    ),
    _edited(
        "gradients_clipped",
        "You limit the gradients. Return them as they are.",
        END,
        "return {key: np.clip(g, -0.1, 0.1) for key, g in dict(W1=dW1, b1=db1, W2=dW2, b2=db2).items()}",
    ),
    _edited(
        "slope_for_x_in_the_dict",
        'Your dict holds more than the four gradients. Its keys are "W1", "b1", "W2", "b2", and no others.',
        END,
        'return {"W1": dW1, "b1": db1, "W2": dW2, "b2": db2, "x": da @ W1}',
    ),
    _edited(
        "only_w2_updated",
        "After your call W2 is another: you take a step as well. Backpropagation changes nothing, it returns "
        "gradients.",
        END,
        f"W2 -= 0.1 * dW2\n    {END}",
    ),
    _edited(
        "weights_after_a_whole_step",
        "You return parameters minus gradients, which is a step. Return the gradients themselves: steps are "
        "the optimizer's work.",
        END,
        'return {"W1": W1 - dW1, "b1": b1 - db1, "W2": W2 - dW2, "b2": b2 - db2}',
    ),
)
