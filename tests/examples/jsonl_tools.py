#!/usr/bin/env python3
"""jsonl_tools.py IMPORT EXPORT: tests import_jsonl and export_jsonl with the server of CHROMA_TEST_ENDPOINT. Records are
imported, exported and compared, with the settings of their collections; records are
embedded; an import is interrupted by SIGINT and by SIGKILL and resumed; refused lines are
reported; CSV and NumPy files are imported; an export is resumed.
"""
import difflib
import gzip
import http.server
import json
import os
import pathlib
import random
import signal
import struct
import subprocess
import sys
import tempfile
import threading
import time
import urllib.request
import uuid

IMPORT, EXPORT = sys.argv[1:]
ROWS, WIDTH = 2500, 16


def f32(value):
    return struct.unpack("f", struct.pack("f", value))[0]


def record(number, source):
    return {"id": f"id-{number}", "document": f"line {number} \" \\ \u00e4", "uri": f"u://{number}",
            "metadata": {"n": number, "x": number / 4,  # The server reads some decimal fractions one bit off.
                          "even": number % 2 == 0, "s": "text"},
            "embedding": [f32(source.gauss(0, 1)) for _ in range(WIDTH)]}


def run(*command, expect=0):
    done = subprocess.run(command, capture_output=True, text=True, timeout=300)
    assert done.returncode == expect, (command, done.returncode, done.stdout, done.stderr)
    return done.stdout + done.stderr


def exported(name, folder):
    path = folder / f"{name}.jsonl.gz"
    run(EXPORT, name, str(path), "--page", "700")
    with gzip.open(path, "rt", encoding="utf-8") as file:
        lines = [json.loads(line) for line in file]
    assert lines[0]["chroma_export"] == 1 and lines[0]["name"] == name
    for line in lines[1:]:
        line["embedding"] = [f32(value) for value in line["embedding"]]
    return path, {line["id"]: line for line in lines[1:]}


def interrupt(path, name, number):
    """Interrupts an import by a signal; true if it had not stored all records before."""
    checkpoint = pathlib.Path(f"{path}.checkpoint")
    process = subprocess.Popen([IMPORT, str(path), name, "--resume", "--batch", "20", "--concurrency", "1"],
                               stdout=subprocess.PIPE, stderr=subprocess.PIPE)
    limit = time.monotonic() + 120
    before = checkpoint.read_text() if checkpoint.exists() else ""
    while process.poll() is None and time.monotonic() < limit:
        if checkpoint.exists() and checkpoint.read_text() != before:
            break
        time.sleep(0.02)
    process.send_signal(number)
    process.communicate(timeout=120)
    return checkpoint.exists()


def npy(path, rows, kind):
    header = f"{{'descr': '<{kind}', 'fortran_order': False, 'shape': ({len(rows)}, {len(rows[0])}), }}"
    header = header.ljust(117) + "\n"
    values = b"".join(struct.pack("<" + ("f" if kind == "f4" else "d") * len(row), *row) for row in rows)
    path.write_bytes(b"\x93NUMPY\x01\x00" + struct.pack("<H", len(header)) + header.encode() + values)


