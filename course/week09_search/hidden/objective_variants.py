"""Right answers of objective that are written differently."""

from hidden.objective_more_answers import FIT
from hidden.objective_scenes import NAME, RIGHT

from autograder.model import Variant


def _variant(name: str, source: str) -> Variant:
    return Variant(NAME, name, source)


VARIANTS = (
    _variant("own_loop", RIGHT),
    _variant("fit_with_after_epoch", FIT),
    _variant(
        "another_name_for_the_net",
        FIT.replace("FlexibleClassifier,", "FlexibleClassifier as Net,").replace(
            "net = FlexibleClassifier", "net = Net"
        ),
    ),
    _variant(
        "train_model_with_loaders",
        """
import optuna
from torch.utils.data import DataLoader
from utils import FlexibleClassifier, train_model

def objective(trial: optuna.Trial) -> float:
    torch.manual_seed(0)
    train_loader = DataLoader(train_set, batch_size=32, shuffle=True)
    val_loader = DataLoader(val_set, batch_size=256)
    layers = trial.suggest_int(name="layers", low=1, high=3)
    net = FlexibleClassifier(input_dim=64, hidden_dims=(64,) * layers, output_dim=10,
                             dropout_rate=trial.suggest_float("dropout", 0, 0.5))
    optimizer = torch.optim.AdamW(
        net.parameters(),
        weight_decay=trial.suggest_float("weight_decay", 0.00001, 0.01, log=True),
        lr=trial.suggest_float("lr", 0.0001, 0.1, log=True),
    )

    def watch(model, epoch, stats):
        trial.report(value=stats["val_loss"], step=epoch)
        if trial.should_prune():
            raise optuna.exceptions.TrialPruned()

    history = train_model(net, train_loader, val_loader, nn.CrossEntropyLoss(), optimizer,
                          num_epochs=EPOCHS, after_epoch=watch, verbose=False)
    return min(history["val_loss"])
""",
    ),
    _variant(
        "one_epoch_at_a_time",
        """
import optuna
from course_data import seeded
from utils import FlexibleClassifier, fit

def objective(trial):
    setting = {
        "lr": trial.suggest_float("lr", 1e-4, 1e-1, log=True),
        "weight_decay": trial.suggest_float("weight_decay", 1e-5, 1e-2, log=True),
    }
    with seeded(0):
        net = FlexibleClassifier(64, [64 for _ in range(trial.suggest_int("layers", 1, 3))], 10,
                                 trial.suggest_float("dropout", 0.0, 0.5))
        optimizer = torch.optim.AdamW(net.parameters(), **setting, foreach=False)
        best = math.inf
        for epoch in range(EPOCHS):
            history = fit(net, train_set, val_set, optimizer, epochs=1, batch_size=32)
            loss = history["val_loss"][-1]
            best = min(best, loss)
            trial.report(loss, epoch)
            if trial.should_prune():
                print(f"pruned in epoch {epoch}")
                raise optuna.TrialPruned(f"epoch {epoch}")
    return best
""",
    ),
    _variant(
        "helpers_in_the_cell",
        """
from optuna import TrialPruned
from torch.utils.data import DataLoader
from utils import evaluate_model
import utils

def one_epoch(net, loader, optimizer):
    net.train()
    for x, y in loader:
        loss = F.cross_entropy(net(x), y)
        net.zero_grad()
        loss.backward()
        optimizer.step()

def suggest(trial):
    return dict(dropout=trial.suggest_float("dropout", 0.0, 0.5), layers=trial.suggest_int("layers", 1, 3),
                lr=trial.suggest_float("lr", 1e-4, 1e-1, log=True),
                weight_decay=trial.suggest_float("weight_decay", 1e-5, 1e-2, log=True))

def objective(trial):
    torch.manual_seed(0)
    s = suggest(trial)
    net = utils.FlexibleClassifier(64, [64] * s["layers"], 10, s["dropout"])
    optimizer = torch.optim.AdamW(net.parameters(), lr=s["lr"], weight_decay=s["weight_decay"])
    loader, rows = DataLoader(train_set, 32, shuffle=True), DataLoader(val_set, 32)
    losses = []
    for epoch in range(EPOCHS):
        one_epoch(net, loader, optimizer)
        loss, accuracy = evaluate_model(net, rows, nn.CrossEntropyLoss())
        trial.set_user_attr("accuracy", accuracy)
        trial.report(torch.tensor(loss), np.int64(epoch))
        losses.append(loss)
        if trial.should_prune():
            raise TrialPruned()
    return np.min(losses)
""",
    ),
    _variant(
        "an_object",
        """
import optuna
from utils import FlexibleClassifier

class Objective:
    def __call__(self, trial):
        torch.manual_seed(0)
        layers = trial.suggest_int("layers", 1, 3)
        dropout = trial.suggest_float("dropout", 0.0, 0.5)
        lr = trial.suggest_float("lr", 1e-4, 1e-1, log=True)
        decay = trial.suggest_float("weight_decay", 1e-5, 1e-2, log=True)
        net = FlexibleClassifier(64, [64] * layers, 10, dropout)
        adam = torch.optim.AdamW(net.parameters(), lr, weight_decay=decay)
        x, y = train_set[:]
        seen = []
        while len(seen) < EPOCHS:
            for i in range(0, len(x), 32):
                adam.zero_grad()
                nn.functional.nll_loss(net(x[i:i + 32]).log_softmax(-1), y[i:i + 32]).backward()
                adam.step()
            net.eval()
            with torch.inference_mode():
                seen.append(nn.CrossEntropyLoss()(net(val_set[:][0]), val_set[:][1]).item())
            net.train()
            trial.report(seen[-1], len(seen) - 1)
            if trial.should_prune():
                raise optuna.TrialPruned
        return sorted(seen)[0]

objective = Objective()
""",
    ),
)
