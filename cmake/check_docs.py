#!/usr/bin/env python3
"""Every ```cpp block of README.md and docs/*.md must stand, line by line and but for its indentation, in a source
that is compiled and run: tests/docs/*.cpp or examples/*.cpp."""
import pathlib
import re
import sys

ROOT = pathlib.Path(__file__).resolve().parent.parent


def lines(text):
    """The text's lines without indentation and empty lines."""
    return [line.strip() for line in text.splitlines() if line.strip()]


def contains(source, block):
    return any(source[i:i + len(block)] == block for i in range(len(source) - len(block) + 1))


def main():
    sources = [lines(path.read_text()) for folder in ("tests/docs", "examples")
               for path in sorted((ROOT / folder).glob("*.cpp"))]
    pages = [ROOT / "README.md", *sorted((ROOT / "docs").glob("*.md"))]
    count, missing = 0, []
    for page in pages:
        for match in re.finditer(r"```cpp\n(.*?)```", page.read_text(), re.S):
            count += 1
            if not any(contains(source, lines(match[1])) for source in sources):
                line = page.read_text()[:match.start()].count("\n") + 1
                missing.append(f"{page.relative_to(ROOT)}:{line}: this code is in no compiled source")
    if missing:
        sys.exit("\n".join(missing))
    print(f"{count} pieces of code in {len(pages)} pages are compiled and run")


if __name__ == "__main__":
    main()
