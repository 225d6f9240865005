#!/usr/bin/env python3
"""Finds statements with co_await that GCC 12 compiles wrongly or not at all.

    check_coroutines.py [FILE or FOLDER...]

Such a statement must not contain a braced initializer (aggregates are destroyed twice, lists do not compile), a
conditional operator (its class operands are destroyed twice), a lambda that captures by value (the same), a
statement expression (the compiler crashes), or a structured binding. Name the value before the statement. A
line that is correct nevertheless ends in `// GCC12-ok: reason`. In folders all C++ files are read; without
arguments, those of this project. --self-test runs the check on faults that it must find.
"""
import pathlib
import re
import sys

SUFFIXES = {".c++", ".cc", ".cpp", ".cxx", ".h", ".hh", ".hpp", ".hxx", ".ipp"}
AWAIT = re.compile(r"\bco_await\b")
CAPTURES = re.compile(r"(?:^|[^\w\])\s])\s*\[(?!\s*[&\]]\s*\]|\s*\]|\[)([^\[\]]*)\]\s*(?:\(|\{|mutable|->)")
OPENS_BLOCK = re.compile(r"(?:\)|\belse|\bdo|\btry|\bconst|\boverride|\bfinal|\bnoexcept|\bmutable|->[\w:<>,\s*&]+|^|[;{}:])\s*$")


def blank(text):
    """The text with comments, strings and characters replaced by blanks of the same length."""
    token = re.compile(r'//[^\n]*|/\*.*?\*/|R"(\w*)\(.*?\)\1"|"(?:\\.|[^"\\\n])*"|(?<![0-9a-fA-F])\'(?:\\.|[^\'\\\n])+\'', re.S)
    return token.sub(lambda match: re.sub(r"[^\n]", " ", match.group()), text)


def statements(text):
    """(offset, statement) for each statement; blocks are entered, braced initializers stay in their statement."""
    start, depth, initializers = 0, 0, []
    for at, letter in enumerate(text):
        if letter == "(":
            depth += 1
        elif letter == ")":
            depth -= 1
        elif letter == "{":
            head = text[start:at]
            if OPENS_BLOCK.search(head) or re.match(r"\s*(?:namespace|class|struct|enum|extern|template)\b", head):
                yield start, head
                initializers.append((False, depth))
                start, depth = at + 1, 0
            else:
                initializers.append((True, depth))
        elif letter == "}" and initializers:
            is_initializer, outer = initializers.pop()
            if not is_initializer:
                yield start, text[start:at]
                start, depth = at + 1, outer
        elif letter == ";" and depth == 0 and not any(kind for kind, _ in initializers[-1:]):
            yield start, text[start:at]
            start = at + 1
    yield start, text[start:]


def faults(statement):
    if re.search(r"\(\s*\{", statement) and re.search(r"\}\s*\)", statement) and ";" in statement:
        yield "a statement expression"
    if "{" in statement:
        yield "a braced initializer"
    if "?" in statement:
        yield "a conditional operator"
    if CAPTURES.search(statement):
        yield "a lambda that captures by value"
    if re.search(r"\bauto\s*&{0,2}\s*\[", statement):
        yield "a structured binding"


def check(path, source):
    text = blank(source)
    lines = source.splitlines()
    for offset, statement in statements(text):
        if not AWAIT.search(statement):
            continue
        first = text.count("\n", 0, offset + len(statement) - len(statement.lstrip())) + 1
        last = first + statement.strip().count("\n")
        if any(re.search(r"// GCC12-ok: \S", line) for line in lines[first - 1:last]):
            continue
        for fault in faults(statement):
            yield f"{path}:{first}: awaits beside {fault}"


def self_test():
    bad = [
        "co_await f({1, 2});", "co_await f(Options{.a = 1});", "x = b ? co_await f() : T();",
        "co_await g([a](int) { return a; });", "auto [a, b] = co_await f();", "use(({ co_await f(); 1; }));",
        "co_await c.get(flag ? A : B);", "co_await f(\n    T{});", "auto& [a, b] = co_await f();", "co_await g([=] { return 1; });",
    ]
    good = [
        "auto r = co_await f(std::move(x));", "if (co_await f()) { g({1}); }", "co_return T{1};",
        "for (;;) { co_await f(); }", "auto& [a, b] = r; co_await f();", "T t{1}; co_await f(t);",
        "co_await f(T{}); // GCC12-ok: T is no aggregate", "co_await f(\"{?\");", "co_await f(values[i]);",
        "while (co_await f(a[1])) { x = y ? 1 : 2; }", "// co_await f({})\nint a{};",
        "switch (co_await f()) { case 1: { g({}); } }", "co_await f(names[i], g());",
        "struct S { awaitable<int> f() override { co_await g(); } };",
    ]
    wrong = [f"not found: {text}" for text in bad if not list(check("x", f"awaitable<void> t() {{ {text} }}"))]
    wrong += [f"{found} in: {text}" for text in good for found in check("x", f"awaitable<void> t() {{\n{text}\n}}")]
    print("\n".join(wrong) or f"{len(bad) + len(good)} cases judged rightly")
    return not wrong


def sources(arguments):
    """The C++ files among the arguments and below them."""
    top = pathlib.Path(__file__).resolve().parent.parent
    places = [pathlib.Path(argument) for argument in arguments] or [
        top / folder for folder in ("include", "src", "tests", "examples", "benchmarks")]
    files = [path for path in places if path.is_file()]
    files += [path for place in places for path in place.rglob("*") if path.suffix in SUFFIXES and path.is_file()]
    return sorted(set(files))


def main():
    arguments = sys.argv[1:]
    if "--self-test" in arguments:
        return 0 if self_test() else 1
    if any(argument.startswith("-") for argument in arguments):
        print(__doc__.strip())
        return 0 if arguments in (["--help"], ["-h"]) else 2
    files = sources(arguments)
    if not files:
        print("no C++ files to check")
        return 2
    found = [line for path in files for line in check(path, path.read_text(encoding="utf-8", errors="replace"))]
    print("\n".join(found) or f"{len(files)} files await safely")
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
