"""Typical mistakes in capstone: the split, the trials, and what is half finished."""

from autograder.checks.answers import changed
from autograder.model import Mistake

EXERCISE = "capstone"
# Most mistakes differ in a line or two from this right answer, which solves linear equations in no time.
RIGHT = """
def capstone(x, y, students, sealed, budget=12, seed=0):
    random = torch.Generator().manual_seed(seed)
    people = students.unique()
    drawn = people[torch.randperm(len(people), generator=random)[: round(0.3 * len(people))]]
    tests = torch.isin(students, drawn)
    train, validation = (~tests).nonzero().flatten(), tests.nonzero().flatten()
    mean, sd = x[train].mean(0), x[train].std(0)

    def features(x):
        z = (x - mean) / sd
        return torch.cat([torch.ones(len(x), 1), z, z.abs()], 1)

    def learn(config):
        z, targets = features(x[train]), nn.functional.one_hot(y[train], 3).float()
        return torch.linalg.solve(z.T @ z + config["decay"] * torch.eye(z.shape[1]), z.T @ targets)

    trials = []
    for number in range(budget):
        config = {"decay": 1 + 99 * torch.rand((), generator=random).item()}
        logits = 4 * features(x[validation]) @ learn(config)
        loss = nn.functional.cross_entropy(logits, y[validation]).item()
        trials.append({"config": config, "validation_loss": loss})
    best = min(trials, key=lambda trial: trial["validation_loss"])
    weights = learn(best["config"])
    common = y[train].mode().values.item()

    def predict(x):
        return (features(x) @ weights).argmax(1)

    def baseline(x):
        return torch.full((len(x),), common)

    def accuracy(model, rows):
        return (model(x[rows]) == y[rows]).float().mean().item()

    gain = (predict(x) == y).float() - (baseline(x) == y).float()
    who = students[validation]
    differences = torch.stack([gain[validation][who == each].mean() for each in who.unique()])
    m, doubt = differences.mean(), differences.std() / len(differences) ** 0.5
    verdict = "cannot tell" if abs(m) <= 2 * doubt else "better" if m > 0 else "worse"
    test, baseline_test = sealed.accuracy(predict), sealed.accuracy(baseline)
    return {
        "train_rows": train,
        "validation_rows": validation,
        "baseline": {"validation": accuracy(baseline, validation), "predict": baseline},
        "trials": trials,
        "config": best["config"],
        "predict": predict,
        "validation": accuracy(predict, validation),
        "test": test,
        "baseline_test": baseline_test,
        "verdict": verdict,
    }
"""
PARTS = "    train, validation = (~tests).nonzero().flatten(), tests.nonzero().flatten()\n"
SCALE = "    mean, sd = x[train].mean(0), x[train].std(0)\n"
LOSS = "        loss = nn.functional.cross_entropy(logits, y[validation]).item()\n"
CONFIG = '        config = {"decay": 1 + 99 * torch.rand((), generator=random).item()}\n'
BEST = 'best = min(trials, key=lambda trial: trial["validation_loss"])'
OPEN = "test, baseline_test = sealed.accuracy(predict), sealed.accuracy(baseline)"
RESULT = "    return {\n"


def altered(name: str, sentence: str, *changes: tuple[str, str]) -> Mistake:
    """Return the right answer with a few lines changed, as a mistake."""
    return changed(EXERCISE, RIGHT, name, sentence, *changes)


def without(name: str, sentence: str, *keys: str) -> Mistake:
    """Return the right answer without some keys of its dictionary, as a mistake."""
    ending = (RESULT, "    made = {\n"), ('        "verdict": verdict,\n    }\n', ENDING.format(keys=keys))
    return altered(name, sentence, *ending)


ENDING = """        "verdict": verdict,
    }}
    return {{key: value for key, value in made.items() if key not in {keys!r}}}
"""

