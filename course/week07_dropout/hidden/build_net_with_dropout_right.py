"""Right answers to build_net_with_dropout, of which mistakes are made by changing a line."""

from autograder.checks import answers
from autograder.model import Mistake

RIGHT = """
def build_net_with_dropout(p, dims=(784, 128, 64, 10)):
    layers = []
    for inputs, outputs in zip(dims[:-2], dims[1:-1]):
        layers.append(nn.Linear(inputs, outputs))
        layers.append(nn.Dropout(p))
        layers.append(nn.ReLU())
    layers.append(nn.Linear(dims[-2], dims[-1]))
    return nn.Sequential(*layers)
"""
CLASS = """
class Net(nn.Module):
    def __init__(self, p, dims):
        super().__init__()
        self.linear = nn.ModuleList([nn.Linear(a, b) for a, b in zip(dims, dims[1:])])
        self.p = p

    def forward(self, x):
        for layer in self.linear[:-1]:
            x = F.relu(F.dropout(layer(x), self.p, training=self.training))
        return self.linear[-1](x)

def build_net_with_dropout(p, dims=(784, 128, 64, 10)):
    return Net(p, dims)
"""
DROP = "        layers.append(nn.Dropout(p))\n"
RELU = "        layers.append(nn.ReLU())\n"
LAST = "    layers.append(nn.Linear(dims[-2], dims[-1]))\n"
END = "    return nn.Sequential(*layers)\n"


def changed(name: str, sentence: str, *changes: tuple[str, str], right: str = RIGHT) -> Mistake:
    """Return the right answer with each (old, new) replaced, as a mistake; each old must be in it."""
    return answers.changed("build_net_with_dropout", right, name, sentence, *changes)
