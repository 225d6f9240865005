"""search_text.py PROGRAM REPOSITORY: tests the example search_text with the model of scripts/fetch-minilm."""
import os
import pathlib
import subprocess
import sys
import tempfile

PROGRAM, REPOSITORY = sys.argv[1], pathlib.Path(sys.argv[2])
sys.path.insert(0, str(REPOSITORY / "tests" / "interop"))
sys.dont_write_bytecode = True
from stand_in import StandIn  # noqa: E402

MODEL = REPOSITORY / "build" / "minilm"
HOME = tempfile.TemporaryDirectory()  # Without models of the user; ONNX Runtime writes files of its own into it.


def expect(condition, what, output):
    if not condition:
        sys.exit(f"{what}; its output:\n{output}")


def run(*arguments, status=0, questions="", ollama="127.0.0.1:1"):
    environment = os.environ | {"CHROMA_ONNXRUNTIME": str(MODEL / "libonnxruntime.so"), "HOME": HOME.name,
                                "OLLAMA_HOST": ollama, "NO_PROXY": "*"}
    done = subprocess.run([PROGRAM, *arguments], env=environment, input=questions, capture_output=True, text=True,
                          timeout=600)
    output = done.stdout + done.stderr
    expect(status is None or done.returncode == status, f"{arguments} ended with {done.returncode}", output)
    return output


# Where there is no function, it says how to get one.
shown = run(status=2)
for part in ("--minilm: ", "model.onnx", "--ollama: ollama serve", "--tei: ", "--openai: ", "--bm25: "):
    expect(part in shown, f"{part} is not among the suggestions", shown)

# A search by words, on a server with a sparse index.
with tempfile.TemporaryDirectory() as folder, StandIn() as server:
    (pathlib.Path(folder) / "animals.md").write_text("Whales sing.\n\nA camel stores fat.\n\nCamels have humps.\n")
    options = ("--bm25", "--endpoint", server.url, folder, "--ask", "What do camels store?")
    shown = run(*options, status=None)
    if "built without" not in shown:
        expect("3 passages are new" in shown and "Whales" not in shown, "the wrong passages were found", shown)
        expect(shown.index("A camel stores") < shown.index("Camels have"), "the order is wrong", shown)
        expect("0 passages are new" in run(*options), "passages were not recognized", shown)

endpoint = os.environ.get("CHROMA_TEST_ENDPOINT")
if endpoint:
    # It finds a server, and removes the passages of files that have been deleted.
    with tempfile.TemporaryDirectory() as folder, StandIn() as provider:
        for name in ("camels", "whales"):
            (pathlib.Path(folder) / f"{name}.md").write_text(f"All {name} are animals.\n")
        options = ("--endpoint", endpoint, folder, "--ask", "Are whales animals?")
        shown = run(*options, ollama=provider.url)
        expect("using --ollama nomic-embed-text" in shown and "2 passages are new" in shown, "no server", shown)
        expect(shown.index("All whales") < shown.index("All camels"), "the order is wrong", shown)
        (pathlib.Path(folder) / "whales.md").unlink()
        shown = run(*options, ollama=provider.url)
        expect("1 were removed" in shown and "All whales" not in shown, "a deleted file was found", shown)
        (pathlib.Path(folder) / "camels.md").unlink()
        run(*options, ollama=provider.url)
if not endpoint or not (MODEL / "model.onnx").exists():
    print("CHROMA_TEST_ENDPOINT is not set, or scripts/fetch-minilm has not been run")
    sys.exit(77)

with tempfile.TemporaryDirectory() as folder:
    file = pathlib.Path(folder) / "animals.md"
    file.write_text("# Sea\n\nWhales sing to each other.\n\n# Desert\n\nCamels store fat in their humps.\n")
    options = ("--minilm", "--model", str(MODEL), "--endpoint", endpoint)
    shown = run(*options, folder, "--results", "1", "--ask", "Which animal lives without water?")
    expect("2 passages are new" in shown, "two passages were expected", shown)
    expect(f"{file}:7" in shown and "Camels store fat" in shown, "the wrong passage was found", shown)

    # Only what has changed is embedded again.
    file.write_text("# Sea\n\nOctopuses have three hearts.\n\nText.\n\n# Desert\n\n"
                    "Camels store fat in their humps.\n")
    shown = run(*options, folder, "--results", "3", questions="music of the ocean\nwhat carries a hump?\n")
    expect("2 passages are new, 1 have moved, 1 were removed" in shown, "the changes were not found", shown)
    expect("Whales" not in shown and "Octopuses" in shown and f"{file}:9" in shown, "the answers are wrong", shown)
    file.write_text("")
    run(*options, folder)
