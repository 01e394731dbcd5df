"""Right capstones that are written in very different ways."""

from hidden.capstone_answers import RIGHT

from autograder.checks.answers import changed
from autograder.model import Variant


def rewritten(name: str, *changes: tuple[str, str]) -> Variant:
    """Return the right answer with a few lines changed that leave it right."""
    return Variant("capstone", name, changed("capstone", RIGHT, name, "", *changes).source)


SCIKIT_LEARN = """
from sklearn.dummy import DummyClassifier
from sklearn.linear_model import LogisticRegression
from sklearn.metrics import accuracy_score, log_loss
from sklearn.model_selection import GroupShuffleSplit
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler

def capstone(x, y, students, sealed, budget=12, seed=0):
    x, y, students = x.numpy(), y.numpy(), students.numpy()
    splitter = GroupShuffleSplit(n_splits=1, test_size=0.25, random_state=seed)
    train, val = next(splitter.split(x, y, groups=students))
    dummy = DummyClassifier().fit(x[train], y[train])
    trials, models = [], []
    for C in np.logspace(-2, 2, budget):
        model = make_pipeline(StandardScaler(), LogisticRegression(C=C, max_iter=200)).fit(x[train], y[train])
        loss = log_loss(y[val], model.predict_proba(x[val]), labels=model.classes_)
        trials.append(dict(config=dict(C=C), validation_loss=loss))
        models.append(model)
    i = int(np.argmin([t["validation_loss"] for t in trials]))
    predict, base = models[i].predict, dummy.predict
    right, base_right = predict(x[val]) == y[val], base(x[val]) == y[val]
    d = np.array([right[students[val] == s].mean() - base_right[students[val] == s].mean()
                  for s in np.unique(students[val])])
    se = d.std(ddof=1) / np.sqrt(len(d))
    verdict = "cannot tell" if abs(d.mean()) <= 2 * se else ("better" if d.mean() > 0 else "worse")
    return dict(
        train_rows=train, validation_rows=val,
        baseline=dict(validation=accuracy_score(y[val], base(x[val])), predict=base),
        trials=trials, config=trials[i]["config"], predict=predict, validation=right.mean(),
        test=sealed.accuracy(predict), baseline_test=sealed.accuracy(base), verdict=verdict)
"""

OPTUNA = """
import copy
import optuna
from torch.utils.data import DataLoader, TensorDataset

class Classifier(nn.Module):
    def __init__(self, mean, sd, width, dropout):
        super().__init__()
        self.register_buffer("mean", mean)
        self.register_buffer("sd", sd)
        self.layers = nn.Sequential(nn.Linear(26, width), nn.ReLU(), nn.Dropout(dropout), nn.Linear(width, 3))

    def forward(self, x):
        return self.layers((x - self.mean) / self.sd)

    @torch.no_grad()
    def predict(self, x):
        self.eval()
        return self(x).argmax(dim=1)

def capstone(x, y, students, sealed, budget=12, seed=0):
    optuna.logging.set_verbosity(optuna.logging.WARNING)
    torch.manual_seed(seed)
    ids = sorted(set(students.tolist()))
    np.random.RandomState(seed).shuffle(ids)
    held_out = set(ids[: int(len(ids) * 0.35)])
    train = [i for i, s in enumerate(students.tolist()) if s not in held_out]
    val = [i for i, s in enumerate(students.tolist()) if s in held_out]
    loader = DataLoader(TensorDataset(x[train], y[train]), batch_size=64, shuffle=True)
    mean, sd = x[train].mean(0), x[train].std(0)
    nets = {}

    def objective(trial):
        width, dropout = trial.suggest_categorical("width", [32, 64]), trial.suggest_float("dropout", 0, 0.5)
        net = Classifier(mean, sd, width, dropout)
        optimizer = torch.optim.Adam(net.parameters(), lr=trial.suggest_float("lr", 3e-3, 3e-2, log=True))
        lowest = float("inf")
        for epoch in range(3):
            net.train()
            for inputs, targets in loader:
                optimizer.zero_grad()
                nn.functional.cross_entropy(net(inputs), targets).backward()
                optimizer.step()
            net.eval()
            with torch.no_grad():
                loss = nn.functional.cross_entropy(net(x[val]), y[val]).item()
            if loss < lowest:
                lowest, nets[trial.number] = loss, copy.deepcopy(net)
        return lowest

    study = optuna.create_study(sampler=optuna.samplers.TPESampler(seed=seed))
    study.optimize(objective, n_trials=budget)
    net = nets[study.best_trial.number]
    common = torch.bincount(y[train]).argmax()
    base = lambda x: common.repeat(len(x))
    accuracy = lambda p, rows: (p(x[rows]) == y[rows]).double().mean()
    d = []
    for s in held_out:
        mine = (students == s).nonzero().flatten()
        d.append((accuracy(net.predict, mine) - accuracy(base, mine)).item())
    m, s = np.mean(d), np.std(d, ddof=1)
    verdict = "cannot tell"
    if m > 2 * s / len(d) ** 0.5:
        verdict = "better"
    if m < -2 * s / len(d) ** 0.5:
        verdict = "worse"
    made = {"train_rows": train, "validation_rows": val, "predict": net.predict, "verdict": verdict}
    made["trials"] = [{"config": t.params, "validation_loss": t.value} for t in study.trials]
    made["config"] = study.best_params
    made["baseline"] = {"validation": accuracy(base, val), "predict": base}
    made["validation"] = accuracy(net.predict, val)
    made["baseline_test"] = sealed.accuracy(base)
    made["test"] = sealed.accuracy(net.predict)
    return made
"""

