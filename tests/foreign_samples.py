"""Ways in which instructors write test cells: right answer, wrong answer, test cell, and how it is judged."""

from __future__ import annotations

from typing import NamedTuple


class Kind(NamedTuple):
    """Hold one way to test. `apart` says whether its cell can be judged apart from the student's code."""

    name: str
    right: str
    wrong: str
    test: str
    apart: bool = True


NET = """class Net(nn.Module):
    def __init__(self, inputs, hidden, outputs):
        super().__init__()
        self.net = nn.Sequential(nn.Linear(inputs, hidden), nn.ReLU(), nn.Linear(hidden, outputs))

    def forward(self, x):
        return self.net(x)"""
OPTIMIZER = """class MySGD:
    def __init__(self, params, lr):
        self.params, self.lr = list(params), lr

    def step(self):
        with torch.no_grad():
            for p in self.params:
                p -= self.lr * p.grad"""
RAISES = """def root(x):
    if x < 0:
        raise ValueError("negative")
    return x ** 0.5"""
EVALUATE = """def evaluate(model, batches, criterion):
    model.eval()
    with torch.no_grad():
        return sum(criterion(model(x), y).item() for x, y in batches) / len(batches)"""
FIGURE = """fig, ax = plt.subplots()
ax.plot([1, 2, 3], [3, 2, 1], label="train")
ax.set_xlabel("epoch")
ax.legend()"""
STUDY = """optuna.logging.set_verbosity(optuna.logging.ERROR)
study = optuna.create_study(direction="maximize")
study.optimize(lambda trial: -trial.suggest_float("sx", -1, 1) ** 2, n_trials=4)"""

