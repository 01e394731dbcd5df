"""Hidden checks of train_model; right versions of the other two functions stand in place of a student's."""

from __future__ import annotations

from typing import Any

import torch
from checking import Mismatch, as_array, expect, expect_close
from hidden.scenes import BY_HAND, ONCE, PARTS, WATCH

from autograder.checks.answers import remembered
from autograder.checks.framework import Student, check
from autograder.checks.inputs import drawn, drawn_decimal, drawn_labels, drawn_seed
from autograder.judge.scenario import evaluate as run_scenario

Scene = dict[str, Any]
KEYS = ("train_loss", "val_loss", "val_accuracy")

# Under names of their own, and with nothing that a student could have bound anew.
RIGHT_PARTS = (
    PARTS.replace("def train_one_epoch", "def _right_epoch")
    .replace("def evaluate", "def _right_measure")
    .replace("torch.", "_t.")
)
SCENARIO = (
    f"{ONCE}{WATCH}{RIGHT_PARTS}"
    + """
import torch
class _Rows:
    # Gives the rows of a DataLoader, anew in each epoch; notes their order and what torch was seeded with.
    def __init__(self, size, shuffled, notes):
        self.size, self.shuffled, self.notes = size, shuffled, notes
    def __len__(self):
        return self.size
    def __iter__(self):
        order = _t.randperm(self.size) if self.shuffled else _t.arange(self.size)
        self.notes.append([order.tolist(), _t.initial_seed()])
        return iter(order.tolist())

def _loader(rows, size, shuffled, notes):
    data = _t.utils.data.TensorDataset(*rows)
    return _t.utils.data.DataLoader(data, batch_size=size, sampler=_Rows(len(data), shuffled, notes))

def _build():
    layers = [_t.nn.Linear(3, 4), _t.nn.Tanh(), _t.nn.Linear(4, 3)]
    if _modes:
        layers[1:1] = [_t.nn.BatchNorm1d(4, momentum=0.3)] * (_modes == "norm") + [_Gain()]
    net = _t.nn.Sequential(*layers)
    size = sum(p.numel() for p in net.parameters())
    _t.nn.utils.vector_to_parameters(_numbers[:size].clone(), net.parameters())
    return net.train(not _modes)

def _training(seed, validation, epochs):
    notes, net = [], _build()
    optimizer = _t.optim.Adam(net.parameters(), lr=_rate)
    if _momentum is not None:
        optimizer = _t.optim.SGD(net.parameters(), lr=_rate, momentum=_momentum)
    loaders = _loader(_train, 8, _shuffled, notes), _loader(validation, 4, False, [])
    history = train_model(net, *loaders, _t.nn.CrossEntropyLoss(), optimizer, epochs, seed)
    tensors = [*net.parameters(), *(b.float() for b in net.buffers())]
    return [history, _t.cat([t.detach().flatten() for t in tensors]), notes]

_right = {
    # A student's own versions may take more, such as a device.
    "train_one_epoch": lambda model, loader, criterion, optimizer, *_, **__: _right_epoch(
        model, loader, criterion, optimizer),
    "evaluate": lambda model, loader, criterion, *_, **__: _right_measure(model, loader, criterion),
}
_function = train_model
while hasattr(_function, "__wrapped__"):
    _function = _function.__wrapped__
_places = [globals(), *(p for p in [getattr(_function, "__globals__", None)] if isinstance(p, dict))]
_kept = [(place, name, place.get(name), name in place)
         for place in _places for name in _right]
_before, _came = _sys.getprofile(), []
try:
    for _place in _places:
        _place.update(_right)
    if _watched:
        _sys.setprofile(_watch)
    for _seed, _validation, _epochs in zip(_seeds, _validations, _numbers_of_epochs):
        _t.default_generator.manual_seed(_seed * 7 + len(_came) + 1)  # what the seed finds must not matter
        _came.append(_training(_seed, _validation, _epochs))
finally:
    if _watched:
        _sys.setprofile(_before)
    for _place, _name, _value, _had in _kept:
        _place.pop(_name, None)
        if _had:
            _place[_name] = _value
[_came, sorted(_used)]
"""
)

ONCE_AN_EPOCH = "for each epoch append what train_one_epoch returns for the training batches"
AFTERWARDS = "after each epoch call evaluate with the validation batches, and append both of its numbers"
SEED = "call torch.manual_seed(seed) once, before the first epoch"


def train_model(
    model: Any, train_loader: Any, val_loader: Any, criterion: Any, optimizer: Any, num_epochs: int, seed: int
) -> dict[str, list[float]]:
    """Return what is right. The scenario brings the two functions along."""
    torch.manual_seed(seed)
    history: dict[str, list[float]] = {name: [] for name in KEYS}
    for _ in range(num_epochs):
        here = train_model.__globals__
        history["train_loss"].append(here["train_one_epoch"](model, train_loader, criterion, optimizer))
        loss, accuracy = here["evaluate"](model, val_loader, criterion)
        history["val_loss"].append(loss)
        history["val_accuracy"].append(accuracy)
    return history


