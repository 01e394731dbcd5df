"""The checks, mistakes and variants of a multiple-choice question, made from its right letter."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from checking import clean_choice, expect, expect_choice

from autograder.checks.framework import Check, Student
from autograder.model import Mistake, Variant

HINT = "read the options once more, and the section that the question belongs to"


@dataclass(frozen=True)
class Question:
    """Hold what a tutor says to those who choose each option. The lesson alone knows which one is right.

    `right` says why the right option is right, if `why` does not say it under its letter.
    """

    exercise: str
    why: Mapping[str, str]
    letters: str = "ABCD"
    right: str = ""

    def why_right(self, letter: str) -> str:
        """Return why the right option, `letter`, is right, or "" if nothing is said about it."""
        return self.right or self.why.get(letter, "")


def question(exercise: str, why: Mapping[str, str], letters: str = "ABCD", right: str = "") -> Question:
    """Declare a multiple-choice question: `why` says of each option, by its letter, why it is wrong.

    What it says under the right letter, or in `right`, is why that one is right.
    """
    return Question(exercise, why, letters, right)


def choice_items(asked: Question, answer: str, marks: float) -> tuple[Check | Mistake | Variant, ...]:
    """Return the checks, typical mistakes and variants of a question whose right letter is `answer`."""
    mistakes = choice_mistakes(asked.exercise, answer, asked.why, asked.letters)
    variants = choice_variants(asked.exercise, answer)
    return (*choice_checks(asked.exercise, answer, marks, asked.letters), *mistakes, *variants)


def choice_checks(exercise: str, answer: str, marks: float = 1.0, letters: str = "ABCD") -> tuple[Check, ...]:
    """Return the checks of `answer_<exercise>`: five for a usable letter, and the one with the marks."""
    name = f"answer_{exercise}"

    def usable(test: Callable[[Any], bool], expected: str, title: str) -> Check:
        def run(student: Student) -> None:
            got = getattr(student, name)
            expect(
                test(got),
                call=name,
                got=got,
                expected=expected,
                hint=f'write {name} = "{letters[0]}", with your letter',
            )

        run.__name__ = title
        return Check(exercise, 0.0, run, gate=True)

    def is_right(student: Student) -> None:
        got = getattr(student, name)
        expect_choice(got, letters, name=name)
        expect(clean_choice(got) == answer, call=name, got=got, expected="another letter", hint=HINT)

    is_right.__name__ = "the_letter_is_the_right_one"
    return (
        usable(lambda got: got is not None, "a letter", "an_answer_is_given"),
        usable(lambda got: type(got) is str, "text in quotes", "the_answer_is_text"),
        usable(
            lambda got: type(got) is str and got.strip() != "",
            "a letter between the quotes",
            "the_answer_is_not_blank",
        ),
        usable(
            lambda got: type(got) is str and len(clean_choice(got)) == 1,
            "one letter",
            "the_answer_is_one_letter",
        ),
        usable(
            lambda got: type(got) is str and clean_choice(got) in tuple(letters),
            f"one of {', '.join(letters)}",
            "the_letter_is_one_of_the_options",
        ),
        Check(exercise, marks, is_right),
    )


def choice_mistakes(
    exercise: str, answer: str, why: Mapping[str, str], letters: str = "ABCD"
) -> tuple[Mistake, ...]:
    """Return the typical wrong answers: the other letters, each with its sentence, and five unusable ones."""
    name = f"answer_{exercise}"
    chosen = tuple(
        Mistake(exercise, f"chose_{letter}", why[letter], f'{name} = "{letter}"')
        for letter in letters
        if letter != answer
    )
    number = letters.index(answer) + 1
    unusable = (
        ("left_blank", "You have not chosen a letter yet.", '""'),
        (
            "two_letters",
            "You gave two letters. Choose the one statement that fits best.",
            f'"{letters[0]}{letters[1]}"',
        ),
        ("a_number", "You wrote the number of the option. Write its letter in quotes.", str(number)),
        ("a_list", "You wrote a list. Write one letter in quotes, without brackets.", f'["{answer}"]'),
        (
            "other_text",
            "You wrote out your answer in words. Write only the letter of the option.",
            '"the one about the loss"',
        ),
    )
    return (
        *chosen,
        *(Mistake(exercise, n, sentence, f"{name} = {value}") for n, sentence, value in unusable),
    )


def choice_variants(exercise: str, answer: str) -> tuple[Variant, ...]:
    """Return right answers that are typed differently."""
    name = f"answer_{exercise}"
    return (
        Variant(exercise, "small_letter", f'{name} = "{answer.lower()}"'),
        Variant(exercise, "with_bracket", f'{name} = " {answer}) "'),
    )
