#!/usr/bin/env python3
"""jsonl_faults.py IMPORT EXPORT: tests import_jsonl and export_jsonl with files that are damaged, and with a server of
this script that fails on demand. Nothing may be lost without a word, and the exit status must say what happened.
"""
import gzip
import http.server
import json
import os
import pathlib
import re
import signal
import struct
import subprocess
import sys
import tempfile
import threading
import time

IMPORT, EXPORT = sys.argv[1:]
STORED, FAILED, WRONG_ARGUMENTS, REFUSED, INCOMPLETE, INTERRUPTED = 0, 1, 2, 3, 4, 130


class Chroma(http.server.ThreadingHTTPServer):
    """One collection in memory. It refuses documents "poison" with status 400."""
    daemon_threads = True

    def __init__(self):
        super().__init__(("127.0.0.1", 0), Handler)
        self.records, self.created = {}, None
        self.write_status = 200
        self.pages_before_failure = None
        self.writes_before_failure = None
        self.write_failed = threading.Event()
        self.poisoned_before_wait = None
        self.poison_waits, self.poison_answered = threading.Event(), threading.Event()
        threading.Thread(target=self.serve_forever, daemon=True).start()
        os.environ["CHROMA_ENDPOINT"] = f"http://127.0.0.1:{self.server_port}"


