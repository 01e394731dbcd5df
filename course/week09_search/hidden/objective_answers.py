"""Typical mistakes in objective: what is suggested, what is trained, and what comes back."""

from hidden.objective_scenes import NAME, RIGHT

from autograder.checks.answers import changed
from autograder.model import Mistake

LR = 'trial.suggest_float("lr", 1e-4, 1e-1, log=True)'
DECAY = 'trial.suggest_float("weight_decay", 1e-5, 1e-2, log=True)'
DROPOUT = 'trial.suggest_float("dropout", 0.0, 0.5)'
LAYERS = 'trial.suggest_int("layers", 1, 3)'
NET = "    net = FlexibleClassifier(64, [64] * layers, 10, dropout)\n"
SEED = "    torch.default_generator.manual_seed(0)\n"
REPORT = "        trial.report(losses[-1], epoch)\n"
ASK = "        if trial.should_prune():\n            raise optuna.TrialPruned\n"
LOSS = "        losses.append(F.cross_entropy(logits, val_y).item())\n"
EVAL = "        net.eval()\n"
TRAIN = "        net.train()\n"
RETURN = "    return min(losses)\n"
OPTIMIZER = "torch.optim.AdamW(net.parameters(), lr=lr, weight_decay=weight_decay, fused=True)"
ACCURACY = "        right = (logits.argmax(1) == val_y).float().mean().item()\n"


def _changed(name: str, sentence: str, *changes: tuple[str, str]) -> Mistake:
    return changed(NAME, RIGHT, name, sentence, *changes)


