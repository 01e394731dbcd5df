"""Answers to numerical_gradient that leave the differences to a library."""

from autograder.model import Mistake


def _mistake(name: str, sentence: str, source: str) -> Mistake:
    return Mistake("numerical_gradient", name, sentence, source)


READY = (
    _mistake(
        "ready_made",
        "Your slopes come from SciPy. They may be right, but the differences are the exercise: write them "
        "yourself for the other half of the marks.",
        """
from scipy.optimize._numdiff import approx_derivative

def numerical_gradient(f, x, eps=1e-5):
    x = np.array(x, dtype=np.float64)
    flat = approx_derivative(lambda p: f(p.reshape(x.shape)), x.ravel(), method="3-point", abs_step=eps)
    return np.reshape(flat, x.shape)
""",
    ),
    _mistake(
        "ready_made_one_sided",
        "approx_fprime of SciPy looks to one side only, f(x + eps) - f(x). Write the differences yourself, "
        "with both sides.",
        """
from scipy.optimize import approx_fprime

def numerical_gradient(f, x, eps=1e-5):
    x = np.array(x, dtype=np.float64)
    return np.reshape(approx_fprime(x.ravel(), lambda p: f(p.reshape(x.shape)), eps), x.shape)
""",
    ),
    _mistake(
        "autograd",
        "f takes a NumPy array, through which autograd finds no way. Ask f itself on both sides of x, and "
        "divide the difference.",
        """
def numerical_gradient(f, x, eps=1e-5):
    x = torch.tensor(np.asarray(x), dtype=torch.float64, requires_grad=True)
    f(x).backward()
    return x.grad.numpy()
""",
    ),
    _mistake(
        "gradient_of_numpy",
        "np.gradient compares neighbours in a table of values. Here f is asked, at x + eps and at x - eps, "
        "for each coordinate.",
        """
def numerical_gradient(f, x, eps=1e-5):
    x = np.atleast_1d(np.array(x, dtype=np.float64))
    return np.gradient(np.array([f(x - eps), f(x), f(x + eps)]), eps)
""",
    ),
)
