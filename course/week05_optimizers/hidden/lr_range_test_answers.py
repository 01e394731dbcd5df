"""Typical mistakes in lr_range_test: the rates, the losses, the batches, the end of the test."""

from autograder.model import Mistake

HEAD = "def lr_range_test(model, loader, criterion, optimizer, lr_min, lr_max, n_steps):\n"
SAVE = """    from copy import deepcopy
    weights, state = deepcopy(model.state_dict()), deepcopy(optimizer.state_dict())
    mode = model.training
"""
LISTS = "    lrs, losses = [], []\n"
START = "    model.train()\n    batches = iter(loader)\n"
LOOP = "    for i in range(n_steps):\n"
GRID = "        lr = lr_min * (lr_max / lr_min) ** (i / (n_steps - 1))\n"
RATE = """        for group in optimizer.param_groups:
            group["lr"] = lr
"""
BATCH = """        try:
            x, y = next(batches)
        except StopIteration:
            batches = iter(loader)
            x, y = next(batches)
"""
CLEAR = "        optimizer.zero_grad()\n"
LOSS = "        loss = criterion(model(x), y)\n"
KEEP = "        lrs.append(lr)\n        losses.append(loss.item())\n"
STOP = "        if not math.isfinite(losses[-1]) or losses[-1] > 4 * min(losses):\n            break\n"
UPDATE = "        loss.backward()\n        optimizer.step()\n"
BACK = "    model.load_state_dict(weights)\n    optimizer.load_state_dict(state)\n"
MODE = "    model.train(mode)\n"
RETURN = "    return lrs, losses\n"
RIGHT = "".join(
    (HEAD, SAVE, LISTS, START, LOOP, GRID, RATE, BATCH, CLEAR, LOSS, KEEP, STOP, UPDATE, BACK, MODE, RETURN)
)


def changed(name: str, sentence: str, *changes: tuple[str, str]) -> Mistake:
    """Return a mistake made by changes (what stands there, what stands there instead) of a right answer."""
    source = RIGHT
    for old, new in changes:
        if source.count(old) != 1:
            raise ValueError(f"{name}: {old!r} stands there {source.count(old)} times")
        source = source.replace(old, new)
    return Mistake("lr_range_test", name, sentence, source)


