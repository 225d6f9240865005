#!/usr/bin/env python3
"""Checks the cost of <chroma/chroma.hpp>: the number of preprocessed lines, and that it includes no heavy header.

The number of lines is checked with the standard library of GCC 12 only. In newer ones <chrono>, which Asio's header
does not include, is several times as long. With them the numbers are printed and only the heavy headers are checked.
"""
import argparse
import os
import re
import subprocess
import sys
import tempfile
import time

ASIO = "#include <boost/asio/awaitable.hpp>\n"
CHROMA = "#include <chroma/chroma.hpp>\n"
LIMIT = 1.2
REFERENCE_LIBRARY = 12
HEAVY = re.compile(r"/(boost/beast|openssl|nlohmann|simdjson|spdlog|fmt)[/.]")


def compiler_run(arguments, mode, text):
    with tempfile.TemporaryDirectory() as folder:
        source = os.path.join(folder, "user.cpp")
        with open(source, "w", encoding="utf-8") as file:
            file.write(text)
        command = [arguments.compiler, "-std=c++20", "-I", arguments.include, *mode, source]
        return subprocess.run(command, check=True, stdout=subprocess.PIPE, text=True).stdout


def compile_seconds(arguments, text):
    def once():
        start = time.monotonic()
        compiler_run(arguments, ["-fsyntax-only"], text)
        return time.monotonic() - start
    return min(once() for _ in range(2))


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--compiler", required=True)
    parser.add_argument("--include", required=True)
    arguments = parser.parse_args()

    asio = compiler_run(arguments, ["-E"], ASIO).count("\n")
    chroma = compiler_run(arguments, ["-E"], CHROMA).count("\n")
    library = compiler_run(arguments, ["-E", "-P"], "#include <version>\n_GLIBCXX_RELEASE\n").split()[-1]
    asio_seconds, chroma_seconds = compile_seconds(arguments, ASIO), compile_seconds(arguments, CHROMA)
    print(f"asio/awaitable.hpp: {asio} lines, {asio_seconds:.2f} s; chroma/chroma.hpp: {chroma} lines, "
          f"{chroma_seconds:.2f} s; ratios {chroma / asio:.2f} and {chroma_seconds / asio_seconds:.2f}")
    heavy = sorted({word for word in compiler_run(arguments, ["-M"], CHROMA).split() if HEAVY.search(word)})
    for name in heavy[:10]:
        print(f"chroma/chroma.hpp reaches the heavy header {name}")
    too_long = library == str(REFERENCE_LIBRARY) and chroma > LIMIT * asio
    if too_long:
        print(f"chroma/chroma.hpp has more than {LIMIT} times the preprocessed lines of asio/awaitable.hpp")
    return 1 if heavy or too_long else 0


if __name__ == "__main__":
    sys.exit(main())