def resumed_export(name, folder):
    """An export that ended within a line, within the header, or before it, is continued."""
    path = folder / "resumed.jsonl"
    run(EXPORT, name, str(path), "--resume", "--page", "300")
    whole = path.read_bytes()
    for size in (0, 20, whole.index(b"\n") + 1, len(whole) // 2, len(whole) - 1, len(whole)):
        for options in ([], ["--snapshot"]):
            path.write_bytes(whole[:size])
            said = run(EXPORT, name, str(path), "--resume", "--page", "300", *options)
            assert path.read_bytes() == whole, (size, options)
            before = max(0, whole[:size].count(b"\n") - 1)
            assert f"{ROWS} records written" in said and (f"{before} of them" in said) == (before > 0), said
    lines = whole.splitlines(keepends=True)
    path.write_bytes(lines[0] + lines[2])
    assert "is elsewhere in the collection now" in run(EXPORT, name, str(path), "--resume", expect=1)
    path.write_bytes(lines[0].replace(f'"count":{ROWS}'.encode(), b'"count":1') + lines[1])
    assert "is not as it was" in run(EXPORT, name, str(path), "--resume", expect=1)
    run(EXPORT, name, f"{path}.gz", "--resume", expect=2)


def csv_and_npy(folder):
    table = folder / "table.csv"
    table.write_text('\ufeffid,document,embedding,year,score,seen\r\na,"one, ""quoted""\r\nline","[1,2]",1999,0.5,true\r\n'
                     'b,,"[3,4]",2000,,false\r\nc,"broken\r\n', encoding="utf-8")
    name = f"csv-{uuid.uuid4()}"
    said = run(IMPORT, str(table), name, expect=3)
    assert "2 records stored" in said and "line 5:" in said, said
    found = exported(name, folder)[1]
    assert found == {
        "a": {"id": "a", "document": 'one, "quoted"\r\nline', "embedding": [1, 2],
              "metadata": {"year": 1999, "score": 0.5, "seen": True}},
        "b": {"id": "b", "embedding": [3, 4], "metadata": {"year": 2000, "seen": False}}}, found

    lines = folder / "lines.jsonl"
    lines.write_text('{"id":"a"}\n\n{"id":"b"}\n', encoding="utf-8")
    for kind in ("f4", "f8"):
        vectors = folder / f"{kind}.npy"
        npy(vectors, [[0.5, 1.5], [2.5, -1.25]], kind)
        name = f"npy-{uuid.uuid4()}"
        run(IMPORT, str(lines), name, "--vectors", str(vectors))
        found = exported(name, folder)[1]
        assert [found[key]["embedding"] for key in "ab"] == [[0.5, 1.5], [2.5, -1.25]], found
    vectors.write_bytes(vectors.read_bytes()[:-1])
    assert "is truncated" in run(IMPORT, str(lines), name, "--vectors", str(vectors), expect=1)


def create(name, body):
    request = urllib.request.Request(
        os.environ["CHROMA_ENDPOINT"] + "/api/v2/tenants/default_tenant/databases/default_database/collections",
        json.dumps({"name": name, **body}).encode(), {"content-type": "application/json"})
    urllib.request.urlopen(request, timeout=60).close()


def collections():
    """Bodies that create collections, in forms of several ages."""
    function = {"type": "known", "name": "ollama", "config": {"url": "http://localhost:1", "model_name": "m", "timeout": 5}}
    yield {}
    yield {"metadata": {"hnsw:space": "cosine", "hnsw:M": 20, "a": 0.5}}
    yield {"configuration": {"hnsw": {"space": "cosine", "ef_construction": 150, "ef_search": 77, "max_neighbors": 12,
                                      "sync_threshold": 500, "batch_size": 50, "resize_factor": 1.3},
                             "embedding_function": function}, "metadata": {"hnsw:space": "l2"}}
    index = {"space": "ip", "embedding_function": function, "source_key": "#document", "hnsw": {"max_neighbors": 20}}
    yield {"schema": {"defaults": {}, "keys": {
        "year": {"int": {"int_inverted_index": {"enabled": False, "config": {}}}},
        "#embedding": {"float_list": {"vector_index": {"enabled": True, "config": index}}}}}}


def same(first, second):
    difference = list(difflib.unified_diff(first.splitlines(), second.splitlines(), lineterm="", n=0))
    assert not difference, "\n".join(difference)


def round_trips(folder):
    """An import restores what an export has written, into another name and into another database."""
    for body in collections():
        name, copy = f"first-{uuid.uuid4()}", f"copy-{uuid.uuid4()}"
        files = [folder / f"trip{number}.jsonl" for number in range(4)]
        create(name, body)
        given = folder / "given.jsonl"
        # With the cosine distance the server returns rounded embeddings, except of such vectors.
        axes = [[float(place == number % WIDTH) for place in range(WIDTH)] for number in range(20)]
        lines = [json.dumps({**record(number, random.Random(1)), "embedding": axis}) for number, axis in enumerate(axes)]
        given.write_text("\n".join(lines) + "\n", encoding="utf-8")
        run(IMPORT, str(given), name)
        run(EXPORT, name, str(files[0]))
        run(IMPORT, str(files[0]), copy)
        run(EXPORT, copy, str(files[1]))
        same(files[0].read_text(), files[1].read_text().replace(copy, name))

        database = f"db-{uuid.uuid4()}"
        request = urllib.request.Request(os.environ["CHROMA_ENDPOINT"] + "/api/v2/tenants/default_tenant/databases",
                                         json.dumps({"name": database}).encode(), {"content-type": "application/json"})
        urllib.request.urlopen(request, timeout=60).close()
        os.environ["CHROMA_DATABASE"] = database
        run(IMPORT, str(files[0]))
        run(EXPORT, name, str(files[2]))
        same(files[0].read_text(), files[2].read_text())
        del os.environ["CHROMA_DATABASE"]

        # A header of a server that sends no schema.
        lines = files[0].read_text().splitlines(keepends=True)
        header = json.loads(lines[0])
        header.pop("schema")
        old = folder / "old.jsonl"
        old.write_text(json.dumps(header) + "\n" + "".join(lines[1:]), encoding="utf-8")
        run(IMPORT, str(old), f"old-{copy}")
        run(EXPORT, f"old-{copy}", str(files[3]))
        restored = json.loads(files[3].read_text().splitlines()[0])
        assert restored["configuration"] == header["configuration"], restored


class Ollama(http.server.BaseHTTPRequestHandler):
    """An embedding service: the embedding of "d7" is (7, 1)."""

    def do_POST(self):
        texts = json.loads(self.rfile.read(int(self.headers["content-length"])))["input"]
        body = json.dumps({"embeddings": [[float(text[1:]), 1.0] for text in texts]}).encode()
        self.send_response(200)
        self.send_header("content-length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_):
        pass


def embedding(folder):
    """Records without embeddings are embedded by the function that the collection names, if that is asked for."""
    lines = folder / "texts.jsonl"
    lines.write_text("".join(json.dumps({"id": str(number), "document": f"d{number}"}) + "\n" for number in range(300)))
    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), Ollama) as service:
        threading.Thread(target=service.serve_forever, daemon=True).start()
        name = f"texts-{uuid.uuid4()}"
        create(name, {"configuration": {"embedding_function": {"type": "known", "name": "ollama", "config": {
            "url": f"http://127.0.0.1:{service.server_port}", "model_name": "m", "timeout": 60}}}})
        assert "0 records stored" in run(IMPORT, str(lines), name, expect=3)
        assert "300 records embedded" in run(IMPORT, str(lines), name, "--embed")
        found = exported(name, folder)[1]
        assert len(found) == 300 and all(line["embedding"] == [float(key), 1.0] for key, line in found.items()), found
        service.shutdown()


