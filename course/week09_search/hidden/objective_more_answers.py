"""Typical mistakes in objective: reports, pruning, what comes back, seeds and the notebook's names."""

from hidden.objective_answers import (
    ASK,
    EVAL,
    NET,
    REPORT,
    RETURN,
    SEED,
    TRAIN,
    _changed,
)
from hidden.objective_scenes import NAME

from autograder.checks.answers import changed
from autograder.model import Mistake

FIT = """
import optuna
import torch
from utils import FlexibleClassifier, Stop, fit

def objective(trial):
    lr = trial.suggest_float("lr", 1e-4, 1e-1, log=True)
    weight_decay = trial.suggest_float("weight_decay", 1e-5, 1e-2, log=True)
    dropout = trial.suggest_float("dropout", 0.0, 0.5)
    layers = trial.suggest_int("layers", 1, 3)
    losses = []

    def after_epoch(net, epoch, stats):
        losses.append(stats["val_loss"])
        trial.report(stats["val_loss"], epoch)
        if trial.should_prune():
            raise optuna.TrialPruned

    torch.manual_seed(0)
    net = FlexibleClassifier(64, [64] * layers, 10, dropout)
    optimizer = torch.optim.AdamW(net.parameters(), lr=lr, weight_decay=weight_decay)
    fit(net, train_set, val_set, optimizer, EPOCHS, after_epoch=after_epoch)
    return min(losses)
"""


def _fit(name: str, sentence: str, *changes: tuple[str, str]) -> Mistake:
    return changed(NAME, FIT, name, sentence, *changes)


