"""Hidden checks of hello. They carry no marks: the exercise is there to walk the whole way once."""

from __future__ import annotations

from checking import expect

from autograder.checks.framework import Student, check
from autograder.checks.inputs import compare, drawn, drawn_from

SHORT = ("Bo", "Lin", "Noor", "Sven", "Ruth", "Ivan", "Mei", "Olu", "Tariq", "Yara")
LONG = ("Anna Maria", "Jean Paul", "Li Wei Chen", "Maria Luz Mar", "Per Erik Dahl")
MIXED = ("McKay", "deVries", "LeBron", "ANNA", "o'Neill", "vanDijk", "JoAnn", "iNes")  # of one word each
WITH_SIGNS = ("J. R. Wu", "Anne-Marie Oz", "Zoë K.", "Łukasz W.", "Dr. Who", "Ann, Bob", "Per Ångström")


def greeted(student: Student, names: tuple[str, ...], size: int = 2) -> list[tuple[tuple[str], str]]:
    """Return so many of the names as questions, each with its greeting."""
    return [((name,), "Hello, " + name + "!") for name in drawn_from(student, names, size)]


@check("hello", gate=True)
def a_greeting_comes_back(student: Student) -> None:
    (name,) = drawn_from(student, SHORT, 1)
    got = student.hello(name)
    expect(
        isinstance(got, str),
        call=f"hello({name!r})",
        got=got,
        expected="a text",
        hint="end with return and the text: print only shows it",
    )


@check("hello", marks=0)
def short_names_are_greeted(student: Student) -> None:
    compare(student, "hello", greeted(student, SHORT, 3), hint="Hello, then a comma, a space, the name and !")


@check("hello", marks=0)
def names_of_several_words_stay_whole(student: Student) -> None:
    compare(student, "hello", greeted(student, LONG), hint="take the whole name, with its spaces")


@check("hello", marks=0)
def letters_stay_large_or_small(student: Student) -> None:
    hint = "use the name as it comes: no lower(), upper(), title() or capitalize()"
    compare(student, "hello", greeted(student, MIXED, 4), hint=hint)


@check("hello", marks=0)
def dots_dashes_and_accents_stay(student: Student) -> None:
    compare(student, "hello", greeted(student, WITH_SIGNS, 3), hint="use the name as it comes")


@check("hello", marks=0)
def spaces_at_the_ends_stay(student: Student) -> None:
    (name,) = drawn_from(student, SHORT, 1)
    asked = [((text,), "Hello, " + text + "!") for text in (f" {name}", f"{name}  ")]
    compare(student, "hello", asked, hint="spaces at the ends belong to the name: no strip()")


@check("hello", marks=0)
def a_long_name_is_not_cut(student: Student) -> None:
    name = " ".join(drawn_from(student, SHORT, drawn(student, 6, 9)))
    compare(student, "hello", [((name,), "Hello, " + name + "!")], hint="use the whole name, however long")


@check("hello", marks=0)
def without_a_name_it_greets_you(student: Student) -> None:
    compare(student, "hello", [(("",), "Hello, you!")], hint="an empty text '' is greeted as you")
