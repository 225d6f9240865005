#!/usr/bin/env python3
"""bulk_faults.py IMPORT EXPORT [ROWS WIDTH]: imports through failures of a real Chroma server and compares all records.

The server is killed by SIGKILL and restarted three times during an import, and it limits the rate of requests. The
script starts its own servers, and is skipped if CHROMA_TEST_ENDPOINT is not set, because the package of the server may
be missing then.
"""
import base64
import importlib.machinery
import importlib.util
import json
import os
import pathlib
import random
import struct
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.request

ROOT = pathlib.Path(__file__).resolve().parent.parent.parent
RATE_LIMITS = {
    "circuit breaker": "circuit_breaker:\n  requests: 1\n",
    "scorecard": "scorecard_enabled: true\nscorecard:\n  - patterns: [\"op:write\", \"tenant:*\"]\n    score: 1\n",
}


def server_script():
    sys.dont_write_bytecode = True
    loader = importlib.machinery.SourceFileLoader("chroma_server", str(ROOT / "scripts" / "chroma-server"))
    module = importlib.util.module_from_spec(importlib.util.spec_from_loader(loader.name, loader))
    loader.exec_module(module)
    return module


def write_records(path, rows, width):
    """Random bits of finite floats, as base64, and metadata of each kind."""
    source = random.Random(1)
    expected = {}
    with open(path, "w", encoding="utf-8") as file:
        for number in range(rows):
            values = struct.pack(f"<{width}f", *(source.gauss(0, 1) for _ in range(width)))
            record = {"id": f"id-{number}", "document": f"line {number} \u00e4 " + 5000 * "x", "uri": f"u://{number}",
                      "metadata": {"n": number, "quarter": number / 4, "even": number % 2 == 0, "s": "text"}}
            expected[record["id"]] = record | {"embedding": values}
            file.write(json.dumps(record | {"embedding_b64": base64.b64encode(values).decode()}) + "\n")
    return expected


def environment(server):
    return {key: value for key, value in os.environ.items() if not key.startswith("CHROMA_")} | {
        "CHROMA_ENDPOINT": server.endpoint}


def compare(export, server, folder, width, expected):
    """Exports the collection and compares every record, embeddings bit for bit."""
    path = folder / "out.jsonl"
    subprocess.run([export, "faults", str(path)], check=True, capture_output=True, env=environment(server))
    seen = 0
    with open(path, encoding="utf-8") as file:
        assert json.loads(next(file))["count"] == len(expected)
        for line in file:
            record = json.loads(line)
            record["embedding"] = struct.pack(f"<{width}f", *record["embedding"])
            assert record == expected[record["id"]], (record, expected[record["id"]])
            seen += 1
    assert seen == len(expected), (seen, len(expected))


def stored(server):
    """How many records the collection has; 0 if it does not exist or the server does not respond."""
    collections = f"{server.endpoint}/api/v2/tenants/default_tenant/databases/default_database/collections"
    try:
        with urllib.request.urlopen(f"{collections}/faults", timeout=2) as response:
            collection = json.load(response)["id"]
        with urllib.request.urlopen(f"{collections}/{collection}/count", timeout=2) as response:
            return json.load(response)
    except urllib.error.HTTPError as error:
        if error.code == 404:
            return 0
        raise
    except OSError:
        return 0


def killed_server(module, tools, folder, rows, width):
    """The import reads from a pipe, so that it cannot end before the server has been killed three times. A quarter of
    the records is larger than the buffers that zlib fills before the import gets the records in them."""
    path = folder / "in.jsonl"
    expected = write_records(path, rows, width)
    lines = path.read_text(encoding="utf-8").splitlines(keepends=True)
    with module.Server(folder, "") as server:
        command = [tools[0], "-", "faults", "--batch", "10" if rows <= 5000 else "250", "--checkpoint",
                   str(folder / "checkpoint"), "--rejects", str(folder / "rejects")]
        process = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE,
                                   text=True, encoding="utf-8", env=environment(server))
        try:
            for kill in range(3):
                first = rows * kill // 4
                process.stdin.writelines(lines[first:rows * (kill + 1) // 4])
                process.stdin.flush()
                while stored(server) <= first and process.poll() is None:
                    time.sleep(0.02)
                server.process.kill()
                server.process.wait()
                port = server.port
                assert server._start() and server.port == port, "the server did not start again"
            said = process.communicate("".join(lines[rows * 3 // 4:]), timeout=3600)
        finally:
            process.kill()
        assert process.returncode == 0, (process.returncode, said)
        print(f"server killed 3 times: {said[0].strip()}")
        compare(tools[1], server, folder, width, expected)


def limited_server(module, tools, folder, name, settings, rows, width):
    """Returns whether the server limited the import."""
    path = folder / "in.jsonl"
    expected = write_records(path, rows, width)
    with module.Server(folder, settings) as server:
        began = time.monotonic()
        done = subprocess.run([tools[0], str(path), "faults", "--batch", "10"], capture_output=True, text=True,
                              env=environment(server))
        assert done.returncode == 0, (name, done)
        print(f"{name}: {done.stdout.strip()} ({time.monotonic() - began:.1f} s)")
        compare(tools[1], server, folder, width, expected)
        return " 0 pauses" not in done.stdout


def main():
    if not os.environ.get("CHROMA_TEST_ENDPOINT"):
        return 77
    tools = sys.argv[1:3]
    rows, width = map(int, sys.argv[3:5]) if len(sys.argv) > 3 else (1000, 8)
    module = server_script()
    module.install()
    with tempfile.TemporaryDirectory() as folder:
        killed_server(module, tools, pathlib.Path(folder), rows, width)
    for name, settings in RATE_LIMITS.items():
        for _ in range(5):  # The server limits requests that overlap in it, which the import cannot force.
            with tempfile.TemporaryDirectory() as folder:
                if limited_server(module, tools, pathlib.Path(folder), name, settings, min(rows, 1000), width):
                    break
        else:
            raise AssertionError(f"{name}: the server limited no import")
    return 0


if __name__ == "__main__":
    sys.exit(main())
