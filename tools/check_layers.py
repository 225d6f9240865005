#!/usr/bin/env python3
"""Checks that include directives follow the layers.

    core <- json <- types <- codec <-+-- embed <-+
      ^                              |           +- client <- bulk
      +---- transport <--------------+-----------+

A file may include internal headers of its own layer and of those that the arrows lead to. Public headers belong to a
layer as well, or to all of them. Other libraries may be included only by the files that LIBRARIES lists. A component
(testing) includes only public headers. --self-test runs the check on faults that it must find.
"""
import pathlib
import re
import sys

MAY_USE = {
    "core": {"core"},
    "json": {"json", "core"},
    "types": {"types", "json", "core"},
    "codec": {"codec", "types", "json", "core"},
    "transport": {"transport", "core"},
    "embed": {"embed", "codec", "types", "json", "transport", "core"},
    "client": {"client", "codec", "embed", "types", "json", "transport", "core"},
    "testing": {"testing"},
    # Of the client it uses the public headers alone, as a user could.
    "bulk": {"bulk", "codec", "types", "json", "core"},
}
# Public headers that do not belong to `types`. Every layer may include those of `core`.
CORE_HEADERS = {"alternative", "embedding_registry", "error", "export", "logger", "observer", "options", "result", "version"}
CLIENT_HEADERS = {"client", "collection", "runtime"}
BULK_HEADERS = {"bulk", "bulk_record", "pages", "chroma"}  # The last one includes all the others.
NLOHMANN_HEADERS = {"json"}
EMBED_HEADERS = {"embedding_function"}  # And those in the folder embed/.
COMPONENT_HEADERS = {"testing"}  # Each in a layer of its own name.
# Library -> the files that may include it, as patterns of paths below the repository's top folder.
LIBRARIES = {
    r"nlohmann/": [r"include/chroma/json\.hpp", r"src/testing/.*"],
    r"boost/beast": [r"src/transport/response_reader\.cpp", r"src/testing/http_server\.cpp"],
    r"boost/regex": [r"src/testing/pattern\..pp"],
    r"boost/asio/ssl": [r"src/transport/(tls|network)[^/]*"],
    r"openssl/": [r"src/transport/.*", r"src/core/base64\.cpp"],
    r"spdlog/": [r"src/core/(log(ger\.cpp|\.hpp)|per_process\.cpp)", r"src/transport/[^/]*\.cpp", r"src/client/[^/]*\.cpp", r"src/bulk/[^/]*\.cpp"],
    r"boost/interprocess": [r"src/bulk/checkpoint\.cpp"],
    r"simdjson": [r"src/core/utf8\.cpp"],
    r"fast_float": [],
    r"unicode/": [r"src/embed/(bm25|onnx)/[^/]*\.cpp"],
    r"libstemmer": [r"src/embed/bm25/stemmer\.cpp"],
    r"boost/dll": [r"src/embed/onnx/shared_library\.cpp"],
    r"(sys/|unistd\.h|netinet/|arpa/|windows\.h)": [],
    r"boost/asio/experimental/awaitable_operators": [],
}
HEAVY_ASIO = re.compile(r"boost/asio/(?!awaitable\.hpp|any_io_executor\.hpp)")
INCLUDE = re.compile(r'^\s*#\s*include\s*([<"])([^>"]+)[>"]')


def layer_of_public(name):
    path = pathlib.PurePosixPath(name)
    stem = path.stem
    if path.parent.name == "embed" or stem in EMBED_HEADERS:
        return "embed"
    if stem in CORE_HEADERS:
        return "core"
    if stem in CLIENT_HEADERS:
        return "client"
    if stem in COMPONENT_HEADERS:
        return stem
    if stem in BULK_HEADERS:
        return "bulk"
    return "nlohmann" if stem in NLOHMANN_HEADERS else "types"


def complaint(path, quote, target):
    """What is wrong with `path` including `target`; None if nothing is."""
    public = path.startswith("include/")
    layer = layer_of_public(path) if public else path.split("/")[1]
    for library, allowed in LIBRARIES.items():
        if re.match(library, target) and not any(re.fullmatch(pattern, path) for pattern in allowed):
            return f"{library.rstrip('/')} is not for this file"
    if public and HEAVY_ASIO.match(target):
        return "a public header includes nothing heavier than boost/asio/awaitable.hpp"
    if quote == '"':
        if public:
            return "a public header includes no internal one"
        if "/" not in target or target.split("/")[0] not in MAY_USE:
            return "internal headers are included by layer and name, as \"layer/name.hpp\""
        if target.split("/")[0] not in MAY_USE[layer]:
            return f"{layer} may not use {target.split('/')[0]}"
    if target.startswith("chroma/"):
        used = layer_of_public(target)
        if used == "nlohmann" and layer != "nlohmann" and layer not in COMPONENT_HEADERS:
            return "json.hpp is for users alone"
        if used in COMPONENT_HEADERS and layer != used:
            return f"{used}.hpp is for users of that component alone"
        if used == "types" and layer in ("core", "json", "transport"):
            return f"{layer} may not use the values of types"
        if used == "client" and layer not in ("client", "bulk"):
            return f"{layer} may not use client"
        if used == "bulk" and layer != "bulk":
            return f"{layer} may not use bulk"
        if used == "embed" and layer not in ("embed", "client", "bulk"):
            return f"{layer} may not use embed"
    return None


