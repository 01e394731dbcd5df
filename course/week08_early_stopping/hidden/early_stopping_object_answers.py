"""Typical mistakes in EarlyStopping: what comes back, what objects share, names, defaults and errors."""

from hidden.early_stopping_answers import ANSWER, slip

CHECKED = """        if patience < 1 or min_delta < 0:
            raise ValueError("patience >= 1 and min_delta >= 0, please")
"""
START = """        self.best_loss = float("inf")
        self.best_epoch = None
        self.best_state = None
        self.epoch = -1
        self.bad = 0
"""

MISTAKES = (
    slip(
        "returns_a_text",
        'step answers "stop" or "go on". Both texts count as true in an if: return True or False.',
        (ANSWER, 'return "stop" if self.bad >= self.patience else "go on"'),
    ),
    slip(
        "returns_a_text_or_an_empty_one",
        "step answers texts. Return the comparison itself: it is True or False.",
        (ANSWER, 'return "stop" if self.bad >= self.patience else ""'),
    ),
    slip(
        "returns_stop",
        "step answers Stop, as an after_epoch function of fit does. This class answers True or "
        "False; the one who calls it decides what follows.",
        (ANSWER, "from recording import Stop\n        return Stop if self.bad >= self.patience else None"),
    ),
    slip(
        "returns_nothing",
        "step hands nothing back where it should: it ends without return. Write return before the "
        "comparison.",
        (ANSWER, "self.stop = self.bad >= self.patience"),
    ),
    slip(
        "returns_true_or_nothing",
        "step answers True when it is time, and else None. Return the comparison itself, which is True or "
        "False.",
        (ANSWER, "if self.bad >= self.patience:\n            return True"),
    ),
    slip(
        "returns_a_whole_number",
        "step answers 1 and 0. The task asks for True and False: return the comparison, without int(…).",
        (ANSWER, "return int(self.bad >= self.patience)"),
    ),
    slip(
        "returns_the_count",
        "step answers the count. Compare it with patience: return count >= patience.",
        (ANSWER, "return self.bad"),
    ),
    slip(
        "returns_numpy_bool",
        "step answers a truth value of NumPy's, which is not the object True: put bool(…) around it.",
        (ANSWER, "return np.bool_(self.bad >= self.patience)"),
    ),
    slip(
        "no_answer_after_the_stop",
        "After its True, your step does nothing more. It should go on working: keep counting, and keep "
        "a better epoch.",
        (
            "        self.epoch += 1\n",
            "        if self.bad >= self.patience:\n            return True\n        self.epoch += 1\n",
        ),
    ),
    slip(
        "error_after_the_stop",
        "After its True, your step raises an error. It should go on working.",
        (
            "        self.epoch += 1\n",
            "        if self.bad >= self.patience:\n"
            '            raise RuntimeError("stopped")\n        self.epoch += 1\n',
        ),
    ),
    slip(
        "all_objects_share_a_list",
        "A list or dict written in the class, or as a default argument, is one for all objects: the second "
        "one goes on where the first was. Make it in __init__: self.losses = [].",
        ("    def __init__", "    losses = []\n\n    def __init__"),
        (
            "        self.epoch += 1\n",
            "        self.losses.append(float(loss))\n        self.epoch = len(self.losses) - 1\n",
        ),
    ),
    slip(
        "other_default_of_patience",
        "Without an argument patience should be 5: def __init__(self, patience=5, min_delta=0.0).",
        ("patience=5", "patience=3"),
    ),
    slip(
        "another_default_of_patience",
        "Without an argument patience should be 5: def __init__(self, patience=5, min_delta=0.0).",
        ("patience=5", "patience=4"),
    ),
    slip(
        "other_default_of_min_delta",
        "If nothing is said, every gain counts, however small: min_delta is 0 then, and no loss is rounded.",
        ("min_delta=0.0", "min_delta=1e-4"),
    ),
    slip(
        "no_defaults",
        "patience and min_delta have no defaults: def __init__(self, patience=5, min_delta=0.0).",
        ("patience=5, min_delta=0.0", "patience, min_delta"),
    ),
    slip(
        "arguments_exchanged",
        "patience comes first, min_delta second: def __init__(self, patience=5, min_delta=0.0).",
        ("patience=5, min_delta=0.0", "min_delta=0.0, patience=5"),
    ),
    slip(
        "attribute_missing",
        "Something in your class is asked for a name that it does not have: read the error's last line. Most "
        "often a plain number is asked for .item() (float(loss) takes tensors, too), the method has "
        "another name than step, or a self.… is missing in __init__.",
        ("loss = float(loss)", "loss = loss.item()"),
    ),
    slip(
        "other_names",
        "best_loss and best_epoch are not there under these names. The task fixes them: self.best_loss, "
        "self.best_epoch.",
        ("self.best_loss", "self.best"),
        ("self.best_epoch", "self.when"),
    ),
    slip(
        "best_state_not_told",
        "best_state is not there under this name, or not before there is one. The task fixes it: "
        "self.best_state = None in __init__.",
        ("self.best_state", "self.state"),
    ),
    slip(
        "self_missing_in_step",
        "The first argument of a method is the object itself, self: def step(self, loss, model=None).",
        ("step(self, loss", "step(loss"),
    ),
    slip(
        "model_before_the_loss",
        "step takes the loss first: def step(self, loss, model=None).",
        ("loss, model=None", "model, loss"),
    ),
    slip(
        "best_loss_not_told",
        "best_loss is not there under this name. The task fixes it: self.best_loss.",
        ("self.best_loss", "self.lowest"),
    ),
    slip(
        "returns_a_pair",
        "step answers a pair, which always counts as true. Return the comparison alone.",
        (ANSWER, "return self.bad >= self.patience, self.best_loss"),
    ),
    slip(
        "no_value_errors",
        "A patience or a min_delta that makes no sense is taken (to print is not enough, and one "
        "wrong value is enough: or, not and). Raise ValueError(…) in __init__.",
        (CHECKED, ""),
    ),
    slip(
        "patience_0_allowed",
        "patience 0 is taken. Below 1 means: 0 is refused as well.",
        ("patience < 1", "patience < 0"),
    ),
    slip(
        "patience_never_checked",
        "A patience below 1 is taken. Raise ValueError for it, as you do for min_delta.",
        ("patience < 1 or ", ""),
    ),
    slip(
        "min_delta_never_checked",
        "A min_delta below 0 is taken. Raise ValueError for it, as you do for patience.",
        (" or min_delta < 0", ""),
    ),
    slip(
        "min_delta_0_refused",
        "You refuse min_delta 0, which is allowed (and the default). Only what is below 0 is an error.",
        ("min_delta < 0", "min_delta <= 0"),
    ),
    slip(
        "patience_1_refused",
        "You refuse patience 1, which is allowed: the first bad epoch stops. Only what is below 1 is an "
        "error.",
        ("patience < 1", "patience <= 1"),
    ),
    slip(
        "assert_in_place_of_value_error",
        "assert raises an AssertionError. The task asks for a ValueError: if …: raise ValueError(…).",
        (CHECKED, "        assert patience >= 1 and min_delta >= 0\n"),
    ),
)
