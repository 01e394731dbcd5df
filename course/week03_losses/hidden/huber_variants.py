"""Right answers to huber that are written differently."""

from autograder.model import Variant

VARIANTS = (
    Variant(
        "huber",
        "torch_where",
        """
def huber(pred, target, delta=1.0):
    size = (pred - target).abs()
    return torch.where(size <= delta, 0.5 * size**2, delta * (size - 0.5 * delta)).mean()
""",
    ),
    Variant(
        "huber",
        "clamped_part_and_rest",
        """
def huber(pred, target, delta=1.0):
    size = torch.abs(target - pred)
    part = size.clamp(max=delta)
    return torch.mean(part * (size - part / 2))
""",
    ),
    Variant(
        "huber",
        "square_of_the_part_and_relu_of_the_rest",
        """
def huber(pred, target, delta=1.0):
    rest = F.relu((pred - target).abs() - delta)
    part = (pred - target).abs() - rest
    return (part.pow(2) / 2 + delta * rest).mean()
""",
    ),
    Variant(
        "huber",
        "masks",
        """
def huber(pred, target, delta=1.0):
    e = pred - target
    small = e.abs() < delta
    total = (e[small] ** 2).sum() / 2 + delta * (e[~small].abs() - delta / 2).sum()
    return total / e.numel()
""",
    ),
    Variant(
        "huber",
        "masks_as_numbers",
        """
def huber(pred, target, delta=1.0):
    error = pred - target
    inside = (error.abs() <= delta).float()
    return (inside * error**2 / 2 + (1 - inside) * (delta * error.abs() - delta**2 / 2)).mean()
""",
    ),
    Variant(
        "huber",
        "loop",
        """
def huber(pred, target, delta=1.0):
    total = 0
    for p, t in zip(pred.reshape(-1), target.reshape(-1)):
        e = abs(p - t)
        if e <= delta:
            total = total + e * e / 2
        else:
            total = total + delta * (e - delta / 2)
    return total / pred.numel()
""",
    ),
    Variant(
        "huber",
        "helper_and_list",
        """
def cost_of(error, delta):
    size = max(error, -error)
    return error * error * 0.5 if size < delta else (size - delta * 0.5) * delta

def huber(pred, target, delta=1.0):
    costs = [cost_of(error, delta) for error in (target - pred).flatten()]
    return torch.stack(costs).mean()
""",
    ),
    Variant(
        "huber",
        "filled_step_by_step",
        """
def huber(pred, target, delta=1.0):
    d = (pred - target).clone()
    cost = torch.zeros_like(d)
    far = d.abs() > delta
    cost[~far] = 0.5 * d[~far] ** 2
    cost[far] = delta * d[far].abs() - 0.5 * delta * delta
    print("mean cost", cost.mean())
    return cost.sum().div(cost.numel())
""",
    ),
    Variant(
        "huber",
        "building_blocks_without_average",
        """
def huber(pred, target, delta=1.0):
    squares = torch.nn.functional.mse_loss(pred, target, reduction="none")
    sizes = torch.nn.functional.l1_loss(pred, target, reduction="none")
    return torch.mean(torch.where(sizes > delta, delta * sizes - 0.5 * delta**2, 0.5 * squares))
""",
    ),
)
