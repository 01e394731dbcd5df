"""Right answers of warmup_cosine_lr that are written differently."""

from autograder.model import Variant


def _variant(name: str, source: str) -> Variant:
    return Variant("warmup_cosine_lr", name, source)


VARIANTS = (
    _variant(
        "numpy_and_a_clipped_q",
        """
def warmup_cosine_lr(step, total_steps, base_lr, warmup_steps=0, min_lr=0.0):
    if total_steps <= warmup_steps:
        raise ValueError(f"{warmup_steps} of {total_steps}")
    if step <= warmup_steps - 1:
        return (step + 1) / warmup_steps * base_lr
    length = total_steps - warmup_steps - 1
    if length == 0:
        return base_lr if step == warmup_steps else min_lr
    q = np.clip((step - warmup_steps) / length, 0, 1)
    return np.float64(min_lr) + (base_lr - min_lr) / 2 * (np.cos(np.pi * q) + 1)
""",
    ),
    _variant(
        "square_of_half_the_angle",
        """
def warmup_cosine_lr(step, total_steps, base_lr, warmup_steps=0, min_lr=0.0):
    assert isinstance(step, int)
    if not warmup_steps < total_steps:
        raise ValueError()
    last = total_steps - 1
    if step > last:
        return min_lr
    if step < warmup_steps:
        return base_lr - base_lr * (warmup_steps - step - 1) / warmup_steps
    if step == warmup_steps:
        return base_lr
    angle = 0.5 * math.pi * (step - warmup_steps) / (last - warmup_steps)
    return base_lr * math.cos(angle) ** 2 + min_lr * math.sin(angle) ** 2
""",
    ),
    _variant(
        "a_list_of_all_rates",
        """
def warmup_cosine_lr(step, total_steps, base_lr, warmup_steps=0, min_lr=0.0):
    if warmup_steps >= total_steps:
        raise ValueError("the warm-up is too long")
    rates = [base_lr * k / warmup_steps for k in range(1, warmup_steps + 1)]
    for angle in np.linspace(0, np.pi, total_steps - warmup_steps):
        rates.append(min_lr + (base_lr - min_lr) * (1 + math.cos(angle)) / 2)
    print(len(rates))
    return rates[step] if step < len(rates) else min_lr
""",
    ),
    _variant(
        "try_and_except",
        """
def warmup_cosine_lr(step, total_steps, base_lr, warmup_steps=0, min_lr=0.0):
    if warmup_steps >= total_steps:
        raise ValueError
    try:
        q = min(1.0, (step - warmup_steps) / (total_steps - 1 - warmup_steps))
    except ZeroDivisionError:
        q = 0.0 if step == warmup_steps else 1.0
    if step < warmup_steps:
        return base_lr * (step + 1) / warmup_steps
    return min_lr * (1 - (1 + math.cos(math.pi * q)) / 2) + base_lr * (1 + math.cos(math.pi * q)) / 2
""",
    ),
    _variant(
        "a_tensor_of_no_dimensions",
        """
def warmup_cosine_lr(step, total_steps, base_lr, warmup_steps=0, min_lr=0.0):
    if warmup_steps >= total_steps:
        raise ValueError("no")
    if step < warmup_steps:
        return torch.tensor(base_lr * (step + 1) / warmup_steps, dtype=torch.float64)
    if step >= total_steps:
        return torch.tensor(min_lr, dtype=torch.float64)
    q = torch.tensor((step - warmup_steps) / max(total_steps - 1 - warmup_steps, 1), dtype=torch.float64)
    return min_lr + (base_lr - min_lr) * (1 + torch.cos(torch.pi * q)) / 2
""",
    ),
    _variant(
        "one_expression_with_helpers",
        """
def _warm(step, n, base):
    return base * (step + 1) / n

def _cosine(q, high, low):
    return low + (high - low) * 0.5 * (1 + math.cos(math.pi * q))

def warmup_cosine_lr(step, total_steps, base_lr, warmup_steps=0, min_lr=0.0):
    decay = total_steps - warmup_steps - 1
    if decay < 0:
        raise ValueError("warmup_steps must be below total_steps")
    after = step - warmup_steps
    return (_warm(step, warmup_steps, base_lr) if after < 0 else
            min_lr if after > decay else _cosine(after / (decay or 1), base_lr, min_lr))
""",
    ),
    _variant(
        "degrees_turned_into_radians",
        """
from math import cos, radians

def warmup_cosine_lr(step: int, total_steps: int, base_lr: float, warmup_steps: int = 0,
                     min_lr: float = 0.0, **unused) -> float:
    if warmup_steps >= total_steps:
        raise ValueError("warm-up")
    elif step < warmup_steps:
        lr = np.interp(step, [-1, warmup_steps - 1], [0, base_lr])
    elif step > total_steps - 1:
        lr = min_lr
    else:
        steps = total_steps - 1 - warmup_steps
        lr = min_lr + (base_lr - min_lr) * (1 + cos(radians(180 * (step - warmup_steps) / (steps or 1)))) / 2
    return float(lr)
""",
    ),
)
