"""digits_terminal.py PROGRAM: tests the example digits with --help, on a terminal, and with Ctrl-C."""
import os
import pty
import re
import signal
import socket
import subprocess
import sys

PROGRAM = sys.argv[1]


def expect(condition, what, output):
    if not condition:
        sys.exit(f"{what}; its output:\n{output}")


def on_terminal(endpoint, interrupt_when=None):
    """Runs the program on a pseudo-terminal; returns what it showed, and its status."""
    leader, follower = pty.openpty()
    process = subprocess.Popen([PROGRAM, "--endpoint", endpoint], stdin=follower, stdout=follower, stderr=follower)
    os.close(follower)
    if interrupt_when:
        interrupt_when()
        process.send_signal(signal.SIGINT)
    shown = b""
    while True:
        try:
            piece = os.read(leader, 65536)
        except OSError:  # On Linux, the other side is closed.
            break
        if not piece:
            break
        shown += piece
    os.close(leader)
    return shown.decode(errors="replace"), process.wait(60)


# Help needs no server and no environment.
environment = os.environ | {"CHROMA_ENDPOINT": "localhost:8000"}
helped = subprocess.run([PROGRAM, "--help"], env=environment, capture_output=True, text=True, timeout=60)
expect(helped.returncode == 0 and "--endpoint URL" in helped.stdout, "--help failed", helped.stdout + helped.stderr)
wrong = subprocess.run([PROGRAM, "--nonsense"], env=environment, capture_output=True, text=True, timeout=60)
expect(wrong.returncode == 2 and "usage" in wrong.stderr, "an unknown option was taken", wrong.stdout)

try:
    for descriptor in pty.openpty():
        os.close(descriptor)
except OSError as error:  # As in a bare chroot.
    print(f"no pseudo-terminal: {error}")
    sys.exit(77)

# Ctrl-C while the server sends no response.
with socket.create_server(("127.0.0.1", 0)) as silent:
    accepted = []
    shown, status = on_terminal(f"http://127.0.0.1:{silent.getsockname()[1]}",
                                lambda: accepted.append(silent.accept()[0].recv(1)))
expect(status == 128 + signal.SIGINT and shown.endswith("interrupted\r\n"), f"Ctrl-C ended with {status}", shown)

endpoint = os.environ.get("CHROMA_TEST_ENDPOINT")
if endpoint:
    shown, status = on_terminal(endpoint)
    expect(status == 0 and "284 of 300" in shown, f"ended with {status}", shown)
    expect("\rstoring  [#" in shown and "\x1b[48;5;" in shown, "no bar or no picture on a terminal", shown)
    colours = re.findall(r"\x1b\[[0-9;]*m", shown)
    expect(colours[-1] == "\x1b[0m", "a colour was left on", shown)
