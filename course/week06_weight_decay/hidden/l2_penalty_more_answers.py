"""Typical mistakes in l2_penalty with gradients and kinds, half-finished ones, and right answers."""

from hidden.l2_penalty_answers import ADD, ASK, END, LOOP, _wrong

from autograder.model import Mistake, Variant

FLOW = (
    _wrong(
        "item_inside",
        "A plain number has no gradient, so the optimizer would never feel the penalty. Leave .item() (or "
        "float()) out and return the tensor.",
        (".sum()", ".sum().item()"),
    ),
    _wrong(
        "detached",
        "The value is right, and training ignores it: .data, .detach() or no_grad cuts the penalty off from "
        "the weights. This is the most expensive mistake of the week, because nothing looks wrong.",
        ("(p ** 2)", "(p.detach() ** 2)"),
    ),
    _wrong(
        "new_tensor",
        "torch.tensor(…) makes a new tensor from a number and cuts the gradient. Return what you computed.",
        (END, "return torch.tensor(float(0.5 * lam * total), requires_grad=True)"),
    ),
    _wrong(
        "zero_by_an_if",
        "For λ = 0 you return a plain 0, from which no gradient can flow: loss.backward() of the penalty "
        "alone would fail. Leave the if out; the formula gives 0 by itself.",
        ("    total = 0.0", "    if lam == 0:\n        return torch.tensor(0.0)\n    total = 0.0"),
    ),
    _wrong(
        "backward_inside",
        "You call backward() yourself, so the gradients of the parameters are changed. The training loop "
        "does that, once, after adding penalty and loss.",
        (
            END,
            "penalty = 0.5 * lam * total\n    if penalty.requires_grad:\n"
            "        penalty.backward(retain_graph=True)\n    return penalty",
        ),
    ),
    _wrong(
        "zero_grad_inside",
        "You clear the gradients of the model. That is the training loop's business: a penalty only "
        "computes.",
        ("    total = 0.0", "    model.zero_grad()\n    total = 0.0"),
    ),
    _wrong(
        "weights_decayed_instead",
        "You shrink the weights themselves. The penalty is a number that is added to the loss: the gradient "
        "does the shrinking.",
        (
            END,
            "penalty = 0.5 * lam * total\n    with torch.no_grad():\n        for p in model.parameters():\n"
            "            p.mul_(1 - lam)\n    return penalty",
        ),
    ),
    _wrong(
        "all_are_unfrozen",
        "You set requires_grad, so frozen parameters begin to learn. Only read them: a penalty computes, and "
        "changes nothing.",
        (
            "    total = 0.0",
            "    for p in model.parameters():\n        p.requires_grad_(True)\n    total = 0.0",
        ),
    ),
    _wrong(
        "squared_in_place",
        "square_() with its underscore overwrites the parameters: the net is gone. Write p ** 2 or "
        "p.square().",
        ("(p ** 2).sum()", "p.data.square_().sum() + 0 * p.sum()"),
    ),
    _wrong(
        "shape_of_one",
        "Your number sits in a tensor of shape (1,), with an axis: begin with 0.0 instead of torch.zeros(1).",
        ("total = 0.0", "total = torch.zeros(1)"),
    ),
    _wrong(
        "one_number_for_each_layer",
        "You return one number for each parameter. Add them up: the penalty is a single number.",
        ("total = 0.0", "total = []"),
        (ADD, "total.append((p ** 2).sum())"),
        (END, "return [0.5 * lam * part for part in total]"),
    ),
    _wrong(
        "nothing_returned",
        "Your function ends without return, so None comes back. Return 0.5 * lam * total.",
        (END, "penalty = 0.5 * lam * total"),
    ),
    _wrong(
        "called_without_model",
        "parameters belongs to the model, and is a method: model.parameters(), with its brackets.",
        (LOOP, "for p in model.parameters:"),
    ),
    _wrong(
        "zero_float_by_an_if",
        "For λ = 0 you return the number 0.0, which has no gradient. Leave the if out; the formula gives a "
        "tensor 0 by itself.",
        ("    total = 0.0", "    if lam == 0:\n        return 0.0\n    total = 0.0"),
    ),
    _wrong(
        "nothing_without_skip",
        "With skip_bias=False nothing is added up: then all parameters count. Ask `p.ndim >= 2 or not "
        "skip_bias`.",
        (ASK, "if skip_bias and p.ndim >= 2:"),
    ),
    _wrong(
        "and_for_or",
        "With skip_bias=True nothing is left in your sum: `and` asks for both. It is `p.ndim >= 2 or not "
        "skip_bias`.",
        (ASK, "if p.ndim >= 2 and not skip_bias:"),
    ),
    _wrong(
        "no_third_argument",
        "Your function takes two arguments. The third, skip_bias=True, says whether biases are left out.",
        ("model, lam, skip_bias=True):", "model, lam):\n    skip_bias = True"),
    ),
    _wrong(
        "a_tuple",
        "A tuple came back. Look for a comma at the end of the return line, or for two values.",
        (END, END + ","),
    ),
    _wrong(
        "square_of_the_whole_sum",
        "You add up all weights and square the total, so weights of both signs cancel. Square each one "
        "first.",
        ("(p ** 2).sum()", "p.sum()"),
        (END, "return 0.5 * lam * total ** 2"),
    ),
    _wrong(
        "not_summed",
        "You add whole tensors of different shapes. First each parameter's own sum, (p ** 2).sum(), then "
        "add.",
        ("(p ** 2).sum()", "p ** 2"),
    ),
    _wrong(
        "sizes_summed_then_squared",
        "You square the sum of the sizes. Square each weight first, then add.",
        ("(p ** 2).sum()", "p.abs().sum() ** 2"),
    ),
    Mistake(
        "l2_penalty",
        "first_weight_by_place",
        "You reach for model[0] and model[2], which only fits the worked example. Go through "
        "model.parameters(): it works for every net.",
        """
def l2_penalty(model, lam, skip_bias=True):
    total = (model[0].weight ** 2).sum() + (model[2].weight ** 2).sum()
    if not skip_bias:
        total = total + (model[0].bias ** 2).sum() + (model[2].bias ** 2).sum()
    return 0.5 * lam * total
""",
    ),
    Mistake(
        "l2_penalty",
        "half_for_weights_alone",
        "The ½ belongs to the biases as well: 0.5 * lam * (all squares together).",
        """
def l2_penalty(model, lam, skip_bias=True):
    weights = sum((p ** 2).sum() for p in model.parameters() if p.ndim >= 2)
    biases = sum((p ** 2).sum() for p in model.parameters() if p.ndim < 2)
    return 0.5 * lam * weights + (0 if skip_bias else lam * biases)
""",
    ),
)


