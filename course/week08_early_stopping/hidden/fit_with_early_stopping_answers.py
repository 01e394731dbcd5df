"""Typical mistakes in fit_with_early_stopping: what stops, what is kept and what is put back."""

from autograder.checks.answers import changed
from autograder.model import Mistake

EXERCISE = "fit_with_early_stopping"
# Most mistakes differ from this right answer in a line or two.
RIGHT = """
def fit_with_early_stopping(model, train_loader, val_loader, criterion, optimizer, max_epochs, patience):
    history = {"train_loss": [], "val_loss": []}
    best_loss, best_state, bad = float("inf"), None, 0
    for epoch in range(max_epochs):
        model.train()
        total, rows, right = 0.0, 0, 0
        for inputs, targets in train_loader:
            optimizer.zero_grad()
            loss = criterion(model(inputs), targets)
            loss.backward()
            optimizer.step()
            total, rows = total + loss.item() * len(targets), rows + len(targets)
        train_loss = total / rows
        model.eval()
        total, rows, right = 0.0, 0, 0
        with torch.no_grad():
            for inputs, targets in val_loader:
                outputs = model(inputs)
                total, rows = total + criterion(outputs, targets).item() * len(targets), rows + len(targets)
        val_loss = total / rows
        history["train_loss"].append(train_loss)
        history["val_loss"].append(val_loss)
        if val_loss < best_loss:
            best_loss, bad = val_loss, 0
            best_state = {name: value.clone() for name, value in model.state_dict().items()}
        else:
            bad += 1
        if bad >= patience:
            break
    if best_state is not None:
        model.load_state_dict(best_state)
    return history
"""
RESTORED = """    if best_state is not None:
        model.load_state_dict(best_state)
"""
COPY = "best_state = {name: value.clone() for name, value in model.state_dict().items()}"
STOPS = """        if bad >= patience:
            break
"""
IMPROVED = "if val_loss < best_loss:"


def _changed(name: str, sentence: str, *changes: tuple[str, str]) -> Mistake:
    return changed(EXERCISE, RIGHT, name, sentence, *changes)


