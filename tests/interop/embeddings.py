"""embeddings.py PROGRAM REPOSITORY: collections with embedding functions between this library and the Python client.

PROGRAM is built from embeddings.cpp. For each function that a collection can record, each client makes a collection on
the server of CHROMA_TEST_ENDPOINT and queries that of the other by text, without naming the function. The single-node
server has no sparse indexes: for sparse functions a stand-in keeps the schema, and the vectors that the clients send
are compared. CHROMA_INTEROP_TEXTS is the number of texts for which the vectors of the model are compared (64 unless it is
set). Needs the packages of requirements.txt (scripts/interop-python installs them) and scripts/fetch-minilm.
"""
import os
import pathlib
import random
import subprocess
import sys
import tempfile
import uuid

PROGRAM, REPOSITORY = sys.argv[1], pathlib.Path(sys.argv[2])
PYTHON = REPOSITORY / "build" / "interop-python" / "bin" / "python"
MODEL = REPOSITORY / "build" / "minilm"
DOCUMENTS = ["Whales sing to each other in the deep sea", "Camels store fat in their humps",
             "A compiler translates programs into machine code"]
QUESTION = "fat in the humps of camels"
KEY_VARIABLE = "CHROMA_INTEROP_API_KEY"


def skip(reason):
    print(reason)
    sys.exit(77)


ENDPOINT = os.environ.get("CHROMA_TEST_ENDPOINT") or skip("CHROMA_TEST_ENDPOINT is not set")
if sys.prefix == sys.base_prefix and PYTHON.exists():
    os.execv(PYTHON, [PYTHON, *sys.argv])
if not (MODEL / "model.onnx").exists():
    skip("scripts/fetch-minilm has not been run")
HOME = tempfile.TemporaryDirectory()  # With the model where the Python client keeps it.
CACHE = pathlib.Path(HOME.name) / ".cache/chroma/onnx_models/all-MiniLM-L6-v2/onnx"
CACHE.mkdir(parents=True)
for name in ("model.onnx", "tokenizer.json"):
    (CACHE / name).symlink_to(MODEL / name)
for name in ("config.json", "special_tokens_map.json", "tokenizer_config.json", "vocab.txt"):
    (CACHE / name).touch()  # The Python client does not read them, but expects them to be there.
os.environ |= {"HOME": HOME.name, KEY_VARIABLE: "interop-key", "CHROMA_ONNXRUNTIME": str(MODEL / "libonnxruntime.so"),
               "ANONYMIZED_TELEMETRY": "False", "NO_PROXY": "*"}

try:
    import chromadb
    import numpy
    import ollama  # noqa: F401
    import openai  # noqa: F401
    import snowballstemmer  # noqa: F401
    from chromadb import Knn, Schema, Search, SparseVectorIndexConfig
    from chromadb.utils import embedding_functions as functions
    from chromadb.utils.embedding_functions import chroma_cloud_qwen_embedding_function as qwen
    from chromadb.utils.embedding_functions import chroma_cloud_splade_embedding_function as splade
except ImportError as error:
    skip(f"{error}; scripts/interop-python installs the packages")

from stand_in import StandIn  # noqa: E402


def expect(condition, what):
    if not condition:
        sys.exit(f"FAILED: {what}")


def library(*arguments):
    done = subprocess.run([PROGRAM, *arguments], capture_output=True, text=True, timeout=300)
    expect(done.returncode == 0, f"{arguments[:4]}: {done.stdout}{done.stderr}")
    return [line.split() for line in done.stdout.splitlines()]


def python_function(name, url):
    if name == "openai":
        return functions.OpenAIEmbeddingFunction(api_base=url + "/v1", model_name="letters", api_key_env_var=KEY_VARIABLE)
    if name == "azure":
        return functions.OpenAIEmbeddingFunction(api_base=url, model_name="letters", api_key_env_var=KEY_VARIABLE,
                                                 api_type="azure", api_version="2024-10-21", deployment_id="letters")
    if name == "ollama":
        return functions.OllamaEmbeddingFunction(url=url, model_name="letters")
    if name == "huggingface_server":
        return functions.HuggingFaceEmbeddingServer(url=url + "/embed", api_key_env_var=KEY_VARIABLE)
    if name == "chroma-cloud-qwen":
        return functions.ChromaCloudQwenEmbeddingFunction(model=qwen.ChromaCloudQwenEmbeddingModel.QWEN3_EMBEDDING_0p6B,
                                                          task="nl_to_code", api_key_env_var=KEY_VARIABLE)
    return functions.DefaultEmbeddingFunction()