def _right(name: str, source: str) -> Variant:
    return Variant("l2_penalty", name, source)


VARIANTS = (
    _right(
        "one_line",
        """
def l2_penalty(model, lam, skip_bias=True):
    return lam / 2 * sum(p.square().sum() for p in model.parameters() if not skip_bias or p.ndim > 1)
""",
    ),
    _right(
        "start_from_a_tensor",
        """
def l2_penalty(model, lam, skip_bias=True):
    penalty = torch.tensor(0.0)
    for name, p in model.named_parameters():
        if skip_bias and p.dim() < 2:
            continue
        penalty += 0.5 * lam * torch.sum(p * p)
    return penalty
""",
    ),
    _right(
        "squared_norms",
        """
def l2_penalty(model, lam, skip_bias=True):
    norms = [torch.linalg.vector_norm(p) ** 2 for p in model.parameters() if p.ndim >= 2 or not skip_bias]
    return 0.5 * lam * torch.stack(norms).sum()
""",
    ),
    _right(
        "one_vector",
        """
def l2_penalty(model, lam, skip_bias=True):
    chosen = [p for p in model.parameters() if len(p.shape) >= 2 or skip_bias is False]
    w = nn.utils.parameters_to_vector(chosen)
    return 0.5 * lam * (w @ w)
""",
    ),
    _right(
        "half_first",
        """
def l2_penalty(model, lam, skip_bias=True):
    def cost(p):
        return 0.5 * lam * torch.pow(p, 2).sum()
    costs = torch.stack([cost(p) for p in model.parameters()])
    counted = torch.tensor([p.ndim >= 2 or not skip_bias for p in model.parameters()])
    return costs[counted].sum()
""",
    ),
    _right(
        "two_parts",
        """
def l2_penalty(model, lam, skip_bias=True):
    weights, others = 0, 0
    for p in model.parameters():
        if p.ndim > 1:
            weights = weights + p.pow(2).sum()
        else:
            others = others + p.pow(2).sum()
    total = weights if skip_bias else weights + others
    return total * lam * 0.5
""",
    ),
    _right(
        "loss_of_zeros",
        """
def l2_penalty(model, lam, skip_bias=True):
    total = torch.zeros(())
    for p in filter(lambda p: not (skip_bias and p.ndim <= 1), model.parameters()):
        total = total + F.mse_loss(p, torch.zeros_like(p), reduction="sum")
    print(total)
    return total.mul(lam).div(2)
""",
    ),
    _right(
        "in_double_precision",
        """
def l2_penalty(model, lam, skip_bias=True):
    ps = [p.double() for p in model.parameters() if p.ndim >= 2 or not skip_bias]
    return 0.5 * lam * sum(torch.einsum("i,i->", p.flatten(), p.flatten()) for p in ps)
""",
    ),
)
