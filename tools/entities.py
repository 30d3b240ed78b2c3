#!/usr/bin/env python3
"""Writes the table of HTML's named character references that `crates/body` looks them up in.

    curl -o /tmp/entities.json https://html.spec.whatwg.org/entities.json
    tools/entities.py /tmp/entities.json > crates/body/src/html/entities.txt

One line each: the name without its `&`, a blank, one or two code points in hexadecimal. The lines are sorted by their
bytes; the reader searches them by halves and depends on that.
"""

import json
import sys


def main():
    if len(sys.argv) != 2:
        sys.exit(__doc__)
    with open(sys.argv[1], encoding="utf-8") as file:
        entities = json.load(file)
    lines = []
    for name, entity in entities.items():
        codes = " ".join(format(code, "x") for code in entity["codepoints"])
        lines.append(f"{name.removeprefix('&')} {codes}\n")
    # A blank sorts before everything a name can hold, so lines and names have the same order.
    sys.stdout.write("".join(sorted(lines)))


main()