KINDS = [
    Kind(
        "plain values",
        'choice = "C"\nnumbers = [1, 2.5]\nhistory = {"loss": [3.0, 2.0]}',
        'choice = "A"\nnumbers = [1, 2]\nhistory = {"loss": [2.0, 3.0]}',
        'assert choice == "C" and numbers[1] == 2.5 and history["loss"][-1] < history["loss"][0]',
    ),
    Kind(
        "array",
        "table = np.arange(6).reshape(2, 3)",
        "table = np.ones((2, 3))",
        "assert table.shape == (2, 3)\nassert np.array_equal(table.sum(0), [3, 5, 7])",
    ),
    Kind(
        "many calls",
        "def square(x): return x * x",
        "def square(x): return 2 * x",
        "assert [square(i) for i in range(50)] == [i * i for i in range(50)]",
    ),
    Kind(
        "expects some exception",
        RAISES,
        "def root(x): return abs(x) ** 0.5",
        'try:\n    root(-1)\nexcept Exception as e:\n    assert "ValueError" in repr(e)\n'
        "else:\n    assert False",
    ),
    Kind(
        "expects an exception by type",
        RAISES.replace("root", "root2"),
        "def root2(x): return abs(x) ** 0.5",
        "try:\n    root2(-1)\nexcept ValueError:\n    pass\nelse:\n    raise AssertionError('no error')",
    ),
    Kind(
        "module class",
        NET,
        NET.replace("hidden, outputs)", "hidden, outputs + 1)"),
        "m = Net(4, 8, 3)\nassert m(torch.zeros(5, 4)).shape == (5, 3)\n"
        "assert sum(p.numel() for p in m.parameters()) == 4 * 8 + 8 + 8 * 3 + 3\n"
        "assert isinstance(m, nn.Module)\n"
        "assert isinstance(m.net[0], nn.Linear) and m.net[0].out_features == 8",
    ),
    Kind(
        "layer types",
        "def build(p): return nn.Sequential(nn.Linear(4, 3), nn.Dropout(p), nn.ReLU(), nn.Linear(3, 2))",
        "def build(p): return nn.Sequential(nn.Linear(4, 3), nn.ReLU(), nn.Linear(3, 2), nn.Dropout(p))",
        "layers = build(0.3)\nassert any(isinstance(layer, nn.Dropout) for layer in layers)\n"
        "assert abs([x for x in layers if isinstance(x, nn.Dropout)][0].p - 0.3) < 1e-9\n"
        "assert not isinstance(list(layers)[-1], nn.Dropout)",
    ),
    Kind(
        "training and evaluation mode",
        "net = nn.Sequential(nn.Linear(4, 64), nn.Dropout(0.5))",
        "net = nn.Sequential(nn.Linear(4, 64))",
        "x = torch.ones(1, 4)\nnet.eval()\nassert torch.equal(net(x), net(x))\n"
        "net.train()\nassert not torch.equal(net(x), net(x))",
    ),
    Kind(
        "gradient through a loss",
        "def my_mse(p, t): return ((p - t) ** 2).mean()",
        "def my_mse(p, t): return ((p - t) ** 2).sum()",
        "m = nn.Linear(3, 1)\nx, y = torch.randn(8, 3), torch.randn(8, 1)\nmy_mse(m(x), y).backward()\n"
        "g = m.weight.grad.clone()\nm.zero_grad()\nnn.functional.mse_loss(m(x), y).backward()\n"
        "assert torch.allclose(g, m.weight.grad, atol=1e-6)",
    ),
    Kind(
        "tensor changed in place",
        "def clear_(t): t.zero_()",
        "def clear_(t): t = torch.zeros(3)",
        "t = torch.ones(3)\nclear_(t)\nassert t.sum() == 0",
    ),
    Kind(
        "list filled",
        "def fill(values): values.append(7)",
        "def fill(values): values + [7]",
        "filled = []\nfill(filled)\nassert filled == [7]",
    ),
    Kind(
        "optimizer class that keeps parameters",
        OPTIMIZER,
        OPTIMIZER.replace("-= self", "+= self"),
        "w = nn.Parameter(torch.ones(2))\no = MySGD([w], 0.1)\nw.grad = torch.ones(2)\no.step()\n"
        "assert torch.allclose(w.detach(), torch.full((2,), 0.9))",
        apart=False,
    ),
    Kind(
        "callback called by trusted code",
        'def callback(epoch, stats): return "stop" if stats["loss"] > 1 else None',
        "def callback(epoch, stats): return None",
        'def fit(cb):\n    for e in range(5):\n        if cb(e, {"loss": e * 0.6}) == "stop":\n'
        "            return e\nassert fit(callback) == 2",
    ),
    Kind(
        "sentinel compared with is",
        'STOP = "stop"\ndef ask(e): return STOP',
        'STOP = "stop"\ndef ask(e): return "go"',
        "r = ask(1)\nassert r is STOP",
    ),
    Kind(
        "own function handed to the student",
        "def apply(f, x): return f(x)",
        "def apply(f, x): return x + 1",
        "calls = []\ndef spy(x):\n    calls.append(x)\n    return x + 1\n"
        "assert apply(spy, 1) == 2\nassert calls == [1]",
    ),
    Kind(
        "criterion as lambda, the course's own module",
        EVALUATE,
        EVALUATE.replace("model.eval()", "model.train()"),
        "from helpers import make_model, make_batches\nm = make_model()\n"
        "a = evaluate(m, make_batches(), lambda p, t: (p - t).abs().mean())\n"
        "assert isinstance(a, float) and a > 0 and not m.training",
    ),
    Kind(
        "shuffled loader with a generator",
        "def first(loader): return next(iter(loader))[0]",
        "def first(loader): return list(loader)[1][0]",
        "d = TensorDataset(torch.arange(20.0))\n"
        "def make():\n    g = torch.Generator().manual_seed(5)\n"
        "    return DataLoader(d, batch_size=4, shuffle=True, generator=g)\n"
        "assert torch.equal(first(make()), next(iter(make()))[0])",
    ),
    Kind(
        "seeded random numbers",
        "def draw(): return torch.rand(3)",
        "def draw(): return torch.zeros(3)",
        "torch.manual_seed(1)\na = draw()\ntorch.manual_seed(1)\nassert torch.equal(a, torch.rand(3))",
    ),
    Kind(
        "objective with a fixed trial",
        'def objective(trial): return trial.suggest_float("lr", 1e-5, 1e-1) * trial.suggest_int("n", 1, 3)',
        'def objective(trial): return trial.suggest_float("lr", 1e-5, 1e-1)',
        'assert abs(objective(optuna.trial.FixedTrial({"lr": 0.01, "n": 2})) - 0.02) < 1e-9',
    ),
    Kind(
        "objective with a live study",
        'def objective2(trial): return (trial.suggest_float("x", -5, 5) - 1) ** 2',
        'def objective2(trial): return (trial.suggest_float("y", -5, 5) - 1) ** 2',
        "optuna.logging.set_verbosity(optuna.logging.ERROR)\n"
        "s = optuna.create_study(sampler=optuna.samplers.RandomSampler(seed=1))\n"
        's.optimize(objective2, n_trials=5)\nassert "x" in s.best_params',
        apart=False,
    ),
    Kind(
        "study inspected",
        STUDY,
        STUDY.replace("n_trials=4", "n_trials=3"),
        'assert len(study.trials) == 4 and set(study.best_params) == {"sx"} and study.best_value <= 0',
    ),
    Kind(
        "figure inspected",
        FIGURE,
        FIGURE.replace("epoch", "loss"),
        'assert ax.get_xlabel() == "epoch"\nassert list(ax.get_lines()[0].get_ydata()) == [3, 2, 1]\n'
        "assert ax.get_legend() is not None",
    ),
    Kind(
        "attributes of an instance",
        "class Early:\n    def __init__(self, patience=3):\n        self.patience, self.seen = patience, 0",
        "class Early:\n    def __init__(self, patience=3):\n        self.patience = 3",
        "e = Early(2)\nassert e.patience == 2\ne.seen = 5\nassert e.seen == 5 and isinstance(e, Early)",
    ),
    Kind(
        "generator",
        "def count():\n    for i in range(3):\n        yield i",
        "def count():\n    yield 0",
        "assert list(count()) == [0, 1, 2]",
    ),
    Kind(
        "source inspected",
        "def plus(x):\n    return x + 1",
        "plus = lambda x: x + 1",
        'import inspect\nassert "return" in inspect.getsource(plus)',
        apart=False,
    ),
    Kind(
        "operator of a class",
        "class V:\n    def __init__(self, x): self.x = x\n    def __add__(self, o): return V(self.x + o.x)",
        "class V:\n    def __init__(self, x): self.x = x\n    def __add__(self, o): return V(self.x - o.x)",
        "assert (V(1) + V(2)).x == 3",
    ),
    Kind("a wrong number", "def double(x): return 2 * x", "def double(x): return x", "assert double(2) == 4"),
    Kind(
        "what is printed",
        'def greet(): print("hello")',
        'def greet(): print("bye")',
        "import io\nfrom contextlib import redirect_stdout\nout = io.StringIO()\n"
        'with redirect_stdout(out):\n    greet()\nassert out.getvalue() == "hello\\n"',
        apart=False,
    ),
    Kind(
        "names of the kernel",
        "step_size = 0.1",
        "stepsize = 0.1",
        'assert "step_size" in globals()',
        apart=False,
    ),
    Kind(
        "IPython",
        "seen = get_ipython() is not None",
        "seen = False",
        'assert get_ipython().user_ns["seen"]',
        apart=False,
    ),
    Kind(
        "a global of the student's changed by the test",
        "scale = 2\ndef scaled(x): return scale * x",
        "scale = 2\ndef scaled(x): return 2 * x",
        "scale = 5\nassert scaled(2) == 10",
        apart=False,
    ),
]
HELPERS = """import torch


def make_model():
    torch.manual_seed(3)
    return torch.nn.Linear(2, 1)


def make_batches():
    return [(torch.ones(4, 2), torch.zeros(4, 1))]
"""
SET_UP = """import numpy as np
import torch
import optuna
import matplotlib.pyplot as plt
from torch import nn
from torch.utils.data import DataLoader, TensorDataset"""