def rows_of(student: Student, count: int) -> list[torch.Tensor]:
    """Return inputs, rows × 3, and labels of three classes: the largest input, and one in four another."""
    inputs = (torch.rand(count, 3, generator=student.rng) * 400 - 200).round() / 100
    labels = inputs.argmax(dim=1)
    labels[::4] = drawn_labels(student, len(labels[::4]), 3)
    return [inputs, labels]


def worse_and_worse(rows: list[torch.Tensor]) -> list[torch.Tensor]:
    """Return validation rows with labels opposite to those of training: no later epoch is the best one."""
    inputs, _ = rows
    return [inputs, inputs.argmin(dim=1)]


def scene(student: Student, epochs: tuple[int, ...] = (3,), **changes: Any) -> Scene:
    """Return what the scenario needs: by default one training of a plain net with Adam, in a fixed order."""
    rows, validation = 4 * drawn(student, 2, 3) + 2, drawn(student, 6, 8)  # no batch of a single row
    found: Scene = {
        "_train": rows_of(student, rows),
        "_modes": "",
        "_shuffled": False,
        "_gain": 1.7,
    }
    found |= {"_validations": [rows_of(student, validation)] * len(epochs), "_watched": False}
    found |= {"_momentum": None, "_rate": drawn_decimal(student, 0.05, 0.12)}
    found |= {"_seeds": [drawn_seed(student)] * len(epochs), "_numbers_of_epochs": list(epochs)}
    numbers = (torch.rand(60, generator=student.rng) * 200 - 100).round() / 100
    return found | {"_numbers": numbers} | changes


def words_for(given: Scene, number: int = 0) -> str:
    """Return the call of a training in words."""
    rows, validation = len(given["_train"][0]), len(given["_validations"][number][0])
    steps = {None: "Adam", 0.0: "SGD"}.get(given["_momentum"], "SGD with momentum")
    ends = f"num_epochs={given['_numbers_of_epochs'][number]}, seed={given['_seeds'][number]}"
    return f"train_model(a net, {rows} training and {validation} validation rows, …, {steps}, {ends})"


@remembered
def right(given: Scene) -> list[list[Any]]:
    """Return for each training the right history, weights, and notes on orders and seeds."""
    came, _ = run_scenario(SCENARIO, {**given, "train_model": train_model})
    return came


def came(student: Student, given: Scene) -> tuple[list[Any], Any]:
    """Return for each training the history, the weights and the notes; and the ready-made loops called."""
    student.train_model  # noqa: B018 - a name that is missing is told as such
    answer = student.run(SCENARIO, **given)
    good = isinstance(answer, list) and len(answer) == 2 and isinstance(answer[0], list) and answer[0]
    expect(bool(good), call=words_for(given), got=answer, expected="a history", hint=ONCE_AN_EPOCH)
    return answer[0], answer[1]


def entry(history: Any, key: str, call: str) -> Any:
    """Return one list of a history. Raises Mismatch unless it has one."""
    has = isinstance(history, dict) and isinstance(history.get(key), list | tuple)
    hint = "return a dictionary with the keys train_loss, val_loss and val_accuracy, each with a list"
    expect(has, call=call, got=history, expected=f"a dictionary with a list under {key!r}", hint=hint)
    return list(history[key])


def same_lists(student: Student, given: Scene, keys: tuple[str, ...], hint: str) -> None:
    """Raise Mismatch unless these lists of the history are right, and no ready-made training was called."""
    trainings, used = came(student, given | {"_watched": True})
    wanted = right(given)[0][0]
    parts = [(f"{key} of {words_for(given)}", entry(trainings[0][0], key, words_for(given)), wanted[key])
             for key in keys]  # fmt: skip
    for call, got, want in parts:
        student.expects(call, got, want)
    for call, got, want in parts:
        expect_close(got, want, call=call, hint=hint)
    written_by_hand(used, words_for(given))


def written_by_hand(used: Any, call: str) -> None:
    """Raise Mismatch if a loop of utils was called. Half of the marks lie in checks that end with this."""
    names = [name for name in used if isinstance(name, str)] if isinstance(used, list) else []
    if names:
        raise Mismatch(call, f"a result of utils' {names[0]}", "a loop of your own", BY_HAND)


@check("train_model", gate=True)
def the_weights_move(student: Student) -> None:
    given = scene(student, (2,))
    weights = as_array(came(student, given)[0][0][1])
    start = given["_numbers"].numpy()
    moved = weights is not None and not bool((abs(weights - start[: weights.size]) < 1e-6).all())
    call, hint = f"the weights after {words_for(given)}", "train the model that you are given, once an epoch"
    expect(moved, call=call, got="the same as before", expected="other weights", hint=hint)


@check("train_model", marks=0.5)
def train_loss_has_what_each_epoch_of_training_returns(student: Student) -> None:
    same_lists(student, scene(student, (drawn(student, 4, 5),)), KEYS[:1], ONCE_AN_EPOCH)