SWEEP = """
import math
from utils import fit, sweep

def capstone(x, y, students, sealed, budget=12, seed=0):
    names = torch.unique(students)
    torch.manual_seed(seed)
    names = names[torch.randperm(len(names))]
    is_val = (students[:, None] == names[None, : len(names) // 4]).any(1)
    rows = torch.arange(len(x))
    train, val = rows[~is_val], rows[is_val]
    m, s = x[train].mean(0, keepdim=True), x[train].std(0, keepdim=True)
    data = [((x[part] - m) / s, y[part]) for part in (train, val)]
    rates = np.geomspace(1e-3, 2e-2, budget)
    settings = [{"lr": float(lr), "dropout": 0.2, "optimizer": "adamw"} for lr in rates]

    def build(dropout=0.2):
        return nn.Sequential(nn.Linear(26, 32), nn.ReLU(), nn.Dropout(dropout), nn.Linear(32, 3))

    histories = sweep(build, data, settings, epochs=20, seeds=[seed], batch_size=64)
    trials = [{"config": c, "validation_loss": min(h[0]["val_loss"])} for c, h in zip(settings, histories)]
    best = sorted(trials, key=lambda t: t["validation_loss"])[0]
    net = build()
    optimizer = torch.optim.AdamW(net.parameters(), lr=best["config"]["lr"])
    fit(net, *data, optimizer, epochs=20, batch_size=64)

    def predict(rows_of_x):
        net.eval()
        return [int(each) for each in net((rows_of_x - m) / s).max(1).indices]

    most = max(range(3), key=lambda label: (y[train] == label).sum())

    def baseline(rows_of_x):
        return np.full(len(rows_of_x), most)

    def right(p, rows):
        return (torch.as_tensor(p(x[rows])) == y[rows]).float()

    gains = {}
    for who, mine, theirs in zip(students[val].tolist(), right(predict, val), right(baseline, val)):
        gains.setdefault(who, []).append((mine - theirs).item())
    each = torch.tensor([sum(g) / len(g) for g in gains.values()], dtype=torch.float64)
    margin = 2 * each.std() / math.sqrt(len(each))
    verdict = "better" if each.mean() > margin else "worse" if each.mean() < -margin else "cannot tell"
    return {
        "train_rows": train.numpy(), "validation_rows": val.numpy(),
        "trials": trials, "config": best["config"],
        "baseline": {"validation": right(baseline, val).mean(), "predict": baseline},
        "predict": predict, "validation": right(predict, val).mean().item(),
        "verdict": verdict,
        "test": torch.tensor(sealed.accuracy(predict)),
        "baseline_test": np.float32(sealed.accuracy(baseline)),
    }
"""

