"""Right answers of track_best that are written differently."""

from hidden.track_best_answers import RIGHT

from autograder.model import Variant


def way(name: str, body: str) -> Variant:
    """Return a right answer with `best` before it."""
    first = 'best = {"loss": math.inf, "epoch": None, "state": None}\n'
    return Variant("track_best", name, f"import copy\n\n{first}\n{body}")


VARIANTS = (
    way("deepcopy", RIGHT.partition("None}\n")[2]),
    way("update", """
def track_best(net, epoch, stats):
    if stats["val_loss"] < best["loss"]:
        best.update(loss=stats["val_loss"], epoch=epoch, state=copy.deepcopy(net.state_dict()))
"""),
    way("global_dict", """
def track_best(net, epoch, stats):
    global best
    if stats["val_loss"] >= best["loss"] or math.isnan(stats["val_loss"]):
        return
    best = {
        "loss": stats["val_loss"],
        "epoch": epoch,
        "state": {k: v.detach().cpu().clone() for k, v in net.state_dict().items()},
    }
"""),
    way("copy_of_the_whole_net", """
def track_best(net, epoch, stats):
    loss = stats["val_loss"]
    if not np.isnan(loss) and loss < best["loss"]:
        best["loss"], best["epoch"] = loss, epoch
        best["state"] = copy.deepcopy(net).state_dict()
    return None
"""),
    way("lambda", """
track_best = lambda net, epoch, stats: (
    best.update(loss=stats["val_loss"], epoch=epoch, state=copy.deepcopy(net.state_dict()))
    if stats["val_loss"] < best["loss"] else None
)
"""),
    way("saved_in_memory", """
import io

def track_best(net, epoch, stats):
    if best["loss"] > stats["val_loss"]:
        file = io.BytesIO()
        torch.save(net.state_dict(), file)
        file.seek(0)
        best["state"] = torch.load(file, weights_only=True)
        best["loss"] = stats["val_loss"]
        best["epoch"] = epoch
"""),
    way("tensor_and_helper", """
def copied(net):
    with torch.no_grad():
        return {name: torch.empty_like(t).copy_(t) for name, t in net.state_dict().items()}

def track_best(net, epoch, stats, *ignored):
    loss = torch.tensor(stats["val_loss"])
    if bool(loss < best["loss"]):
        print("new best in epoch", epoch)
        best["loss"], best["epoch"], best["state"] = loss, epoch, copied(net)
"""),
    way("callable_object", """
class Tracker:
    def __call__(self, net, epoch, stats):
        better = stats["val_loss"] < best["loss"]
        if better:
            best["state"] = {name: t.clone() for name, t in net.state_dict().items()}
            best["epoch"] = int(epoch)
            best["loss"] = float(stats["val_loss"])

track_best = Tracker()
"""),
)  # fmt: skip
