"""Stands in for providers of embeddings, and for a Chroma server with sparse indexes, with real HTTP.

A dense vector has the number of each letter and a constant; a sparse one the numbers of the letters that occur. The
Chroma server stores documents and metadata, and searches one sparse index; its responses have the form of those of a
distributed server.
"""
import base64
import http.server
import json
import re
import struct
import threading
import uuid

LETTERS = "abcdefghijklmnopqrstuvwxyz"


def dense(text):
    return [text.lower().count(letter) for letter in LETTERS] + [0.5]


def sparse(text):
    counts = [(i, n) for i, n in enumerate(dense(text)[:-1]) if n]
    return {"indices": [i for i, _ in counts], "values": [float(n) for _, n in counts],
            "labels": [LETTERS[i] for i, _ in counts]}


def packed(row):
    return base64.b64encode(struct.pack(f"<{len(row)}f", *row)).decode()


def get(records, body):
    first = body.get("offset") or 0
    last = first + body["limit"] if body.get("limit") is not None else None
    ids = list(records)[first:last]
    return {"ids": ids, "embeddings": None, "documents": None, "uris": None,
            "metadatas": [records[id]["metadata"] for id in ids], "include": ["metadatas"]}


def search(records, body):
    """The records that have an index in common with the query; the score is 1 minus the dot product."""
    (one,) = body["searches"]
    knn = one["rank"]["$knn"]
    query = dict(zip(knn["query"]["indices"], knn["query"]["values"]))
    scores = {}
    for id, record in records.items():
        vector = record["metadata"][knn["key"]]
        common = [query[index] * value for index, value in zip(vector["indices"], vector["values"]) if index in query]
        if common:
            scores[id] = 1 - sum(common)
    ids = sorted(scores, key=scores.get)[:(one.get("limit") or {}).get("limit")]
    return {"ids": [ids], "documents": [None], "embeddings": [None], "metadatas": [[records[id]["metadata"] for id in ids]],
            "scores": [[scores[id] for id in ids]], "select": [["#metadata", "#score"]]}


class Handler(http.server.BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def respond(self, value, status=200):
        body = json.dumps(value).encode()
        self.send_response(status)
        self.send_header("content-type", "application/json")
        self.send_header("content-length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def do_GET(self):
        path = self.path.split("?")[0]
        if path == "/info":
            return self.respond({"max_client_batch_size": 2, "max_concurrent_requests": 512})
        found = re.search(r"/collections/([^/]+)$", path)
        if found:
            collection = self.server.stored.get(found.group(1))
            return self.respond(collection or {"error": "NotFoundError", "message": "none"}, 200 if collection else 404)
        for end, value in (("/heartbeat", {"nanosecond heartbeat": 1}),
                           ("/pre-flight-checks", {"max_batch_size": 100, "supports_base64_encoding": False}),
                           ("/auth/identity", {"user_id": "", "tenant": "default_tenant",
                                               "databases": ["default_database"]}),
                           ("/version", "1.5.9")):
            if path.endswith(end):
                return self.respond(value)
        self.respond({"id": str(uuid.uuid4()), "name": path.split("/")[-1], "tenant": "default_tenant"})

    def do_POST(self):
        body = json.loads(self.rfile.read(int(self.headers.get("content-length", 0))) or b"{}")
        path = self.path.split("?")[0]
        self.server.received.append((path, self.headers, body))
        if path.endswith("/api/embed"):
            return self.respond({"model": body["model"], "embeddings": [dense(text) for text in body["input"]]})
        if path.endswith("/embeddings"):
            form = packed if body.get("encoding_format") == "base64" else list
            data = [{"object": "embedding", "index": i, "embedding": form(dense(text))}
                    for i, text in enumerate(body["input"])]
            return self.respond({"object": "list", "model": body.get("model", ""), "data": data,
                                 "usage": {"prompt_tokens": 1, "total_tokens": 1}})
        if path == "/embed":
            return self.respond([dense(text) for text in body["inputs"]])
        if path == "/embed_sparse":
            return self.respond({"embeddings": [sparse(text) for text in body["texts"]]})
        if path == "/":
            return self.respond({"embeddings": [dense(text) for text in body["texts"]]})
        if path.endswith("/collections"):
            return self.respond(self.server.create(body))
        found = re.search(r"/collections/([^/]+)/(add|upsert|get|search)$", path)
        if not found:
            return self.respond({}, 201)
        records = self.server.records.setdefault(found.group(1), {})
        if found.group(2) == "get":
            return self.respond(get(records, body))
        if found.group(2) == "search":
            return self.respond(search(records, body))
        for id, document, metadata in zip(body["ids"], body["documents"], body["metadatas"]):
            records[id] = {"document": document, "metadata": metadata}
        self.respond({}, 201)

    def log_message(self, *_):
        pass


class StandIn(http.server.ThreadingHTTPServer):
    """A context manager; `received` has the path, the headers and the body of each POST request."""

    def __init__(self):
        super().__init__(("127.0.0.1", 0), Handler)
        self.received = []
        self.stored = {}
        self.records = {}
        self.url = f"http://127.0.0.1:{self.server_port}"

    def create(self, body):
        if body.get("get_or_create") and body["name"] in self.stored:
            return self.stored[body["name"]]
        collection = {"id": str(uuid.uuid4()), "name": body["name"], "metadata": body.get("metadata"),
                      "configuration_json": body.get("configuration") or {}, "schema": body.get("schema"),
                      "dimension": None, "tenant": "default_tenant", "database": "default_database",
                      "log_position": 0, "version": 0}
        self.stored[body["name"]] = collection
        return collection

    def take(self, end):
        """The bodies of the requests to paths with this end, which are forgotten."""
        bodies = [body for path, _, body in self.received if path.endswith(end)]
        self.received = [one for one in self.received if not one[0].endswith(end)]
        return bodies

    def __enter__(self):
        threading.Thread(target=self.serve_forever, daemon=True).start()
        return self

    def __exit__(self, *_):
        self.shutdown()
        self.server_close()
