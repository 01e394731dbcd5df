"""Typical mistakes in Dropout: what is scaled and when, which coins are tossed, what is refused."""

from autograder.checks.answers import changed

RIGHT = """
class Dropout(nn.Module):
    def __init__(self, p=0.5):
        super().__init__()
        if not 0 <= p < 1:
            raise ValueError("p must be at least 0 and below 1")
        self.p = p

    def forward(self, x):
        if not self.training:
            return x
        mask = (torch.rand_like(x) >= self.p).to(x.dtype)
        return x * mask / (1 - self.p)
"""
SETUP = "        super().__init__()\n"
GUARD = '        if not 0 <= p < 1:\n            raise ValueError("p must be at least 0 and below 1")\n'
EVAL = "        if not self.training:\n            return x\n"
COINS = "torch.rand_like(x)"
MASK = "mask = (torch.rand_like(x) >= self.p).to(x.dtype)"
LAST = "return x * mask / (1 - self.p)"
FORWARD = f"{EVAL}        {MASK}\n        {LAST}\n"
STORED = "        self.p = p\n"
OWN_SWITCH = """
    def train(self, mode=True):
        self.on = True
        return self

    def eval(self):
        self.on = False
        return self
"""


def _wrong(name, sentence, *changes):  # type: ignore[no-untyped-def]
    return changed("dropout", RIGHT, name, sentence, *changes)