def python_query(client, name):
    found = client.get_collection(name).query(query_texts=[QUESTION], n_results=3)
    return [(id, float(distance)) for id, distance in zip(found["ids"][0], found["distances"][0])]


def same_result(mine, other):
    return [id for id, _ in mine] == [id for id, _ in other] and all(
        abs(float(a) - float(b)) < 1e-4 for (_, a), (_, b) in zip(mine, other))


def check_dense(client, provider, name, run):
    """Both clients make a collection, and both query both."""
    ours, theirs = f"cpp-{name}-{run}", f"python-{name}-{run}"
    library("create", ENDPOINT, ours, name, provider.url, *DOCUMENTS)
    client.create_collection(theirs, embedding_function=python_function(name, provider.url)).add(
        ids=["0", "1", "2"], documents=DOCUMENTS)
    results = [library("query", ENDPOINT, ours, QUESTION), library("query", ENDPOINT, theirs, QUESTION),
               python_query(client, ours), python_query(client, theirs)]
    expect(results[0][0][0] == "1", f"{name}: the wrong document was found: {results[0]}")
    rows = [client.get_collection(each, embedding_function=None).get(include=["embeddings"]) for each in (ours, theirs)]
    expect(numpy.abs(rows[0]["embeddings"] - rows[1]["embeddings"]).max() < 1e-5, f"{name}: the embeddings differ")
    for number, result in enumerate(results[1:], 1):
        expect(same_result(results[0], result), f"{name}: result {number} is {result}, not {results[0]}")
    spaces = [client.get_collection(each).configuration["hnsw"]["space"] for each in (ours, theirs)]
    expect(spaces[0] == spaces[1], f"{name}: the distances are {spaces}")
    print(f"{name}: {spaces[0]}; each client queries the collection of the other")


def texts_of_many_scripts(count):
    """Random words of Latin with accents, Greek, Cyrillic, Hebrew, Arabic, Devanagari, Thai, Hangul, Chinese and Japanese,
    symbols, emoji and ASCII."""
    source = random.Random(1)
    scripts = [(0x61, 0x7A), (0xC0, 0x17F), (0x391, 0x3C9), (0x410, 0x44F), (0x5D0, 0x5EA), (0x627, 0x64A),
               (0x905, 0x939), (0xE01, 0xE3A), (0xAC00, 0xD7A3), (0x4E00, 0x9FA5), (0x3041, 0x30FE), (0x2010, 0x2040),
               (0x1F600, 0x1F640), (0x21, 0x7E)]

    def word():
        first, last = source.choice(scripts)
        return "".join(chr(source.randint(first, last)) for _ in range(source.randint(1, 8)))

    return [" ".join(word() for _ in range(source.randint(1, 12))) for _ in range(count)]


def check_default_vectors(client, run):
    """The model gives the same vectors as the Python client for texts of several scripts."""
    texts = texts_of_many_scripts(int(os.environ.get("CHROMA_INTEROP_TEXTS", "64")))
    name = f"cpp-scripts-{run}"
    library("create", ENDPOINT, name, "default", "", *texts)
    stored = client.get_collection(name, embedding_function=None).get(include=["embeddings"])
    rows = {int(id): row for id, row in zip(stored["ids"], stored["embeddings"])}
    theirs = functions.DefaultEmbeddingFunction()(texts)
    difference = max(numpy.abs(rows[i] - row).max() for i, row in enumerate(theirs))
    expect(len(rows) == len(texts) and difference < 1e-5, f"the vectors of the model differ by {difference}")
    print(f"default: the vectors of {len(texts)} texts of several scripts differ by at most {difference:.1e}")