MISTAKES = (
    _changed(
        "no_log_scale",
        "Both rates are drawn evenly: nine of ten fall into the largest decade, and small ones are "
        "hardly tried. Give log=True.",
        (LR, LR.replace(", log=True", "")),
        (DECAY, DECAY.replace(", log=True", "")),
    ),
    _changed(
        "log_for_the_learning_rate_alone",
        "The learning rate has its log scale, the weight decay has none. Its range spans three decades, "
        "too.",
        (DECAY, DECAY.replace(", log=True", "")),
    ),
    _changed(
        "layers_categorical",
        "Your layers are categories, of which a search cannot know that 2 lies between 1 and 3. A whole "
        'number has an order: trial.suggest_int("layers", 1, 3).',
        (LAYERS, 'trial.suggest_categorical("layers", [1, 2, 3])'),
    ),
    _changed(
        "layers_as_a_float",
        "Your layers are drawn as a float and then cut off, so that three layers are never tried. Whole "
        "numbers: suggest_int.",
        (LAYERS, 'int(trial.suggest_float("layers", 1, 3))'),
    ),
    _changed(
        "dropout_in_steps",
        "Your dropout has a step, so only a few values are ever tried. The task names none: leave step "
        "out.",
        (DROPOUT, 'trial.suggest_float("dropout", 0.0, 0.5, step=0.1)'),
    ),
    _changed(
        "dropout_on_a_log_scale",
        "Your dropout has a log scale and so cannot start at 0. From 0 to 0.5 is one even range: no "
        "log.",
        (DROPOUT, 'trial.suggest_float("dropout", 1e-3, 0.5, log=True)'),
    ),
    _changed(
        "layers_from_zero",
        "Your layers start at 0: a net without any hidden layer. The range is 1 to 3.",
        (LAYERS, 'trial.suggest_int("layers", 0, 3)'),
    ),
    _changed(
        "engine_range_for_the_rate",
        "Your learning rate starts at 1e-5. Here its range is 1e-4 to 1e-1.",
        (LR, 'trial.suggest_float("lr", 1e-5, 1e-1, log=True)'),
    ),
    _changed(
        "exponent_suggested",
        'You suggest the exponent of the learning rate and raise it yourself. Suggest "lr" itself, from '
        "1e-4 to 1e-1, with log=True.",
        (LR, '10 ** trial.suggest_float("lr", -4, -1)'),
    ),
    _changed(
        "another_name_for_the_rate",
        'Your rate is suggested under another name than "lr". A study knows parameters by their names.',
        (LR, 'trial.suggest_float("learning_rate", 1e-4, 1e-1, log=True)'),
    ),
    _changed(
        "one_name_for_each_layer",
        "You suggest a parameter for each layer in a loop, with a number in its name. One is enough: "
        "the number of layers.",
        (NET, '    for i in range(layers):\n        trial.suggest_int(f"width_{i}", 32, 128)\n' + NET),
    ),
    _changed(
        "batch_size_searched_too",
        "You search the batch size, too. Four names are asked for; batches have 32 rows.",
        (NET, '    trial.suggest_categorical("batch_size", [16, 32, 64])\n' + NET),
    ),
    _changed(
        "layers_not_used",
        "You suggest the number of layers and always build two. Use it: [64] * layers.",
        ("[64] * layers", "[64, 64]"),
    ),
    _changed(
        "layers_as_widths",
        "Your hidden widths are a list with the number of layers in it. [64] * layers repeats the "
        "width.",
        ("[64] * layers", "[64, layers]"),
    ),
    _changed(
        "dropout_not_used",
        "You suggest dropout and build the net without it. Hand it on as the fourth argument.",
        ("10, dropout)", "10, 0.0)"),
    ),
    _changed(
        "adam",
        "Adam's weight_decay is added to the gradient and means something else (week 6). AdamW is asked "
        "for.",
        ("optim.AdamW", "optim.Adam"),
    ),
    _changed(
        "sgd",
        "You train with SGD. AdamW is asked for: torch.optim.AdamW.",
        ("optim.AdamW", "optim.SGD"),
    ),
    _changed(
        "decay_not_used",
        "You suggest weight_decay and never use it: AdamW then takes its own, 0.01. Hand it on.",
        (OPTIMIZER, "torch.optim.AdamW(net.parameters(), lr=lr)"),
    ),
    _changed(
        "rate_not_used",
        "You suggest lr and never use it: AdamW then takes its own, 0.001. Hand it on.",
        (OPTIMIZER, "torch.optim.AdamW(net.parameters(), weight_decay=weight_decay)"),
    ),
    _changed(
        "rates_exchanged",
        "Rate and decay have changed places in your optimizer. Name them: lr=lr, "
        "weight_decay=weight_decay.",
        (OPTIMIZER, "torch.optim.AdamW(net.parameters(), lr=weight_decay, weight_decay=lr)"),
    ),
    _changed(
        "new_optimizer_in_each_epoch",
        "You make a new optimizer in each epoch, and it forgets its averages. Make it once, before the "
        "loop.",
        (TRAIN, f"        optimizer = {OPTIMIZER}\n{TRAIN}"),
    ),
    _changed(
        "gradients_never_cleared",
        "You never clear the gradients, so each step adds up all earlier ones: optimizer.zero_grad().",
        ("            optimizer.zero_grad()\n", ""),
    ),
    _changed(
        "no_step",
        "You compute gradients and never use them: optimizer.step() is missing, so nothing is trained.",
        ("            optimizer.step()\n", ""),
    ),
    _changed(
        "no_eval_mode",
        "You validate in train mode, with dropout at work: the losses are those of a thinned net. "
        "net.eval() before each validation.",
        (EVAL, ""),
    ),
    _changed(
        "no_train_mode_again",
        "After the first validation your net stays in eval mode, so dropout is off from then on. "
        "net.train() at the start of each epoch.",
        (f"    for epoch in range(EPOCHS):\n{TRAIN}", "    net.train()\n    for epoch in range(EPOCHS):\n"),
    ),
    _changed(
        "whole_set_in_one_batch",
        "Your batches are larger than 32 rows (all in one, or 64). Batches of 32 are asked for: more "
        "steps an epoch.",
        (".split(32)", ".split(100_000)"),
    ),
    _changed(
        "last_batch_dropped",
        "You leave out the last, smaller batch. Each epoch trains on all rows: no drop_last.",
        ("        for rows in torch.randperm(len(x)).split(32):\n",
         "        for rows in torch.randperm(len(x))[: len(x) // 32 * 32].split(32):\n"),
    ),
    _changed(
        "accuracy_reported_and_returned",
        "You report and return accuracies, and a study that minimizes looks for the worst net. Losses "
        "are asked for.",
        (LOSS, f"{ACCURACY}        losses.append(right)\n"),
    ),
    _changed(
        "accuracy_reported_and_the_highest_returned",
        "You report and return accuracies, and the study minimizes: it would look for the worst net. Report "
        "and return losses.",
        (LOSS, f"{ACCURACY}        losses.append(right)\n"),
        (RETURN, "    return max(losses)\n"),
    ),
    _changed(
        "accuracy_returned",
        "You report losses, and return the best accuracy: the study minimizes it. Return min(losses).",
        (LOSS, f"{LOSS}{ACCURACY}        best = max(best, right)\n"),
        ("    losses = []\n", "    losses, best = [], 0.0\n"),
        (RETURN, "    return best\n"),
    ),
    _changed(
        "accuracy_reported",
        "You return a loss, and report accuracies: a pruner of a study that minimizes ends the best "
        "trials. Report the loss.",
        (REPORT, f"{ACCURACY}        trial.report(right, epoch)\n"),
    ),
    _changed(
        "negative_loss",
        "You turn the sign of the loss. The study minimizes already: report and return the loss itself.",
        (LOSS, "        losses.append(-F.cross_entropy(logits, val_y).item())\n"),
    ),
)  # fmt: skip
