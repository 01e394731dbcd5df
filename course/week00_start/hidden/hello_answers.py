"""Typical mistakes in hello, and right answers that are written differently."""

from autograder.model import Mistake, Variant


def _greeting(name: str, sentence: str, expression: str) -> Mistake:
    """Return a mistake that gives back this expression, in which `who` is the name, or you."""
    source = f"""
def hello(name):
    who = name if name else "you"
    return {expression}
"""
    return Mistake("hello", name, sentence, source)


MISTAKES = (
    Mistake(
        "hello",
        "printed",
        "Your function shows the greeting but gives nothing back, so what comes back is None. Write return "
        "in the place of print.",
        """
def hello(name):
    print(f"Hello, {name or 'you'}!")
""",
    ),
    Mistake(
        "hello",
        "always_ada",
        "Whoever comes is greeted as Ada: the greeting is the one of the example. Use name, the argument.",
        """
def hello(name):
    return "Hello, Ada!"
""",
    ),
    Mistake(
        "hello",
        "f_forgotten",
        'The braces came back with no name in them. Put an f before the quotes: f"Hello, {name}!".',
        """
def hello(name):
    return "Hello, {name}!"
""",
    ),
    Mistake(
        "hello",
        "empty_name_forgotten",
        "Names are greeted rightly, but hello('') has nothing between the space and the !. Ask first whether "
        "the name is empty, and say you instead.",
        """
def hello(name):
    return f"Hello, {name}!"
""",
    ),
    _greeting("no_exclamation_mark", "The ! at the end is missing: Hello, Ada!", 'f"Hello, {who}"'),
    _greeting("full_stop", "Your greeting ends with a full stop. End it with !", 'f"Hello, {who}."'),
    _greeting("no_comma", "The comma behind Hello is missing: Hello, Ada!", 'f"Hello {who}!"'),
    _greeting(
        "no_space",
        "Between the comma and the name a space is missing. Computers compare texts character by character.",
        'f"Hello,{who}!"',
    ),
    _greeting(
        "space_before_the_mark",
        "There is a space before the !, as print puts one between two things. Join the texts with an "
        "f-string or +.",
        'f"Hello, {who} !"',
    ),
    _greeting(
        "lower_case",
        "The whole greeting comes back in small letters. Take lower() away: names keep their letters.",
        'f"Hello, {who}!".lower()',
    ),
    _greeting(
        "small_hello",
        "Hello begins with a capital H: write Hello, and not hello, at the start.",
        'f"hello, {who}!"',
    ),
    _greeting(
        "title_case",
        "You change the letters of the name: McKay becomes Mckay. Use the name as it comes, without title().",
        'f"Hello, {who.title() if name else who}!"',
    ),
    _greeting(
        "capitalized",
        "capitalize() makes the first letter large and all others small, so McKay becomes Mckay and Anna "
        "Maria becomes Anna maria. Use the name as it comes.",
        'f"Hello, {who.capitalize() if name else who}!"',
    ),
    _greeting(
        "first_word_only",
        "Of a name with several words only the first is greeted. Take split() away, and use all of it.",
        'f"Hello, {who.split()[0]}!"',
    ),
    _greeting(
        "stripped",
        "The spaces at the ends of the name are gone, and they belong to it. Take strip() away.",
        'f"Hello, {who.strip()}!"',
    ),
    _greeting("name_only", "The name alone came back. Put Hello, before it and ! behind it.", "who"),
    _greeting(
        "a_list",
        "A list of texts came back. Join them to one text: an f-string does it in one go.",
        '["Hello, ", who, "!"]',
    ),
)

VARIANTS = (
    Variant(
        "hello",
        "joined_with_plus",
        """
def hello(name):
    if name == "":
        name = "you"
    return "Hello, " + name + "!"
""",
    ),
    Variant(
        "hello",
        "format",
        """
def hello(name):
    return "Hello, {}!".format(name if len(name) > 0 else "you")
""",
    ),
    Variant(
        "hello",
        "printed_and_returned",
        """
def hello(name):
    greeting = "".join(["Hello, ", name or "you", "!"])
    print(greeting)
    return greeting
""",
    ),
)
