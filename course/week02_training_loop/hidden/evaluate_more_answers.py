"""Rarer mistakes in evaluate."""

from functools import partial

from hidden.scenes import MEASURE

from autograder.checks.answers import changed

_measure = partial(changed, "evaluate", MEASURE)
BOTH = "return total / rows, right / rows"
HIT = "outputs.argmax(dim=1) == labels"

MISTAKES = (
    _measure(
        "argmax_keeps_its_axis",
        "With keepdim=True your classes have the shape (rows, 1), and each is compared with every label. "
        "Leave keepdim out.",
        ("argmax(dim=1)", "argmax(dim=1, keepdim=True)"),
    ),
    _measure(
        "second_output_above_0",
        "You ask whether the second output is above 0, as with two classes. With several the largest output "
        "counts: argmax(dim=1).",
        (HIT, "(outputs[:, 1] > 0).long() == labels"),
    ),
    _measure(
        "farthest_from_0",
        "You pick the output that lies farthest from 0. A very negative one is the least likely class: leave "
        "abs() out.",
        (HIT, "outputs.abs().argmax(dim=1) == labels"),
    ),
    _measure(
        "batches_that_are_all_right",
        "torch.equal says whether all rows of a batch are right, and you count that as one. Count the rows: "
        "(… == labels).sum().",
        (f"({HIT}).sum().item()", "int(torch.equal(outputs.argmax(dim=1), labels))"),
    ),
    _measure(
        "log_softmax_before_the_criterion",
        "You hand log-probabilities to the criterion. It takes the model's outputs as they are.",
        ("criterion(outputs, labels)", "criterion(outputs.log_softmax(dim=1), labels)"),
    ),
    _measure(
        "sigmoid_behind_the_model",
        "You put a sigmoid behind the model. The criterion takes the outputs as they are.",
        ("outputs = model(inputs)", "outputs = model(inputs).sigmoid()"),
    ),
    _measure(
        "one_hot_labels",
        "You turn the labels into a table of 0 and 1. The criterion takes them as they come: one whole "
        "number for each row.",
        ("criterion(outputs, labels)",
         "criterion(outputs, torch.nn.functional.one_hot(labels, outputs.shape[1]))"),
    ),
    _measure(
        "inputs_and_labels_exchanged",
        "Each batch is (inputs, labels), and you take it apart the other way round. Write for inputs, labels "
        "in loader.",
        ("for inputs, labels", "for labels, inputs"),
    ),
    _measure(
        "data_set_instead_of_batches",
        "You walk through loader.dataset, which holds single rows; a list has none. Walk through the loader "
        "itself.",
        ("in loader:", "in loader.dataset:"),
    ),
    _measure(
        "batches_of_one_row_left_out",
        "You leave small batches out. Every row counts: go through all batches.",
        ("in loader:", "in [batch for batch in loader if len(batch[1]) > 1]:"),
    ),
    _measure(
        "loss_of_the_worst_batch",
        "You return the largest loss of a batch. The mean over all rows is asked for.",
        ("total, rows = total + criterion(outputs, labels).item() * len(labels), ",
         "total, rows = max(total, criterion(outputs, labels).item()), "),
        (BOTH, "return total, right / rows"),
    ),
    _measure(
        "loss_with_a_minus",
        "Your loss has a minus in front. Return it as the criterion measures it.",
        (BOTH, "return -total / rows, right / rows"),
    ),
    _measure(
        "root_of_the_loss",
        "You take the root of the loss. The mean itself is asked for.",
        (BOTH, "return (total / rows) ** 0.5, right / rows"),
    ),
    _measure(
        "one_row_too_many",
        "You divide by one more than the rows that came. Begin counting at 0.",
        (BOTH, "return total / (rows + 1), right / (rows + 1)"),
    ),
    _measure(
        "accuracy_twice",
        "You return the accuracy twice. The first number is the loss.",
        (BOTH, "return right / rows, right / rows"),
    ),
    _measure(
        "loss_twice",
        "You return the loss twice. The second number is the accuracy.",
        (BOTH, "return total / rows, total / rows"),
    ),
    _measure(
        "texts",
        "You return texts. Two plain floats are asked for: format them where you print.",
        (BOTH, 'return f"{total / rows:.4f}", f"{right / rows:.4f}"'),
    ),
    _measure(
        "yield_instead_of_return",
        "With yield your function becomes a generator, of which nothing runs until somebody walks through "
        "it. Write return.",
        (BOTH, "yield total / rows, right / rows"),
    ),
    _measure(
        "eval_mode_for_dropout_alone",
        "You switch only the dropout layers to eval mode. Batch norm behaves otherwise in training, too: "
        "call model.eval(), which tells all layers.",
        ("model.eval()", "[m.eval() for m in model.modules() if isinstance(m, torch.nn.Dropout)]"),
    ),
    _measure(
        "eval_mode_for_batch_norm_alone",
        "You switch only batch norm to eval mode. Dropout goes on at random: call model.eval(), which tells "
        "all layers.",
        ("model.eval()", "[m.eval() for m in model.modules() if isinstance(m, torch.nn.BatchNorm1d)]"),
    ),
    _measure(
        "weights_changed",
        "You change the weights while you measure. Nothing in the model may change.",
        ("model.eval()", "model.eval(); [p.data.mul_(0.99) for p in model.parameters()]"),
    ),
)  # fmt: skip