MISTAKES = (
    _wrong(
        "not_scaled",
        "Your survivors are not scaled, so the next layer gets a share p less than it gets in eval mode. "
        "Divide them by 1 − p.",
        (" / (1 - self.p)", ""),
    ),
    _wrong(
        "active_in_eval",
        "Your layer tosses in eval mode, too, so predictions are a lottery. "
        "Ask self.training in forward, in each call.",
        (EVAL, ""),
    ),
    _wrong(
        "p_is_the_share_kept",
        "You take p for the share that is kept. Here p is the share that is dropped. At p = 0.5 nobody "
        "notices, so never test dropout at one half alone.",
        (MASK, "mask = (torch.rand_like(x) < self.p).to(x.dtype)"),
        ("(1 - self.p)", "max(self.p, 1e-9)"),
    ),
    _wrong(
        "keeps_where_it_should_drop",
        "Your comparison is the wrong way round: a share p is kept, and what is kept is still scaled by "
        "1/(1 − p). Zero where the coin is below p.",
        (">= self.p", "< self.p"),
    ),
    _wrong(
        "divided_by_p",
        "You divide by p. The survivors are 1 − p of all, so divide by that: then the mean stays.",
        ("(1 - self.p)", "max(self.p, 1e-9)"),
    ),
    _wrong(
        "multiplied_by_1_minus_p",
        "You multiply the survivors by 1 − p, which makes them smaller still. Divide by it: fewer are left, "
        "so each has to count for more.",
        ("/ (1 - self.p)", "* (1 - self.p)"),
    ),
    _wrong(
        "scaled_in_eval_instead",
        "You scale in eval mode instead. The first paper did so; torch scales the survivors in train mode, "
        "and eval mode does nothing at all.",
        ("            return x\n", "            return x * (1 - self.p)\n"),
        (" / (1 - self.p)", ""),
    ),
    _wrong(
        "scaled_in_both_modes",
        "You scale twice: survivors in train mode, which is right, and everything in eval mode. Once is "
        "enough: in eval mode return x.",
        ("            return x\n", "            return x * (1 - self.p)\n"),
    ),
    _wrong(
        "divided_in_eval_too",
        "You divide by 1 − p in eval mode, too, where nothing is missing. There return x as it is.",
        ("            return x\n", "            return x / (1 - self.p)\n"),
    ),
    _wrong(
        "scaled_by_the_share_that_is_left",
        "You divide by the share that happened to be left, not by 1 − p: the coins of other numbers then "
        "change what each survivor becomes. And with bad luck it is 0.",
        (LAST, "return x * mask / mask.mean()"),
    ),
    _wrong(
        "a_fixed_p",
        "Your layer drops with a fixed probability and forgets p. Keep it, self.p = p, and use self.p in "
        "forward.",
        (STORED, "        self.p = 0.5\n"),
    ),
    _wrong(
        "a_fixed_scale",
        "You multiply by 2, which is 1/(1 − p) for p = 0.5 alone. Compute it from p.",
        ("/ (1 - self.p)", "* 2"),
    ),
    _wrong(
        "another_default",
        "Dropout() without a number has p = 0.5: write def __init__(self, p=0.5).",
        ("p=0.5", "p=0.1"),
    ),
    _wrong(
        "the_modes_swapped",
        "Your layer drops in eval mode and does nothing in train mode. The condition is the wrong way round: "
        "if not self.training: return x.",
        ("if not self.training", "if self.training"),
    ),
    _wrong(
        "never_in_train_mode",
        "Your layer never drops anything, since self.training is set to False in __init__. Leave it alone: "
        ".train() and .eval() set it.",
        (STORED, STORED + "        self.training = False\n"),
        (EVAL, '        if not self.__dict__.get("training"):\n            return x\n'),
    ),
    _wrong(
        "asks_whether_gradients_are_on",
        "You ask whether gradients are on. eval() does not switch them off, and no_grad() is not eval mode: "
        "ask self.training.",
        ("not self.training", "not torch.is_grad_enabled()"),
    ),
    _wrong(
        "asks_whether_x_needs_a_gradient",
        "You ask whether x needs a gradient. The first layer's input never does, in either mode: ask "
        "self.training.",
        ("not self.training", "not x.requires_grad"),
    ),
    _wrong(
        "hides_train",
        "self.train = … puts a plain value in the place of the method .train(), so nothing can switch the "
        "mode. Leave it out: self.training is there by itself.",
        (STORED, STORED + "        self.train = True\n"),
        ("not self.training", "not self.train"),
    ),
    _wrong(
        "hides_eval",
        "self.eval = … puts a plain value in the place of the method .eval(). Leave it out: self.training "
        "is there by itself.",
        (STORED, STORED + "        self.eval = False\n"),
        ("not self.training", "self.eval"),
    ),
    _wrong(
        "own_train_and_eval",
        "Your own .train() and .eval() are not what a net around the layer calls, or do not do all that "
        "torch's do. Leave them out and ask self.training.",
        (STORED, STORED + "        self.on = True\n" + OWN_SWITCH),
        ("not self.training", "not self.on"),
    ),
    _wrong(
        "one_coin_per_row",
        "You toss one coin for each row, so whole examples vanish. Toss for every number: "
        "torch.rand_like(x).",
        (COINS, "torch.rand(len(x), *[1] * (x.dim() - 1), dtype=x.dtype, device=x.device)"),
    ),
    _wrong(
        "one_coin_per_unit",
        "You toss one coin for each unit, the same for all rows of the batch. Each example should lose other "
        "units: torch.rand_like(x) tosses for every number.",
        (COINS, "torch.rand(x.shape[-1], dtype=x.dtype, device=x.device)"),
    ),
    _wrong(
        "one_coin_per_call",
        "You toss one coin for the whole input, so all of it vanishes or nothing does. torch.rand_like(x) "
        "tosses for every number.",
        (COINS, "torch.rand((), dtype=x.dtype, device=x.device)"),
    ),
    _wrong(
        "one_coin_for_two_axes",
        "Your coins know the first two axes alone: with three or four axes, all that follows shares one "
        "coin. torch.rand_like(x) has all axes of x.",
        (COINS, "torch.rand(*x.shape[:2], *[1] * (x.dim() - 2), dtype=x.dtype, device=x.device)"),
    ),
    _wrong(
        "tables_only",
        "torch.rand(x.shape[0], x.shape[1]) is right for tables alone. Take x's whole shape: "
        "torch.rand_like(x).",
        (COINS, "torch.rand(x.shape[0], x.shape[1], dtype=x.dtype, device=x.device)"),
    ),
    _wrong(
        "exactly_n_p",
        "You drop exactly a share p, never more or less. Independent coins do not come out even: toss for "
        "each number by itself.",
        (MASK, "n = x.numel()\n        mask = torch.ones(n, dtype=x.dtype, device=x.device)\n"
         "        mask[torch.randperm(n)[: round(n * self.p)]] = 0\n        mask = mask.reshape(x.shape)"),
    ),
    _wrong(
        "mask_of_the_first_call",
        "You keep the mask of the first call for all others: that prunes the net for good. Toss anew in each "
        "call.",
        (STORED, STORED + "        self.mask = None\n"),
        (MASK, "if self.mask is None:\n            self.mask = (torch.rand_like(x) >= self.p).to(x.dtype)\n"
         "        mask = self.mask"),
    ),
    _wrong(
        "mask_of_the_first_call_of_a_shape",
        "You keep a mask for each shape, so a batch always meets the same one. Toss anew in each call.",
        (STORED, STORED + "        self.masks = {}\n"),
        (MASK, "mask = self.masks.setdefault(x.shape, (torch.rand_like(x) >= self.p).to(x.dtype))"),
    ),
)  # fmt: skip
