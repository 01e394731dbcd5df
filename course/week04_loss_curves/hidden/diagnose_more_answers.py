"""Typical mistakes in what goes into diagnose, and in the words that come out of it."""

from hidden.diagnose_right import changed

from autograder.model import Mistake

LENGTHS = """    if len(train) != len(val) or len(train) < 6:
        raise ValueError("two lists of the same length, of at least six epochs")
"""
WORDS = ("diverged", "overfitting", "undertrained", "underfitting", "healthy")


def renamed(name: str, sentence: str, **words: str) -> Mistake:
    """Return the right answer with other words for its verdicts, as a mistake."""
    return changed(name, sentence, *((f'return "{old}"', f"return {new}") for old, new in words.items()))


INPUT = (
    changed(
        "no_ValueError",
        "Histories that are too short, or whose lists differ in length, get a verdict all the same. Check "
        "the lengths first and raise ValueError.",
        (LENGTHS, ""),
    ),
    changed(
        "lengths_not_compared",
        "Lists of different length get a verdict all the same. Compare len(train) with len(val), and raise "
        "ValueError if they differ.",
        ("len(train) != len(val) or ", ""),
    ),
    changed(
        "short_runs_not_refused",
        "Runs of fewer than six epochs get a verdict all the same. Raise ValueError for them, too.",
        (" or len(train) < 6", ""),
    ),
    changed(
        "only_short_and_unequal",
        "You raise ValueError only if the lists are short and of different length. One of the two is enough: "
        "join them with `or`.",
        (" or len(train) < 6", " and len(train) < 6"),
    ),
    changed(
        "seven_epochs_asked_for",
        "Six epochs are enough, you ask for more. Compare with < 6 instead of <= 6.",
        ("len(train) < 6", "len(train) <= 6"),
    ),
    changed(
        "five_epochs_allowed",
        "Five epochs pass, and they are too few for three values and three before them. Compare with < 6.",
        ("len(train) < 6", "len(train) < 5"),
    ),
    changed(
        "asserted",
        "You raise an error of another kind; assert, for one, raises an AssertionError. Asked for is a "
        "ValueError: if …: raise ValueError(…).",
        (LENGTHS, "    assert len(train) == len(val) and len(train) >= 6\n"),
    ),
    changed(
        "error_returned",
        "You return the error instead of raising it, so the program goes on with it as if it were a verdict. "
        "Write raise ValueError(…).",
        ("raise ValueError(", "return ValueError("),
    ),
    changed(
        "error_printed",
        "You print a message and return nothing for a history that cannot be judged. Write raise "
        "ValueError(…).",
        (LENGTHS, LENGTHS.replace("raise ValueError(", "return print(")),
    ),
    changed(
        "history_sorted_in_place",
        "You sort the whole lists, so your slices hold the highest values and not the last ones; and "
        ".sort() changes the caller's curves. Sort only the three values of which you want the median: "
        "sorted(…).",
        ("    train_end, val_end =", "    train.sort()\n    val.sort()\n    train_end, val_end ="),
    ),
    changed(
        "history_changed",
        "You change the history that you were given: .pop() takes a list out of it, and values that you "
        "write into a list stay there. Read it with history[…], and work on copies.",
        ('history["train_loss"], history["val_loss"]', 'history.pop("train_loss"), history.pop("val_loss")'),
    ),
    changed(
        "first_two_lists",
        "You take the first two lists of the history, whatever they are. Take them by name: "
        'history["train_loss"] and history["val_loss"].',
        ('history["train_loss"], history["val_loss"]', "list(history.values())[:2]"),
    ),
    changed(
        "other_lists_checked",
        "You look for nan in all lists of the history. Only train_loss and val_loss count; ignore the "
        "others.",
        ("in [*train, *val]", "in sum(history.values(), [])"),
    ),
    changed(
        "curves_swapped",
        'You have the two lists the wrong way round. train is history["train_loss"], val is '
        'history["val_loss"].',
        ("train, val = history", "val, train = history"),
    ),
)

OUTPUT = (
    changed(
        "last_rule_wins",
        "You go through all rules and keep the last verdict. The first rule that applies decides: return at "
        "once, or use elif.",
        ("    low_train, low_val", '    verdict = "healthy"\n    low_train, low_val'),
        *((f'return "{word}"', f'verdict = "{word}"') for word in WORDS[:4]),
        ('return "healthy"', "return verdict"),
    ),
    renamed(
        "under_and_under_swapped",
        "You have undertrained and underfitting the wrong way round. Undertrained: it still falls. "
        "Underfitting: it has settled too high.",
        undertrained='"underfitted"',
        underfitting='"undertrained"',
        underfitted='"underfitting"',
    ),
    renamed(
        "capital_letters",
        'The verdicts are in small letters; yours begin with a capital, and "Healthy" is not "healthy". Copy '
        "the five words from the instructions.",
        **{word: f'"{word.capitalize()}"' for word in WORDS},
    ),
    renamed(
        "other_words",
        'You wrote "overfit" and "underfit". The words are "overfitting" and "underfitting": copy the five '
        "words from the instructions.",
        overfitting='"overfit"',
        underfitting='"underfit"',
    ),
    renamed(
        "printed_not_returned",
        "You print the verdict, but the function returns None. Write return instead of print.",
        **{word: f'print("{word}")' for word in WORDS},
    ),
    renamed(
        "more_than_the_word",
        "You return more than the word. Return one of the five strings, and nothing else.",
        **{word: f'("{word}", train_end)' for word in WORDS},
    ),
)
