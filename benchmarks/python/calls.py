"""Measures calls of the Python client as ../calls.cpp measures ours: the same arguments, the same line of JSON."""
import json
import pathlib
import random
import re
import sys
import time
from urllib.parse import urlsplit

import chromadb
import numpy

ROWS, WIDTH = 1000, 1536


def peak_megabytes():
    status = pathlib.Path("/proc/self/status")
    found = re.search(r"VmHWM:\s*(\d+)", status.read_text()) if status.exists() else None
    return int(found.group(1)) / 1024 if found else 0


def main():
    url, operation, calls, in_flight = sys.argv[1:]
    if in_flight != "1":
        sys.exit("one call at a time only")
    address = urlsplit(url)
    client = chromadb.HttpClient(host=address.hostname, port=address.port, tenant="t", database="d",
                                 settings=chromadb.Settings(anonymized_telemetry=False))
    collection = client.get_collection("c", embedding_function=None)
    ids = [f"id-{i}" for i in range(ROWS)]
    rows = numpy.random.default_rng(1).standard_normal((ROWS, WIDTH), dtype=numpy.float32)
    one_row = [[random.Random(1).random() for _ in range(WIDTH)]]

    def get():
        response = collection.get(include=["embeddings"])
        assert len(response["embeddings"]) == ROWS

    call = {"heartbeat": client.heartbeat, "upsert": lambda: collection.upsert(ids=ids, embeddings=rows), "get": get,
            "query": lambda: collection.query(query_embeddings=one_row)}[operation]
    memory_before = peak_megabytes()
    call()  # opens the connection
    wall, cpu = time.perf_counter(), time.process_time()
    for _ in range(int(calls)):
        call()
    print(json.dumps({"wall_seconds": time.perf_counter() - wall, "cpu_seconds": time.process_time() - cpu,
                      "megabytes": peak_megabytes() - memory_before}))


if __name__ == "__main__":
    main()
