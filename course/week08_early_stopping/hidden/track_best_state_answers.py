"""Typical mistakes in track_best: what is kept of the net, and what comes back."""

from hidden.track_best_answers import COPY, KEEP, LOSS, slip

STATES = (
    slip(
        "state_by_reference",
        "state_dict() gives you the net's own tensors: at the end of the run they hold the last weights. "
        "dict(…) and copy.copy(…) around it change nothing. Use copy.deepcopy, or clone each tensor.",
        (COPY, "net.state_dict()"),
    ),
    slip(
        "the_net_itself",
        "best['state'] is the net itself: the same object under another name, which trains on. Copy "
        "net.state_dict().",
        (COPY, "net"),
    ),
    slip(
        "a_copied_net",
        "best['state'] is a whole net. That is a copy, but the task asks for its state_dict(), which "
        "load_state_dict takes back.",
        (COPY, "copy.deepcopy(net)"),
    ),
    slip(
        "without_buffers",
        "You copy the parameters alone; the running values of norm layers are missing. Take "
        "net.state_dict().",
        (COPY, "{n: p.detach().clone() for n, p in net.named_parameters()}"),
    ),
    slip(
        "a_list_of_tensors",
        "Without its names a state cannot be loaded. Copy the dict net.state_dict().",
        (COPY, "[p.detach().clone() for p in net.parameters()]"),
    ),
    slip(
        "numpy_arrays",
        "You keep NumPy arrays, and load_state_dict takes tensors alone. Clone the tensors: t.clone().",
        (COPY, "{n: t.numpy().copy() for n, t in net.state_dict().items()}"),
    ),
    slip(
        "plain_lists",
        "You keep lists of numbers, and load_state_dict takes tensors alone. Clone the tensors: t.clone().",
        (COPY, "{n: t.tolist() for n, t in net.state_dict().items()}"),
    ),
    slip(
        "a_path",
        "best['state'] is the name of a file. The task asks for the state itself, a copy of "
        "net.state_dict().",
        (COPY, "str(epoch)"),
    ),
    slip(
        "weights_not_copied_but_buffers",
        "You copy the buffers, and take the weights as they are: those are the net's own tensors. "
        "Clone both.",
        (COPY, "dict(net.named_parameters()) | {n: b.clone() for n, b in net.named_buffers()}"),
    ),
    slip(
        "buffers_not_copied_but_weights",
        "You copy the weights, and take the buffers of norm layers as they are: they change, too. "
        "Clone both.",
        (COPY, "{n: p.detach().clone() for n, p in net.named_parameters()} | dict(net.named_buffers())"),
    ),
    slip(
        "state_missing",
        "best['state'] stays None. A copy of net.state_dict() belongs there.",
        (KEEP, ""),
    ),
    slip(
        "state_kept_every_epoch",
        "The state is kept in every epoch, better or not: its line must be indented below the if.",
        (KEEP, KEEP.replace("        best", "    best")),
    ),
    slip(
        "state_kept_only_once",
        "The state of the first good epoch is never replaced. Each lower loss brings its own state.",
        (KEEP, f'        best["state"] = best["state"] or {COPY}\n'),
    ),
)
ANSWERS = (
    slip(
        "stops_at_the_first_bad_epoch",
        "You return Stop when an epoch is no better. track_best only keeps the best one: the run goes on to "
        "its end.",
        (KEEP, KEEP + "    else:\n        from recording import Stop\n        return Stop\n"),
    ),
    slip(
        "always_stops",
        "You return Stop in every epoch, so fit ends after the first. Leave return out.",
        (KEEP, KEEP + "    from recording import Stop\n    return Stop\n"),
    ),
    slip(
        "returns_a_text",
        "You return a text, and fit takes any answer but None and Stop for an error. Leave return out.",
        (KEEP, KEEP + '    else:\n        return "Stop"\n'),
    ),
    slip(
        "arguments_in_another_order",
        "Something in your function is asked for what it does not have: read the error's last line. fit "
        "gives net, epoch, stats in this order, and the entries of the dict best are best['loss'] and so on.",
        ("net, epoch, stats", "epoch, net, stats"),
    ),
    slip(
        "two_arguments",
        "Something in your function is of the wrong kind: read the error's last line. fit calls it with "
        "three arguments, net, epoch and stats, and stats['val_loss'] is one number.",
        ("net, epoch, stats", "net, stats"),
    ),
    slip(
        "returns_best",
        "You return best, and fit takes any answer but None and Stop for an error. Leave return out.",
        (KEEP, KEEP + "    return best\n"),
    ),
    slip(
        "returns_whether_it_was_better",
        "You return True or False, and fit takes that for an error. Leave return out.",
        (KEEP, KEEP + "        return True\n    return False\n"),
    ),
    slip(
        "returns_true_at_an_improvement",
        "You return True at an improvement, and fit takes that for an error. Leave return out.",
        (KEEP, KEEP + "        return True\n"),
    ),
    slip(
        "state_in_half_precision",
        "You keep the weights in half precision, which rounds them. Keep them as they are.",
        (COPY, "{n: t.half() for n, t in net.state_dict().items()}"),
    ),
    slip(
        "returns_the_loss",
        "You return a loss, and fit takes any answer but None and Stop for an error. Leave return out.",
        (KEEP, KEEP + '    return best["loss"]\n'),
    ),
    slip(
        "puts_the_best_weights_back",
        "You load the best weights back after each worse epoch: so the net never trains on from where it is. "
        "Only keep them.",
        (KEEP, KEEP + '    elif best["state"] is not None:\n        net.load_state_dict(best["state"])\n'),
    ),
    slip(
        "switches_the_net_to_train_mode",
        "You switch the net to another mode. track_best should leave the net as it is: no train(), "
        "no eval().",
        (LOSS, LOSS + "\n    net.train()"),
    ),
    slip(
        "takes_the_loss_out_of_stats",
        "stats.pop takes the loss away, and it is missing in the history. Only read it: stats['val_loss'].",
        ('stats["val_loss"]', 'stats.pop("val_loss")'),
    ),
)
