"""More typical mistakes in Dropout: seeds, gradients, changed inputs, refused numbers, other classes."""

from hidden.dropout_answers import COINS, EVAL, FORWARD, GUARD, LAST, MASK, RIGHT, SETUP, STORED, _wrong

from autograder.model import Mistake

READY = (
    "The numbers are right, but the point is to write the layer yourself: with torch's own dropout you keep "
    "half of the marks. torch.rand_like(x), a comparison and a division are enough."
)
BERNOULLI = "torch.bernoulli(torch.full_like(x, 1 - self.p))"


def _whole(name: str, sentence: str, source: str) -> Mistake:
    return Mistake("dropout", name, sentence, source)


MORE = (
    _wrong(
        "a_generator_with_a_fixed_seed",
        "Your generator starts with the same seed in each call, so the mask is always the same. Use torch's "
        "global random numbers.",
        (COINS, "torch.rand(x.shape, generator=torch.Generator().manual_seed(0)).to(x)"),
    ),
    _wrong(
        "a_generator_of_its_own",
        "Your layer has a generator of its own, which does not hear torch.manual_seed. Leave it out: the "
        "seed belongs to whoever trains.",
        (STORED, STORED + "        self.generator = torch.Generator().manual_seed(0)\n"),
        (COINS, "torch.rand(x.shape, generator=self.generator).to(x)"),
    ),
    _wrong(
        "sets_the_seed_in_forward",
        "You set the seed in forward: every call gets the same mask, and everybody else's random numbers, "
        "too. Leave the seed to whoever trains.",
        (MASK, "torch.default_generator.manual_seed(42)\n        " + MASK),
    ),
    _wrong(
        "sets_the_seed_when_it_is_made",
        "Your __init__ sets torch's seed, so each new layer tosses the same, and everybody else's random "
        "numbers are reset, too. Leave the seed to whoever trains.",
        (STORED, STORED + "        torch.default_generator.manual_seed(42)\n"),
    ),
    _wrong(
        "numpy",
        "NumPy tosses your coins, and torch.manual_seed does not reach NumPy. Toss with torch.rand_like(x).",
        (COINS, "torch.from_numpy(np.random.rand(*x.shape)).to(x)"),
    ),
    _wrong(
        "numpy_of_float64",
        "NumPy tosses your coins: torch.manual_seed does not reach it, and a mask of float64 makes float64 "
        "of all that comes in. torch.rand_like(x) does neither.",
        (MASK, "mask = torch.from_numpy((np.random.rand(*x.shape) >= self.p).astype(float)).to(x.device)"),
    ),
    _wrong(
        "cut_off",
        "No gradient flows through your layer, so the layers before it never learn: leave out .detach(), "
        ".data and torch.no_grad() around the product.",
        (LAST, "return x.detach() * mask / (1 - self.p)"),
    ),
    _wrong(
        "gradient_past_the_mask",
        "The gradient goes past your mask, also to numbers that were dropped. Multiply x itself with the "
        "mask and leave out .detach() and .data.",
        (LAST, "return x + (x * mask / (1 - self.p) - x).detach()"),
    ),
    _wrong(
        "in_place",
        "x *= mask changes the numbers that the caller still holds. Write x * mask, which is a new tensor.",
        (LAST, "x *= mask / (1 - self.p)\n        return x"),
    ),
    _wrong(
        "a_mask_of_float32",
        "Your mask is always float32, so float16 comes out as float32. Make the mask of x's kind: "
        "torch.rand_like(x), or .to(x.dtype).",
        (".to(x.dtype)", ".float()"),
    ),
    _wrong(
        "float32_comes_out",
        "You turn everything into float32. The kind of floats that comes in goes out: .to(x.dtype).",
        (LAST, "return (x * mask / (1 - self.p)).float()"),
    ),
    _wrong(
        "on_the_cpu",
        "Your coins always lie on the CPU, so the layer fails on a graphics card. torch.rand_like(x) tosses "
        "where x is.",
        (COINS, "torch.rand(x.shape, dtype=x.dtype)"),
    ),
    _wrong(
        "on_the_cpu_and_float32",
        "Your coins are float32 on the CPU, whatever x is. torch.rand_like(x) takes kind and device from x.",
        (MASK, "mask = (torch.rand(x.shape) >= self.p).float()"),
    ),
    _wrong(
        "on_a_graphics_card",
        "Your coins lie on the graphics card, and not everybody has one. torch.rand_like(x) tosses where x "
        "is.",
        (COINS, 'torch.rand(x.shape, device="cuda")'),
    ),
    _wrong(
        "no_guard",
        "Any p is taken, also −1 and 2. Raise a ValueError in __init__ unless 0 <= p < 1.",
        (GUARD, ""),
    ),
    _wrong(
        "p_1_accepted",
        "p = 1 is taken, and 1/(1 − 1) divides by zero. Only p below 1 is allowed: if not 0 <= p < 1.",
        ("0 <= p < 1", "0 <= p <= 1"),
    ),
    _wrong(
        "p_0_refused",
        "p = 0 is refused, which is allowed and drops nothing: if not 0 <= p < 1.",
        ("0 <= p < 1", "0 < p < 1"),
    ),
    _wrong(
        "nan_accepted",
        "nan is taken: it is neither below 0 nor at least 1. Turn the condition round, if not 0 <= p < 1, "
        "and nan is refused, too.",
        ("not 0 <= p < 1", "p < 0 or p >= 1"),
    ),
    _wrong(
        "nan_and_1_accepted",
        "p = 1 and nan are taken. If not 0 <= p < 1: raise … refuses both.",
        ("not 0 <= p < 1", "p < 0 or p > 1"),
    ),
    _wrong(
        "negative_accepted",
        "A p below 0 is taken. Look at both borders: if not 0 <= p < 1.",
        ("not 0 <= p < 1", "not p < 1"),
    ),
    _wrong(
        "refused_in_forward",
        "A bad p is refused only when the layer is used. Raise the ValueError in __init__, where the "
        "mistake is made.",
        (GUARD, ""),
        (EVAL, GUARD.replace(" p ", " self.p ").replace("<= p", "<= self.p") + EVAL),
    ),
    _wrong(
        "assert",
        "assert raises an AssertionError. Write if not 0 <= p < 1: raise ValueError(…).",
        (GUARD, "        assert 0 <= p < 1\n"),
    ),
    _wrong(
        "another_error",
        "You raise an error of another kind. A p that cannot be is a ValueError.",
        ("ValueError", "RuntimeError"),
    ),
    _wrong(
        "returns_instead_of_raising",
        "Your __init__ prints that p is wrong and goes on. raise ValueError(…) stops.",
        ('raise ValueError("p must be at least 0 and below 1")', 'print("p must be at least 0 and below 1")'),
    ),
    _wrong(
        "clamps_p",
        "You move a bad p into its borders without a word. A ValueError tells the caller of the slip.",
        (GUARD, "        p = min(max(float(p), 0.0), 0.999) if p != 'half' else 0.5\n"),
    ),
    _wrong(
        "no_setup",
        "Your __init__ does not call super().__init__(), so the module is never set up. That is its first "
        "line.",
        (SETUP, ""),
    ),
    _wrong(
        "no_return",
        "In train mode forward ends without return, so None comes back: to compute or print is not enough. "
        "Return the product.",
        (LAST, "x = x * mask / (1 - self.p)"),
    ),
    _wrong(
        "no_return_in_eval",
        "In eval mode nothing comes back, since only train mode has a return. Return x there.",
        (FORWARD, f"        if self.training:\n            {MASK}\n            {LAST}\n"),
    ),
    _wrong(
        "the_mask_comes_back",
        "The mask alone comes back. Multiply x with it.",
        (LAST, "return mask / (1 - self.p)"),
    ),
    _wrong(
        "the_mask_comes_back_too",
        "A pair comes back, the answer and its mask. Return the answer alone: a net goes on with it.",
        (LAST, "return x * mask / (1 - self.p), mask"),
    ),
    _wrong(
        "call_in_place_of_forward",
        "You define __call__, which torch has already: rename it to forward, and torch's own __call__ will "
        "call it.",
        ("def forward", "def __call__"),
    ),
    _wrong(
        "noise_added",
        "You add random numbers. Dropout multiplies: by 0 or by 1/(1 − p).",
        (LAST, "return x + mask / (1 - self.p) - 1"),
    ),
    _wrong(
        "not_dropped_but_small",
        "What is dropped becomes small in your layer, not 0. Multiply by 0.",
        (LAST, "return x * (mask + 1e-3) / (1 - self.p)"),
    ),
    _wrong(
        "dropped_twice",
        "You toss twice, so a number survives both coins with (1 − p)² and is scaled twice. One mask is "
        "enough.",
        (LAST, "mask = mask * (torch.rand_like(x) >= self.p)\n        return x * mask / (1 - self.p) ** 2"),
    ),
    _wrong(
        "normal_coins",
        "torch.randn_like(x) gives normal numbers, of which half are below 0: a share p of them does not lie "
        "below p. torch.rand_like(x) is even between 0 and 1.",
        (COINS, "torch.randn_like(x)"),
    ),
    _wrong(
        "rounded_coins",
        "round() of a coin is 0 or 1 with one half each, whatever p is. Compare the coin with p.",
        (MASK, "mask = torch.rand_like(x).round()"),
    ),
    _wrong(
        "ready_made",
        READY,
        (STORED, "        self.inner = nn.Dropout(p)\n"),
        (FORWARD, "        return self.inner(x)\n"),
    ),
    _wrong(
        "ready_made_and_always_on",
        "F.dropout(x, p) drops in eval mode, too, unless you hand it self.training. And torch's own dropout "
        "costs half of the marks: toss yourself.",
        (FORWARD, "        return F.dropout(x, self.p)\n"),
    ),
    _whole(
        "ready_made_class",
        "Your class is torch's own under another name: half of the marks, and it takes p = 1, which divides "
        "by zero. Write the coins and the scaling yourself.",
        "\nclass Dropout(nn.Dropout):\n    pass\n",
    ),
    _whole(
        "a_function",
        "You wrote a function. A layer is a class: class Dropout(nn.Module), with __init__ for p and forward "
        "for x.",
        "\ndef Dropout(x, p=0.5, training=True):\n    if not training:\n        return x\n"
        "    return x * (torch.rand_like(x) >= p) / (1 - p)\n",
    ),
    _whole(
        "a_plain_class",
        "Your class is no module, so a net cannot hold or switch it: class Dropout(nn.Module).",
        RIGHT.replace("(nn.Module)", "").replace(SETUP, "        self.training = True\n"),
    ),
    _whole(
        "an_object",
        "Dropout is one layer of yours, not the class that makes layers. Leave the line Dropout = … out.",
        RIGHT + "\nDropout = Dropout(0.5)\n",
    ),
)  # fmt: skip