class Handler(http.server.BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def answer(self, status, value):
        body = json.dumps(value).encode()
        self.send_response(status)
        self.send_header("content-length", str(len(body)))
        self.send_header("content-type", "application/json")
        self.end_headers()
        self.wfile.write(body)

    def do_GET(self):
        if "pre-flight" in self.path:
            return self.answer(200, {"max_batch_size": 5461, "supports_base64_encoding": False})
        if "identity" in self.path:
            return self.answer(200, {"user_id": "u", "tenant": "default_tenant", "databases": ["default_database"]})
        if self.path.split("?")[0].endswith("/count"):
            return self.answer(200, len(self.server.records))
        return self.answer(200, self.collection())

    def collection(self):
        return {"id": "6ba7b810-9dad-11d1-80b4-00c04fd430c8", "name": "c", "configuration_json": {}, "metadata": None,
                "tenant": "default_tenant", "database": "default_database", "dimension": None, "log_position": 0,
                "version": 0}

    def do_POST(self):
        server = self.server
        body = json.loads(self.rfile.read(int(self.headers["content-length"])))
        if self.path.split("?")[0].endswith("/get"):
            if server.pages_before_failure is not None:
                if server.pages_before_failure == 0:
                    return self.answer(400, {"error": "E", "message": "no more pages"})
                server.pages_before_failure -= 1
            ids = list(server.records)[body.get("offset") or 0:][:body.get("limit") or 1000000]
            columns = {name: [server.records[key][name] for key in ids] if name in body["include"] else None
                       for name in ("embeddings", "documents", "uris", "metadatas")}
            return self.answer(200, {"ids": ids, "include": body["include"], **columns})
        status = server.write_status
        if server.writes_before_failure is not None:
            status = status if server.writes_before_failure <= 0 else 200
            server.writes_before_failure -= 1
        if status != 200:
            server.write_failed.set()
            return self.answer(status, {"error": "E", "message": "the server fails on demand"})
        columns = {name: body.get(name) or [None] * len(body["ids"])
                   for name in ("embeddings", "documents", "uris", "metadatas")}
        if "poison" in columns["documents"]:
            if server.poisoned_before_wait == 0:
                server.poison_waits.set()
                server.poison_answered.wait(120)
            elif server.poisoned_before_wait:
                server.poisoned_before_wait -= 1
            return self.answer(400, {"error": "InvalidArgumentError", "message": "the document is poison"})
        for place, key in enumerate(body["ids"]):
            server.records[key] = {name: column[place] for name, column in columns.items()}
        return self.answer(200, {})

    def log_message(self, *_):
        pass


def run(*command, expect=STORED, text=None):
    done = subprocess.run([str(part) for part in command], capture_output=True, text=True, timeout=300, input=text)
    assert done.returncode == expect, (command, done.returncode, done.stdout, done.stderr)
    return done.stdout + done.stderr


def begin(folder, name, text):
    """A new file without the traces of earlier imports of the name."""
    path = folder / name
    for ending in ("", ".checkpoint", ".rejects"):
        pathlib.Path(f"{path}{ending}").unlink(missing_ok=True)
    path.write_bytes(text if isinstance(text, bytes) else text.encode())
    return path


def lines(count, first=0, **members):
    return "".join(json.dumps({"id": f"x{number}", "embedding": [number, 1], **members}) + "\n"
                   for number in range(first, first + count))


def rejected(path):
    rejects = pathlib.Path(f"{path}.rejects")
    if not rejects.exists():
        return {}
    found = [json.loads(line) for line in rejects.read_text(encoding="utf-8").splitlines()]
    return {line["_line"]: line["_reason"] for line in found}


def imported(path, *options, expect=STORED):
    """Imports into an empty collection."""
    with Chroma() as server:
        said = run(IMPORT, path, "c", *options, expect=expect)
        server.shutdown()
        return server.records, said


def one_bad_record(folder):
    """A record that is refused does not end the import, whatever is in it."""
    path = begin(folder, "empty.jsonl", lines(2) + '{"id":"e","embedding":[]}\n' + lines(500, 2))
    assert "502 records, 1 invalid lines" in run(IMPORT, path, "--dry-run", expect=REFUSED)
    records, _ = imported(path, expect=REFUSED)
    assert len(records) == 502 and "is empty" in rejected(path)[3], rejected(path)

    path = begin(folder, "latin.csv", 'id,embedding,town\na,"[1,2]",K\u00f6ln\n'.encode() +
                 'b,"[1,2]",K\u00f6ln\n'.encode("latin-1") + b'c,"[1,2]","one\n\xff"\nd,"[1,2]",Ulm\n')
    records, said = imported(path, expect=REFUSED)
    assert set(records) == {"a", "d"} and records["a"]["metadatas"] == {"town": "K\u00f6ln"}, records
    assert "line 3: column 12: the text is not valid UTF-8" in said, said
    assert "line 4: line 5, column 1: the text is not valid UTF-8" in said, said
    assert set(rejected(path)) == {3, 4}

    path = begin(folder, "latin.jsonl", lines(1).encode() + b'{"id":"\xf6","embedding":[1,2]}\n' + lines(1, 5).encode())
    records, said = imported(path, expect=REFUSED)
    assert len(records) == 2 and "line 2: column 8: the text is not valid UTF-8" in said, said

    # NaN has no form in JSON.
    vectors = folder / "nan.npy"
    npy(vectors, "(2, 2)", struct.pack("<4d", float("nan"), 1, 2, 3))
    path = begin(folder, "nan.jsonl", '{"id":"a"}\n{"id":"b"}\n')
    records, _ = imported(path, "--vectors", vectors, expect=REFUSED)
    assert set(records) == {"b"} and "nan" in rejected(path)[1].lower(), rejected(path)

    path = begin(folder, "unknown.jsonl", lines(3, text="x", _note=1))
    assert imported(path)[1].count("the member text is not imported") == 1

    long = '{"id":"long","document":"' + "x" * (64 << 20) + '"}\n'
    path = begin(folder, "long.jsonl", lines(1) + long + lines(1, 5))
    records, _ = imported(path, expect=REFUSED)
    assert len(records) == 2 and "longer than 67108864 bytes" in rejected(path)[2], rejected(path)
    assert pathlib.Path(f"{path}.rejects").stat().st_size < 5000
    path.unlink()


def stray_quotes(folder):
    rows = [f'x{number},"[{number},1]",text {number}\n' for number in range(2000)]
    rows[5] = 'x5,"[5,1]",a 5" disk\n'
    rows[10] = 'x10,"[10,1]","never closed\n'
    path = begin(folder, "quotes.csv", "id,embedding,document\n" + "".join(rows))
    records, _ = imported(path, expect=REFUSED)
    assert set(rejected(path)) == {12}, rejected(path)
    assert len(records) == 1999 and records["x5"]["documents"] == 'a 5" disk'

    rows = [f"x{number},text {number}\n" for number in range(1000)]
    rows[3] = 'x3,"never closed\n'
    path = begin(folder, "open.csv", "id,document\n" + "".join(rows))
    records, _ = imported(path, "--operation", "update", expect=REFUSED)
    assert set(rejected(path)) == {5} and "not closed" in rejected(path)[5] and len(records) == 999, rejected(path)


def csv_values(folder):
    fields = {"01234": "01234", '"00501"': "00501", "12345678901234567890": "12345678901234567890", " 7": " 7", "7": 7,
              "-7": -7, "-0": "-0", "0.5": 0.5, "1.0": 1.0, "1.10": "1.10", "1e5": "1e5", '"7"': "7", '"true"': "true",
              "true": True, "TRUE": "TRUE", "null": "null", "[1]": "[1]", "9223372036854775807": 9223372036854775807,
              "9223372036854775808": "9223372036854775808", "-9223372036854775808": -9223372036854775808}
    path = begin(folder, "values.csv", "id,embedding,value\n" +
                 "".join(f'{number},"[1,2]",{field}\n' for number, field in enumerate(fields)))
    records, _ = imported(path)
    for number, (field, value) in enumerate(fields.items()):
        found = records[str(number)]["metadatas"]["value"]
        assert found == value and type(found) is type(value), (field, found)

    path = begin(folder, "names.csv", 'id,embedding,"two\nwords"\r\na,"[1,2]",3\r\n')
    assert imported(path)[0]["a"]["metadatas"] == {"two\nwords": 3}
    path = begin(folder, "twice.csv", 'id,embedding,a,a\n1,"[1,2]",x,y\n')
    assert "there are two columns a" in run(IMPORT, path, "c", expect=FAILED)

    path = begin(folder, "integers.jsonl", "".join(
        '{"id":"%d","embedding":[1,2],"document":"\\"9","metadata":{"n":%s}}\n' % (number, value) for number, value in
        enumerate(["18446744073709551615", "9223372036854775807", "-9223372036854775809", "1e300",
                   "[1,99999999999999999999]", "-9223372036854775808"])))
    records, _ = imported(path, expect=REFUSED)
    assert set(rejected(path)) == {1, 3, 5} and "integer 18446744073709551615" in rejected(path)[1], rejected(path)
    assert records["1"]["metadatas"] == {"n": 9223372036854775807} and records["3"]["metadatas"] == {"n": 1e300}


def npy(path, shape, values):
    header = f"{{'descr': '<f8', 'fortran_order': False, 'shape': {shape}, }}\n"
    path.write_bytes(b"\x93NUMPY\x01\x00" + struct.pack("<H", len(header)) + header.encode() + values)


def incomplete_files(folder):
    """An import says what the file lacks."""
    with Chroma() as server:
        server.records = {f"x{number}": {"embeddings": [number, 1], "documents": None, "uris": None, "metadatas": None}
                          for number in range(100)}
        backup = folder / "backup.jsonl"
        run(EXPORT, "c", backup)
        whole = backup.read_text()
        run(EXPORT, "c", folder / "filtered.jsonl", "--where", '{"n":{"$lt":10}}')
        header = json.loads((folder / "filtered.jsonl").read_text().splitlines()[0])
        assert "count" not in header and header["where"] == {"n": {"$lt": 10}}, header
        server.shutdown()
    truncated = begin(folder, "truncated.jsonl", whole[:whole.index("\n", len(whole) // 2) + 1])
    records, said = imported(truncated, expect=INCOMPLETE)
    assert f"has {len(records)} records; according to its header it had 100" in said, said
    assert "according to its header" in run(IMPORT, truncated, "--dry-run", expect=INCOMPLETE)
    assert len(imported(backup)[0]) == 100

    vectors = folder / "more.npy"
    npy(vectors, "(3, 2)", struct.pack("<6d", *range(6)))
    path = begin(folder, "fewer.jsonl", '{"id":"a"}\n{"id":"b"}\n')
    records, said = imported(path, "--vectors", vectors, expect=INCOMPLETE)
    assert len(records) == 2 and "has 2 records" in said and "has 3 rows" in said, said
    for content, reason in (("(99999999999999999999999, 8)", "a shape that is too large"), (None, "is empty")):
        vectors.write_bytes(b"")
        if content:
            npy(vectors, content, b"")
        assert f"{vectors} " in run(IMPORT, path, "c", "--vectors", vectors, expect=FAILED)
        assert reason in run(IMPORT, path, "c", "--vectors", vectors, expect=FAILED)

    assert "is empty" in run(IMPORT, begin(folder, "empty.jsonl.gz", b""), "c", expect=FAILED)
    path = begin(folder, "nulls.jsonl", '{"chroma_export":1,"name":"c","schema":null,"configuration":null,"metadata":null}\n' +
                 lines(1))
    assert len(imported(path)[0]) == 1
    for member in ('"name":5', '"name":"c","count":"a"', '"name":"c","count":-5'):
        path = begin(folder, "header.jsonl", '{"chroma_export":1,%s}\n' % member)
        assert "in the header is not" in run(IMPORT, path, expect=FAILED)


def outages(folder):
    """Records that a server did not store for reasons of its own are not refused, and are sent by --resume."""
    text = lines(20) + lines(1, 20, document="poison") + lines(179, 21)
    for status, interrupts in ((503, True), (401, False)):
        path = begin(folder, f"outage{status}.jsonl", text)
        with Chroma() as server:
            server.write_status = status
            if status == 503:  # The first batch is refused and divided, and its parts meet the outage.
                server.writes_before_failure = 1
            command = [IMPORT, str(path), "c", "--batch", "50"]
            process = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
            assert server.write_failed.wait(120)
            if interrupts:
                process.send_signal(signal.SIGINT)
            said = "".join(process.communicate(timeout=120))
            assert process.returncode == (INTERRUPTED if interrupts else FAILED), (process.returncode, said)
            unstored = re.search(r" (\d+) not stored", said)
            assert unstored and int(unstored[1]) > 0 and " 0 refused" in said and "--resume" in said, said
            assert rejected(path) == {}, rejected(path)
            server.write_status, server.writes_before_failure = 200, None
            said = run(*command, "--resume", expect=REFUSED)
            assert len(server.records) == 199 and list(rejected(path)) == [21], (said, rejected(path))
            server.shutdown()


def refused_after_interruption(folder):
    """A refused batch, or its second half, that is left when the import is interrupted has good records."""
    for rows, before in ((50, 0), (2, 1)):
        path = begin(folder, f"late{rows}.jsonl", lines(1, document="poison") + lines(199, 1))
        with Chroma() as server:
            server.poisoned_before_wait = before
            command = [IMPORT, str(path), "c", "--batch", str(rows), "--concurrency", "1"]
            process = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
            assert server.poison_waits.wait(120)
            process.send_signal(signal.SIGINT)
            time.sleep(0.5)  # If this is too short, the import divides the batch, and the results are the same.
            server.poison_answered.set()
            said = "".join(process.communicate(timeout=120))
            assert process.returncode == INTERRUPTED and set(rejected(path)) <= {1}, (said, rejected(path))
            server.poisoned_before_wait = None
            run(*command, "--resume", expect=REFUSED)
            assert len(server.records) == 199 and list(rejected(path)) == [1], rejected(path)
            server.shutdown()


def stops(folder):
    """--on-error stop ends the import with a summary, whoever refuses the record."""
    for name, bad in (("check", '{"id":"b","embedding":[1,2,3]}\n'), ("line", "nonsense\n"),
                      ("server", lines(1, 900, document="poison"))):
        path = begin(folder, f"stop-{name}.jsonl", lines(300) + bad + lines(3000, 1000))
        records, said = imported(path, "--on-error", "stop", "--batch", "10", expect=FAILED)
        assert len(records) < 3000 and "records stored, " in said and "1 refused" in said, said
        assert "; continue with --resume." in said and list(rejected(path)) == [301], (said, rejected(path))


def interrupted_by_outage(server, path, *options):
    """An import that stores some records and then ends, so that it leaves a checkpoint."""
    server.records.clear()
    server.write_status, server.writes_before_failure = 401, 3
    run(IMPORT, path, "c", "--batch", "10", "--concurrency", "1", *options, expect=FAILED,
        text=lines(300) if path == "-" else None)
    server.write_status, server.writes_before_failure = 200, None
    assert server.records


def other_sources(folder):
    """--resume is refused if the vectors or the beginning of standard input are others."""
    with Chroma() as server:
        vectors = folder / "vectors.npy"
        npy(vectors, "(300, 2)", struct.pack("<600d", *range(600)))
        path = begin(folder, "vectors.jsonl", "".join('{"id":"x%d"}\n' % number for number in range(300)))
        interrupted_by_outage(server, path, "--vectors", vectors)
        other = folder / "other.npy"
        npy(other, "(300, 2)", struct.pack("<600d", *range(600, 1200)))
        assert "source" in run(IMPORT, path, "c", "--vectors", other, "--resume", expect=FAILED)
        assert "source" in run(IMPORT, path, "c", "--resume", expect=FAILED)
        run(IMPORT, path, "c", "--vectors", vectors, "--resume")
        assert len(server.records) == 300

        files = ("--checkpoint", folder / "stdin.checkpoint", "--rejects", folder / "stdin.rejects")
        interrupted_by_outage(server, "-", *files)
        assert "source" in run(IMPORT, "-", "c", "--resume", *files, text=lines(300, 5), expect=FAILED)
        run(IMPORT, "-", "c", "--resume", *files, text=lines(300))
        assert len(server.records) == 300
        server.shutdown()


def failed_exports(folder):
    """An export that fails leaves the last one as it was, and is resumed with the same options only."""
    with Chroma() as server:
        server.records = {f"x{number}": {"embeddings": [number, 1], "documents": f"d{number}", "uris": None,
                                         "metadatas": {"n": number}} for number in range(100)}
        for name in ("last.jsonl", "last.jsonl.gz"):
            path = begin(folder, name, "the last backup")
            server.pages_before_failure = 3
            said = run(EXPORT, "c", path, "--page", "10", expect=FAILED)
            assert path.read_text() == "the last backup" and ("--resume" in said) == (path.suffix != ".gz"), said
            server.pages_before_failure = None
            partial = folder / "last.jsonl.partial"
            assert partial.exists() == (path.suffix != ".gz") and not (folder / "last.jsonl.partial.gz").exists()
            if partial.exists():
                for other in (["--include", "documents"], ["--where", '{"n":1}']):
                    said = run(EXPORT, "c", path, "--page", "10", "--resume", *other, expect=FAILED)
                    assert f"was begun with another {other[0]}" in said, said
                assert "100 records written" in run(EXPORT, "c", path, "--page", "10", "--resume")
            else:
                run(EXPORT, "c", path)
            assert not partial.exists()
            read = gzip.open if path.suffix == ".gz" else open
            with read(path, "rt", encoding="utf-8") as file:
                assert [json.loads(line).get("id") for line in file][1:] == list(server.records)
        link = folder / "link.jsonl"
        link.symlink_to(path.name[:-3])
        run(EXPORT, "c", link)
        assert link.is_symlink() and link.read_text() == (folder / "last.jsonl").read_text()
        assert run(EXPORT, "c", "-").count("\n") == 102  # With the line on standard error.
        assert "cannot write" in run(EXPORT, "c", "/dev/full", expect=FAILED)
        server.shutdown()


def arguments(folder):
    for program in (IMPORT, EXPORT):
        said = run(program, "--help")
        assert said.startswith(pathlib.Path(program).name) and "Exit status" in said, said
    path = begin(folder, "one.jsonl", lines(1))
    for option in ("--checkpoint", "--rejects"):
        with Chroma() as server:
            assert "cannot write" in run(IMPORT, path, "c", option, folder / "no" / "file", expect=FAILED)
            assert not server.records
            server.shutdown()


def main():
    for name in [name for name in os.environ if name.startswith("CHROMA_")]:
        os.environ.pop(name)
    with tempfile.TemporaryDirectory() as text:
        folder = pathlib.Path(text)
        for test in (arguments, one_bad_record, stray_quotes, csv_values, incomplete_files, outages,
                     refused_after_interruption, stops, other_sources, failed_exports):
            test(folder)
    return 0


if __name__ == "__main__":
    sys.exit(main())
