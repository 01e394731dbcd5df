"""Mistakes in the cosine of warmup_cosine_lr of those who sort out a cosine of a single step."""

from hidden.warmup_cosine_lr_answers import COSINE, FORMULAS, SINGLE, slip
from hidden.warmup_cosine_lr_more_answers import PROGRESS

SENTENCES = {known.name: known.sentence for known in FORMULAS + PROGRESS}
COSINES = {
    "half_missing": "min_lr + (base_lr - min_lr) * (1 + math.cos(math.pi * q))",
    "min_lr_added": "min_lr + 0.5 * base_lr * (1 + math.cos(math.pi * q))",
    "sine": "min_lr + 0.5 * (base_lr - min_lr) * (1 + math.sin(math.pi * q))",
    "no_one_added": "min_lr + 0.5 * (base_lr - min_lr) * math.cos(math.pi * q)",
}
QUOTIENTS = {
    "counted_from_step_0": "step / max(1, total_steps - 1)",
    "warm_up_only_below_the_line": "step / max(1, total_steps - 1 - warmup_steps)",
}

GUARDED = tuple(
    slip(
        f"{name}_but_for_a_single_step",
        SENTENCES[name],
        q=QUOTIENTS.get(name, "(step - warmup_steps) / max(1, total_steps - 1 - warmup_steps)"),
        cosine=f"base_lr if {SINGLE} else {COSINES.get(name, COSINE)}",
    )
    for name in (*COSINES, *QUOTIENTS)
)
ENDS = (
    slip(
        "base_behind_a_single_step",
        "Behind a cosine of a single step your rate is base_lr for ever. Only the step total_steps - 1 has "
        "it: sort out step >= total_steps, which has min_lr, first.",
        late=f"step >= total_steps and not {SINGLE}",
        cosine=f"base_lr if {SINGLE} else {COSINE}",
    ),
)
