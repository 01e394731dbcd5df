"""Typical mistakes in train_model: what is trained and measured, on which rows, and when."""

from hidden.scenes import PARTS

from autograder.model import Mistake

SOURCE = """
def train_model(model, train_loader, val_loader, criterion, optimizer, num_epochs, seed):
    torch.manual_seed(seed)
    history = {{"train_loss": [], "val_loss": [], "val_accuracy": []}}
    {start}
    for epoch in range(num_epochs):
        {train}
        {measure}
        history["train_loss"].append(train_loss)
        history["val_loss"].append(val_loss)
        history["val_accuracy"].append(val_accuracy)
        {last}
    {end}
    return history
"""
TRAIN = "train_loss = train_one_epoch(model, train_loader, criterion, optimizer)"
MEASURE = "val_loss, val_accuracy = evaluate(model, val_loader, criterion)"


def _phase(
    name: str,
    sentence: str,
    train: str = TRAIN,
    measure: str = MEASURE,
    start: str = "pass",
    last: str = "pass",
    end: str = "pass",
) -> Mistake:
    """Return a mistake in the start, in one of the two phases, at the end of an epoch or at the very end."""
    source = PARTS + SOURCE.format(train=train, measure=measure, start=start, last=last, end=end)
    return Mistake("train_model", name, sentence, source)