SPLITS = (
    altered(
        "split_by_rows",
        "You draw rows, so every student has rows in both parts, and the net knows the devices of those "
        "whom it validates on. Draw from students.unique(), and let each row follow its student.",
        ("tests = torch.isin(students, drawn)", "tests = torch.rand(len(y), generator=random) < 0.3"),
    ),
    altered(
        "split_stratified_by_label",
        "You keep the shares of the labels alike in both parts, row by row. What will be new is the student: "
        "GroupShuffleSplit(groups=students), or students.unique(), keeps each student in one part.",
        (
            PARTS,
            "    from sklearn.model_selection import train_test_split\n"
            "    rows, options = np.arange(len(y)), {'stratify': y.numpy(), 'random_state': seed}\n"
            "    parts = train_test_split(rows, test_size=0.3, **options)\n"
            "    train, validation = (torch.as_tensor(part) for part in parts)\n",
        ),
    ),
    altered(
        "own_test_students_then_rows",
        "You set students aside for a test of your own, and split the others by rows. The sealed rows are "
        "the test already: split all rows in two, by student.",
        (
            PARTS,
            "    rest = (~tests).nonzero().flatten()\n"
            "    rest = rest[torch.randperm(len(rest), generator=random)]\n"
            "    train, validation = rest[len(rest) // 3 :], rest[: len(rest) // 3]\n",
        ),
    ),
    altered(
        "last_rows_validate",
        "You cut off the last rows, as if they were sorted by student. They are mixed: draw students, and "
        "take all the rows of each.",
        ("tests = torch.isin(students, drawn)", "tests = torch.arange(len(y)) >= 0.7 * len(y)"),
    ),
    altered(
        "sorted_rows_cut_at_a_row",
        "You sort the rows by student and cut at a row, in the middle of a student: he is in both parts. "
        "Cut the list of students, not of rows.",
        (
            PARTS,
            "    order = students.argsort(stable=True)\n"
            "    cut = int(0.7 * len(order))\n"
            "    train, validation = order[:cut], order[cut:]\n",
        ),
    ),
    altered(
        "a_tenth_validates",
        "You take a tenth of the students: four of forty are too few to say anything. Take between a fifth "
        "and two fifths.",
        ("round(0.3 * len(people))", "round(0.1 * len(people))"),
    ),
    altered(
        "half_validates",
        "Half of your students validate, and too few are left to learn from. Take at most two fifths.",
        ("round(0.3 * len(people))", "round(0.5 * len(people))"),
    ),
    altered(
        "parts_change_places",
        "Your two parts have changed places: most students validate. Look at which rows `isin` marks, and at "
        "the order in which your split returns them.",
        (
            "train, validation = (~tests).nonzero().flatten(), tests",
            "validation, train = (~tests).nonzero().flatten(), tests",
        ),
    ),
    altered(
        "masks_for_row_numbers",
        "You return a mask of true and false. Row numbers are asked for: mask.nonzero().flatten() gives "
        "them.",
        ('"train_rows": train', '"train_rows": ~tests'),
        ('"validation_rows": validation', '"validation_rows": tests'),
    ),
    altered(
        "students_are_numbered_from_0",
        "You draw numbers below the count of students. Their numbers are names, such as 1203: draw from "
        "students.unique().",
        (
            "drawn = people[torch.randperm(len(people), generator=random)[: round(0.3 * len(people))]]",
            "drawn = torch.randperm(len(people), generator=random)[: round(0.3 * len(people))]",
        ),
    ),
    altered(
        "split_without_the_seed",
        "Two calls with the same seed split in two ways: torch.randperm draws from the global random "
        "numbers. Give it generator=torch.Generator().manual_seed(seed).",
        ("torch.randperm(len(people), generator=random)", "torch.randperm(len(people))"),
    ),
)

