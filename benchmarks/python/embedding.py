"""Measures the Python client's embedding functions as ../embedding.cpp measures ours: the same arguments, the same line
of JSON. HOME has the model."""
import itertools
import json
import sys
import time

import onnxruntime
from chromadb.utils import embedding_functions as functions

from calls import peak_megabytes


class OneThread(onnxruntime.SessionOptions):
    def __init__(self):
        super().__init__()
        self.intra_op_num_threads = 1


def make(name, source):
    if name == "openai":
        return functions.OpenAIEmbeddingFunction(api_base=source, api_key="key", model_name="text-embedding-3-small")
    if name == "minilm":
        function = functions.ONNXMiniLM_L6_V2(preferred_providers=["CPUExecutionProvider"])
        function.ort.SessionOptions = OneThread
        return function
    return functions.ChromaBm25EmbeddingFunction(include_tokens=True)


def main():
    name, source, path, count, calls = *sys.argv[1:4], *map(int, sys.argv[4:])
    with open(path, encoding="utf-8") as file:
        texts = [line.rstrip("\n") for line in itertools.islice(file, count)]
    function = make(name, source)
    assert len(function(texts[:32] if name == "minilm" else texts)) > 0
    wall, cpu = time.perf_counter(), time.process_time()
    for _ in range(calls):
        assert len(function(texts)) == len(texts)
    print(json.dumps({"wall_seconds": time.perf_counter() - wall, "cpu_seconds": time.process_time() - cpu,
                      "megabytes": peak_megabytes(), "texts": len(texts) * calls}))


if __name__ == "__main__":
    main()
