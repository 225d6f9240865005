#!/usr/bin/env python3
"""Checks that the code of the pages is compiled and run.

Every ```cpp block of README.md and docs/*.md must be in a file under tests/docs or examples, line for line; only
the indentation may differ. --self-test runs the check on faults that it must find.
"""
import pathlib
import re
import sys

TOP = pathlib.Path(__file__).resolve().parent.parent
BLOCK = re.compile(r"^```cpp\n(.*?)^```", re.MULTILINE | re.DOTALL)


def lines_of(text):
    return [line.strip() for line in text.strip().splitlines()]


def contains(lines, block):
    return any(lines[i : i + len(block)] == block for i in range(len(lines) - len(block) + 1))


def complaints(pages, sources):
    """`pages` and `sources` are pairs of a name and a text; yields what is wrong with the pages."""
    compiled = [lines_of(text) for _, text in sources]
    for name, text in pages:
        for match in BLOCK.finditer(text):
            block = lines_of(match.group(1))
            if not any(contains(lines, block) for lines in compiled):
                line = text.count("\n", 0, match.start()) + 1
                yield f"{name}:{line}: this code is in no file under tests/docs or examples: {block[0] if block else ''}"


def read(pattern):
    return [(str(path.relative_to(TOP)), path.read_text(encoding="utf-8")) for path in sorted(TOP.glob(pattern))]


def self_test():
    source = [("a.cpp", "int f() {\n  return 1;\n}\nint g();\n")]
    good = ["```cpp\nint f() {\n    return 1;\n}\n```\n", "text\n```cpp\nint g();\n```\n", "```sh\nls\n```\n"]
    bad = ["```cpp\nint f() {\n}\n```\n", "```cpp\nint g() ;\n```\n", "```cpp\nint g();\nint h();\n```\n"]
    assert not list(complaints([("p.md", page) for page in good], source)), "a good page is refused"
    for page in bad:
        assert list(complaints([("p.md", page)], source)), f"not found: {page}"
    print("self-test passed")


def main():
    if "--self-test" in sys.argv[1:]:
        return self_test()
    pages = read("README.md") + read("docs/*.md")
    found = list(complaints(pages, read("tests/docs/*.cpp") + read("examples/*.cpp")))
    for complaint in found:
        print(complaint)
    if found:
        sys.exit(1)
    print(f"{sum(len(BLOCK.findall(text)) for _, text in pages)} blocks of code in {len(pages)} pages are compiled")


if __name__ == "__main__":
    main()
