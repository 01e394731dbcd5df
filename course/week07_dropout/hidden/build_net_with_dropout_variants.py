"""Right answers to build_net_with_dropout that are written differently."""

from hidden.build_net_with_dropout_right import CLASS, RIGHT

from autograder.model import Variant


def right(name: str, source: str) -> Variant:
    """Return a right answer."""
    return Variant("build_net_with_dropout", name, source)


VARIANTS = (
    right("class_with_functions", CLASS),
    right(
        "relu_before_dropout",
        RIGHT.replace(
            "        layers.append(nn.Dropout(p))\n        layers.append(nn.ReLU())\n",
            "        layers += [nn.ReLU(), nn.Dropout(p)]\n",
        ),
    ),
    right(
        "one_dropout_shared",
        """
def build_net_with_dropout(p, dims=(784, 128, 64, 10)):
    drop, relu = nn.Dropout(p), nn.ReLU()
    net = nn.Sequential(nn.Linear(dims[0], dims[1]))
    for a, b in zip(dims[1:], dims[2:]):
        net.extend([drop, relu, nn.Linear(a, b)])
    return net
""",
    ),
    right(
        "nested_blocks",
        """
def build_net_with_dropout(p, dims=(784, 128, 64, 10)):
    *hidden, last = dims
    blocks = [
        nn.Sequential(nn.Linear(a, b), nn.Sequential(nn.Dropout(p), nn.ReLU()))
        for a, b in zip(hidden, hidden[1:])
    ]
    return nn.Sequential(nn.Sequential(*blocks), nn.Linear(hidden[-1], last))
""",
    ),
    right(
        "cut_off_at_the_end",
        """
def build_net_with_dropout(p, dims=(784, 128, 64, 10)):
    layers = []
    for i in range(len(dims) - 1):
        layers += [nn.Linear(dims[i], dims[i + 1]), nn.Dropout(p=p), nn.ReLU(inplace=True)]
    return nn.Sequential(*layers[:-2])
""",
    ),
    right(
        "flexible_classifier",
        """
from utils import FlexibleClassifier

def build_net_with_dropout(p, dims=(784, 128, 64, 10)):
    return FlexibleClassifier(dims[0], dims[1:-1], dims[-1], dropout_rate=p)
""",
    ),
    right(
        "own_dropout_class",
        """
class Dropout(nn.Module):
    def __init__(self, p=0.5):
        super().__init__()
        self.p = p

    def forward(self, x):
        if not self.training:
            return x
        return x * (torch.rand_like(x) >= self.p) / (1 - self.p)
"""
        + RIGHT.replace("nn.Dropout(p)", "Dropout(p)"),
    ),
    right(
        "a_wrong_dropout_class_costs_once",
        """
class Dropout(nn.Module):
    def __init__(self, p=0.5):
        super().__init__()
        self.p = p

    def forward(self, x):
        return x * (torch.rand_like(x) >= self.p)
"""
        + RIGHT.replace("nn.Dropout(p)", "Dropout(p)"),
    ),
    right(
        "add_module",
        """
import itertools

def build_net_with_dropout(p, dims=(784, 128, 64, 10)):
    net = nn.Sequential()
    pairs = list(itertools.pairwise(dims))
    for i, (a, b) in enumerate(pairs):
        net.add_module(f"linear{i}", nn.Linear(a, b))
        if i < len(pairs) - 1:
            net.add_module(f"drop{i}", nn.Dropout(p))
            net.add_module(f"relu{i}", nn.ReLU())
    return net
""",
    ),
    right(
        "from_build_net",
        """
from utils import build_net

def build_net_with_dropout(p, dims=(784, 128, 64, 10)):
    net = nn.Sequential()
    for layer in build_net(dims):
        if isinstance(layer, nn.ReLU):
            net.append(nn.Dropout(p))
        net.append(layer)
    return net
""",
    ),
    right(
        "lazy",
        """
def build_net_with_dropout(p, dims=(784, 128, 64, 10)):
    layers = []
    for width in dims[1:]:
        layers += [nn.LazyLinear(width), nn.Dropout(p), nn.ReLU()]
    return nn.Sequential(*layers[:-2])
""",
    ),
    right(
        "last_layer_first",
        """
class Net(nn.Module):
    def __init__(self, p, dims):
        super().__init__()
        self.out = nn.Linear(dims[-2], dims[-1])
        self.hidden = nn.ModuleList(nn.Linear(a, b) for a, b in zip(dims[:-2], dims[1:-1]))
        self.drop = nn.Dropout(p)

    def forward(self, x):
        for layer in self.hidden:
            x = self.drop(torch.relu(layer(x)))
        return self.out(x)

def build_net_with_dropout(p, dims=(784, 128, 64, 10)):
    return Net(p, dims)
""",
    ),
)
