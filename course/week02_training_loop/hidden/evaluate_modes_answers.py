"""Typical mistakes in the two switches of evaluate, in its criterion and in its loop."""

from autograder.model import Mistake

BATCH = """
        for inputs, labels in loader:
            outputs = model(inputs)
            total += criterion(outputs, labels).item() * len(labels)
            right += (outputs.argmax(dim=1) == labels).sum().item()
            rows += len(labels)
"""


def _switch(
    name: str,
    sentence: str,
    *start: str,
    off: str = "with torch.no_grad():",
    body: str = BATCH,
    end: str = "pass",
) -> Mistake:
    """Return a mistake that begins with the lines `start`; `end` stands before the return."""
    lines = "\n    ".join(("total, right, rows = 0.0, 0, 0", *start))
    source = f"\ndef evaluate(model, loader, criterion):\n    {lines}\n    {off}{body}    {end}\n"
    return Mistake("evaluate", name, sentence, f"{source}    return total / rows, right / rows\n")


def _batch(name: str, sentence: str, old: str, new: str) -> Mistake:
    """Return a mistake with one line of the loop changed."""
    return _switch(name, sentence, "model.eval()", body=BATCH.replace(old, new))


SWITCHES = (
    _switch(
        "no_eval_mode",
        "Your batches run in train mode: dropout goes on at random, and batch norm learns from the "
        "validation rows. no_grad() does not stop them, nor does model.training = False: call model.eval() "
        "before the loop.",
    ),
    _switch(
        "train_mode",
        "You call model.train(), which switches dropout on. For measuring begin with model.eval().",
        "model.train()",
    ),
    _switch(
        "eval_mode_after_the_loop",
        "You call model.eval() when the batches are over. Call it before the loop.",
        end="model.eval()",
    ),
    _switch(
        "eval_mode_from_the_second_batch_on",
        "Your model.eval() stands behind the first batch, which runs in train mode then. Call it before the "
        "loop.",
        body=f"{BATCH}            model.eval()\n",
    ),
    _switch(
        "train_mode_again_in_the_loop",
        "You switch back to train mode inside the loop, so only the first batch is measured in eval mode. "
        "Do that behind the loop, or not at all.",
        "model.eval()",
        body=f"{BATCH}            model.train()\n",
    ),
    _switch(
        "gradients_on",
        "You leave gradients on: torch builds a graph for every batch. Put the loop inside `with "
        "torch.no_grad():`; without `with`, torch.no_grad() does nothing.",
        "model.eval()",
        off="if True:",
    ),
    _switch(
        "neither_switch",
        "Both switches are missing: model.eval() for the layers, and `with torch.no_grad():` for torch. "
        "Neither does the other's work.",
        off="if True:",
    ),
    _switch(
        "gradients_stay_off",
        "You switch gradients off and never on again, so the next epoch of training cannot go backward. Use "
        "`with torch.no_grad():`, which puts things back.",
        "model.eval()",
        "torch.set_grad_enabled(False)",
        off="if True:",
    ),
    _switch(
        "weights_frozen",
        "You freeze the weights with requires_grad_(False) and leave them frozen, so no later epoch can "
        "train them. Use `with torch.no_grad():`.",
        "model.eval()",
        "model.requires_grad_(False)",
        off="if True:",
    ),
    Mistake(
        "evaluate",
        "backward_called",
        "You call backward() while you measure, which fills the gradients of the weights. Validation teaches "
        "nothing: leave it out, and put the loop inside `with torch.no_grad():`.",
        """
def evaluate(model, loader, criterion):
    model.eval()
    total, right, rows = 0.0, 0, 0
    for inputs, labels in loader:
        outputs = model(inputs)
        loss = criterion(outputs, labels)
        loss.backward()
        total += loss.item() * len(labels)
        right += (outputs.argmax(dim=1) == labels).sum().item()
        rows += len(labels)
    return total / rows, right / rows
""",
    ),
    Mistake(
        "evaluate",
        "trains",
        "You train on the validation rows: the weights move. Leave backward() and the step out, and put the "
        "loop inside `with torch.no_grad():`.",
        """
def evaluate(model, loader, criterion):
    optimizer = torch.optim.SGD(model.parameters(), lr=0.01)
    model.eval()
    total, right, rows = 0.0, 0, 0
    for inputs, labels in loader:
        optimizer.zero_grad()
        outputs = model(inputs)
        loss = criterion(outputs, labels)
        loss.backward()
        optimizer.step()
        total += loss.item() * len(labels)
        right += (outputs.argmax(dim=1) == labels).sum().item()
        rows += len(labels)
    return total / rows, right / rows
""",
    ),
    _switch(
        "gradients_cleared",
        "You clear the gradients of the weights while you measure. Nothing in the model may change: leave "
        "zero_grad() out.",
        "model.eval()",
        "model.zero_grad()",
    ),
)
LOOPS = (
    _batch(
        "criterion_swapped",
        "You call criterion(labels, outputs). The outputs come first.",
        "criterion(outputs, labels)",
        "criterion(labels, outputs)",
    ),
    _batch(
        "criterion_ignored",
        "You compute the cross-entropy yourself, whatever criterion you are given. Call criterion(outputs, "
        "labels).",
        "criterion(outputs, labels)",
        "torch.nn.functional.cross_entropy(outputs, labels)",
    ),
    _batch(
        "softmax_before_the_criterion",
        "You hand probabilities to the criterion. It takes the model's outputs as they are: cross-entropy "
        "has its own softmax inside.",
        "criterion(outputs, labels)",
        "criterion(outputs.softmax(dim=1), labels)",
    ),
    _batch(
        "criterion_of_the_predictions",
        "You hand the predicted classes to the criterion. It needs the outputs themselves, one for each "
        "class.",
        "criterion(outputs, labels)",
        "criterion(outputs.argmax(dim=1).float(), labels.float())",
    ),
    _batch(
        "multiplied_by_the_classes",
        "You multiply by outputs.numel(), rows times classes. Multiply by the rows: len(labels).",
        "* len(labels)",
        "* outputs.numel()",
    ),
    _batch(
        "classes_taken_for_rows",
        "You count outputs.shape[1], which is the number of classes. Rows are len(labels).",
        "rows += len(labels)",
        "rows += outputs.shape[1]",
    ),
    _batch(
        "last_batch_left_out",
        "You leave the last batch out. Small batches count, too: go through all of them.",
        "in loader",
        "in list(loader)[:-1] or list(loader)",
    ),
    _batch(
        "batches_by_number",
        "You pick the batches by their number, loader[i]. A DataLoader has no numbers: walk through it with "
        "for.",
        "in loader",
        "in (loader[i] for i in range(len(loader)))",
    ),
    _switch(
        "walked_twice",
        "You walk through the loader twice, or look into it before. From a loader that can be walked only "
        "once, that is gone: do all in one loop.",
        "model.eval()",
        "count = sum(len(labels) for _, labels in loader)",
        end="rows = count",
    ),
    _switch(
        "length_of_the_loader_needed",
        "You ask for len(loader), which not every loader has. Walk through it with for, and count as you go.",
        "model.eval()",
        "batches = len(loader)",
    ),
    Mistake(
        "evaluate",
        "two_loops",
        "You walk through the loader once for the loss and once for the accuracy. Some loaders can be walked "
        "only once, and you compute everything twice: use one loop.",
        """
def evaluate(model, loader, criterion):
    model.eval()
    with torch.no_grad():
        total = sum(criterion(model(x), y).item() * len(y) for x, y in loader)
        hits = [(model(x).argmax(dim=1) == y) for x, y in loader]
    rows = sum(len(hit) for hit in hits)
    return total / max(rows, 1), sum(hit.sum().item() for hit in hits) / max(rows, 1)
""",
    ),
    Mistake(
        "evaluate",
        "ready_made_measurement",
        "The numbers are right, but measuring is the exercise: with utils.evaluate_model you keep half of "
        "the marks. Write the loop yourself.",
        """
import utils

def evaluate(model, loader, criterion):
    return utils.evaluate_model(model, loader, criterion)
""",
    ),
)
