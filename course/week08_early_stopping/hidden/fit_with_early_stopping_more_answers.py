"""Typical mistakes in fit_with_early_stopping: loops, loaders, what comes back, and ready-made parts."""

from hidden.fit_with_early_stopping_answers import EXERCISE, IMPROVED, RIGHT, STOPS

from autograder.checks.answers import changed
from autograder.model import Mistake

ENGINE = """
from utils import Stop, train_model

class EarlyStopping:
    def __init__(self, patience=5, min_delta=0.0):
        self.patience, self.min_delta, self.bad, self.seen = patience, min_delta, 0, 0
        self.best_loss, self.best_epoch, self.best_state = math.inf, None, None

    def step(self, loss, model=None):
        self.bad += 1
        if loss < self.best_loss - self.min_delta:
            self.best_loss, self.best_epoch, self.bad = float(loss), self.seen, 0
            if model is not None:
                self.best_state = {name: value.clone() for name, value in model.state_dict().items()}
        self.seen += 1
        return self.bad >= self.patience

def fit_with_early_stopping(model, train_loader, val_loader, criterion, optimizer, max_epochs, patience):
    stopper = EarlyStopping(patience)

    def after_epoch(net, epoch, stats):
        return Stop if stopper.step(stats["val_loss"], net) else None

    history = train_model(model, train_loader, val_loader, criterion, optimizer,
                          num_epochs=max_epochs, after_epoch=after_epoch, verbose=False)
    if stopper.best_state is not None:
        model.load_state_dict(stopper.best_state)
    return history
"""
START = "    history = {"
RETURN = "    return history"


def _changed(name: str, sentence: str, *changes: tuple[str, str]) -> Mistake:
    return changed(EXERCISE, RIGHT, name, sentence, *changes)


def _engine(name: str, sentence: str, *changes: tuple[str, str]) -> Mistake:
    return changed(EXERCISE, ENGINE, name, sentence, *changes)