MISTAKES = (
    _fit(
        "training_loss_reported",
        "You report the training loss, which says nothing about new rows. Validation loss: val_loss.",
        ('losses.append(stats["val_loss"])', 'losses.append(stats["train_loss"])'),
        ('trial.report(stats["val_loss"]', 'trial.report(stats["train_loss"]'),
    ),
    _changed(
        "mean_of_batch_means",
        "Your validation loss is a mean over batches, in which the rows of a small last batch count "
        "more. Mean over rows (week 2).",
        ("F.cross_entropy(logits, val_y).item()",
         "sum(F.cross_entropy(a, b).item() for a, b in zip(logits.split(32), val_y.split(32)))"
         " / len(logits.split(32))"),
    ),
    _changed(
        "loss_of_the_last_validation_batch",
        "Your validation loss is that of the last batch alone. Take the mean over all rows of val_set.",
        ("F.cross_entropy(logits, val_y).item()", "F.cross_entropy(logits[32:], val_y[32:]).item()"),
    ),
    _changed(
        "softmax_before_the_loss",
        "You hand probabilities to cross_entropy, which takes logits: softmax is applied twice. Leave "
        "it out.",
        ("logits = net(val_x)", "logits = net(val_x).softmax(1)"),
    ),
    _changed(
        "returns_the_last_loss",
        "You return the last epoch's loss. Over-trained settings then look worse than they were: the "
        "lowest.",
        (RETURN, "    return losses[-1]\n"),
    ),
    _changed(
        "returns_the_mean_loss",
        "You return the mean of the losses. The lowest is asked for: min(losses).",
        (RETURN, "    return sum(losses) / len(losses)\n"),
    ),
    _changed(
        "returns_nothing",
        "Nothing comes back, so the trial fails; what is printed is not returned. End with return "
        "min(losses).",
        (RETURN, ""),
    ),
    _changed(
        "returns_the_list",
        "You return all losses. One number is asked for: min(losses).",
        (RETURN, "    return losses\n"),
    ),
    _changed(
        "returned_in_the_loop",
        "Your return stands inside the loop, so one epoch is trained. Move it out, behind the loop.",
        (ASK, f"{ASK}        return min(losses)\n"),
    ),
    _changed(
        "returns_a_tensor",
        "You return a tensor. A float is asked for: .item().",
        (RETURN, "    return torch.tensor(min(losses))\n"),
    ),
    _changed(
        "never_reported",
        "You report nothing, so no pruner can ever compare this trial: trial.report(val_loss, epoch).",
        (REPORT, ""),
    ),
    _changed(
        "epochs_from_one",
        "Your epochs count from 1. The first one is reported under 0.",
        (REPORT, "        trial.report(losses[-1], epoch + 1)\n"),
    ),
    _changed(
        "always_the_same_step",
        "You report every loss under step 0, and all but the first are ignored: the epoch's number.",
        (REPORT, "        trial.report(losses[-1], 0)\n"),
    ),
    _changed(
        "report_without_a_step",
        "Something in your function is called with too many or too few values: read the error's last "
        "line. The commonest cause here: report takes the loss and the epoch.",
        (REPORT, "        trial.report(losses[-1])\n"),
    ),
    _changed(
        "step_and_loss_exchanged",
        "You report the epoch as the value, under the loss as its step. First the loss, then the epoch.",
        (REPORT, "        trial.report(epoch, losses[-1])\n"),
    ),
    _changed(
        "best_so_far_reported",
        "You report the lowest loss so far. Report each epoch's own loss; the lowest is for the end.",
        (REPORT, "        trial.report(min(losses), epoch)\n"),
    ),
    _changed(
        "reported_per_batch",
        "You report after every batch. Report once an epoch, after its validation.",
        ("            optimizer.step()\n",
         "            optimizer.step()\n            with torch.no_grad():\n"
         "                trial.report(F.cross_entropy(net.eval()(val_x), val_y).item(), epoch)\n"
         "            net.train()\n"),
        (REPORT, ""),
    ),
    _changed(
        "all_reported_at_the_end",
        "You train all epochs first and report then: pruned trials cost as much as whole ones. Report "
        "inside the loop.",
        (REPORT + ASK, ""),
        (RETURN, "    for epoch, loss in enumerate(losses):\n        trial.report(loss, epoch)\n"
         "        if trial.should_prune():\n            raise optuna.TrialPruned\n    return min(losses)\n"),
    ),
    _changed(
        "report_after_the_question",
        "You ask should_prune before you report, so the decision comes an epoch too late, and a pruned "
        "trial misses its last loss. Report first.",
        (REPORT + ASK, ASK + REPORT),
    ),
    _changed(
        "asked_at_the_start_of_the_epoch",
        "You ask should_prune at the start of the next epoch. After the last one nobody asks: ask right "
        "after the report.",
        (ASK, ""),
        (TRAIN, ASK + TRAIN),
    ),
    _changed(
        "never_asked",
        "You report, and never ask: no trial is ever pruned. if trial.should_prune(): raise "
        "optuna.TrialPruned.",
        (ASK, ""),
    ),
    _changed(
        "pruned_loop_broken_off",
        "You end the loop (break, Stop, or an except that catches TrialPruned) and return a loss, so the "
        "study takes a pruned trial for a complete one. Raise optuna.TrialPruned: the error leaves fit, too.",
        (ASK, "        if trial.should_prune():\n            break\n"),
    ),
    _changed(
        "error_swallowed",
        "A trial that should be pruned goes on: TrialPruned is made and not raised (return only leaves "
        "after_epoch, or nothing in place of raise), or an except catches it again. Raise it, leave try out.",
        (ASK, "        try:\n            if trial.should_prune():\n                raise optuna.TrialPruned\n"
         "        except Exception:\n            pass\n"),
    ),
    _changed(
        "another_error_raised",
        "You end a pruned trial with another error, and the study takes it for a failure: raise "
        "optuna.TrialPruned.",
        ("raise optuna.TrialPruned", "raise ValueError"),
    ),
    _changed(
        "question_without_brackets",
        "You write should_prune without brackets. A method is always true, so every trial is pruned: "
        "should_prune().",
        ("trial.should_prune()", "trial.should_prune"),
    ),
    _changed(
        "pruned_when_worse",
        "You prune by a rule of your own. The study's pruner decides: ask trial.should_prune().",
        ("if trial.should_prune():", "if len(losses) > 1 and losses[-1] > losses[-2]:"),
    ),
    _changed(
        "first_epochs_never_pruned",
        "You ask from the second epoch on. How long to wait is the pruner's business: ask in every "
        "epoch.",
        ("if trial.should_prune():", "if epoch > 0 and trial.should_prune():"),
    ),
    _changed(
        "last_epoch_never_pruned",
        "You do not ask in the last epoch. Ask in every epoch, whatever its number.",
        ("if trial.should_prune():", "if epoch < EPOCHS - 1 and trial.should_prune():"),
    ),
    _changed(
        "no_seed",
        "Two trials with equal values get different nets, and the study takes luck for a better "
        "setting. torch.manual_seed(0) first; NumPy's seed does not reach torch.",
        (SEED, ""),
    ),
    _changed(
        "another_seed",
        "You seed with another number than 0. The task says torch.manual_seed(0), for all trials.",
        (SEED, SEED.replace("(0)", "(1)")),
    ),
    _changed(
        "number_of_the_trial_as_seed",
        "trial.number is another one in each trial, so equal values give other losses. torch.manual_seed(0).",
        (SEED, SEED.replace("(0)", "(trial.number)")),
    ),
    _changed(
        "seed_after_the_net",
        "You seed after the net is made, so its weights still differ from call to call. Seed first.",
        (SEED, ""),
        (NET, NET + SEED),
    ),
    _changed(
        "fixed_number_of_epochs",
        "You train ten epochs whatever EPOCHS is. Use the notebook's name: range(EPOCHS).",
        ("range(EPOCHS)", "range(10)"),
    ),
    _changed(
        "epochs_as_a_default",
        "A default like epochs=EPOCHS is read once, when objective is defined. Read EPOCHS inside.",
        ("def objective(trial):", "EPOCHS = 6\n\ndef objective(trial, epochs=EPOCHS):"),
        ("range(EPOCHS)", "range(epochs)"),
    ),
    _changed(
        "loaders_made_outside",
        "Your rows are fetched once, outside objective, and so are not those of train_set and val_set "
        "when it is called. Fetch them inside.",
        ("def objective", "old = [torch.ones(50, 64), torch.zeros(50, dtype=torch.int64)]\n\ndef objective"),
        ("(x, y), (val_x, val_y) = train_set.tensors, val_set.tensors", "(x, y), (val_x, val_y) = old, old"),
    ),
    _changed(
        "net_made_outside",
        "Your net is made once, outside objective, so that each trial goes on with the last one's "
        "weights. Make it inside, from the suggested values.",
        ("def objective", "kept = torch.nn.Linear(64, 10)\n\ndef objective"),
        (NET, "    net = kept\n"),
    ),
    _changed(
        "test_set_as_validation",
        "You judge settings by test_set: the best of many is then chosen on the test rows, and nothing "
        "is left to judge it. val_set.",
        ("train_set.tensors, val_set.tensors", "train_set.tensors, test_set.tensors"),
    ),
    _changed(
        "test_loss_watched_too",
        "You look at test_set during the search. It stays shut until the very end.",
        (EVAL, f"{EVAL}        F.cross_entropy(net(test_set.tensors[0]), test_set.tensors[1])\n"),
    ),
    _changed(
        "validates_on_the_training_rows",
        "You validate on the training rows. val_set is asked for.",
        ("train_set.tensors, val_set.tensors", "train_set.tensors, train_set.tensors"),
    ),
    _changed(
        "rows_exchanged",
        "train_set and val_set have changed places: you train on the validation rows. Turn them round.",
        ("train_set.tensors, val_set.tensors", "val_set.tensors, train_set.tensors"),
    ),
    _changed(
        "trains_on_the_validation_rows",
        "You train on the validation rows, too: their loss is then no test of anything. train_set "
        "alone.",
        ("    for epoch in range(EPOCHS):\n",
         "    x, y = torch.cat([x, val_x]), torch.cat([y, val_y])\n    for epoch in range(EPOCHS):\n"),
    ),
    _changed(
        "a_global_changed",
        "You assign to a name of the notebook (global). Read EPOCHS, and leave it as it is.",
        ("    losses = []\n", "    global EPOCHS\n    losses, EPOCHS = [], EPOCHS + 0.0\n"),
        ("range(EPOCHS)", "range(int(EPOCHS))"),
    ),
    _changed(
        "rows_scaled_in_place",
        "You change the rows of train_set in place, so each trial meets other ones. Make new tensors.",
        ("    losses = []\n", "    losses = []\n    train_set.tensors[0].mul_(16)\n"),
    ),
)  # fmt: skip
