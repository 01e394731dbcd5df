"""Rarer mistakes in train_model."""

from functools import partial

from hidden.scenes import PARTS
from hidden.train_model_answers import APPEND, LOOP, MEASURE, RETURN, RIGHT, START, TRAIN
from hidden.train_model_answers import SEED as SEEDED

from autograder.checks.answers import changed

_training = partial(changed, "train_model", PARTS + START + RIGHT)
TRAINED, VALIDATED, COUNTED = APPEND.splitlines(keepends=True)

MISTAKES = (
    _training(
        "seed_between_the_phases",
        "You seed in each epoch, after training: from the second epoch on all orders are the same. Call "
        "torch.manual_seed(seed) once, before the loop.",
        (SEEDED, SEEDED),
        (TRAIN, f"{TRAIN}        torch.manual_seed(seed)\n"),
    ),
    _training(
        "seed_changed",
        "You seed with another number than seed. Call torch.manual_seed(seed), with the seed as it is.",
        (SEEDED, "    torch.manual_seed(seed + 1)\n"),
    ),
    _training(
        "batches_kept_from_the_first_epoch",
        "You walk through the loader once and train on the same batches in every epoch, so their order never "
        "changes. Hand train_loader itself to train_one_epoch.",
        (LOOP, f"    batches = list(train_loader)\n{LOOP}"),
        (TRAIN, TRAIN.replace("train_loader", "batches")),
    ),
    _training(
        "three_epochs_at_most",
        "You stop before all epochs have run. All num_epochs are asked for: delete the break.",
        (APPEND, f"{APPEND}        if epoch == 2:\n            break\n"),
    ),
    _training(
        "last_entries_alone",
        "You return the last numbers alone. Three lists are asked for, with an entry for each epoch.",
        (RETURN, "    return {key: values[-1] if values else None for key, values in history.items()}\n"),
    ),
    _training(
        "means_over_the_epochs",
        "You return means over the epochs. Three lists are asked for, with an entry for each epoch.",
        (RETURN, "    return {k: sum(v) / max(len(v), 1) for k, v in history.items()}\n"),
    ),
    _training(
        "best_entries_alone",
        "You return the best entry of each list. All epochs are asked for, in their order.",
        (RETURN, "    return {key: [min(values)] if values else [] for key, values in history.items()}\n"),
    ),
    _training(
        "val_acc",
        "Your third key has another name. It is val_accuracy, spelled so.",
        ('"val_accuracy"', '"val_acc"'),
    ),
    _training(
        "no_train_loss",
        "Your list train_loss stays empty. train_one_epoch returns a number: append it.",
        (TRAINED, ""),
    ),
    _training(
        "no_val_loss",
        "Your list val_loss stays empty. evaluate returns two numbers: append both.",
        (VALIDATED, ""),
    ),
    _training(
        "val_loss_is_the_training_loss",
        "Your val_loss holds the training loss. Append what evaluate returns first.",
        (VALIDATED, VALIDATED.replace("(val_loss)", "(train_loss)")),
    ),
    _training(
        "val_loss_is_the_accuracy",
        "Your val_loss holds the accuracy. evaluate returns the loss first.",
        (VALIDATED, VALIDATED.replace("(val_loss)", "(val_accuracy)")),
    ),
    _training(
        "accuracy_is_the_loss",
        "Your val_accuracy holds the loss. The accuracy is the second number that evaluate returns.",
        (COUNTED, COUNTED.replace("(val_accuracy)", "(val_loss)")),
    ),
    _training(
        "error_instead_of_accuracy",
        "Your val_accuracy is the fraction of wrong rows. Append what evaluate returns.",
        (COUNTED, COUNTED.replace("(val_accuracy)", "(1 - val_accuracy)")),
    ),
    _training(
        "pairs_with_the_epoch",
        "Your entries are pairs of the epoch and the loss. The place in the list tells the epoch: append the "
        "loss alone.",
        (TRAINED, TRAINED.replace("(train_loss)", "((epoch, train_loss))")),
    ),
    _training(
        "arrays",
        "Your history holds arrays or tensors. Lists are asked for: return them as they are.",
        (RETURN, "    return {key: np.array(values) for key, values in history.items()}\n"),
    ),
    _training(
        "sum_so_far",
        "You append the sum of the losses so far. Each entry belongs to one epoch: append its own number.",
        (TRAINED, TRAINED.replace("(train_loss)", '(train_loss + sum(history["train_loss"][-1:]))')),
    ),
    _training(
        "smoothed",
        "You smooth val_loss. Each entry is what this epoch measured: append it as it is.",
        (VALIDATED, VALIDATED.replace("(val_loss)",
                                      '((val_loss + (history["val_loss"] or [val_loss])[-1]) / 2)')),
    ),
    _training(
        "an_epoch_before_the_loop",
        "You train for an epoch before the loop, so the history begins too late. Each epoch belongs into the "
        "lists.",
        (LOOP, f"    train_one_epoch(model, train_loader, criterion, optimizer)\n{LOOP}"),
    ),
    _training(
        "an_epoch_after_the_loop",
        "You train once more after the loop. num_epochs are asked for, and the last one is measured.",
        (RETURN, f"    train_one_epoch(model, train_loader, criterion, optimizer)\n{RETURN}"),
    ),
    _training(
        "loaders_joined",
        "You join the two loaders and train on both. The validation rows are there to measure with: train on "
        "train_loader alone.",
        ("(model, train_loader, criterion, optimizer)\n        val",
         "(model, [*train_loader, *val_loader], criterion, optimizer)\n        val"),
    ),
    _training(
        "sgd_of_ones_own",
        "You make an optimizer of your own and leave the given one aside, with its rate and its memory. Hand "
        "the given optimizer on.",
        (SEEDED, f"{SEEDED}    optimizer = torch.optim.SGD(model.parameters(), lr=0.1)\n"),
    ),
    _training(
        "weights_frozen_after_validation",
        "You freeze the weights for the validation and never free them again, so the second epoch cannot "
        "train. evaluate switches gradients off and on by itself.",
        (MEASURE, f"{MEASURE}        model.requires_grad_(False)\n"),
    ),
    _training(
        "arguments_in_another_order",
        "You call one of the two functions with other arguments than it takes. They are (model, loader, "
        "criterion, optimizer) for train_one_epoch and (model, loader, criterion) for evaluate.",
        ("(model, train_loader, criterion, optimizer)\n        val",
         "(model, train_loader, optimizer, criterion)\n        val"),
    ),
    _training(
        "yield_instead_of_return",
        "With yield your function becomes a generator, of which nothing runs until somebody walks through "
        "it. Write return.",
        (RETURN, "    yield history\n"),
    ),
)  # fmt: skip
