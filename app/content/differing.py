"""What differs between two texts, line by line, said so that it can be read without colour."""

import difflib
from dataclasses import dataclass

AROUND = 2
"""Lines that stay around each difference."""
LONGEST = 4000
"""Lines that are compared: past that, all of the first goes and all of the second comes."""


@dataclass(frozen=True)
class Line:
    """One line. `mark`: « + » what the second text has, « - » what it no longer has, « … » where lines are left out."""

    mark: str
    text: str


def lines(before: str, after: str) -> tuple[Line, ...]:
    """Nothing when they are the same."""
    old, new = before.splitlines(), after.splitlines()
    if len(old) + len(new) > LONGEST:
        return (*(Line("-", each) for each in old), *(Line("+", each) for each in new)) if old != new else ()
    found: list[Line] = []
    for group in difflib.SequenceMatcher(None, old, new, autojunk=False).get_grouped_opcodes(AROUND):
        if group[0][1] or group[0][3]:
            found.append(Line("…", ""))
        for tag, first, last, start, end in group:
            if tag == "equal":
                found += (Line("", each) for each in old[first:last])
                continue
            found += (Line("-", each) for each in old[first:last])
            found += (Line("+", each) for each in new[start:end])
    return tuple(found)
