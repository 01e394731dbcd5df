"""Typical mistakes in lr_range_test: when it stops, what is put back, what is returned."""

from hidden.lr_range_test_answers import (
    BACK,
    CLEAR,
    HEAD,
    KEEP,
    LISTS,
    MODE,
    RETURN,
    STOP,
    UPDATE,
    changed,
)

STOPS = (
    changed(
        "never_stops",
        "You never stop: losses explode, or are nan, until n_steps is reached. Stop after a loss that is not "
        "finite or above 4 times the lowest.",
        (STOP, ""),
    ),
    changed(
        "nan_does_not_stop",
        "nan > 4 * min(losses) is False, so a nan does not stop you. Ask math.isfinite(loss), too.",
        ("not math.isfinite(losses[-1]) or ", ""),
    ),
    changed(
        "only_nan_stops",
        "You stop only at nan. A loss that is infinite, or above 4 times the lowest, ends the test, too.",
        ("not math.isfinite(losses[-1]) or losses[-1] > 4 * min(losses)", "math.isnan(losses[-1])"),
    ),
    changed(
        "only_not_finite_stops",
        "You stop only at nan and infinity. A loss above 4 times the lowest ends the test, too.",
        (" or losses[-1] > 4 * min(losses)", ""),
    ),
    changed(
        "compared_with_the_first",
        "You compare with the first loss. The lowest so far counts: 4 * min(losses).",
        ("4 * min(losses)", "4 * losses[0]"),
    ),
    changed(
        "compared_with_the_last",
        "You compare with the loss before. The lowest so far counts: 4 * min(losses).",
        ("losses[-1] > 4 * min(losses)", "len(losses) > 1 and losses[-1] > 4 * losses[-2]"),
    ),
    changed(
        "lowest_without_4",
        "You stop as soon as a loss is above the lowest. It may be up to 4 times the lowest.",
        ("4 * min(losses)", "min(losses)"),
    ),
    changed(
        "four_times_the_lowest_ends_it",
        "You stop at exactly 4 times the lowest, too. Only a loss above it ends the test: > instead of >=.",
        ("losses[-1] > 4 * min(losses)", "losses[-1] >= 4 * min(losses)"),
    ),
    changed(
        "twice_the_lowest",
        "You stop at another multiple of the lowest loss. Here it is 4.",
        ("4 * min(losses)", "2 * min(losses)"),
    ),
    changed(
        "ten_times_the_lowest",
        "You stop late, at a larger multiple of the lowest loss. Here it is 4.",
        ("4 * min(losses)", "10 * min(losses)"),
    ),
    changed(
        "last_loss_dropped",
        "You leave out the loss that ends the test. Keep it, and its rate: append, then break.",
        (
            KEEP + STOP,
            "        value = loss.item()\n        if not math.isfinite(value) or "
            "value > 4 * min([value, *losses]):\n            break\n"
            "        lrs.append(lr)\n        losses.append(value)\n",
        ),
    ),
    changed(
        "rate_of_the_last_loss_dropped",
        "Your lists have different lengths where the test stops: append the rate and the loss together.",
        (KEEP + STOP, "        losses.append(loss.item())\n" + STOP + "        lrs.append(lr)\n"),
    ),
    changed(
        "stops_one_step_late",
        "You look at the loss before, so the test ends one step late. Look at the loss of this step.",
        (STOP, ""),
        (
            CLEAR,
            "        if losses and (not math.isfinite(losses[-1]) or losses[-1] > 4 * min(losses)):\n"
            "            lrs.append(lr)\n            losses.append(criterion(model(x), y).item())\n"
            "            break\n" + CLEAR,
        ),
    ),
)
PUT_BACK = (
    changed(
        "nothing_put_back",
        "Model and optimizer stay as the test has left them. Save deep copies of both state_dicts, and "
        "load them afterwards.",
        (BACK + MODE, ""),
    ),
    changed(
        "weights_not_put_back",
        "The weights stay as the test has left them. Load a deep copy of model.state_dict() at the end: "
        "state_dict() itself hands out the very tensors that training changes.",
        ("    model.load_state_dict(weights)\n", ""),
    ),
    changed(
        "optimizer_not_put_back",
        "The optimizer keeps the last rate and the test's memory. Load a deep copy of "
        "optimizer.state_dict() at the end.",
        ("    optimizer.load_state_dict(state)\n", ""),
    ),
    changed(
        "mode_not_put_back",
        "The model stays in train mode. Note model.training before, and set it afterwards: "
        "model.train(mode).",
        (MODE, ""),
    ),
    changed(
        "saved_without_a_copy",
        "state_dict() hands out the very tensors that training changes, so what you load is what is there "
        "already. Save deepcopy(model.state_dict()), and the optimizer's likewise.",
        (
            "deepcopy(model.state_dict()), deepcopy(optimizer.state_dict())",
            "model.state_dict(), optimizer.state_dict()",
        ),
    ),
    changed(
        "optimizer_saved_without_a_copy",
        "optimizer.state_dict() hands out the very tensors of its memory, which training changes. Save "
        "deepcopy(optimizer.state_dict()).",
        ("deepcopy(optimizer.state_dict())", "optimizer.state_dict()"),
    ),
    changed(
        "buffers_not_put_back",
        "You put back the parameters, but not the buffers, such as the running means of batch norm. A "
        "state_dict has both.",
        ("deepcopy(model.state_dict())", "[p.detach().clone() for p in model.parameters()]"),
        (
            "    model.load_state_dict(weights)\n",
            "    for p, saved in zip(model.parameters(), weights):\n        p.data = saved\n",
        ),
    ),
    changed(
        "rates_alone_put_back",
        "You put the rates back, but not the memory: momentum and Adam's means are still those of the test. "
        "Load a deep copy of optimizer.state_dict().",
        ("deepcopy(optimizer.state_dict())", "[group['lr'] for group in optimizer.param_groups]"),
        (
            "    optimizer.load_state_dict(state)\n",
            "    for group, lr in zip(optimizer.param_groups, state):\n        group['lr'] = lr\n",
        ),
    ),
    changed(
        "first_rate_for_all_groups",
        "You give all groups the rate that the first one had. Each gets its own back, and the memory, too: "
        "load a deep copy of optimizer.state_dict().",
        ("deepcopy(optimizer.state_dict())", "optimizer.param_groups[0]['lr']"),
        (
            "    optimizer.load_state_dict(state)\n",
            "    for group in optimizer.param_groups:\n        group['lr'] = state\n",
        ),
    ),
    changed(
        "not_put_back_where_it_stops",
        "Where the loss explodes you return at once, and nothing is put back. End the loop with break.",
        ("            break\n", "            return lrs, losses\n"),
    ),
)
MODES = (
    changed(
        "no_train_mode",
        "A model that comes in eval mode stays in it. Call model.train() before the first step.",
        ("    model.train()\n", ""),
    ),
    changed(
        "eval_mode",
        "You test in eval mode. Training runs in train mode: model.train().",
        ("    model.train()\n", "    model.eval()\n"),
    ),
)
KINDS = (
    changed(
        "losses_as_tensors",
        "Your losses are tensors. Append loss.item(), a plain number.",
        ("losses.append(loss.item())", "losses.append(loss)"),
    ),
    changed(
        "arrays",
        "You return arrays. Two plain lists of floats are asked for.",
        (RETURN, "    return np.array(lrs), np.array(losses)\n"),
    ),
    changed(
        "tensors",
        "You return tensors. Two plain lists of floats are asked for.",
        (RETURN, "    return torch.tensor(lrs), torch.tensor(losses)\n"),
    ),
    changed(
        "order_exchanged",
        "You return the losses first. The rates come first: return lrs, losses.",
        (RETURN, "    return losses, lrs\n"),
    ),
    changed(
        "losses_alone",
        "You return the losses alone. The rates come first: return lrs, losses.",
        (RETURN, "    return losses\n"),
    ),
    changed(
        "pairs",
        "You return a list of pairs. Two lists are asked for: return lrs, losses.",
        (RETURN, "    return list(zip(lrs, losses))\n"),
    ),
    changed(
        "a_dictionary",
        "You return a dictionary. Two lists are asked for: return lrs, losses.",
        (RETURN, "    return {'lrs': lrs, 'losses': losses}\n"),
    ),
    changed(
        "best_rate",
        "You return the rate with the lowest loss. Both lists are asked for: return lrs, losses.",
        (RETURN, "    return lrs[losses.index(min(losses))]\n"),
    ),
    changed(
        "printed",
        "You print the lists, and what comes back is None. End with return lrs, losses.",
        (RETURN, "    print(lrs, losses)\n"),
    ),
    changed(
        "return_in_the_loop",
        "return stands inside the loop, so it ends after the first step.",
        (UPDATE, UPDATE + "        return lrs, losses\n"),
    ),
    changed(
        "losses_rounded",
        "You round the losses. Append them as they are.",
        ("losses.append(loss.item())", "losses.append(round(loss.item(), 1))"),
    ),
    changed(
        "all_rates",
        "You return all n_steps rates, also those that were not tried. Append each where it is used.",
        (
            RETURN,
            "    return [lr_min * (lr_max / lr_min) ** (i / (n_steps - 1)) for i in "
            "range(n_steps)], losses\n",
        ),
    ),
    changed(
        "lists_outlive_the_call",
        "Your lists outlive the call, and the next test adds to them. Make them inside the function.",
        (HEAD, HEAD.replace("n_steps)", "n_steps, lrs=[], losses=[])")),
        (LISTS, ""),
    ),
)
