"""The data of week 10: two cameras, study sessions of made-up students, and the sealed test."""

from __future__ import annotations

import pytest
import torch
from course_data import all_digits, split_data
from transfer_data import CAMERAS, SESSION_COLUMNS, SealedTest, digits_two_cameras, study_sessions

import utils

MAKERS = {
    **{camera: lambda seed, camera=camera: [t for part in digits_two_cameras(camera, 40, seed)
                                            for t in part.tensors] for camera in CAMERAS},
    "sessions": lambda seed: list(study_sessions(12, 5, seed)),
}  # fmt: skip


def test_the_names_are_found_by_the_engine() -> None:
    for made in (digits_two_cameras, study_sessions, SealedTest):
        assert getattr(utils, made.__name__) is made
    assert utils.SESSION_COLUMNS is SESSION_COLUMNS


@pytest.mark.parametrize("name", MAKERS)
def test_the_same_seed_gives_the_same_data_and_another_seed_other_data(name: str) -> None:
    first, again, other = MAKERS[name](3), MAKERS[name](3), MAKERS[name](4)
    assert all(torch.equal(one, two) for one, two in zip(first, again, strict=True))
    assert not all(torch.equal(one, two) for one, two in zip(first, other, strict=True))


@pytest.mark.parametrize("name", MAKERS)
def test_torchs_own_random_numbers_are_left_alone(name: str) -> None:
    torch.manual_seed(5)
    before = torch.get_rng_state()
    MAKERS[name](0)
    assert torch.equal(torch.get_rng_state(), before)
    torch.manual_seed(6)
    assert all(torch.equal(one, two) for one, two in zip(MAKERS[name](0), MAKERS[name](0), strict=True))


# ---------------------------------------------------------------- two cameras


@pytest.mark.parametrize("camera", CAMERAS)
def test_digits_have_three_parts_with_pixels_between_0_and_1(camera: str) -> None:
    parts = digits_two_cameras(camera, n=30, seed=1)
    assert [tuple(part.tensors[0].shape) for part in parts] == [(800, 64), (30, 64), (597, 64)]
    for part in parts:
        pixels, labels = part.tensors
        assert pixels.dtype == torch.float32
        assert labels.dtype == torch.int64
        assert pixels.min() >= 0
        assert pixels.max() <= 1
        assert set(labels.tolist()) <= set(range(10))


def test_the_second_camera_sees_the_same_rows_in_another_way() -> None:
    straight = digits_two_cameras("same", 50, seed=2)
    whole = split_data(*all_digits(), (800, 400, 597), 2)
    assert torch.equal(straight[1].tensors[0], whole[1].tensors[0][:50])
    assert torch.equal(straight[2].tensors[0], whole[2].tensors[0])
    for camera in CAMERAS:
        seen = digits_two_cameras(camera, 50, seed=2)
        assert torch.equal(seen[0].tensors[0], straight[0].tensors[0])
        assert all(torch.equal(a.tensors[1], b.tensors[1]) for a, b in zip(seen, straight, strict=True))


def test_shifted_is_one_pixel_to_the_right_and_inverted_is_its_negative() -> None:
    straight, shifted, inverted = (
        digits_two_cameras(camera, 7, seed=3)[1].tensors[0].view(7, 8, 8)
        for camera in ("same", "shifted", "inverted")
    )
    assert torch.equal(shifted[:, :, 1:], straight[:, :, :-1])
    assert (shifted[:, :, 0] == 0).all()
    torch.testing.assert_close(inverted, 1 - shifted)


def test_permuted_has_one_order_of_pixels_for_all_rows_and_seeds() -> None:
    places = []
    for seed in (0, 1):
        straight = digits_two_cameras("same", 400, seed)[1].tensors[0]
        permuted = digits_two_cameras("permuted", 400, seed)[1].tensors[0]
        assert torch.equal(straight.sort(dim=1).values, permuted.sort(dim=1).values)
        lit = [pixel for pixel in range(64) if straight[:, pixel].any()]
        places.append({pixel: _where(straight[:, pixel], permuted) for pixel in lit})
    both = places[0].keys() & places[1].keys()
    assert len(both) > 50
    assert len({places[0][pixel] for pixel in both}) == len(both)
    assert all(places[0][pixel] == places[1][pixel] for pixel in both)


