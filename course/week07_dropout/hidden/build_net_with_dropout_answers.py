"""Typical mistakes in build_net_with_dropout."""

from hidden.build_net_with_dropout_right import CLASS, DROP, END, LAST, RELU, changed

OWN = """
class Own(nn.Module):
    def __init__(self, p):
        super().__init__()
        self.p = p

    def forward(self, x):
        if not self.training:
            return x
        return x * (torch.rand(SHAPE) >= self.p) / (1 - self.p)
"""
FROM_OWN = ("\ndef build", OWN + "\ndef build"), ("nn.Dropout(p)", "Own(p)")

MISTAKES = (
    changed(
        "logits_dropped",
        "Your net drops its logits, too: then even the right class often counts as 0. No dropout after the "
        "last linear layer.",
        (END, "    layers.append(nn.Dropout(p))\n" + END),
    ),
    changed(
        "inputs_dropped",
        "Your net drops its inputs, too: dropout comes after each hidden linear layer, "
        "not before every layer.",
        ("    layers = []\n", "    layers = [nn.Dropout(p)]\n"),
    ),
    changed(
        "only_after_the_first",
        "Only the first hidden layer has dropout: each of them needs its own.",
        (DROP, "        if not layers:\n    " + DROP),
        ("        if not layers:", "        if len(layers) == 1:"),
    ),
    changed(
        "only_before_the_last",
        "There is one dropout, before the last linear layer: after each hidden linear "
        "layer one is asked for.",
        (DROP, ""),
        (LAST, "    if len(dims) > 2:\n        layers.append(nn.Dropout(p))\n" + LAST),
    ),
    changed(
        "no_dropout",
        "Nothing is dropped in training: put nn.Dropout(p) after each hidden linear layer. ",
        (DROP, ""),
    ),
    changed(
        "p_hard_coded",
        "Your net drops half of all numbers, whatever p is, as nn.Dropout() does: write nn.Dropout(p).",
        ("nn.Dropout(p)", "nn.Dropout(0.5)"),
    ),
    changed(
        "keep_probability",
        "p is the share that is dropped, not the share that is kept: nn.Dropout(p).",
        ("nn.Dropout(p)", "nn.Dropout(1 - p)"),
    ),
    changed(
        "dims_ignored",
        "Your net is always 784-128-64-10: take the widths from dims.",
        ("    layers = []\n", "    dims = (784, 128, 64, 10)\n    layers = []\n"),
    ),
    changed(
        "always_on",
        "F.dropout drops in eval mode, too, unless it is told the mode: training=self.training.",
        (", training=self.training", ""),
        right=CLASS,
    ),
    changed(
        "softmax_at_the_end",
        "The net should return logits, and yours returns probabilities: cross-entropy "
        "applies softmax itself.",
        (END, "    layers.append(nn.Softmax(dim=1))\n" + END),
    ),
    changed(
        "log_softmax_at_the_end",
        "The net should return logits: leave out the log-softmax, cross-entropy applies it itself.",
        (END, "    layers.append(nn.LogSoftmax(dim=1))\n" + END),
    ),
    changed(
        "relu_at_the_end",
        "A ReLU after the last layer cuts off all negative logits: that layer stands alone.",
        (END, "    layers.append(nn.ReLU())\n" + END),
    ),
    changed(
        "block_after_every_layer",
        "Your last linear layer has dropout and a ReLU, too. It stands alone: its outputs are the logits.",
        ("zip(dims[:-2], dims[1:-1])", "zip(dims, dims[1:])"),
        (LAST, ""),
    ),
    changed(
        "no_relu",
        "Without a ReLU between them, linear layers are together one linear layer. Add "
        "nn.ReLU() to each block.",
        (RELU, ""),
    ),
    changed(
        "sigmoid",
        "Your activation is not a ReLU, which makes 0 of every negative number: nn.ReLU() is asked for.",
        ("nn.ReLU()", "nn.Sigmoid()"),
    ),
    changed(
        "leaky_relu",
        "Your activation is not a ReLU, which makes 0 of every negative number: nn.ReLU().",
        ("nn.ReLU()", "nn.LeakyReLU()"),
    ),
    changed(
        "dropout_twice",
        "Each block drops twice, before the ReLU and after it: once is enough.",
        (RELU, RELU + DROP),
    ),
    changed(
        "a_list",
        "You return a list of layers. A net is asked for: nn.Sequential(*layers).",
        (END, "    return layers\n"),
    ),
    changed(
        "layers_in_a_plain_list",
        "Your layers lie in a plain list, where torch does not find their parameters: nn.Sequential or "
        "nn.ModuleList.",
        (
            "nn.ModuleList([nn.Linear(a, b) for a, b in zip(dims, dims[1:])])",
            "[nn.Linear(a, b) for a, b in zip(dims, dims[1:])]",
        ),
        right=CLASS,
    ),
    changed(
        "float64",
        "Your net is of float64, and the rows of this course are float32: leave out .double().",
        (END, "    return nn.Sequential(*layers).double()\n"),
    ),
    changed(
        "returned_in_the_loop",
        "Your return stands inside the loop, so the net ends after the first block: less far indented.",
        (
            LAST + END,
            "        return nn.Sequential(*layers, nn.Linear(dims[-2], dims[-1]))\n"
            "    return nn.Sequential(nn.Linear(*dims))\n",
        ),
    ),
    changed(
        "other_default",
        "The default of dims is (784, 128, 64, 10): write it so in the brackets of def.",
        ("(784,", "(64,"),
    ),
    changed(
        "nothing_returned",
        "Your function returns None: the last line should be return nn.Sequential(*layers).",
        (END, "    nn.Sequential(*layers)\n"),
    ),
    changed(
        "sequential_of_a_list",
        "nn.Sequential takes the layers one by one: put a star before the list, nn.Sequential(*layers).",
        (END, "    return nn.Sequential(layers)\n"),
    ),
    changed(
        "last_layer_missing",
        "The last linear layer is missing, which makes the logits: nn.Linear(dims[-2], dims[-1]).",
        (LAST, ""),
    ),
    changed(
        "no_biases",
        "Your linear layers have no biases: leave out bias=False.",
        ("nn.Linear(inputs, outputs)", "nn.Linear(inputs, outputs, bias=False)"),
        ("nn.Linear(dims[-2], dims[-1])", "nn.Linear(dims[-2], dims[-1], bias=False)"),
    ),
    changed(
        "three_layers_always",
        "Your net always has three linear layers. Any number may be asked for: walk through dims in a loop.",
        ("zip(dims[:-2], dims[1:-1])", "zip(dims[:2], dims[1:3])"),
        ("nn.Linear(dims[-2], dims[-1])", "nn.Linear(dims[2], dims[3])"),
    ),
    changed(
        "alpha_dropout",
        "AlphaDropout puts other values than 0 into the gaps, and belongs to another "
        "kind of net: nn.Dropout(p).",
        ("nn.Dropout(p)", "nn.AlphaDropout(p)"),
    ),
    changed(
        "whole_rows",
        "Dropout1d takes a row for a channel and drops all of it, or nothing: nn.Dropout(p).",
        ("nn.Dropout(p)", "nn.Dropout1d(p)"),
    ),
    changed(
        "one_coin_a_unit",
        "All rows of a batch lose the same units: each number needs a coin of its own.",
        *((old, new.replace("SHAPE", "x.shape[1]")) for old, new in FROM_OWN),
    ),
    changed(
        "not_scaled",
        "What survives is not made larger: divide it by 1 − p, so that the next layer "
        "gets as much as before.",
        *((old, new.replace("SHAPE", "x.shape").replace(" / (1 - self.p)", "")) for old, new in FROM_OWN),
    ),
    changed(
        "batch_norm_too",
        "Your net has parameters besides those of its linear layers: no batch normalization here.",
        (DROP, DROP + "        layers.append(nn.BatchNorm1d(outputs))\n"),
    ),
    changed(
        "p_divided",
        "The blocks do not all have the rate p: every dropout gets p itself.",
        (DROP, "        layers.append(nn.Dropout(p / (1 + len(layers) // 3)))\n"),
    ),
    changed(
        "relu_before_the_first_layer",
        "Negative inputs are lost: no ReLU before the first linear layer.",
        ("    layers = []\n", "    layers = [nn.ReLU()]\n"),
    ),
)
