"""Right answers of sample_log_uniform that are written differently."""

from hidden.sample_log_uniform_answers import CHECKED, RIGHT

from autograder.model import Variant


def way(name: str, body: str) -> Variant:
    """Return a right answer with another body after its first lines."""
    start = f"def sample_log_uniform(rng, low, high, n):\n{CHECKED}"
    return Variant("sample_log_uniform", name, f"import math\n\n{start}{body}")


VARIANTS = (
    Variant("sample_log_uniform", "exp_and_log", RIGHT),
    way("base_10", "    return 10 ** rng.uniform(np.log10(low), np.log10(high), n)\n"),
    way("base_2", "    return 2.0 ** rng.uniform(math.log2(low), math.log2(high), (n,))\n"),
    way("ratio", "    return low * (high / low) ** rng.random(n)\n"),
    way("falling", "    return high * (low / high) ** rng.random(size=n)\n"),
    way("exponential_draws_folded", """\
    width = math.log(high / low)
    return low * np.exp(np.mod(rng.uniform(0, 7 * width, size=n), width))
"""),
    way("loop", """\
    values = []
    for _ in range(n):
        values.append(math.exp(rng.uniform(math.log(low), math.log(high))))
    return np.array(values, dtype=float)
"""),
    way("filled", """\
    values = np.empty(n)
    for i in range(n):
        values[i] = np.power(10.0, rng.uniform(np.log10(low), np.log10(high)))
    return values
"""),
    way("single_precision", """\
    return np.exp(rng.uniform(np.log(low), np.log(high), size=n)).astype(np.float64)
"""),
    way("torch_between", """\
    u = torch.as_tensor(rng.random(n), dtype=torch.float64)
    return (math.log(low) + u * (math.log(high) - math.log(low))).exp().numpy()
"""),
    way("geomspace_of_a_draw", """\
    exponents = np.interp(rng.random(n), [0, 1], [np.log(low), np.log(high)])
    print("drew", len(exponents))
    return np.clip(np.exp(exponents), low, high)
"""),
    Variant("sample_log_uniform", "separate_errors_and_a_helper", """
def exponents(rng, low, high, n):
    return rng.uniform(low=np.log10(low), high=np.log10(high), size=n)

def sample_log_uniform(rng, low=1e-4, high=1.0, n=1):
    if low <= 0:
        raise ValueError("low must be positive")
    if high <= low:
        raise ValueError("high must be above low")
    return np.power(10.0, exponents(rng, low, high, n))
"""),
    Variant("sample_log_uniform", "lambda", """
def refuse():
    raise ValueError("0 < low < high")

sample_log_uniform = lambda rng, low, high, n: (
    np.exp(rng.uniform(*np.log([low, high]), size=n)) if 0 < low < high else refuse()
)
"""),
)  # fmt: skip
