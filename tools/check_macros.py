#!/usr/bin/env python3
"""Compiles every public header after the macros of tests/headers/platform_macros.hpp.

A user's file may include <windows.h>, <X11/Xlib.h> and others of their kind before the headers of this library. The
headers of the standard library, of Boost and of nlohmann/json are included before the macros, because this check is
about the headers of this library only. --self-test compiles headers with faults that it must find.
"""
import argparse
import pathlib
import re
import subprocess
import sys
import tempfile

TOP = pathlib.Path(__file__).resolve().parent.parent
MACROS = TOP / "tests" / "headers" / "platform_macros.hpp"
INCLUDE = re.compile(r"^\s*#\s*include\s*<([^>]+)>", re.MULTILINE)


def errors(compiler, include):
    """The compiler's lines about errors in the headers below the folder `include`/chroma."""
    headers = sorted((include / "chroma").rglob("*.hpp"))
    others = {name for header in headers for name in INCLUDE.findall(header.read_text(encoding="utf-8"))
              if not name.startswith("chroma/")}
    names = [f"<{name}>" for name in sorted(others)] + [f'"{MACROS}"']
    names += [f"<{header.relative_to(include).as_posix()}>" for header in headers]
    with tempfile.TemporaryDirectory() as folder:
        source = pathlib.Path(folder) / "user.cpp"
        source.write_text("".join(f"#include {name}\n" for name in names), encoding="utf-8")
        result = subprocess.run([compiler, "-std=c++20", "-fsyntax-only", "-I", str(include), str(source)],
                                stderr=subprocess.PIPE, text=True, check=False)
    found = [line for line in result.stderr.splitlines() if "error:" in line]
    return len(headers), found or ([result.stderr] if result.returncode else [])


def self_test(compiler):
    bad = ["int x = std::max(1, 2);", "enum class E { None };", "struct S { void check(int, int); };",
           "#include <algorithm>\nstruct Status;"]
    good = ["int x = (std::max)(1, 2);", "enum class E { Unset };", "template <class T> T f(T t) { return t; }"]
    wrong = []
    for text in bad + good:
        with tempfile.TemporaryDirectory() as folder:
            (pathlib.Path(folder) / "chroma").mkdir()
            text = f"#pragma once\n#include <algorithm>\n{text}\n"
            (pathlib.Path(folder) / "chroma" / "one.hpp").write_text(text, encoding="utf-8")
            _, found = errors(compiler, pathlib.Path(folder))
        if bool(found) == any(line in text for line in good):
            wrong.append(f"judged wrongly: {text}")
    print("\n".join(wrong) or f"{len(bad) + len(good)} cases judged rightly")
    return not wrong


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--compiler", required=True)
    parser.add_argument("--self-test", action="store_true")
    arguments = parser.parse_args()
    if arguments.self_test:
        return 0 if self_test(arguments.compiler) else 1
    count, found = errors(arguments.compiler, TOP / "include")
    print("\n".join(found) or f"{count} headers compile behind the macros of other headers")
    return 1 if found or not count else 0


if __name__ == "__main__":
    sys.exit(main())
