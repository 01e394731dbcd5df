"""Typical mistakes in the mode, the loop and the tools of train_one_epoch."""

from autograder.model import Mistake

BATCH = """
        optimizer.zero_grad()
        loss = criterion(model(inputs), targets)
        loss.backward()
        optimizer.step()
        total += loss.item() * len(targets)
        rows += len(targets)
"""


def _loop(
    name: str,
    sentence: str,
    *start: str,
    loop: str = "for inputs, targets in loader:",
    end: str = "",
) -> Mistake:
    """Return a mistake that begins with the lines `start`; its loop is otherwise right."""
    lines = "\n    ".join(("total, rows = 0.0, 0", *start))
    last = f"    {end}\n" if end else ""
    head = f"\ndef train_one_epoch(model, loader, criterion, optimizer):\n    {lines}\n    {loop}"
    return Mistake("train_one_epoch", name, sentence, f"{head}{BATCH}{last}    return total / rows\n")


MISTAKES = (
    _loop(
        "no_train_mode",
        "Your batches run in eval mode if the model comes from a validation: its dropout stays off. Call "
        "model.train() before the loop, with brackets; model.training = True does not reach the layers.",
    ),
    _loop(
        "eval_mode",
        "You switch to eval mode, which turns dropout off and freezes the means of batch norm. An epoch of "
        "training begins with model.train().",
        "model.eval()",
    ),
    Mistake(
        "train_one_epoch",
        "train_mode_from_the_second_batch_on",
        "Your model.train() stands behind the first batch, which runs in eval mode then. Call it before the "
        "loop.",
        f"""
def train_one_epoch(model, loader, criterion, optimizer):
    total, rows = 0.0, 0
    for inputs, targets in loader:{BATCH}        model.train()
    return total / rows
""",
    ),
    _loop(
        "last_batch_left_out",
        "You leave the last batch out. Small batches count, too: go through all of them.",
        "model.train()",
        loop="for inputs, targets in list(loader)[:-1] or list(loader):",
    ),
    _loop(
        "epoch_twice",
        "You walk through the loader twice. One epoch is one walk: delete the outer loop.",
        "model.train()",
        loop="for inputs, targets in [*loader, *loader]:",
    ),
    _loop(
        "rows_counted_in_a_walk_before",
        "You walk through the loader, or look at its first batch, before the loop: from a loader that can be "
        "walked only once, that is gone then. Count and look while you train.",
        "model.train()",
        "count = sum(len(targets) for _, targets in loader)",
        end="rows = count",
    ),
    _loop(
        "length_of_the_loader_needed",
        "You ask for len(loader), which not every loader has. Walk through it with for, and count as you go.",
        "model.train()",
        "batches = len(loader)",
    ),
    _loop(
        "batches_by_number",
        "You pick the batches by their number, loader[i]. A DataLoader has no numbers: write for inputs, "
        "targets in loader.",
        "model.train()",
        loop="for inputs, targets in (loader[i] for i in range(len(loader))):",
    ),
    _loop(
        "optimizer_of_ones_own",
        "You make an optimizer of your own and leave the given one aside, with its rate and its memory. Step "
        "with the optimizer that you are given.",
        "model.train()",
        "optimizer = torch.optim.SGD(model.parameters(), lr=0.2)",
    ),
    _loop(
        "adam_of_ones_own",
        "You make a new Adam in each epoch and leave the given optimizer aside. Step with the one that you "
        "are given.",
        "model.train()",
        "optimizer = torch.optim.Adam(model.parameters(), lr=0.02)",
    ),
    _loop(
        "same_class_of_optimizer_made_anew",
        "You make the optimizer anew, with the same rate: what it remembers from the epochs before is lost. "
        "Step with the one that you are given.",
        "model.train()",
        "optimizer = type(optimizer)(model.parameters(), **{k: v for k, v in optimizer.defaults.items() "
        "if k in ('lr', 'momentum', 'betas')})",
    ),
    _loop(
        "copy_of_the_model",
        "You train a copy, and the model that you were given stays as it was. Work with the model itself.",
        "import copy",
        "model = copy.deepcopy(model)",
        "model.train()",
    ),
    Mistake(
        "train_one_epoch",
        "step_by_hand",
        "You move the weights yourself, by rate times gradient. Momentum and Adam do more than that: call "
        "optimizer.step().",
        """
def train_one_epoch(model, loader, criterion, optimizer):
    model.train()
    total, rows = 0.0, 0
    for inputs, targets in loader:
        model.zero_grad()
        loss = criterion(model(inputs), targets)
        loss.backward()
        with torch.no_grad():
            for parameter in model.parameters():
                parameter -= optimizer.param_groups[0]["lr"] * parameter.grad
        total += loss.item() * len(targets)
        rows += len(targets)
    return total / rows
""",
    ),
    Mistake(
        "train_one_epoch",
        "backward_on_the_running_sum",
        "You go backward from the sum over all batches, whose first graphs are gone after the first step. "
        "Call backward() on the loss of this batch, and add up its .item().",
        """
def train_one_epoch(model, loader, criterion, optimizer):
    model.train()
    total, rows = 0.0, 0
    for inputs, targets in loader:
        optimizer.zero_grad()
        total = total + criterion(model(inputs), targets)
        total.backward()
        optimizer.step()
        rows += len(targets)
    return total.item() / rows
""",
    ),
    Mistake(
        "train_one_epoch",
        "sample_by_sample",
        "You step for every single row. One step for each batch is asked for: hand the whole batch to the "
        "model.",
        """
def train_one_epoch(model, loader, criterion, optimizer):
    model.train()
    total, rows = 0.0, 0
    for inputs, targets in loader:
        for x, y in zip(inputs, targets):
            optimizer.zero_grad()
            loss = criterion(model(x[None]), y[None])
            loss.backward()
            optimizer.step()
            total += loss.item()
            rows += 1
    return total / rows
""",
    ),
    Mistake(
        "train_one_epoch",
        "all_batches_as_one",
        "You put all batches together and step once. One step for each batch is asked for: that is what "
        "batches are for.",
        """
def train_one_epoch(model, loader, criterion, optimizer):
    model.train()
    inputs, targets = (torch.cat(part) for part in zip(*loader))
    optimizer.zero_grad()
    loss = criterion(model(inputs), targets)
    loss.backward()
    optimizer.step()
    return loss.item()
""",
    ),
    Mistake(
        "train_one_epoch",
        "ready_made_loop",
        "The numbers are right where utils.train_model can be used, but writing the loop is the exercise: "
        "with a ready-made one you keep at most half of the marks.",
        """
import utils

def train_one_epoch(model, loader, criterion, optimizer):
    history = utils.train_model(model, loader, loader, criterion, optimizer, num_epochs=1, verbose=False)
    return history["train_loss"][0]
""",
    ),
)
