"""Typical mistakes in train_model: the history, its epochs and its seed.

Each brings along right versions of the two functions that it calls, for the visible checks; the hidden ones
put their own in place.
"""

from hidden.scenes import PARTS

from autograder.model import Mistake

START = "\ndef train_model(model, train_loader, val_loader, criterion, optimizer, num_epochs, seed):\n"
SEED = "    torch.manual_seed(seed)\n"
HISTORY = '    history = {"train_loss": [], "val_loss": [], "val_accuracy": []}\n'
LOOP = "    for epoch in range(num_epochs):\n"
TRAIN = "        train_loss = train_one_epoch(model, train_loader, criterion, optimizer)\n"
MEASURE = "        val_loss, val_accuracy = evaluate(model, val_loader, criterion)\n"
APPEND = """        history["train_loss"].append(train_loss)
        history["val_loss"].append(val_loss)
        history["val_accuracy"].append(val_accuracy)
"""
RETURN = "    return history\n"
RIGHT = SEED + HISTORY + LOOP + TRAIN + MEASURE + APPEND + RETURN


def _changed(name: str, sentence: str, *changes: tuple[str, str]) -> Mistake:
    """Return a mistake made by changes (what stands there, what stands there instead) of the right answer."""
    source = RIGHT
    for old, new in changes:
        if source.count(old) != 1:
            raise ValueError(f"{name}: {old!r} stands there {source.count(old)} times")
        source = source.replace(old, new)
    return Mistake("train_model", name, sentence, PARTS + START + source)