def check_own(client, run):
    """Python reads a collection whose function it does not know, and fails only when it must embed."""
    name = f"cpp-own-{run}"
    library("create", ENDPOINT, name, "own", "", *DOCUMENTS)
    collection = client.get_collection(name)
    found = collection.query(query_embeddings=[[1, len(DOCUMENTS[1])]], n_results=1)
    expect(found["ids"] == [["1"]], f"own: {found}")
    try:
        collection.query(query_texts=[QUESTION])
    except Exception as error:  # The class depends on the version of the client.
        expect("length_of_the_text" in str(error), f"own: {error}")
    else:
        expect(False, "own: Python embedded a text with an unknown function")
    print("a function of one's own: Python reads the collection and queries it by vectors")


def sparse_schema(name):
    if name == "bm25":
        index = SparseVectorIndexConfig(embedding_function=functions.ChromaBm25EmbeddingFunction(),
                                        source_key="#document", bm25=True)
    else:
        model = splade.ChromaCloudSpladeEmbeddingModel.SPLADE_PP_EN_V1
        index = SparseVectorIndexConfig(source_key="title", embedding_function=(
            functions.ChromaCloudSpladeEmbeddingFunction(model=model, api_key_env_var=KEY_VARIABLE)))
    return Schema().create_index(key="words", config=index)


def close(one, other):
    """True if two JSON values are equal, but for the precision of numbers."""
    if isinstance(one, dict) and isinstance(other, dict):
        return one.keys() == other.keys() and all(close(one[key], other[key]) for key in one)
    if isinstance(one, list) and isinstance(other, list):
        return len(one) == len(other) and all(map(close, one, other))
    if isinstance(one, (int, float)) and isinstance(other, (int, float)):
        return abs(one - other) <= 1e-6 * max(1, abs(one))
    return one == other


def vector(value):
    """A sparse vector without the tokens, which only one of the clients may send."""
    return {"indices": value["indices"], "values": value["values"]}


def written(provider):
    (body,) = provider.take("/add")
    return [vector(metadata["words"]) for metadata in body["metadatas"]]


def searched(provider):
    (body,) = provider.take("/search")
    return vector(body["searches"][0]["rank"]["$knn"]["query"])


def check_sparse_collection(client, provider, name):
    """Both clients add and search by text; what they send is compared."""
    collection = client.get_collection(name)
    collection.add(ids=["0", "1", "2"], documents=DOCUMENTS, metadatas=[{"title": text} for text in DOCUMENTS])
    theirs = written(provider)
    library("add", provider.url, name, *DOCUMENTS)
    ours = written(provider)
    expect(close(ours, theirs), f"{name}: {ours} and {theirs} differ")
    expect(all(row["indices"] for row in ours), f"{name}: a sparse vector is empty: {ours}")
    collection.search(Search().rank(Knn(query=QUESTION, key="words")).limit(3))
    theirs = searched(provider)
    library("search", provider.url, name, QUESTION)
    ours = searched(provider)
    expect(ours["indices"] and close(ours, theirs), f"{name}: the searches differ: {ours} and {theirs}")


def check_sparse(client, provider, name):
    library("create_sparse", provider.url, f"cpp-{name}", name, provider.url)
    client.create_collection(f"python-{name}", schema=sparse_schema(name),
                             embedding_function=python_function("openai", provider.url))
    for maker in ("cpp", "python"):
        check_sparse_collection(client, provider, f"{maker}-{name}")
    print(f"{name}: both clients send the same sparse vectors to the collections of both")


def main():
    run = uuid.uuid4().hex[:12]
    address = ENDPOINT.removeprefix("http://").split(":")
    client = chromadb.HttpClient(host=address[0], port=int(address[1].rstrip("/")))
    with StandIn() as provider:
        os.environ["CHROMA_EMBED_URL"] = provider.url
        for name in ("openai", "azure", "ollama", "huggingface_server", "chroma-cloud-qwen", "default"):
            check_dense(client, provider, name, run)
        instructions = {body["instructions"] for path, _, body in provider.received if path == "/"}
        expect(len(instructions) == 2 and "" in instructions, f"the instructions are {instructions}")
        check_default_vectors(client, run)
        check_own(client, run)
        sparse_client = chromadb.HttpClient(host="127.0.0.1", port=provider.server_port)
        for name in ("bm25", "splade"):
            check_sparse(sparse_client, provider, name)


if __name__ == "__main__":
    main()