def without_server(folder):
    """Arguments, and lines that cannot be read."""
    lines = folder / "zero.jsonl"
    for number in ("0", "-5", "x", "99999999999999999999999"):
        assert "--batch needs a number" in run(IMPORT, str(lines), "--batch", number, expect=2)
    run(EXPORT, "c", str(folder / "out"), "--where", "{", expect=2)
    run(EXPORT, "c", str(folder / "out"), "--include", "nothing", expect=2)
    lines.write_bytes(b'{"id":"a"}\n{"id":"\0"}\n{"id":"b"}\n{"id":"c"}')
    said = run(IMPORT, str(lines), "--dry-run", expect=3)
    assert "3 records, 1 invalid lines" in said and "line 2:" in said, said


def faulty_files(folder):
    """A truncated file, and an import that has refused a line before it was interrupted."""
    records = [json.dumps({"id": str(number), "embedding": [number, 1]}) for number in range(ROWS)]
    truncated = folder / "truncated.jsonl.gz"
    truncated.write_bytes(gzip.compress("\n".join(records).encode())[:-1000])
    name = f"truncated-{uuid.uuid4()}"
    run(IMPORT, str(truncated), name, expect=1)
    assert len(exported(name, folder)[1]) > ROWS // 4, "the records before the end of the file were not stored"

    refused = folder / "refused.jsonl"
    other = json.dumps({"id": "other", "embedding": [1, 2, 3]})
    refused.write_text("\n".join(["nonsense", records[0], other, *records[1:]]) + "\n", encoding="utf-8")
    name = f"refused-{uuid.uuid4()}"
    interrupt(refused, name, signal.SIGINT)
    run(IMPORT, str(refused), name, "--resume", expect=3)
    rejects = [json.loads(line)["_line"] for line in pathlib.Path(f"{refused}.rejects").read_text().splitlines()]
    assert sorted(rejects) == [1, 3], rejects


def main():
    with tempfile.TemporaryDirectory() as text:
        without_server(pathlib.Path(text))
    endpoint = os.environ.get("CHROMA_TEST_ENDPOINT")
    if not endpoint:
        return 77
    os.environ["CHROMA_ENDPOINT"] = endpoint
    for name in ("CHROMA_TENANT", "CHROMA_DATABASE"):
        os.environ.pop(name, None)
    source = random.Random(1)
    records = {f"id-{number}": record(number, source) for number in range(ROWS)}
    with tempfile.TemporaryDirectory() as text:
        folder = pathlib.Path(text)
        path = folder / "in.jsonl"
        path.write_text("\n".join(json.dumps(line) for line in records.values()) + "\n", encoding="utf-8")
        assert f"{ROWS} records, 0 invalid lines" in run(IMPORT, str(path), "--dry-run")

        first = f"jsonl-{uuid.uuid4()}"
        interrupted = [interrupt(path, first, number) for number in (signal.SIGINT, signal.SIGKILL)]
        assert interrupted == [True, True], interrupted
        run(IMPORT, str(path), first, expect=1)  # A checkpoint is there, and --resume was not said.
        run(IMPORT, str(path), first, "--resume")
        backup, found = exported(first, folder)
        assert found == records, next((key, found.get(key), records[key]) for key in records if found.get(key) != records[key])

        second = f"jsonl-{uuid.uuid4()}"
        said = run(IMPORT, str(backup), second)
        assert f"{ROWS} records stored" in said, said
        assert exported(second, folder)[1] == records

        bad = folder / "bad.jsonl"
        bad.write_text('{"id":"a","embedding":[1,2]}\nnonsense\n{"id":"b","embedding":[1,2,3]}\n{"embedding":[1,2]}\n'
                       '{"id":"c","text_chunk":"t","embedding_b64":"AACAPwAAAEA="}\n', encoding="utf-8")
        said = run(IMPORT, str(bad), f"jsonl-{uuid.uuid4()}", expect=3)
        assert "2 records stored" in said and "line 2:" in said and "line 4:" in said, said
        rejects = [json.loads(line) for line in pathlib.Path(f"{bad}.rejects").read_text().splitlines()]
        assert sorted(line["_line"] for line in rejects) == [2, 3, 4], rejects

        resumed_export(second, folder)
        round_trips(folder)
        embedding(folder)
        csv_and_npy(folder)
        faulty_files(folder)
    return 0


if __name__ == "__main__":
    sys.exit(main())