MISTAKES = (
    _engine(
        "answers_with_a_text",
        "Some value in your function is not allowed where it stands: read the error's last line. The "
        'commonest cause here: after_epoch answers "Stop", a text. It should be Stop itself, from utils.',
        ('return Stop if stopper.step(stats["val_loss"], net) else None',
         'return "Stop" if stopper.step(stats["val_loss"], net) else None'),
    ),
    _engine(
        "answers_with_true",
        "Your after_epoch hands on the True or False of step. The engine asks for Stop, or for nothing.",
        ('return Stop if stopper.step(stats["val_loss"], net) else None',
         'return stopper.step(stats["val_loss"], net)'),
    ),
    _engine(
        "step_without_the_model",
        "Something in your function is of the wrong kind, or is called with too many or too few values: read "
        "the error's last line. The commonest cause here: step gets the loss alone, so best_state is "
        "None, which cannot be loaded. Give it the model, too.",
        ('stopper.step(stats["val_loss"], net)', 'stopper.step(stats["val_loss"])'),
        ("    if stopper.best_state is not None:\n        model", "    model"),
    ),
    _engine(
        "best_state_loaded_unasked",
        "Where every loss is nan, no epoch is the best and best_state is None, which cannot be loaded. Ask "
        "before you load.",
        ("    if stopper.best_state is not None:\n        model", "    model"),
    ),
    _engine(
        "patience_of_the_class_not_set",
        "You make EarlyStopping() with its default patience of 5. Hand it the patience that is given.",
        ("EarlyStopping(patience)", "EarlyStopping()"),
    ),
    _engine(
        "name_with_a_space",
        "Something is asked for an entry that is not there: read the error's last line. The engine calls its "
        'numbers with underscores, stats["val_loss"].',
        ('stats["val_loss"]', 'stats["validation loss"]'),
    ),
    _engine(
        "fit_takes_no_loaders",
        "Something in your function is asked for a name that it does not have: read the error's last line. "
        "The commonest cause here: fit takes tensors, not loaders. train_model takes loaders.",
        ("import Stop, train_model", "import Stop, fit"),
        ("train_model(model, train_loader, val_loader, criterion, optimizer,\n"
         "                          num_epochs=max_epochs, after_epoch=after_epoch, verbose=False)",
         "fit(model, train_loader, val_loader, optimizer, max_epochs, after_epoch=after_epoch)"),
    ),
    _changed(
        "patience_from_the_start",
        "You count the patience from the start of the run. It counts epochs in a row without improvement.",
        ("if bad >= patience", "if epoch + 1 >= patience"),
    ),
    _changed(
        "equal_counts_as_better",
        "You take an equal loss for an improvement, so a flat curve trains for ever. Compare with <.",
        (IMPROVED, "if val_loss <= best_loss:"),
    ),
    _changed(
        "one_epoch_too_many",
        "You train one epoch more than max_epochs allows: range(max_epochs) has max_epochs numbers.",
        ("range(max_epochs)", "range(max_epochs + 1)"),
    ),
    _changed(
        "loaders_exchanged",
        "You train on the validation rows and validate on the training rows. Exchange the two loaders.",
        ("for inputs, targets in train_loader", "for inputs, targets in OTHER_loader"),
        ("for inputs, targets in val_loader", "for inputs, targets in train_loader"),
        ("OTHER_loader", "val_loader"),
    ),
    _changed(
        "trains_on_the_validation_rows_too",
        "You update the weights in the validation pass, too. There you only measure: no backward, no step.",
        ("        with torch.no_grad():\n", "        if True:\n"),
        ("                outputs = model(inputs)\n", "                outputs = model(inputs)\n          "
         "      "
         "optimizer.zero_grad(); criterion(outputs, targets).backward(); optimizer.step()\n"),
    ),
    _changed(
        "gradients_never_cleared",
        "You never clear the gradients, so each step adds up all earlier ones. Call optimizer.zero_grad() "
        "for each batch.",
        ("            optimizer.zero_grad()\n", ""),
    ),
    _changed(
        "no_step",
        "You compute gradients and never use them: optimizer.step() is missing, so nothing is trained.",
        ("            optimizer.step()\n", ""),
    ),
    _changed(
        "optimizer_of_ones_own",
        "You make an optimizer of your own and leave the given one aside. Use the given one as it is.",
        (START, "    optimizer = torch.optim.Adam(model.parameters(), lr=0.01)\n    history = {"),
    ),
    _changed(
        "sums_instead_of_means",
        "Your losses are sums over all rows. Divide by the number of rows.",
        ("train_loss = total / rows", "train_loss = total"),
        ("val_loss = total / rows", "val_loss = total"),
    ),
    _changed(
        "loss_of_the_last_batch",
        "Your training loss is that of each epoch's last batch. Take the mean over all rows of the epoch.",
        ("train_loss = total / rows", "train_loss = loss.item()"),
    ),
    _changed(
        "training_loss_measured_again",
        "You measure the training loss after the epoch, in eval mode. As in week 2 it is the mean of the "
        "losses "
        "on the way.",
        ("        model.eval()\n", "        model.eval()\n        with torch.no_grad():\n            "
         "train_loss = sum("
         "criterion(model(x), y).item() * len(y) for x, y in train_loader) / rows\n"),
    ),
    _changed(
        "tensors_in_the_lists",
        "Your lists hold tensors, or are arrays. Lists of plain floats are asked for: .item(), .tolist().",
        ('history["val_loss"].append(val_loss)', 'history["val_loss"].append(torch.tensor(val_loss))'),
    ),
    _changed(
        "returns_nothing",
        "Nothing comes back: the history is made but not handed out. End with return history.",
        (RETURN, "    pass"),
    ),
    _changed(
        "returns_the_model",
        "You return the model. The caller has it already: return the history.",
        (RETURN, "    return model"),
    ),
    _engine(
        "optimizer_not_handed_on",
        "You do not hand the optimizer on, so train_model makes one of its own. Use the given one.",
        ("criterion, optimizer,\n", "criterion,\n"),
    ),
    _engine(
        "max_epochs_not_handed_on",
        "You do not hand max_epochs on, so train_model trains up to its usual 30 epochs: "
        "num_epochs=max_epochs.",
        ("num_epochs=max_epochs, ", ""),
    ),
    _changed(
        "no_train_mode",
        "You never call model.train(), so the model trains in the mode that it happens to be in: call it at "
        "the start of each epoch.",
        ("        model.train()\n", ""),
    ),
    _changed(
        "no_eval_mode",
        "You never call model.eval(): you validate, and hand the model back, in train mode. Call it before "
        "each validation.",
        ("        model.eval()\n", ""),
    ),
    _changed(
        "total_not_divided",
        "Your training loss is a sum over all rows. Divide by the number of rows.",
        ("train_loss = total / rows", "train_loss = total"),
    ),
    _changed(
        "returns_model_and_history",
        "You return the model and the history. The history alone is asked for; the model is changed in "
        "place.",
        (RETURN, "    return model, history"),
    ),
    _changed(
        "later_of_equal_losses_kept",
        "Of equal losses you keep the later weights. An equal loss is no improvement: the first ones stay.",
        ("            bad += 1\n", "            bad += 1\n            if val_loss == best_loss:\n"
         "                best_state = {k: value.clone() for k, value in model.state_dict().items()}\n"),
    ),
    _changed(
        "margin_asked_for",
        "You ask for a loss that is lower by some margin. Here min_delta is 0: any lower loss counts.",
        (IMPROVED, "if val_loss < best_loss - 1e-4:"),
    ),
    _changed(
        "returns_history_and_model",
        "You return the history and the model. The history alone is asked for; the model is changed in "
        "place.",
        (RETURN, "    return history, model"),
    ),
    _changed(
        "other_names_in_the_history",
        "The lists of your history have other names. They are called train_loss and val_loss.",
        (RETURN, "    return {'train': history['train_loss'], 'val': history['val_loss']}"),
    ),
    _changed(
        "returned_inside_the_loop",
        "Your return stands inside the loop, so one epoch is trained. Move it out, behind the loop.",
        (STOPS, f"{STOPS}        return history\n"),
    ),
)  # fmt: skip
