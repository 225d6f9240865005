"""An nginx on the loopback interface that sends constant responses."""
import base64
import contextlib
import json
import random
import socket
import struct
import subprocess
import time

ROWS, WIDTH = 1000, 1536
EMBEDDED_TEXTS = 100
COLLECTION = {"id": "0f8fad5b-d9cb-469f-a165-70867728950e", "name": "c", "configuration_json": {}, "metadata": None,
              "dimension": WIDTH, "tenant": "t", "database": "d", "log_position": 0, "version": 0}
CONFIG = """
daemon off; pid {root}/nginx.pid; error_log {root}/error.log; worker_processes 1;
events {{ worker_connections 1024; }}
http {{
  access_log off; client_max_body_size 100m; client_body_buffer_size 32m; keepalive_requests 1000000000;
  client_body_temp_path {root}/body; proxy_temp_path {root}/proxy; fastcgi_temp_path {root}/f;
  uwsgi_temp_path {root}/u; scgi_temp_path {root}/s; default_type application/json; tcp_nodelay on;
  upstream back {{ server 127.0.0.1:{back}; keepalive 4; }}
  server {{ listen 127.0.0.1:{back}; location / {{ return 200 '{{}}'; }} }}
  server {{
    listen 127.0.0.1:{port}; root {root}/responses;
    location = /api/v2/heartbeat {{ return 200 '{{"nanosecond heartbeat":1763942400123456789}}'; }}
    location = /api/v2/pre-flight-checks {{ return 200 '{{"max_batch_size":5461,"supports_base64_encoding":true}}'; }}
    location = /api/v2/auth/identity {{ return 200 '{{"user_id":"u","tenant":"t","databases":["d"]}}'; }}
    location ~ /tenants/t$ {{ return 200 '{{"name":"t"}}'; }}
    location ~ /databases/d$ {{ return 200 '{{"id":"{id}","name":"d","tenant":"t"}}'; }}
    location ~ /collections/c$ {{ return 200 '{collection}'; }}
    location ~ /collections/bulk$ {{ return 200 '{empty}'; }}
    # nginx reads the whole body before it passes the request to the other server, which sends the response.
    location ~ /upsert$ {{ proxy_pass http://back; proxy_pass_request_body off; proxy_http_version 1.1;
                          proxy_set_header Content-Length ""; proxy_set_header Connection ""; }}
    location ~ /(get|query)$ {{ error_page 405 =200 /$1.json; try_files /none =405; }}
    location ~ /embeddings$ {{ error_page 405 =200 /embeddings.json; try_files /none =405; }}
    location ~ json$ {{ error_page 405 =200 $uri; }}
  }}
}}
"""


def free_port():
    with socket.socket() as one:
        one.bind(("127.0.0.1", 0))
        return one.getsockname()[1]


def f32(value):
    """The shortest decimal that reads back as the same f32."""
    value = struct.unpack("f", struct.pack("f", value))[0]
    for digits in range(6, 10):
        text = f"{value:.{digits}g}"
        if struct.unpack("f", struct.pack("f", float(text)))[0] == value:
            return text
    return repr(value)


def write_embeddings(path):
    """The response of a server with OpenAI's interface to a request with EMBEDDED_TEXTS texts."""
    source = random.Random(1)
    rows = [struct.pack(f"<{WIDTH}f", *(source.gauss(0, 1) for _ in range(WIDTH))) for _ in range(EMBEDDED_TEXTS)]
    data = [{"object": "embedding", "index": i, "embedding": base64.b64encode(row).decode()} for i, row in enumerate(rows)]
    path.write_text(json.dumps({"object": "list", "data": data, "model": "text-embedding-3-small",
                                "usage": {"prompt_tokens": 1, "total_tokens": 1}}))


def write_responses(folder):
    folder.mkdir(parents=True, exist_ok=True)
    write_embeddings(folder / "embeddings.json")
    if (folder / "get.json").exists():
        return
    random.seed(1)
    rows = ",".join("[" + ",".join(f32(random.gauss(0, 1)) for _ in range(WIDTH)) + "]" for _ in range(ROWS))
    ids = [f"id-{i}" for i in range(ROWS)]
    rest = '"documents":null,"uris":null,"metadatas":null,"include":["embeddings"]'
    query = {"ids": [ids[:10]], "embeddings": None, "documents": [[f"document {i}" for i in range(10)]], "uris": None,
             "metadatas": [[{"k": i, "name": "text"} for i in range(10)]], "distances": [[i / 7 for i in range(10)]],
             "include": ["documents", "metadatas", "distances"]}
    (folder / "query.json").write_text(json.dumps(query, separators=(",", ":")))
    (folder / "get.json").write_text('{"ids":' + json.dumps(ids) + ',"embeddings":[' + rows + "]," + rest + "}")


@contextlib.contextmanager
def running(root):
    """The server's URL, as long as it runs."""
    write_responses(root / "responses")
    port, back = free_port(), free_port()
    (root / "nginx.conf").write_text(
        CONFIG.format(root=root, port=port, back=back, collection=json.dumps(COLLECTION),
                      empty=json.dumps(COLLECTION | {"name": "bulk", "dimension": None}), id=COLLECTION["id"]))
    nginx = subprocess.Popen(["nginx", "-e", str(root / "error.log"), "-c", str(root / "nginx.conf")])
    try:
        for _ in range(100):
            with contextlib.suppress(OSError), socket.create_connection(("127.0.0.1", port)):
                break
            time.sleep(0.1)
        yield f"http://127.0.0.1:{port}"
    finally:
        nginx.terminate()
        nginx.wait()