RATES = (
    changed(
        "linear_grid",
        "Your rates grow by the same amount, so nearly all of them are large. They should grow by the same "
        "factor: lr_min * (lr_max / lr_min) ** (i / (n_steps - 1)).",
        (
            "lr_min * (lr_max / lr_min) ** (i / (n_steps - 1))",
            "lr_min + (lr_max - lr_min) * i / (n_steps - 1)",
        ),
    ),
    changed(
        "exponent_over_n_steps",
        "Your exponent is i / n_steps, so the last rate stays below lr_max. Divide by n_steps - 1.",
        ("(i / (n_steps - 1))", "(i / n_steps)"),
    ),
    changed(
        "exponent_from_1",
        "Your exponent begins above 0, so the first rate is not lr_min. Use i / (n_steps - 1), i from 0.",
        ("(i / (n_steps - 1))", "((i + 1) / n_steps)"),
    ),
    changed(
        "factor_turned_round",
        "You divide lr_min by lr_max, so the rates fall. Write lr_max / lr_min.",
        ("(lr_max / lr_min)", "(lr_min / lr_max)"),
    ),
    changed(
        "from_high_to_low",
        "Your rates begin with lr_max and fall. They grow from lr_min to lr_max.",
        ("lr_min * (lr_max / lr_min)", "lr_max * (lr_min / lr_max)"),
    ),
    changed(
        "rate_set_after_the_step",
        "You set the rate after the step, so each step runs with the one before. Set it first.",
        (RATE, ""),
        (UPDATE, UPDATE + RATE),
    ),
    changed(
        "rate_never_set",
        "The optimizer never hears of your rates (optimizer.lr and optimizer.defaults are not read). Set "
        "group['lr'] = lr for each group in optimizer.param_groups.",
        (RATE, ""),
    ),
    changed(
        "first_group_alone",
        "You set the rate of the first group alone. Every param group gets it.",
        (RATE, "        optimizer.param_groups[0]['lr'] = lr\n"),
    ),
    changed(
        "one_step_short",
        "One step is missing at the end. Write range(n_steps).",
        ("range(n_steps)", "range(n_steps - 1)"),
    ),
    changed(
        "first_rate_missing",
        "You begin with i = 1, so the first rate, lr_min, is missing. Write range(n_steps).",
        ("range(n_steps)", "range(1, n_steps)"),
    ),
    changed(
        "one_step_too_many",
        "You take one step too many, with a rate above lr_max. Write range(n_steps).",
        ("range(n_steps)", "range(n_steps + 1)"),
    ),
)
LOSSES = (
    changed(
        "loss_after_the_update",
        "You measure the loss after the update. Keep the loss that you went backward from, and update then.",
        (KEEP + STOP, ""),
        (UPDATE, UPDATE + "        loss = criterion(model(x), y)\n" + KEEP + STOP),
    ),
    changed(
        "no_zero_grad",
        "Gradients of earlier steps pile up: call optimizer.zero_grad() in each step.",
        (CLEAR, ""),
    ),
    changed(
        "weights_never_move",
        "All losses are those of the first weights. In each step zero_grad comes first, then backward, then "
        "step, on the model that is given; and nothing is put back before the end.",
        ("        optimizer.step()\n", ""),
    ),
    changed(
        "order_of_the_criterion",
        "You call criterion(targets, outputs). The outputs come first.",
        ("criterion(model(x), y)", "criterion(y, model(x))"),
    ),
    changed(
        "own_criterion",
        "You compute a loss of your own. Call the criterion that is given.",
        ("criterion(model(x), y)", "((model(x) - y) ** 2).mean()"),
    ),
    changed(
        "loss_times_rows",
        "You multiply the loss by the rows of its batch. Keep it as the criterion gives it.",
        ("losses.append(loss.item())", "losses.append(loss.item() * len(y))"),
    ),
    changed(
        "fresh_sgd",
        "You make an optimizer of your own. Step with the one that is given: its settings and its memory "
        "belong to the test.",
        (START, START + "    optimizer_ = torch.optim.SGD(model.parameters(), lr=lr_min)\n"),
        (RATE, RATE.replace("optimizer.", "optimizer_.")),
        (CLEAR, "        optimizer_.zero_grad()\n"),
        ("        optimizer.step()\n", "        optimizer_.step()\n"),
    ),
    changed(
        "fresh_optimizer_of_the_same_kind",
        "You make a new optimizer of the same kind, which has lost its settings. Step with the one that is "
        "given.",
        (START, START + "    given, optimizer = optimizer, type(optimizer)(model.parameters(), lr=lr_min)\n"),
        ("optimizer.load_state_dict", "given.load_state_dict"),
    ),
    changed(
        "memory_forgotten",
        "You clear the optimizer's memory before the test. It begins with what the optimizer has.",
        (START, START + "    optimizer.state.clear()\n"),
    ),
)
BATCHES = (
    changed(
        "loader_not_restarted",
        "When the loader ends, your test ends. Begin again with iter(loader): it goes on for n_steps.",
        ("            batches = iter(loader)\n            x, y = next(batches)\n", "            break\n"),
    ),
    changed(
        "stop_iteration_escapes",
        "next() on a loader that has ended raises StopIteration. Catch it, and call iter(loader) again.",
        (BATCH, "        x, y = next(batches)\n"),
    ),
    changed(
        "always_the_first_batch",
        "next(iter(loader)) begins anew in each step, so you see the first batch alone. Make the iterator "
        "before the loop.",
        (BATCH, "        x, y = next(iter(loader))\n"),
    ),
    changed(
        "a_whole_epoch_for_each_rate",
        "You walk through the whole loader for each rate. Take one batch a step.",
        (
            BATCH + CLEAR + LOSS + KEEP + STOP + UPDATE,
            """        for x, y in loader:
            optimizer.zero_grad()
            loss = criterion(model(x), y)
            lrs.append(lr)
            losses.append(loss.item())
            if not math.isfinite(losses[-1]) or losses[-1] > 4 * min(losses):
                break
            loss.backward()
            optimizer.step()
""",
        ),
    ),
    changed(
        "a_mean_over_an_epoch",
        "You walk through the whole loader for each rate, and keep a mean. Take one batch a step, and keep "
        "its loss.",
        (
            BATCH + CLEAR + LOSS + KEEP + STOP + UPDATE,
            """        seen = []
        for x, y in loader:
            optimizer.zero_grad()
            loss = criterion(model(x), y)
            loss.backward()
            optimizer.step()
            seen.append(loss.item())
        lrs.append(lr)
        losses.append(sum(seen) / len(seen))
        if not math.isfinite(losses[-1]) or losses[-1] > 4 * min(losses):
            break
""",
        ),
    ),
    changed(
        "index_into_the_loader",
        "A DataLoader has no index: ask for batches with iter(loader) and next(…).",
        (BATCH, "        x, y = loader[i % len(loader)]\n"),
    ),
    changed(
        "the_last_batch_again",
        "When the loader ends, you repeat its last batch. Begin again with the first.",
        (BATCH, "        x, y = next(batches, (x, y) if i else None)\n"),
    ),
)
