"""Right answers to Dropout that are written differently."""

from hidden.dropout_answers import COINS, EVAL, FORWARD, GUARD, LAST, MASK, RIGHT, STORED

from autograder.model import Variant


def _right(name: str, *changes: tuple[str, str]) -> Variant:
    source = RIGHT
    for old, new in changes:
        if old not in source:
            raise ValueError(f"{name}: the right answer of dropout does not contain {old!r}")
        source = source.replace(old, new)
    return Variant("dropout", name, source)


VARIANTS = (
    _right("bernoulli", (MASK, "mask = torch.bernoulli(torch.full_like(x, 1 - self.p))")),
    _right("filled_in_place", (MASK, "mask = torch.empty_like(x).bernoulli_(1 - self.p)")),
    _right("where", (f"        {MASK}\n        {LAST}\n", "        dropped = torch.rand_like(x) < self.p\n"
     "        return torch.where(dropped, torch.zeros_like(x), x / (1 - self.p))\n")),
    _right("masked_fill", (f"        {MASK}\n        {LAST}\n",
     "        return x.masked_fill(torch.rand_like(x) < self.p, 0) / (1 - self.p)\n")),
    _right("a_copy_with_zeros", (f"        {MASK}\n        {LAST}\n",
     "        y = x.clone()\n        y[torch.rand(x.shape, device=x.device) < self.p] = 0\n"
     "        return y / (1 - self.p)\n")),
    _right("distribution", (MASK, "mask = torch.distributions.Bernoulli(1 - self.p).sample(x.shape).to(x)")),
    _right("in_one_branch", (FORWARD, f"        if self.training:\n            {MASK}\n"
     "            x = x * mask / (1 - self.p)\n        return x\n")),
    _right("coins_of_float64", (COINS, "torch.rand(x.shape, dtype=torch.float64, device=x.device)")),
    _right("at_most_p", (">= self.p", "> self.p")),
    _right("uniform", (COINS, "torch.empty_like(x).uniform_(0, 1)")),
    _right("scale_kept", (STORED, STORED + "        self.scale = 1 / (1 - p)\n"),
     (LAST, "return mask * self.scale * x")),
    _right("two_guards", (GUARD, "        if isinstance(p, str) or p != p:\n            raise ValueError(p)\n"
     "        if p < 0:\n            raise ValueError('too small')\n        if p >= 1:\n"
     "            raise ValueError('too large')\n")),
    _right("type_error_for_text", (GUARD, "        if not isinstance(p, (int, float)):\n"
     "            raise TypeError('a number, please')\n" + GUARD)),
    _right("a_new_tensor_in_eval", ("            return x\n", "            return x.clone()\n")),
    _right("p_0_by_itself", (EVAL, "        if not self.training or self.p == 0:\n            return x\n")),
    _right("p_as_a_buffer", (STORED, "        self.register_buffer('p', torch.tensor(float(p)))\n"),
     (LAST, "return (x * mask / (1 - self.p)).to(x.dtype)")),
    Variant("dropout", "helper_and_property", """
def coins_like(x, p):
    return torch.rand_like(x).ge(p).type_as(x)


class Dropout(torch.nn.Module):
    \"\"\"Drop numbers.\"\"\"

    def __init__(self, p: float = 0.5, verbose=False):
        super(Dropout, self).__init__()
        p = p + 0.0
        if p < 0.0 or p >= 1.0 or math.isnan(p):
            raise ValueError(f"no probability below 1: {p}")
        self.rate = p

    def forward(self, input):
        match self.training:
            case True:
                return input.mul(coins_like(input, self.rate)).div(1.0 - self.rate)
        return input

    def extra_repr(self):
        return f"p={self.rate}"
"""),
    Variant("dropout", "autograd_function", """
class Drop(torch.autograd.Function):
    @staticmethod
    def forward(ctx, x, p):
        mask = torch.rand_like(x).ge(p).to(x.dtype) / (1 - p)
        ctx.save_for_backward(mask)
        return x * mask

    @staticmethod
    def backward(ctx, gradient):
        return gradient * ctx.saved_tensors[0], None


class Dropout(nn.Module):
    def __init__(self, p=0.5):
        super().__init__()
        if not (p >= 0 and p < 1):
            raise ValueError
        self.p = p

    def forward(self, x):
        return Drop.apply(x, self.p) if self.training else x
"""),
)  # fmt: skip