MISTAKES = (
    _changed(
        "last_weights_kept",
        "The run stops in time, but the model still holds the weights of the last epoch, which is patience "
        "epochs past the best. Load the kept copy into `model` after the loop.",
        (RESTORED, ""),
    ),
    _changed(
        "state_kept_by_reference",
        "What you keep holds the very tensors that the optimizer goes on writing into, so your best state is "
        "always the last one. dict(…) and copy.copy share them, too: clone each tensor, or copy.deepcopy.",
        (COPY, "best_state = model.state_dict()"),
    ),
    _changed(
        "best_model_returned_by_a_name",
        "You keep a deep copy of the best model under a name of your own and leave the model that you were "
        "given as it is: the caller still holds the last epoch. Load the copy's state into `model`.",
        (COPY, "import copy; best_model = copy.deepcopy(model); best_state = 1"),
        (RESTORED, "    model = best_model if best_state is not None else model\n"),
    ),
    _changed(
        "best_by_the_training_loss",
        "You watch the training loss, which goes on falling while the net learns by heart. Ask the "
        "validation loss.",
        (IMPROVED, "if train_loss < best_loss:"),
        ("best_loss, bad = val_loss", "best_loss, bad = train_loss"),
    ),
    _changed(
        "patience_counts_batches",
        "You count batches where epochs are asked for, so the run ends too early. Decide once an epoch, "
        "after "
        "the whole validation pass.",
        ("            bad += 1", "            bad += len(list(train_loader))"),
    ),
    _changed(
        "one_epoch_too_patient",
        "You wait one epoch too long. With patience 2 the second bad epoch in a row is the last: compare "
        "with "
        ">=.",
        ("if bad >= patience", "if bad > patience"),
    ),
    _changed(
        "one_epoch_too_hasty",
        "You stop one epoch too early. With patience 2 the second bad epoch in a row is the last one "
        "trained.",
        ("if bad >= patience", "if bad >= patience - 1 and bad > 0"),
    ),
    _changed(
        "count_never_reset",
        "You add up all bad epochs of the run. An improvement starts the count anew: patience counts bad "
        "epochs in a row.",
        ("best_loss, bad = val_loss, 0", "best_loss = val_loss"),
    ),
    _changed(
        "compares_with_the_epoch_before",
        "You compare with the epoch before. A net that climbs out of a valley and slips a little looks "
        "improved that way: compare with the best loss so far.",
        (IMPROVED, "if epoch == 0 or val_loss < history['val_loss'][-2]:"),
    ),
    _changed(
        "never_stops",
        "You go back to the best epoch, but train all max_epochs first. End the loop when patience epochs "
        "brought no improvement.",
        (STOPS, ""),
    ),
    _changed(
        "history_cut_at_the_best_epoch",
        "Your lists end with the best epoch. The epochs after it were trained as well: leave one entry for "
        "each of them.",
        ("    return history", "    keep = len(history['val_loss']) - bad\n"
         "    return {key: values[:keep] for key, values in history.items()}"),
    ),
    _changed(
        "parameters_without_buffers",
        "You put the parameters back but not the buffers: batch norm still has the last epoch's running mean "
        "and variance. model.state_dict() holds both.",
        (COPY, "best_state = [p.detach().clone() for p in model.parameters()]"),
        (RESTORED, "    if best_state is not None:\n        with torch.no_grad():\n"
         "            for p, kept in zip(model.parameters(), best_state):\n                p.copy_(kept)\n"),
    ),
    _changed(
        "validates_in_train_mode",
        "You validate in train mode: dropout still thins the net, batch norm learns from validation rows. "
        "Call model.eval() before the validation.",
        ("        model.eval()\n", ""),
        ("    return history", "    model.eval()\n    return history"),
    ),
    _changed(
        "train_mode_set_once",
        "You call model.train() once, before the first epoch. The validation leaves the model in eval mode, "
        "so all later epochs train there: call it at the start of each epoch.",
        ("        model.train()\n", ""),
        ("    history = {", "    model.train()\n    history = {"),
    ),
    _changed(
        "left_in_train_mode",
        "The best weights are back, but the model is in train mode again: whoever uses it now gets dropout. "
        "End with model.eval().",
        ("    return history", "    model.train()\n    return history"),
    ),
    _changed(
        "restored_inside_the_loop",
        "You go back to the best weights after each bad epoch and train on from there. Train straight on; go "
        "back once, when the run is over.",
        ("            bad += 1\n", "            bad += 1\n            if best_state is not None:\n"
         "                model.load_state_dict(best_state)\n"),
    ),
    _changed(
        "nan_becomes_the_best",
        "You ask whether an epoch is worse, and take everything else for better: nan is never worse, so it "
        "becomes the best. Ask whether it is better: val_loss < best_loss.",
        (IMPROVED, "if not val_loss >= best_loss:"),
    ),
    _changed(
        "first_epoch_always_taken",
        "You take the first loss as the best whatever it is. If it is nan, no later number is below it: "
        "begin "
        "with infinity.",
        (IMPROVED, "if epoch == 0 or val_loss < best_loss:"),
    ),
    _changed(
        "restores_only_when_it_stopped",
        "You put the best weights back only if patience ended the run. A run that reaches max_epochs has a "
        "best epoch, too: restore after the loop in any case.",
        (RESTORED, ""),
        (STOPS, STOPS.replace("            break", "            if best_state is not None:\n"
                              "                model.load_state_dict(best_state)\n            break")),
    ),
    _changed(
        "optimizer_restored_too",
        "You put the optimizer back to the best epoch as well. Its state is to stay as training left it: "
        "load the model's state alone.",
        (COPY, f"{COPY}\n            import copy\n            steps = copy.deepcopy(optimizer.state_dict())"),
        ("        model.load_state_dict(best_state)\n", "        model.load_state_dict(best_state)\n"
         "        optimizer.load_state_dict(steps)\n"),
    ),
    _changed(
        "mean_over_batches_in_validation",
        "Your validation loss is a mean over batches, in which the rows of a small last batch count more. "
        "Weight each batch with its rows.",
        ("criterion(outputs, targets).item() * len(targets), rows + len(targets)",
         "criterion(outputs, targets).item(), rows + 1"),
    ),
    _changed(
        "mean_over_batches_in_training",
        "Your training loss is a mean over batches, in which the rows of a small last batch count more. "
        "Weight each batch with its rows.",
        ("loss.item() * len(targets), rows + len(targets)", "loss.item(), rows + 1"),
    ),
    _changed(
        "means_over_batches",
        "Both losses are means over batches, in which the rows of a small last batch count more. Weight each "
        "batch with its rows, len(targets).",
        ("loss.item() * len(targets), rows + len(targets)", "loss.item(), rows + 1"),
        ("criterion(outputs, targets).item() * len(targets), rows + len(targets)",
         "criterion(outputs, targets).item(), rows + 1"),
    ),
)  # fmt: skip