@check("train_model", marks=0.5)
def validation_is_measured_after_each_epoch(student: Student) -> None:
    given = scene(student)
    inputs, labels = given["_validations"][0]
    labels[2:] = inputs[2:].argmin(dim=1)  # the better the training, the worse the validation
    same_lists(student, given, KEYS[1:], AFTERWARDS)


@check("train_model", marks=0.25)
def no_epochs_give_three_empty_lists(student: Student) -> None:
    given = scene(student, (0, 1), _momentum=0.0)
    trainings, _ = came(student, given)
    for number, length in enumerate((0, 1)):
        call = words_for(given, number)
        lengths = [len(entry(trainings[number][0], key, call)) for key in KEYS]
        hint = "make the three empty lists before the loop, and return them after it"
        expect(lengths == [length] * 3, call=f"the lengths of the lists of {call}", got=lengths,
               expected=f"three times {length}", hint=hint)  # fmt: skip


@check("train_model", marks=0.25)
def the_given_model_and_optimizer_go_through_all_epochs(student: Student) -> None:
    momentum = drawn_decimal(student, 0.5, 0.9)
    scenes = [scene(student), scene(student, _momentum=momentum)]
    for given in scenes:
        given["_validations"] = list(map(worse_and_worse, given["_validations"]))
    answers = [came(student, given)[0][0][1] for given in scenes]
    hint = "use the model and the optimizer as they are: make, copy, reset or restore none of them"
    for given, got in zip(scenes, answers, strict=True):
        expect_close(got, right(given)[0][1], call=f"the weights after {words_for(given)}", hint=hint)


@check("train_model", marks=0.25)
def validation_rows_teach_nothing(student: Student) -> None:
    validations = [rows_of(student, 8), rows_of(student, 8)]
    given = scene(student, (1, 1), _validations=validations, _modes="norm")
    first, second = (training[1] for training in came(student, given)[0])
    hint = "train on the training batches alone, and measure in eval mode: evaluate does that"
    call = f"the weights and buffers after {words_for(given)}, with other validation rows"
    expect_close(second, as_array(first), call=call, hint=hint, tolerance=1e-6)


@check("train_model", marks=0.5)
def the_seed_decides_the_history(student: Student) -> None:
    seed = drawn_seed(student)
    seeds = [seed, seed, seed + drawn(student, 1, 9)]
    given = scene(student, (2, 2, 2), _shuffled=True, _seeds=seeds, _momentum=0.0)
    trainings, used = came(student, given | {"_watched": True})
    one, again, other = ([order for order, _ in training[2]] for training in trainings)
    call = f"the order of rows in {words_for(given)}"
    expect(one == again, call=f"{call}, twice", got="two orders", expected="the same order", hint=SEED)
    expect(one != other, call=f"{call}, and with another seed", got="one order", expected="two", hint=SEED)
    seeds = [training[2][0][1] if training[2] else None for training in trainings]
    call = "what torch was seeded with when the first epoch began"
    expect(seeds == given["_seeds"], call=call, got=seeds, expected=str(given["_seeds"]), hint=SEED)
    written_by_hand(used, words_for(given))


@check("train_model", marks=0.25)
def the_order_of_rows_changes_from_epoch_to_epoch(student: Student) -> None:
    given = scene(student, (3,), _shuffled=True, _momentum=0.0)
    notes = came(student, given)[0][0][2]
    orders, seeds = [order for order, _ in notes], {seed for _, seed in notes}
    hint = "seed once, before the loop: inside it every epoch would begin with the same random numbers"
    call = f"the orders of rows in {words_for(given)}"
    different = len(orders) >= 3 and all(orders.count(order) == 1 for order in orders)
    expect(different, call=call, got="the same order again", expected="a new one in each epoch", hint=hint)
    call = f"how often torch was seeded in {words_for(given)}"
    expect(len(seeds) == 1, call=call, got="several times", expected="once", hint=hint)


@check("train_model", marks=0.25)
def each_epoch_trains_in_train_mode(student: Student) -> None:
    given = scene(student, _modes="gain", _validations=[worse_and_worse(rows_of(student, 8))])
    got = came(student, given)[0][0][1]
    hint = "evaluate leaves the model in eval mode: model.train() belongs to the start of each epoch"
    expect_close(got, right(given)[0][1], call=f"weights and buffers after {words_for(given)}", hint=hint)


@check("train_model", marks=0.25)
def the_lists_hold_plain_floats(student: Student) -> None:
    given = scene(student, (2,), _momentum=0.0)
    history = came(student, given)[0][0][0]
    values = [value for key in KEYS for value in entry(history, key, words_for(given))]
    kinds = sorted({type(value).__name__ for value in values})
    floats = bool(values) and all(isinstance(value, float) for value in values)
    hint = "append loss and accuracy as they come from the two functions: plain numbers"
    expect(floats, call=f"the kinds in {words_for(given)}", got=kinds, expected="floats", hint=hint)