SEEDS = (
    _changed(
        "seed_ignored",
        "Nobody uses seed, so two runs with the same seed differ. Call torch.manual_seed(seed) before the "
        "first epoch: random, NumPy and a generator of your own do not decide what the loader draws.",
        (SEED, ""),
    ),
    _changed(
        "seed_in_the_loop",
        "You seed anew in each epoch, so each begins with the same random numbers: the same order of "
        "batches, the same dropout. Call torch.manual_seed(seed) once, before the loop.",
        (SEED, ""),
        (TRAIN, f"        torch.manual_seed(seed)\n{TRAIN}"),
    ),
    _changed(
        "seed_plus_epoch",
        "You seed anew in each epoch, with seed + epoch: then the second epoch of seed 1 has the order of "
        "the first of seed 2. Call torch.manual_seed(seed) once, before the loop.",
        (SEED, ""),
        (TRAIN, f"        torch.manual_seed(seed + epoch)\n{TRAIN}"),
    ),
    _changed(
        "fixed_seed",
        "You seed with a number of your own, so every seed gives the same history. Call "
        "torch.manual_seed(seed).",
        (SEED, "    torch.manual_seed(42)\n"),
    ),
    _changed(
        "seed_after_the_first_epoch",
        "You seed after training: the first epoch has drawn its order by then. Call torch.manual_seed(seed) "
        "before the loop.",
        (SEED, ""),
        (MEASURE, f"{MEASURE}        torch.manual_seed(seed) if epoch == 0 else None\n"),
    ),
)
EPOCHS = (
    _changed(
        "one_epoch_short",
        "Your loop begins at 1 and stops before num_epochs, so one epoch is missing. Write "
        "range(num_epochs).",
        ("range(num_epochs)", "range(1, num_epochs)"),
    ),
    _changed(
        "one_epoch_too_many",
        "Your loop runs once too often. Write range(num_epochs).",
        ("range(num_epochs)", "range(num_epochs + 1)"),
    ),
    _changed(
        "number_of_epochs_fixed",
        "You train for a number of epochs of your own choice. Write range(num_epochs).",
        ("range(num_epochs)", "range(10)"),
    ),
    _changed(
        "return_in_the_loop",
        "`return` stands inside the loop, so training ends after the first epoch. Move it to the left, "
        "behind the loop.",
        (RETURN, f"    {RETURN}{RETURN}"),
    ),
    _changed(
        "history_made_in_the_loop",
        "You make the lists anew in each epoch, so only the last is left. Make them once, before the loop.",
        (LOOP, f"{LOOP}    {HISTORY}"),
    ),
    _changed(
        "history_only_with_an_epoch",
        "Your history only comes to be inside the loop, so with 0 epochs there is none. Make the three empty "
        "lists before the loop.",
        (HISTORY, ""),
        (TRAIN, f"        if epoch == 0:\n        {HISTORY}{TRAIN}"),
    ),
    _changed(
        "keys_made_when_needed",
        "Your lists come to be with their first entry, so after 0 epochs the dictionary is empty. Make the "
        "three empty lists before the loop.",
        (HISTORY, "    history = {}\n"),
        (APPEND, APPEND.replace('history["', 'history.setdefault("').replace('"]', '", [])')),
    ),
    _changed(
        "two_epochs_in_one",
        "You train twice in each round, and measure once. One train_one_epoch for each entry of the lists.",
        (TRAIN, TRAIN + TRAIN),
    ),
    _changed(
        "stops_early",
        "You stop when the validation loss rises. That is a good idea for later, but here all num_epochs are "
        "asked for: delete the break.",
        (
            APPEND,
            f'{APPEND}        if epoch and val_loss > min(history["val_loss"]) - 1.0:\n            break\n',
        ),
    ),
    _changed(
        "one_list_for_all",
        "Your three keys share one and the same list, so every number lands in all of them. Write [] three "
        "times: dict.fromkeys(…, []) hands out one list.",
        (HISTORY, '    history = dict.fromkeys(("train_loss", "val_loss", "val_accuracy"), [])\n'),
    ),
    _changed(
        "history_kept_from_call_to_call",
        "Your history outlives the call, so the next training appends to it. A default value such as "
        "history={…} is made once for all calls: make the lists inside the function.",
        (SEED, f"{SEED}    history = train_model.__dict__.setdefault('history', {{}})\n"),
        (HISTORY, ""),
        (APPEND, APPEND.replace('history["', 'history.setdefault("').replace('"]', '", [])')),
    ),
)
HISTORIES = (
    _changed(
        "numbers_instead_of_lists",
        "You store a number, so each epoch overwrites the one before. Make a list for each key, and append.",
        (APPEND, '        history = {"train_loss": train_loss, "val_loss": val_loss, "val_accuracy": '
                 "val_accuracy}\n"),
    ),
    _changed(
        "list_of_epochs",
        "You return a list with a dictionary for each epoch. It is asked for the other way round: one "
        "dictionary with three lists.",
        (HISTORY, "    history = []\n"),
        (APPEND, '        history.append({"train_loss": train_loss, "val_loss": val_loss, "val_accuracy": '
                 "val_accuracy})\n"),
    ),
    _changed(
        "three_lists_without_keys",
        "You return three lists. A dictionary is asked for, with the keys train_loss, val_loss and "
        "val_accuracy.",
        (RETURN, "    return tuple(history.values())\n"),
    ),
    _changed(
        "printed_not_returned",
        "You print the history and hand nothing back, so None arrives. Write return before it.",
        (RETURN, "    print(history)\n"),
    ),
    _changed(
        "model_and_history",
        "You return the model, too. The history alone is asked for; the caller has the model already.",
        (RETURN, "    return model, history\n"),
    ),
    _changed(
        "other_keys",
        "Your keys have other names. They are train_loss, val_loss and val_accuracy, spelled so.",
        (RETURN, '    return {"loss": history["train_loss"], "validation_loss": history["val_loss"], '
                 '"accuracy": history["val_accuracy"]}\n'),
    ),
    _changed(
        "no_val_accuracy",
        "Your history has no val_accuracy. evaluate returns two numbers: append both.",
        (APPEND, APPEND[: APPEND.rindex("        history")]),
        (HISTORY, HISTORY.replace(', "val_accuracy": []', "")),
    ),
    _changed(
        "val_accuracy_left_empty",
        "Your list val_accuracy stays empty. evaluate returns two numbers: append both.",
        (APPEND, APPEND[: APPEND.rindex("        history")]),
    ),
    _changed(
        "val_loss_and_accuracy_swapped",
        "Your val_loss and val_accuracy are exchanged. evaluate returns the loss first.",
        (MEASURE, MEASURE.replace("val_loss, val_accuracy", "val_accuracy, val_loss")),
    ),
    _changed(
        "train_and_val_loss_swapped",
        "Your train_loss and val_loss are exchanged. train_loss holds what train_one_epoch returns.",
        (APPEND, APPEND.replace("(train_loss)", "(x)").replace("(val_loss)", "(train_loss)")
                       .replace("(x)", "(val_loss)")),
    ),
    _changed(
        "both_numbers_in_one_entry",
        "Each entry of your val_loss is the pair that evaluate returns. Take it apart: val_loss, "
        "val_accuracy = evaluate(…).",
        (APPEND, APPEND.replace("(val_loss)", "((val_loss, val_accuracy))")),
    ),
    _changed(
        "accuracy_in_percent",
        "Your accuracy is in percent. evaluate returns a fraction between 0 and 1: append it as it is.",
        (APPEND, APPEND.replace("(val_accuracy)", "(100 * val_accuracy)")),
    ),
    _changed(
        "rounded",
        "You round the numbers, so small progress disappears. Append them as they are, and round where you "
        "print.",
        (APPEND, APPEND.replace("loss)", "loss.__round__(1))")
                       .replace("accuracy)", "accuracy.__round__(1))")),
    ),
    _changed(
        "texts",
        "You append texts, such as f-strings, where plain floats are asked for. Append the numbers, and "
        "format them where you print.",
        (APPEND, APPEND.replace("loss)", 'loss.__format__(".4f"))')
                       .replace("accuracy)", 'accuracy.__format__(".4f"))')),
    ),
    _changed(
        "tensors",
        "You append tensors where plain floats are asked for. The two functions return floats: append them "
        "as they come.",
        (APPEND, APPEND.replace("(train_loss)", "(torch.tensor(train_loss))")
                       .replace("(val_loss)", "(torch.tensor(val_loss))")
                       .replace("(val_accuracy)", "(torch.tensor(val_accuracy))")),
    ),
    _changed(
        "running_means",
        "You append the mean of all epochs so far. Each entry belongs to one epoch: append its own number.",
        (APPEND, APPEND.replace("(train_loss)", '((train_loss + sum(history["train_loss"])) / (epoch + 1))')),
    ),
    _changed(
        "best_so_far",
        "You append the best validation loss so far. Each entry is what this epoch measured: append val_loss "
        "itself.",
        (APPEND, APPEND.replace("(val_loss)", '(min([val_loss, *history["val_loss"]]))')
                       .replace("(val_accuracy)", '(max([val_accuracy, *history["val_accuracy"]]))')),
    ),
    _changed(
        "newest_first",
        "Your lists begin with the last epoch. Append at the end, in the order of the epochs.",
        (RETURN, "    return {key: values[::-1] for key, values in history.items()}\n"),
    ),
)  # fmt: skip
