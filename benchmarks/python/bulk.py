"""Loads the records of ../bulk.cpp with the Python client: one batch after the other. Prints one line of JSON."""
import json
import sys
import time
from urllib.parse import urlsplit

import chromadb
import numpy

from calls import peak_megabytes


def main():
    url, name, rows, width, batch = sys.argv[1], sys.argv[2], *map(int, sys.argv[3:6])
    address = urlsplit(url)
    client = chromadb.HttpClient(host=address.hostname, port=address.port,
                                 settings=chromadb.Settings(anonymized_telemetry=False))
    collection = client.get_or_create_collection(name, embedding_function=None)
    random = numpy.random.default_rng(1)
    wall, cpu = time.perf_counter(), time.process_time()
    for first in range(0, rows, batch):
        numbers = range(first, min(rows, first + batch))
        collection.upsert(ids=[f"id-{i}" for i in numbers], documents=[f"document number {i}" for i in numbers],
                          metadatas=[{"number": i} for i in numbers],
                          embeddings=random.standard_normal((len(numbers), width), dtype=numpy.float32))
    print(json.dumps({"wall_seconds": time.perf_counter() - wall, "cpu_seconds": time.process_time() - cpu,
                      "megabytes": peak_megabytes(), "samples": []}))


if __name__ == "__main__":
    main()
