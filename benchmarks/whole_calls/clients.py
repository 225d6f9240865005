"""The clients that are compared: how each is built and asked for a measurement."""
import json
import pathlib
import re
import resource
import shutil
import subprocess
import sys
from dataclasses import dataclass

BENCHMARKS = pathlib.Path(__file__).resolve().parent.parent
ROOT = BENCHMARKS.parent


@dataclass(frozen=True)
class Case:
    name: str
    operation: str
    in_flight: int
    calls: int


@dataclass(frozen=True)
class Measurement:
    calls_per_second: float
    cpu_us: float     # of the client's process, user and system, per call
    megabytes: float  # by how much the process's peak memory grew


class Program:
    """A program that takes URL, operation, calls and calls in flight, and prints what it measured as JSON."""

    def __init__(self, name, command, share=1.0, most_in_flight=64):
        self.name, self.command = name, command
        self.share, self.most_in_flight = share, most_in_flight

    def measure(self, url, case):
        if case.in_flight > self.most_in_flight:
            return None
        calls = max(3, round(case.calls * self.share))
        said = subprocess.run([*self.command, url, case.operation, str(calls), str(case.in_flight)], check=True,
                              stdout=subprocess.PIPE, text=True)
        found = json.loads(said.stdout)
        return Measurement(calls / found["wall_seconds"], found["cpu_seconds"] / calls * 1e6, found["megabytes"])


class Wrk:
    """wrk, a load generator: it sends a constant request and does not decode the responses."""
    name = "wrk"

    def measure(self, url, case):
        if case.operation != "heartbeat":
            return None
        before = resource.getrusage(resource.RUSAGE_CHILDREN)
        said = subprocess.run(["wrk", "-t1", f"-c{case.in_flight}", "-d2s", url + "/api/v2/heartbeat"], check=True,
                              stdout=subprocess.PIPE, text=True)
        after = resource.getrusage(resource.RUSAGE_CHILDREN)
        calls = int(re.search(r"(\d+) requests in", said.stdout).group(1))
        rate = float(re.search(r"Requests/sec: *([0-9.]+)", said.stdout).group(1))
        cpu = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
        return Measurement(rate, cpu / calls * 1e6, 0)


def _run(*command):
    subprocess.run([str(part) for part in command], cwd=ROOT, check=True, stdout=sys.stderr)


def library(build):
    _run("cmake", "--preset", "bench")
    _run("cmake", "--build", "--preset", "bench", "--target", "chroma_calls_benchmark")
    return Program("this library", [ROOT / "build" / "bench" / "benchmarks" / "chroma_calls_benchmark"])


def crate(build):
    project = BENCHMARKS / "rust"
    version = re.search(r'^chroma = "=(.*)"', (project / "Cargo.toml").read_text(), re.MULTILINE).group(1)
    _run("cargo", "build", "--release", "--manifest-path", project / "Cargo.toml", "--target-dir",
         build / "rust")
    return Program(f"the crate {version}", [build / "rust" / "release" / "crate_bench"])


def python(build):
    project, environment = BENCHMARKS / "python", build / "python"
    version = re.search("==(.*)", (project / "requirements.txt").read_text()).group(1)
    _run(sys.executable, "-m", "venv", environment)
    _run(environment / "bin" / "pip", "install", "--quiet", "-r", project / "requirements.txt")
    return Program(f"Python {version}", [environment / "bin" / "python", project / "calls.py"], share=0.1,
                   most_in_flight=1)


def wrk(build):
    if not shutil.which("wrk"):
        raise FileNotFoundError("wrk is not installed")
    return Wrk()


def all_clients(build):
    """This library first; then those of the others that this machine can build or has."""
    found = [library(build)]
    for make in (crate, python, wrk):
        try:
            found.append(make(build))
        except (OSError, subprocess.CalledProcessError) as error:
            print(f"without {make.__name__}: {error}", file=sys.stderr)
    return found
