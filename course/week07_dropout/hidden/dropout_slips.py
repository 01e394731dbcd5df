"""Slips in Dropout: half-finished parts, spelling, guards, and kinds that come back."""

from hidden.dropout_answers import FORWARD, GUARD, LAST, MASK, STORED, _wrong

SLIPS = (
    _wrong(
        "numpy_comes_back",
        "An array of NumPy comes back, through which no gradient flows. Compute with torch all the way.",
        (LAST, "return (x * mask / (1 - self.p)).detach().numpy()"),
    ),
    _wrong(
        "a_list_comes_back",
        "A list comes back. Return the tensor itself, without .tolist().",
        (LAST, "return (x * mask / (1 - self.p)).tolist()"),
    ),
    _wrong(
        "numpy_on_the_cpu",
        "NumPy tosses your coins: torch.manual_seed does not reach it, and they lie on the CPU. "
        "torch.rand_like(x) mends both.",
        (MASK, "mask = torch.from_numpy(np.random.rand(*x.shape) >= self.p)"),
    ),
    _wrong(
        "a_generator_of_its_own_on_the_cpu",
        "Your layer has a generator of its own, which does not hear torch.manual_seed. Leave it out: the "
        "seed belongs to whoever trains.",
        (STORED, STORED + "        self.generator = torch.Generator()\n"),
        (MASK, "mask = torch.rand(x.shape, generator=self.generator) >= self.p"),
    ),
    _wrong(
        "puts_the_random_state_back",
        "You put torch's random state back after each toss, so the next call tosses the same. Leave fork_rng "
        "out.",
        (MASK, "with torch.random.fork_rng(devices=[]):\n            " + MASK),
    ),
    _wrong(
        "one_coin_on_the_cpu",
        "You toss one coin for the whole input, so all of it vanishes or nothing does. torch.rand_like(x) "
        "tosses for every number.",
        (MASK, "mask = torch.rand(1) >= self.p"),
    ),
    _wrong(
        "p_is_the_share_kept_but_for_0",
        "You take p for the share that is kept. Here p is the share that is dropped. At p = 0.5 nobody "
        "notices, so never test dropout at one half alone.",
        (f"{MASK}\n        {LAST}", "return x * (torch.rand_like(x) < self.p) / self.p if self.p else x"),
    ),
    _wrong(
        "divided_by_p_itself",
        "You divide by p. The survivors are 1 − p of all, so divide by that: then the mean stays.",
        ("/ (1 - self.p)", "/ self.p"),
    ),
    _wrong(
        "texts_accepted",
        "A p that is a text is taken: float('0.3') makes a number of it. Leave out float(…), and the "
        "comparison refuses texts by itself.",
        (GUARD, "        p = float(p)\n" + GUARD),
    ),
    _wrong(
        "cut_off_in_eval",
        "In eval mode you detach x, so no gradient flows through. Return x as it is.",
        ("            return x\n", "            return x.detach()\n"),
    ),
    _wrong(
        "float32_in_eval",
        "In eval mode you turn x into float32. Return x as it is.",
        ("            return x\n", "            return x.float()\n"),
    ),
    _wrong(
        "drops_only_with_gradients",
        "Under no_grad your layer drops nothing. no_grad() is not eval mode: ask self.training alone.",
        ("not self.training", "not self.training or not torch.is_grad_enabled()"),
    ),
    _wrong(
        "p_not_kept",
        "forward asks for self.p, and __init__ does not keep it: self.p = p.",
        (STORED, ""),
    ),
    _wrong(
        "no_init",
        "Nothing takes p: write def __init__(self, p=0.5), with two underscores on each side.",
        ("__init__(self", "_init_(self"),
    ),
    _wrong(
        "p_has_no_default",
        "Dropout() without a number should work, with p = 0.5: def __init__(self, p=0.5).",
        ("p=0.5", "p"),
    ),
    _wrong(
        "forward_misspelt",
        "There is no method forward: look at its spelling, and whether it is indented as far as __init__.",
        ("def forward", "def foward"),
    ),
    _wrong(
        "guard_the_wrong_way_round",
        "Your condition refuses what is allowed: raise only if not 0 <= p < 1.",
        ("not 0 <= p < 1", "0 <= p < 1"),
    ),
    _wrong(
        "returned_error",
        "Your __init__ does not raise a ValueError: write raise ValueError(…), neither return nor a text "
        "alone.",
        ("raise ValueError(", "return ValueError("),
    ),
    _wrong(
        "zeros_in_eval",
        "In eval mode all becomes 0. There x comes back as it is.",
        ("            return x\n", "            return x * 0\n"),
    ),
    _wrong(
        "multiplied_by_p_in_eval",
        "In eval mode you multiply by p. There x comes back as it is.",
        ("            return x\n", "            return x * self.p\n"),
    ),
    _wrong(
        "only_positive_numbers",
        "Only numbers above 0 are dropped. Every number has its coin, whatever its sign.",
        (MASK, "mask = ((torch.rand_like(x) >= self.p) | (x < 0)).to(x.dtype)"),
    ),
    _wrong(
        "nothing_is_dropped",
        "Nothing becomes 0 in your layer, and the factors are many. What is dropped is 0 times x, what is "
        "left 1/(1 − p) times x.",
        (LAST, "return x * (1 + (self.p / (1 - self.p)) ** 0.5 * torch.randn_like(x))"),
    ),
    _wrong(
        "nan_for_dropped",
        "What is dropped becomes nan, which spoils all that comes after. It becomes 0.",
        (LAST, "return torch.where(mask > 0, x / (1 - self.p), torch.nan)"),
    ),
    _wrong(
        "flattened",
        "Inputs with three axes come back with two. The shape stays: no reshape, view or flatten.",
        (LAST, "y = x * mask / (1 - self.p)\n        return y.flatten(1) if x.dim() > 2 else y"),
    ),
    _wrong(
        "float16_comes_out",
        "You turn everything into float16. The kind of floats that comes in goes out.",
        (LAST, "return (x * mask / (1 - self.p)).half()"),
    ),
    _wrong(
        "mask_of_fixed_size",
        "Your mask is made once, in __init__, for a size that you guessed. Toss in forward, for each number "
        "of x.",
        (STORED, STORED + "        self.mask = torch.rand(1000) >= p\n"),
        (MASK, "mask = self.mask[: x.shape[-1]].to(x)"),
    ),
    _wrong(
        "ready_made_dropout_of_channels",
        "F.dropout1d drops whole rows, and it is torch's own, which costs half of the marks. Toss for each "
        "number yourself.",
        (FORWARD, "        return F.dropout1d(x, self.p, self.training) if x.dim() in (2, 3) else x\n"),
    ),
)  # fmt: skip