def check(path, text):
    for number, line in enumerate(text.splitlines(), 1):
        if match := INCLUDE.match(line):
            if reason := complaint(path, *match.groups()):
                yield f"{path}:{number}: {match.group(2)}: {reason}"


def self_test():
    faults = [
        ("src/types/where.cpp", '#include "codec/codec.hpp"'),
        ("src/json/reader.cpp", '#include "types/tree.hpp"'),
        ("src/json/fields.hpp", "#include <chroma/where.hpp>"),
        ("src/transport/url.cpp", '#include "json/reader.hpp"'),
        ("src/transport/url.cpp", "#include <chroma/where.hpp>"),
        ("src/core/error.cpp", '#include "transport/url.hpp"'),
        ("src/codec/encode.cpp", "#include <chroma/client.hpp>"),
        ("src/codec/encode.cpp", "#include <nlohmann/json.hpp>"),
        ("src/client/client.cpp", "#include <boost/beast/http.hpp>"),
        ("src/client/client.cpp", "#include <chroma/json.hpp>"),
        ("src/client/client.cpp", '#include "client.hpp"'),
        ("src/types/where.cpp", "#include <openssl/evp.h>"),
        ("include/chroma/client.hpp", "#include <boost/asio/ip/tcp.hpp>"),
        ("include/chroma/error.hpp", '#include "core/text.hpp"'),
        ("include/chroma/logger.hpp", "#include <spdlog/logger.h>"),
        ("include/chroma/embed/bm25.hpp", "#include <chroma/client.hpp>"),
        ("src/embed/checked.cpp", '#include "client/call.hpp"'),
        ("src/types/where.cpp", "#include <chroma/embedding_function.hpp>"),
        ("src/testing/router.cpp", '#include "core/utf8.hpp"'),
        ("src/client/client.cpp", "#include <chroma/testing.hpp>"),
        ("src/bulk/writer.cpp", '#include "client/call.hpp"'),
        ("src/client/client.cpp", "#include <chroma/bulk.hpp>"),
    ]
    fine = [
        ("src/client/client.cpp", '#include "codec/codec.hpp"\n#include "json/reader.hpp"\n#include <chroma/client.hpp>'),
        ("src/transport/response_reader.cpp", "#include <boost/beast/http/basic_parser.hpp>"),
        ("include/chroma/json.hpp", "#include <nlohmann/json.hpp>\n#include <chroma/where.hpp>"),
        ("include/chroma/client.hpp", "#include <boost/asio/awaitable.hpp>"),
        ("src/embed/checked.cpp", '#include "types/record_checks.hpp"\n#include <chroma/embedding_function.hpp>'),
        ("src/bulk/writer.cpp", "#include <chroma/client.hpp>\n#include <chroma/bulk.hpp>"),
        ("include/chroma/chroma.hpp", "#include <chroma/client.hpp>\n#include <chroma/bulk.hpp>"),
        ("src/client/client.cpp", '#include "embed/checked.hpp"\n#include <chroma/embedding_function.hpp>'),
        ("src/testing/schema.cpp", '#include "testing/payload.hpp"\n#include <chroma/json.hpp>'),
    ]
    wrong = [fault for fault in faults if len(list(check(*fault))) != 1]
    wrong += [case for case in fine if list(check(*case))]
    for case in wrong:
        print(f"self-test: judged wrongly: {case}")
    return not wrong


def main():
    if "--self-test" in sys.argv:
        return 0 if self_test() else 1
    top = pathlib.Path(__file__).resolve().parent.parent
    files = sorted(path for folder in ("include", "src") for path in (top / folder).rglob("*.[ch]pp"))
    found = [line for path in files
             for line in check(path.relative_to(top).as_posix(), path.read_text(encoding="utf-8"))]
    print("\n".join(found) or f"{len(files)} files keep to the layers")
    return 1 if found or not files else 0


if __name__ == "__main__":
    sys.exit(main())
