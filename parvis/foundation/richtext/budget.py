"""What a text would cost to parse, guessed before parsing it.

markdown-it-py is linear for nearly everything, yet some characters cost fifty times what a letter costs:
50 kB of brackets take a second. No reader needs such a text laid out; it is shown as it was typed.
"""

# Microseconds, measured on a slow core of 2026 with texts made of that one thing.
# fmt: off
COSTS = {
    "\n": 65, "\n\n": -50, "|": 32, "`": 8, "*": 14, "_": 16, "~": 14,
    "[": 24, "][": 20, "![": 60, "](": 15, "@": 50, "#": 20, "://": 45, "www.": 50,
    ":": 4, "&": 6, "<": 4, "!": 4, "]": 4, "\\": 4,
}
# fmt: on
BUDGET = 120_000


def is_exceeded(source: str) -> bool:
    estimate = len(source) // 4 + sum(source.count(text) * cost for text, cost in COSTS.items())
    return estimate > BUDGET