BATCH_NORM = """
def capstone(x, y, students, sealed, budget=12, seed=0):
    generator = torch.Generator().manual_seed(seed)
    unique, numbers = students.unique(return_inverse=True)
    chosen = torch.rand(len(unique), generator=generator).argsort()[: 2 * len(unique) // 5]
    mask = (numbers.unsqueeze(1) == chosen).any(dim=1)
    train, val = torch.where(~mask)[0], torch.where(mask)[0]
    torch.manual_seed(seed + 1)

    def train_one(lr):
        net = nn.Sequential(nn.BatchNorm1d(26), nn.Linear(26, 48), nn.Tanh(), nn.Linear(48, 3))
        optimizer = torch.optim.RMSprop(net.parameters(), lr=lr)
        lowest = None
        for epoch in range(12):
            net.train()
            for batch in torch.randperm(len(train), generator=generator).split(64):
                loss = nn.CrossEntropyLoss()(net(x[train[batch]]), y[train[batch]])
                optimizer.zero_grad()
                loss.backward()
                optimizer.step()
            net.eval()
            with torch.inference_mode():
                loss = nn.CrossEntropyLoss()(net(x[val]), y[val])
            if lowest is None or loss < lowest[0]:
                lowest = loss, {k: v.clone() for k, v in net.state_dict().items()}
        net.load_state_dict(lowest[1])
        return lowest[0], net

    from sklearn.neighbors import KNeighborsClassifier
    near = KNeighborsClassifier(15).fit(x[train], y[train])
    trials, nets = [], []
    for number in range(budget):
        lr = 0.002 * 2 ** number
        loss, net = train_one(lr)
        trials.append({"config": {"lr": lr, "width": 48}, "validation_loss": loss})
        nets.append(net)
    index = torch.stack([t["validation_loss"] for t in trials]).argmin()

    class Model:
        def __call__(self, rows):
            with torch.no_grad():
                return nets[index](rows).argmax(-1).to(torch.int32)

    model = Model()
    difference = (model(x[val]) == y[val]).int() - (torch.tensor(near.predict(x[val])) == y[val]).int()
    table = torch.zeros(len(unique)).index_add(0, numbers[val], difference.float())
    counts = torch.bincount(numbers[val], minlength=len(unique))
    each = (table / counts)[counts > 0]
    from scipy.stats import sem
    word = "cannot tell"
    if abs(each.mean().item()) > 2 * sem(each.numpy()):
        word = ["worse", "better"][int(each.mean() > 0)]
    return {
        "predict": model, "train_rows": set(train.tolist()), "validation_rows": tuple(val.tolist()),
        "baseline": {"predict": near.predict, "validation": near.score(x[val], y[val])},
        "trials": tuple(trials), "config": dict(trials[index]["config"]), "note": "more keys are no harm",
        "validation": (model(x[val]) == y[val]).float().mean(), "verdict": word,
        "test": sealed.accuracy(model), "baseline_test": sealed.accuracy(near.predict),
    }
"""

VARIANTS = (
    Variant("capstone", "scikit_learn_all_the_way", SCIKIT_LEARN),
    Variant("capstone", "optuna_and_a_data_loader", OPTUNA),
    Variant("capstone", "sweep_and_fit", SWEEP),
    Variant("capstone", "batch_norm_in_place_of_a_scaler", BATCH_NORM),
    rewritten("closed_form"),
    rewritten(
        "a_capital_letter_and_more_trials",
        ('"verdict": verdict', '"verdict": f" {verdict.capitalize()}"'),
        ("range(budget)", "range(budget + 2)"),
    ),
    rewritten(
        "changes_its_arguments_and_prints",
        ("        z = (x - mean) / sd\n", "        z = x.sub_(mean) / sd\n"),
        ("features(x[train])", "features(x[train].clone())"),
        ("(predict(x) == y)", "(predict(x.clone()) == y)"),
        ("    trials = []\n", "    trials = []\n    print('training', len(train))\n"),
    ),
    rewritten(
        "first_students_of_the_sorted_ones",
        ("drawn = people[torch.randperm(len(people), generator=random)[: round(0.3 * len(people))]]",
         "drawn = people[: len(people) // 3]"),
    ),
)  # fmt: skip