TRIALS = (
    altered(
        "budget_ignored",
        "You try a fixed number of settings and never ask `budget`. Let it decide how many: range(budget).",
        ("for number in range(budget)", "for number in range(3)"),
    ),
    altered(
        "the_same_config_each_time",
        "All your configs are alike, so nothing was searched. Draw a new one in the loop, as a new dict.",
        (CONFIG, '        config = {"decay": 10.0}\n'),
    ),
    altered(
        "one_dict_changed_in_place",
        "Your list holds one and the same dict many times: it shows the last setting everywhere. Make a "
        "new dict in each turn of the loop.",
        ("    trials = []\n", "    trials, config = [], {}\n"),
        (CONFIG, '        config["decay"] = 1 + 99 * torch.rand((), generator=random).item()\n'),
        ('learn(best["config"])', "learn(dict(config))"),
        ('"config": best["config"]', '"config": dict(best["config"], best=True)'),
    ),
    altered(
        "largest_loss_chosen",
        "You choose the setting of the largest validation loss. Losses are minimised: min, or "
        'direction="minimize".',
        (BEST, BEST.replace("min(", "max(")),
    ),
    altered(
        "chosen_by_accuracy",
        "You choose by accuracy, in which many settings tie or nearly tie. The task says: the lowest "
        "validation loss.",
        (CONFIG, '        config = {"decay": 10.0, "scale": [1.0, 8.0, 3.0, 0.5][number % 4]}\n'),
        ("4 * features(x[validation])", 'config["scale"] * features(x[validation])'),
        (BEST, "best = trials[0]"),
    ),
    altered(
        "accuracy_for_the_loss",
        "Under validation_loss stands an accuracy, and the lowest is chosen: that is the worst net. Keep the "
        "cross-entropy.",
        (LOSS, "        loss = (logits.argmax(1) == y[validation]).float().mean().item()\n"),
    ),
    altered(
        "training_loss_for_validation_loss",
        "What you call validation_loss does not change when the validation rows do: it is the training rows' "
        "loss. Measure x[validation_rows], in eval mode.",
        ("4 * features(x[validation])", "4 * features(x[train])"),
        (LOSS, LOSS.replace("y[validation]", "y[train]")),
    ),
    altered(
        "config_with_an_extra_key",
        "Your config is none of those in the list: you added to it, or rounded it. Return the very dict of "
        "the best trial.",
        ('"config": best["config"]', '"config": {**best["config"], "loss": best["validation_loss"]}'),
    ),
    altered(
        "whole_trial_for_config",
        "Under config stands the whole trial, loss and all. Return its config alone.",
        ('"config": best["config"]', '"config": best'),
    ),
    altered(
        "losses_as_texts",
        "Your validation losses are texts. Keep numbers, and format them where you print.",
        (
            LOSS,
            LOSS.replace(".item()", ".item()")
            .replace("loss = ", "loss = str(")
            .replace(".item()", ".item())"),
        ),
        ('trial["validation_loss"])', 'float(trial["validation_loss"]))'),
    ),
    altered(
        "settings_without_the_seed",
        "Two calls with the same seed try different settings: np.random.uniform and torch.rand draw from "
        "global random numbers. Draw from a generator that starts at `seed`.",
        ("torch.rand((), generator=random)", "torch.rand(())"),
    ),
)

UNFINISHED = (
    without(
        "only_the_split",
        "The split stands, and the rest is missing: next comes the baseline, then trials, config and "
        "predict.",
        "baseline", "trials", "config", "predict", "validation", "test", "baseline_test", "verdict",
    ),
    without("no_verdict", "The verdict is missing: better, worse or cannot tell, by the rule.", "verdict"),
    without("no_baseline", "The baseline is missing: a dict with predict and validation.", "baseline"),
    without("no_trials", "The trials are missing: append config and validation_loss in the loop.", "trials"),
    without("no_config", "The chosen config is missing: the one of the lowest validation loss.", "config"),
    without(
        "no_predict",
        "You return accuracies and no predict: without the function nothing can be measured again. Add it.",
        "predict",
    ),
    without("no_test", "What sealed.accuracy told you is missing: keep it.", "test", "baseline_test"),
    altered(
        "prints_and_returns_nothing",
        "Your function ends without `return`. Return the dict in its last line, and print nothing.",
        (RESULT, "    made = {\n"),
    ),
    altered(
        "returns_a_tuple",
        "You return a tuple of parts. The task asks for one dict, in which each part has its name.",
        (RESULT, "    return train, validation, {\n"),
    ),
)  # fmt: skip