def _where(column: torch.Tensor, permuted: torch.Tensor) -> int:
    """Return which pixel of the permuted pictures a pixel has become."""
    return int((permuted == column.unsqueeze(1)).all(dim=0).nonzero()[0])


def test_fewer_rows_are_the_first_of_more() -> None:
    few, many = (digits_two_cameras("shifted", n, seed=4)[1].tensors for n in (20, 400))
    assert torch.equal(few[0], many[0][:20])
    assert torch.equal(few[1], many[1][:20])


@pytest.mark.parametrize(("camera", "n"), [("upside down", 20), ("same", 0), ("same", 401)])
def test_what_no_camera_has_is_refused_with_what_there_is(camera: str, n: int) -> None:
    with pytest.raises(
        ValueError, match=rf"same, shifted, inverted, permuted.*1…400, not '{camera}' and {n}"
    ):
        digits_two_cameras(camera, n)


# ---------------------------------------------------------------- study sessions


def test_sessions_have_a_row_for_each_session_and_a_name_for_each_column() -> None:
    x, y, students = study_sessions(30, 8, seed=0)
    assert tuple(x.shape) == (240, 26)
    assert x.dtype == torch.float32
    assert x.isfinite().all()
    assert len(set(SESSION_COLUMNS)) == 26
    assert y.dtype == students.dtype == torch.int64
    assert set(y.tolist()) == {0, 1, 2}
    assert torch.bincount(students).tolist() == [8] * 30


def test_the_rows_are_shuffled() -> None:
    students = study_sessions(20, 10, seed=0)[2]
    assert not torch.equal(students, students.sort().values)
    assert len(students[:20].unique()) > 8


def test_a_device_tells_who_it_is_and_nothing_else() -> None:
    x, _, students = study_sessions(60, 15, seed=1)
    devices, states = x[:, 14:], x[:, :6]
    for columns, low, high in ((devices, 0.8, 1.0), (states, 0.0, 0.1)):
        means = torch.stack([columns[students == one].mean(dim=0) for one in range(60)])
        share = means.var(dim=0).mean() / columns.var(dim=0).mean()
        assert low <= share <= high


def test_most_rows_of_a_student_have_the_same_label() -> None:
    _, y, students = study_sessions(100, 15, seed=2)
    own = torch.stack(
        [(y[students == one] == y[students == one].mode().values).float().mean() for one in range(100)]
    )
    assert own.mean() > (y == y.mode().values).float().mean() + 0.15


def test_another_seed_is_other_students_of_the_same_app() -> None:
    """The mixtures of the app stay: columns 6–13 follow from the states in the same way."""
    ways = []
    for seed in (0, 1):
        x, _, _ = study_sessions(200, 15, seed)
        ways.append(torch.linalg.lstsq(x[:, :6], x[:, 6:14]).solution)
    assert (ways[0] - ways[1]).abs().max() < 0.05
    assert (ways[0]).abs().max() > 0.3


# ---------------------------------------------------------------- the sealed test


def sealed_rows() -> tuple[torch.Tensor, torch.Tensor, SealedTest]:
    x, y, _ = study_sessions(5, 4, seed=0)
    return x, y, SealedTest(x, y)


def test_it_counts_how_often_it_is_opened() -> None:
    _, y, sealed = sealed_rows()
    assert sealed.opened == 0
    assert sealed.accuracy(lambda _x: y) == 1.0
    assert sealed.accuracy(lambda _x: y.numpy()) == 1.0
    assert sealed.accuracy(lambda _x: (y + 1).tolist()) == 0.0
    assert sealed.opened == 3


def test_a_model_gets_all_rows_and_cannot_change_them() -> None:
    x, y, sealed = sealed_rows()
    seen = []

    def spoil(rows: torch.Tensor) -> torch.Tensor:
        seen.append(rows.clone())
        rows.zero_()
        return y

    sealed.accuracy(spoil)
    sealed.accuracy(spoil)
    assert torch.equal(seen[0], x)
    assert torch.equal(seen[1], x)


@pytest.mark.parametrize("shape", [(20, 3), (20, 1), (1,), ()])
def test_answers_of_a_wrong_shape_are_told(shape: tuple[int, ...]) -> None:
    _, _, sealed = sealed_rows()
    with pytest.raises(ValueError, match=r"for 20 rows: return one label per row") as raised:
        sealed.accuracy(lambda _x: torch.zeros(shape))
    assert str(shape) in str(raised.value)
    assert sealed.opened == 1