MISTAKES = (
    _phase(
        "validates_on_the_training_rows",
        "You measure val_loss on the training batches, so it falls too nicely. Call evaluate(model, "
        "val_loader, criterion).",
        measure=MEASURE.replace("val_loader", "train_loader"),
    ),
    _phase(
        "loaders_exchanged",
        "You train on the validation rows and measure on the training rows. Exchange the two loaders.",
        TRAIN.replace("train_loader", "val_loader"),
        MEASURE.replace("val_loader", "train_loader"),
    ),
    _phase(
        "trains_on_the_validation_rows",
        "You train on the validation rows. They are there to measure with: call train_one_epoch with "
        "train_loader.",
        TRAIN.replace("train_loader", "val_loader"),
    ),
    _phase(
        "trains_on_both",
        "You train on the validation rows, too, so val_loss no longer tells how the model does on unseen "
        "rows. For val_loader call evaluate alone.",
        measure=f"train_one_epoch(model, val_loader, criterion, optimizer); {MEASURE}",
    ),
    _phase(
        "validation_loss_from_training",
        "You call train_one_epoch for the validation rows, which trains on them. Call evaluate: it measures "
        "and changes nothing.",
        measure="val_loss = train_one_epoch(model, val_loader, criterion, optimizer); "
        "val_accuracy = evaluate(model, val_loader, criterion)[1]",
    ),
    _phase(
        "validates_before_training",
        "You measure before you train, so val_loss is one epoch late: its first entry is that of the fresh "
        "model. Call train_one_epoch first, then evaluate.",
        MEASURE,
        TRAIN,
    ),
    _phase(
        "validates_once_at_the_end",
        "You measure once, when training is over, and enter that number for every epoch. Call evaluate "
        "inside the loop.",
        measure="val_loss, val_accuracy = 0.0, 0.0",
        end="for n in range(num_epochs): history['val_loss'][n], history['val_accuracy'][n] = "
        "evaluate(model, val_loader, criterion)",
    ),
    _phase(
        "validates_once_at_the_start",
        "You measure once, before training, and enter that number for every epoch. Call evaluate inside the "
        "loop, after train_one_epoch.",
        measure="val_loss, val_accuracy = first",
        start="first = evaluate(model, val_loader, criterion)",
    ),
    _phase(
        "training_loss_measured_again",
        "You measure train_loss after the epoch, with evaluate. It is asked for as train_one_epoch returns "
        "it: the mean on the way.",
        f"{TRAIN}; train_loss = evaluate(model, train_loader, criterion)[0]",
    ),
    _phase(
        "training_loss_before_the_epoch",
        "You measure train_loss before the epoch. Append what train_one_epoch returns.",
        f"before = evaluate(model, train_loader, criterion)[0]; {TRAIN}; train_loss = before",
    ),
    _phase(
        "accuracy_of_the_training_rows",
        "Your val_accuracy is that of the training rows. Take both numbers from the same evaluate, on "
        "val_loader.",
        measure=f"{MEASURE}; val_accuracy = evaluate(model, train_loader, criterion)[1]",
    ),
    _phase(
        "never_trains",
        "Nothing is trained: you measure both losses, and the weights stay as they were. Call "
        "train_one_epoch for the training batches.",
        "train_loss, _ = evaluate(model, train_loader, criterion)",
    ),
    _phase(
        "trains_before_the_loop_alone",
        "You train once, before the loop, and then only measure. Call train_one_epoch inside the loop.",
        "train_loss = first",
        start=f"first = {TRAIN.partition(' = ')[2]} if num_epochs else 0.0",
    ),
    _phase(
        "adam_made_anew_in_each_epoch",
        "You make a new optimizer in each epoch, which forgets what the given one has learned of the "
        "gradients. Hand the given optimizer on.",
        f"optimizer = torch.optim.Adam(model.parameters(), lr=optimizer.param_groups[0]['lr']); {TRAIN}",
    ),
    _phase(
        "optimizer_of_ones_own",
        "You make an optimizer of your own and leave the given one aside. Hand the given optimizer on.",
        start="optimizer = torch.optim.Adam(model.parameters(), lr=0.01)",
    ),
    _phase(
        "memory_of_the_optimizer_cleared",
        "You clear what the optimizer remembers between the epochs. Momentum and Adam need it: leave its "
        "state alone.",
        last="optimizer.state.clear()",
    ),
    _phase(
        "rate_made_smaller",
        "You lower the learning rate from epoch to epoch. That is a good tool for later, but nobody asked "
        "for it here: leave the optimizer alone.",
        last="optimizer.param_groups[0]['lr'] *= 0.5",
    ),
    _phase(
        "model_reset_in_each_epoch",
        "You put the first weights back in each epoch, so every one starts from nothing. An epoch goes on "
        "where the one before ended.",
        start="first = {k: v.clone() for k, v in model.state_dict().items()}",
        train=f"model.load_state_dict(first); {TRAIN}",
    ),
    _phase(
        "copy_of_the_model",
        "You train a copy, and the model that you were given stays as it was. Work with the model itself.",
        start="import copy; given, model = model, copy.deepcopy(model); "
        "optimizer = torch.optim.Adam(model.parameters(), lr=optimizer.param_groups[0]['lr'])",
    ),
    _phase(
        "best_weights_put_back",
        "You put the weights of the best epoch back at the end. That is early stopping, and comes later: "
        "here the last epoch's weights are to stay.",
        start="best, kept = float('inf'), None",
        last="kept, best = (({k: v.clone() for k, v in model.state_dict().items()}, val_loss) "
        "if val_loss < best else (kept, best))",
        end="model.load_state_dict(kept) if kept else None",
    ),
    Mistake(
        "train_model",
        "train_mode_set_once",
        "Your own loop calls model.train() once, before the first epoch. After the first validation the "
        "model is in eval mode and stays there: call model.train() at the start of each epoch.",
        """
def train_model(model, train_loader, val_loader, criterion, optimizer, num_epochs, seed):
    torch.manual_seed(seed)
    history = {"train_loss": [], "val_loss": [], "val_accuracy": []}
    model.train()
    for epoch in range(num_epochs):
        total, rows = 0.0, 0
        for x, y in train_loader:
            optimizer.zero_grad()
            loss = criterion(model(x), y)
            loss.backward()
            optimizer.step()
            total, rows = total + loss.item() * len(y), rows + len(y)
        history["train_loss"].append(total / rows)
        model.eval()
        total, right, rows = 0.0, 0, 0
        with torch.no_grad():
            for x, y in val_loader:
                out = model(x)
                total, rows = total + criterion(out, y).item() * len(y), rows + len(y)
                right += (out.argmax(dim=1) == y).sum().item()
        history["val_loss"].append(total / rows)
        history["val_accuracy"].append(right / rows)
    return history
""",
    ),
    Mistake(
        "train_model",
        "no_eval_mode",
        "Your own loop validates in train mode, so dropout goes on, and batch norm learns from the "
        "validation rows. Call evaluate, or model.eval() before you measure.",
        """
def train_model(model, train_loader, val_loader, criterion, optimizer, num_epochs, seed):
    torch.manual_seed(seed)
    history = {"train_loss": [], "val_loss": [], "val_accuracy": []}
    for epoch in range(num_epochs):
        model.train()
        total, rows = 0.0, 0
        for x, y in train_loader:
            optimizer.zero_grad()
            loss = criterion(model(x), y)
            loss.backward()
            optimizer.step()
            total, rows = total + loss.item() * len(y), rows + len(y)
        history["train_loss"].append(total / rows)
        total, right, rows = 0.0, 0, 0
        with torch.no_grad():
            for x, y in val_loader:
                out = model(x)
                total, rows = total + criterion(out, y).item() * len(y), rows + len(y)
                right += (out.argmax(dim=1) == y).sum().item()
        history["val_loss"].append(total / rows)
        history["val_accuracy"].append(right / rows)
    return history
""",
    ),
    Mistake(
        "train_model",
        "ready_made_training",
        "The numbers are right, but putting the loop together is the exercise: with utils.train_model you "
        "keep at most half of the marks. Call your own train_one_epoch and evaluate.",
        """
import utils

def train_model(model, train_loader, val_loader, criterion, optimizer, num_epochs, seed):
    return utils.train_model(
        model, train_loader, val_loader, criterion, optimizer, num_epochs=num_epochs, seed=seed, verbose=False
    )
""",
    ),
)
