"""The checks that students see. Each says what it called, what came back, what to expect and what to try."""

# The decorator @visible of tutor.py stands before each check, in the modules where they are written.
from visible_batch_norm import check_batch_norm
from visible_dropout import check_dropout
from visible_net import check_build_net_with_dropout
from visible_plot import check_plot_dropout
from visible_questions import check_q1, check_q2, check_q3
from visible_sweep import check_dropout_results

__all__ = [
    "check_batch_norm", "check_build_net_with_dropout", "check_dropout", "check_dropout_results",
    "check_plot_dropout", "check_q1", "check_q2", "check_q3",
]  # fmt: skip
