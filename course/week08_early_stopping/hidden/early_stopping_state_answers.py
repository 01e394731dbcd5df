"""Typical mistakes in EarlyStopping: what is kept of the model."""

from hidden.early_stopping_answers import ANSWER, COPY, slip

KEEP = f"            if model is not None:\n                self.best_state = {COPY}\n"
MISTAKES = (
    slip(
        "state_by_reference",
        "state_dict() gives you the net's own tensors, not copies, and dict(…) or copy.copy(…) "
        "around it changes nothing: all your care for the best epoch is lost silently. Use "
        "copy.deepcopy or clones.",
        (COPY, "model.state_dict()"),
    ),
    slip(
        "state_as_arrays",
        "You keep NumPy arrays, and load_state_dict takes tensors alone. Clone the tensors: t.clone().",
        (COPY, "{n: t.numpy().copy() for n, t in model.state_dict().items()}"),
    ),
    slip(
        "step_takes_no_model",
        "step takes the loss alone. Its second argument is the model: def step(self, loss, model=None).",
        ("loss, model=None", "loss"),
        (KEEP, ""),
    ),
    slip(
        "model_has_no_default",
        "step cannot be called without a model. Give the argument a default: model=None.",
        ("model=None", "model"),
    ),
    slip(
        "state_kept_every_epoch",
        "You keep the state in every epoch, good or bad, so best_state is the newest one. That line belongs "
        "into the branch of the improvement.",
        (KEEP, ""),
        (ANSWER, f"if model is not None:\n            self.best_state = {COPY}\n        {ANSWER}"),
    ),
    slip(
        "state_kept_only_once",
        "You keep the state of the first improvement and never replace it. Each improvement brings a "
        "new one.",
        ("if model is not None:", "if model is not None and self.best_state is None:"),
    ),
    slip(
        "state_never_kept",
        "best_state stays None. At an improvement, keep a copy of model.state_dict() if there is a model.",
        (KEEP, ""),
    ),
    slip(
        "state_without_buffers",
        "You copy the parameters alone. The buffers of norm layers (running_mean, running_var) are part of "
        "the net, too: copy all of model.state_dict().",
        (COPY, "{n: p.detach().clone() for n, p in model.named_parameters()}"),
    ),
    slip(
        "state_is_the_model",
        "best_state is a whole model. Copy its state_dict(): load_state_dict takes that back, and nothing "
        "else.",
        (COPY, "copy.deepcopy(model)"),
    ),
    slip(
        "state_is_the_model_itself",
        "best_state is the model itself: the same object under a second name, which trains on. Keep a copy "
        "of model.state_dict().",
        (COPY, "model"),
    ),
    slip(
        "state_as_a_list",
        "best_state is a list of tensors without names, and load_state_dict needs the names. Copy the dict "
        "model.state_dict().",
        (COPY, "[p.detach().clone() for p in model.parameters()]"),
    ),
    slip(
        "state_lost_without_a_model",
        "An epoch without a model throws your kept state away. Only an improvement changes best_state.",
        (ANSWER, "if model is None:\n            self.best_state = None\n        " + ANSWER),
    ),
    slip(
        "state_replaced_by_none",
        "An improvement without a model puts None over the state that you have kept. Change best_state only "
        "where a model is given.",
        (KEEP, f"            self.best_state = {COPY} if model is not None else None\n"),
    ),
    slip(
        "state_put_back_by_step",
        "step loads the best state into the model when it is time. It only reads the model: whoever calls it "
        "loads best_state after the run.",
        (
            ANSWER,
            "if self.bad >= self.patience and self.best_state and model is not None:\n"
            "            model.load_state_dict(self.best_state)\n        " + ANSWER,
        ),
    ),
    slip(
        "state_in_half_precision",
        "You keep the weights in half precision, which rounds them. Keep them as they are.",
        (COPY, "{n: t.half() for n, t in model.state_dict().items()}"),
    ),
    slip(
        "model_always_needed",
        "step calls model.state_dict() even where no model was given. Ask first: if model is not None.",
        (KEEP, f"            self.best_state = {COPY}\n"),
    ),
)
