"""Week 7: batch norm, batch by batch: its outputs are those of torch's layer, and its words fit them."""

from __future__ import annotations

import numpy as np
import pytest
import torch
from test_week07_widgets import WIDGETS, move, norms, score, twin


@pytest.mark.parametrize("batch", norms.BATCHES)
@pytest.mark.parametrize("mode", norms.MODES)
def test_the_outputs_are_those_of_a_layer_of_torch(batch: str, mode: str) -> None:
    layer = torch.nn.BatchNorm1d(1).double().train(mode == "train mode")
    layer.running_mean.fill_(norms.RUNNING_MEAN)
    layer.running_var.fill_(norms.RUNNING_VAR)
    given = norms.inputs(2.0, batch)
    wanted = layer(torch.tensor(list(given.values())).double().unsqueeze(1)).flatten().tolist()
    assert list(norms.outputs(2.0, batch, mode).values()) == pytest.approx(wanted)
    mean, sd = norms.statistics(2.0, batch, mode)
    assert [(number - mean) / sd for number in given.values()] == pytest.approx(wanted, abs=1e-4)


def test_a_batch_of_two_leaves_only_signs() -> None:
    for value in (0.0, 5.5, 6.5, 12.0):
        sent = list(norms.outputs(value, "rows 3 and 6", "train mode").values())
        assert np.abs(sent) == pytest.approx([1.0, 1.0], abs=1e-3)
    assert list(norms.outputs(6.0, "rows 3 and 6", "train mode").values()) == [0.0, 0.0]


def test_the_words_of_batch_norm_say_who_decides() -> None:
    incoming, sent = norms.tell_norm(9.0, "rows 3 and 6", "train mode")
    assert "row 3 6.0, row 6 9.0" in incoming
    assert "mean 7.50 and sd 1.50" in sent
    assert "row 3 −1.000, row 6 1.000" in sent
    assert "row 3 0.500, row 6 2.000" in norms.tell_norm(9.0, "rows 3 and 6", "eval mode")[1]
    assert "row 3 0.000, row 6 0.000" in norms.tell_norm(6.0, "rows 3 and 6", "train mode")[1]


def test_a_row_outside_the_batch_changes_nothing() -> None:
    widget = WIDGETS["norm_batches"]()
    move(widget, batch="rows 1 to 4")
    before = twin(widget)
    move(widget, value=2.0)
    assert twin(widget) == before
    assert "changed row 3's output in train mode: not yet" in score(widget)
