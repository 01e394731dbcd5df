"""Typical mistakes in warmup_cosine_lr: the progress of the cosine, its end, refusals, what is returned."""

from hidden.warmup_cosine_lr_answers import GUARD, slip

from autograder.model import Mistake

PROGRESS = (
    slip(
        "total_instead_of_total_minus_1",
        "Your q reaches 1 only at the step total_steps, which is never taken: the last step keeps a few "
        "percent of base_lr. Divide by total_steps - 1 - warmup_steps.",
        q="(step - warmup_steps) / (total_steps - warmup_steps)",
    ),
    slip(
        "one_step_ahead",
        "Your cosine is one step ahead: it should begin with base_lr, q = 0, at the step warmup_steps.",
        q="(step - warmup_steps + 1) / (total_steps - warmup_steps)",
    ),
    slip(
        "counted_from_step_0",
        "You count the cosine from step 0, so it jumps down where the warm-up ends. Begin where the warm-up "
        "ends: (step - warmup_steps) / (total_steps - 1 - warmup_steps).",
        q="step / max(1, total_steps - 1)",
    ),
    slip(
        "counted_from_step_0_to_total",
        "You count the cosine from step 0, and divide by total_steps. Begin where the warm-up ends, and end "
        "at the last step: (step - warmup_steps) / (total_steps - 1 - warmup_steps).",
        q="step / total_steps",
    ),
    slip(
        "warm_up_only_below_the_line",
        "You take the warm-up off below the line, but not above it. q is "
        "(step - warmup_steps) / (total_steps - 1 - warmup_steps).",
        q="step / max(1, total_steps - 1 - warmup_steps)",
    ),
    slip(
        "warm_up_only_above_the_line",
        "You take the warm-up off above the line, but not below it, so the cosine does not arrive. q is "
        "(step - warmup_steps) / (total_steps - 1 - warmup_steps).",
        q="(step - warmup_steps) / max(1, total_steps - 1)",
    ),
    slip(
        "plus_instead_of_minus_1",
        "You divide by total_steps + 1 - warmup_steps, so the cosine does not arrive at its last step. "
        "Divide by total_steps - 1 - warmup_steps.",
        q="(step - warmup_steps) / (total_steps + 1 - warmup_steps)",
    ),
    slip(
        "whole_division",
        "// is the whole-number division: your q is 0 until the last step. Write /.",
        q="(step - warmup_steps) // max(1, total_steps - 1 - warmup_steps)",
    ),
    slip(
        "brackets_around_step_missing",
        "Without brackets only warmup_steps is divided, not step - warmup_steps. Put brackets around the "
        "difference.",
        q="step - warmup_steps / max(1, total_steps - 1 - warmup_steps)",
    ),
    slip(
        "steps_counted_from_1",
        "You count steps from 1, so all comes one step late. Steps count from 0: step 0 is the first.",
        climbs="step - 1 < warmup_steps and warmup_steps > 0",
        warm="base_lr * step / warmup_steps",
        late="step > total_steps",
        q="max(0, step - 1 - warmup_steps) / max(1, total_steps - 1 - warmup_steps)",
    ),
    slip(
        "total_without_the_warm_up",
        "Your cosine takes total_steps steps after the warm-up. total_steps counts all steps, the warm-up "
        "among them.",
        late="step >= total_steps + warmup_steps",
        q="(step - warmup_steps) / max(1, total_steps - 1)",
    ),
)
ENDS = (
    slip(
        "rises_again",
        "Behind the last step your cosine climbs again. From the step total_steps - 1 on the rate stays at "
        "min_lr.",
        late="False",
    ),
    slip(
        "end_one_step_late",
        "The step total_steps still gets a cosine, with q above 1. From it on the rate is min_lr: >=.",
        late="step > total_steps",
    ),
    slip(
        "zero_at_the_end",
        "Behind the last step your rate is 0. It stays at min_lr.",
        low="0.0",
    ),
    slip(
        "base_at_the_end",
        "Behind the last step your rate is base_lr again. It stays at min_lr.",
        low="base_lr",
    ),
    slip(
        "error_at_the_end",
        "Behind the last step you raise an error. Such steps are allowed, and have min_lr.",
        low="1 / 0",
    ),
    slip(
        "starts_afresh",
        "Behind the last step your schedule begins anew. It stays at min_lr.",
        guard=f"{GUARD}\n    step = step % total_steps",
    ),
    slip(
        "divides_by_zero",
        "With total_steps = warmup_steps + 1 you divide by 0. That single step has base_lr: return it before "
        "you divide.",
        q="(step - warmup_steps) / (total_steps - 1 - warmup_steps)",
    ),
    slip(
        "a_single_step_has_min_lr",
        "With total_steps = warmup_steps + 1 your last step has min_lr. A cosine of a single step has "
        "base_lr.",
        late="step >= total_steps - 1",
    ),
    slip(
        "a_single_step_is_refused",
        "You refuse total_steps = warmup_steps + 1. It is allowed, and its last step has base_lr: refuse "
        "warmup_steps >= total_steps alone.",
        guard='if warmup_steps >= total_steps - 1:\n        raise ValueError("too long")',
    ),
    slip(
        "nothing_is_refused",
        "A warm-up as long as the training, or longer, is a ValueError: "
        "if warmup_steps >= total_steps: raise ValueError(…).",
        guard="pass",
    ),
    slip(
        "only_longer_is_refused",
        "You refuse a warm-up that is longer than the training, but one as long as it is a ValueError, too: "
        ">= instead of >.",
        guard='if warmup_steps > total_steps:\n        raise ValueError("too long")',
    ),
    slip(
        "only_equal_is_refused",
        "You refuse a warm-up as long as the training, but not a longer one: >= instead of ==.",
        guard='if warmup_steps == total_steps:\n        raise ValueError("too long")',
    ),
    slip(
        "error_returned",
        "You return the error. Raise it: raise ValueError(…).",
        guard='if warmup_steps >= total_steps:\n        return ValueError("too long")',
    ),
    slip(
        "error_printed",
        "You print a message and return None. Raise the error: raise ValueError(…).",
        guard='if warmup_steps >= total_steps:\n        return print("ValueError")',
    ),
    slip(
        "another_kind_of_error",
        "You raise another kind of error (assert raises an AssertionError). A ValueError is asked for: "
        "if warmup_steps >= total_steps: raise ValueError(…).",
        guard="assert warmup_steps < total_steps",
    ),
)
KINDS = (
    slip(
        "printed",
        "You print the rate, and what comes back is None. End with return instead of print.",
        out="print(rate)",
    ),
    slip(
        "in_a_list",
        "You return the rate in a list. Return the number itself.",
        out="return [rate]",
    ),
    slip(
        "as_text",
        "You return the rate as text. Return the number: without str() and f-strings.",
        out='return f"{rate:.6f}"',
    ),
    slip(
        "rounded",
        "You round the rate. Small rates need all their digits: return it as it is.",
        out="return round(rate, 2)",
    ),
    slip(
        "another_error_type",
        "You raise a TypeError. A ValueError is asked for: the kinds are right, the value is not.",
        guard="if warmup_steps >= total_steps:\n        raise TypeError",
    ),
    slip(
        "nan_instead_of_an_error",
        "You return nan. Raise an error: raise ValueError(…).",
        guard='if warmup_steps >= total_steps:\n        return float("nan")',
    ),
    slip(
        "base_instead_of_an_error",
        "You return base_lr. Raise an error: raise ValueError(…).",
        guard="if warmup_steps >= total_steps:\n        return base_lr",
    ),
    slip(
        "constant",
        "Your rate never changes. First comes the warm-up, then the cosine.",
        warm="base_lr",
        low="base_lr",
        cosine="base_lr",
    ),
    slip(
        "whole_numbers",
        "int() cuts off what stands behind the point, and a rate is nearly always such a number. Leave it "
        "out.",
        out="return int(rate)",
    ),
    slip(
        "returns_step_too",
        "You return the step, too. Return the rate alone.",
        out="return step, rate",
    ),
    slip(
        "no_defaults",
        "warmup_steps and min_lr need their defaults: warmup_steps=0, min_lr=0.0.",
        head="step, total_steps, base_lr, warmup_steps, min_lr",
    ),
    slip(
        "arguments_exchanged",
        "The order of your arguments is another one: step, total_steps, base_lr, warmup_steps, min_lr.",
        head="step, total_steps, base_lr, min_lr=0.0, warmup_steps=0",
    ),
    slip(
        "other_names",
        "Keep the names of the arguments: step, total_steps, base_lr, warmup_steps, min_lr.",
        head="t, n, base_lr, warmup=0, low=0.0",
        guard="step, total_steps, warmup_steps, min_lr = t, n, warmup, low\n    "
        'if warmup_steps >= total_steps:\n        raise ValueError("too long")',
    ),
    slip(
        "another_default",
        "The default of min_lr is 0.0: yours leaves a rate at the end.",
        head="step, total_steps, base_lr, warmup_steps=0, min_lr=0.01",
    ),
    slip(
        "another_default_of_the_warm_up",
        "The default of warmup_steps is 0: without it nobody warms up.",
        head="step, total_steps, base_lr, warmup_steps=1, min_lr=0.0",
        guard='if warmup_steps >= total_steps > 1:\n        raise ValueError("too long")\n'
        "    if total_steps == 1:\n        return base_lr if step == 0 else min_lr",
    ),
    Mistake(
        "warmup_cosine_lr",
        "whole_schedule",
        "You return the rates of all steps. Only the rate of one step is asked for.",
        """
def warmup_cosine_lr(step, total_steps, base_lr, warmup_steps=0, min_lr=0.0):
    if warmup_steps >= total_steps:
        raise ValueError("too long")
    warm = base_lr * np.arange(1, warmup_steps + 1) / max(1, warmup_steps)
    q = np.arange(total_steps - warmup_steps) / max(1, total_steps - 1 - warmup_steps)
    fall = min_lr + 0.5 * (base_lr - min_lr) * (1 + np.cos(np.pi * q))
    return np.concatenate([warm, fall]).tolist()
""",
    ),
    Mistake(
        "warmup_cosine_lr",
        "list_ends",
        "You make a list of total_steps rates and look the step up: later steps are not in it. They have "
        "min_lr.",
        """
def warmup_cosine_lr(step, total_steps, base_lr, warmup_steps=0, min_lr=0.0):
    if warmup_steps >= total_steps:
        raise ValueError("too long")
    warm = base_lr * np.arange(1, warmup_steps + 1) / max(1, warmup_steps)
    q = np.arange(total_steps - warmup_steps) / max(1, total_steps - 1 - warmup_steps)
    fall = min_lr + 0.5 * (base_lr - min_lr) * (1 + np.cos(np.pi * q))
    return float(np.concatenate([warm, fall])[step])
""",
    ),
    Mistake(
        "warmup_cosine_lr",
        "ready_made",
        "You let a scheduler of PyTorch's compute the rates. The formula is the exercise, so this earns half "
        "of the marks: write it with math.cos.",
        """
def warmup_cosine_lr(step, total_steps, base_lr, warmup_steps=0, min_lr=0.0):
    from torch.optim.lr_scheduler import CosineAnnealingLR
    if warmup_steps >= total_steps:
        raise ValueError("too long")
    if step < warmup_steps:
        return base_lr * (step + 1) / warmup_steps
    if step >= total_steps - 1 > warmup_steps or step >= total_steps:
        return min_lr
    if total_steps - 1 == warmup_steps:
        return base_lr
    optimizer = torch.optim.SGD([torch.zeros(1, requires_grad=True)], lr=base_lr)
    scheduler = CosineAnnealingLR(optimizer, total_steps - 1 - warmup_steps, eta_min=min_lr)
    for _ in range(step - warmup_steps):
        optimizer.step()
        scheduler.step()
    return scheduler.get_last_lr()[0]
""",
    ),
)
