#!/usr/bin/env python3
"""Compares training and inference of every built-in architecture in cxr, PyTorch in Python and ONNX Runtime.

A round runs each candidate once, each in a process of its own; ratios are computed within a round, so that they hold
on a machine whose speed drifts. Every process first checks that its network has the weights and the probabilities of
cxr. Results are written after each round. A later run continues where an earlier one ended, and measures again what
was measured with another commit of cxr or other settings.

The exit code is 0 if everything is measured, and 3 if --stop-after ended the run before.
"""

import argparse
import json
import math
import pathlib
import statistics
import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass, field

from measuring import (
    ALLOCATOR, HERE, TARGET, ProcessFailed, add_common_options, build_cxr, cxr, describe_machine, machine, maven, measure,
    output_of, say, write,
)  # fmt: skip

# Batch sizes of training.
ARCHITECTURES = {
    "binary-cnn": 32,
    "three-class-cnn": 32,
    "compact-cnn": 32,
    "five-layer-cnn": 32,
    "autoencoder": 32,
    "resnet18": 32,
    "mobilenet-v1": 32,
    "mobilenet-v1-075": 32,
    "mobilenet-v1-050": 32,
    "mobilenet-v1-025": 32,
    "resnet50": 16,
    "densenet121": 16,
    "vgg16": 16,
    "xception": 16,
    "inception-v3": 16,
}
INFERENCE_BATCH_SIZES = (1, 8, 32)

# Those that predict other than two classes; the others train as the binary notebooks do.
RECIPES = {"three-class-cnn": "three-class-as-reported", "autoencoder": "autoencoder"}

# The least speed of cxr, as a multiple.
GOALS = {"PyTorch": 1, "TorchScript": 1, "ONNX Runtime": 0.95}

TOLERANCE = 1e-4

# The candidate with which the others are compared, in both tasks.
CXR = "cxr"
CXR_BY_PYTORCH = "cxr, --engine pytorch"

# DeepLearning4j's natives that nd4j-native-platform brings on Linux.
DL4J_DEFAULT_NATIVES = "linux-x86_64"


@dataclass
class Candidate:
    """A command that prints JSON. Candidates of one peer compete; those without a round are measured once."""

    name: str
    peer: str
    command: list
    environment: dict = field(default_factory=dict)
    in_rounds: bool = True


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--architecture", nargs="+", choices=ARCHITECTURES, default=list(ARCHITECTURES), metavar="NAME")
    parser.add_argument("--only", choices=("training", "inference"), help="measure only this")
    parser.add_argument("--rounds", type=int, default=3, help="runs of each candidate (default: 3)")
    parser.add_argument("--seconds", type=float, default=4, help="least duration of a training (default: 4)")
    parser.add_argument(
        "--inference-seconds", type=float, default=1.5, help="the same of each batch size of inference (default: 1.5)"
    )
    parser.add_argument(
        "--python",
        nargs="+",
        default=["/usr/bin/python3"],
        help="Python interpreters with PyTorch, with or without onnxruntime (default: /usr/bin/python3)",
    )
    parser.add_argument("--deeplearning4j", action="store_true", help="measure binary-cnn in DeepLearning4j too")
    parser.add_argument(
        "--stop-after",
        type=float,
        default=math.inf,
        metavar="MINUTES",
        help="begin no further round after that time; at least one is measured",
    )
    add_common_options(parser)
    options = parser.parse_args()

    file = options.out / "peers.json"
    result = json.loads(file.read_text()) if file.exists() else {}
    if result.get("schemaVersion") != 3:
        if options.render_only:
            raise SystemExit(f"Expected results of schema version 3 in {file}; found none. Measure them.")
        result = {"schemaVersion": 3, "architectures": {}}
    complete = options.render_only or Peers(options, result).run()
    write(options.out, "peers.md", markdown(result))
    sys.exit(0 if complete else 3)


class Peers:
    """Measures what the results lack."""

    def __init__(self, options, result):
        self.options = options
        self.result = result
        self.class_path = build_cxr(options.cxr_class_path)
        self.pythons = {module_version(python, "torch"): python for python in options.python}
        self.has_measured = False
        self.dl4j = {}
        if options.deeplearning4j:
            self.dl4j = {natives: build_dl4j(natives) for natives in (DL4J_DEFAULT_NATIVES, onednn_natives())}
        result["machine"] = machine()
        result["versions"] = self.versions()
        self.started = time.monotonic()

    def versions(self):
        jars = self.class_path.split(":")
        return {
            "pytorchInCxr": next(pathlib.Path(jar).parent.name for jar in jars if "pytorch-native" in jar),
            "onnxRuntimeInJava": next(pathlib.Path(jar).parent.name for jar in jars if "onnxruntime-" in jar),
            "pytorch": list(self.pythons),
            "java": output_of(["java", "-version"]).splitlines()[0],
        }

    def run(self):
        """Measures round by round; returns whether everything is measured."""
        tasks = [self.options.only] if self.options.only else ["training", "inference"]
        for architecture in self.options.architecture:
            with tempfile.TemporaryDirectory(prefix="cxr-peers-") as folder:
                for task in tasks:
                    if not self.run_task(architecture, task, pathlib.Path(folder)):
                        return False
        return True

    def run_task(self, architecture, task, folder):
        candidates = getattr(self, task)(architecture, folder)
        settings = {
            "commit": commit_of_cxr(),
            "seconds": self.options.seconds if task == "training" else self.options.inference_seconds,
            "candidates": [candidate.name for candidate in candidates],
        }
        tasks = self.result["architectures"].setdefault(architecture, {})
        if tasks.get(task, {}).get("settings") != settings:
            tasks[task] = {"settings": settings, "rounds": [], "once": {}}
        entry = tasks[task]
        entry["peers"] = {candidate.name: candidate.peer for candidate in candidates}
        in_rounds = [candidate for candidate in candidates if candidate.in_rounds]
        once = [candidate for candidate in candidates if not candidate.in_rounds]
        while len(entry["rounds"]) < self.options.rounds:
            if self.time_is_up():
                return False
            label = f"{task} of {architecture}, round {len(entry['rounds']) + 1}"
            entry["rounds"].append(self.measure_all(label, in_rounds, architecture, task, folder))
            self.save()
        if once and not entry["once"]:
            if self.time_is_up():
                return False
            entry["once"] = self.measure_all(f"{task} of {architecture}, once", once, architecture, task, folder)
            self.save()
        return True

    def time_is_up(self):
        return self.has_measured and time.monotonic() - self.started > 60 * self.options.stop_after

    def save(self):
        write(self.options.out, "peers.json", json.dumps(self.result, indent=1) + "\n")

    def measure_all(self, label, candidates, architecture, task, folder):
        network = self.shared_network(architecture, folder)
        self.has_measured = True
        measured = {}
        for candidate in candidates:
            try:
                if candidate.peer == CXR and task == "training":
                    speeds = [run["batches"][0]["imagesPerSecond"] for run in measured.values()]
                    run = self.train_bench(candidate, architecture, folder, max(speeds))
                else:
                    run = measure(candidate.command, candidate.environment)
                    check(candidate, network, run)
            except ProcessFailed as failure:
                raise SystemExit(f"{label}, {candidate.name} {failure}") from failure
            measured[candidate.name] = run
            speeds = ", ".join(
                f"{batch['imagesPerSecond']:.1f} images/s and {batch['peakMebibytes']} MiB at {batch['batchSize']}"
                for batch in run["batches"]
            )
            say(f"{label}  {candidate.name}: {speeds}; {run['wallSeconds']:.0f} s")
        return measured

    def shared_network(self, architecture, folder):
        """Weights, images and expected probabilities, written once."""
        file = folder / "network.json"
        if not file.exists():
            command = self.benchmark("weights", "--architecture", architecture, "--images", 32, "--out", folder)
            file.write_text(json.dumps(measure(command)))
        return json.loads(file.read_text())

    def train_bench(self, candidate, architecture, folder, speed):
        """`cxr-train bench`, with as many batches as the fastest peer trains in the same time."""
        size = ARCHITECTURES[architecture]
        batches = max(2, math.ceil(self.options.seconds * speed / size))
        side = self.shared_network(architecture, folder)["side"]
        file = folder / "bench.json"
        options = [f"--batches={batches}", f"--json={file}", f"--set=side={side}"]
        run = measure([*candidate.command, *options], candidate.environment, file)
        batch = {"batchSize": size, "imagesPerSecond": run["imagesPerSecond"]["ceiling"]["median"]}
        return {
            "batches": [{**batch, "peakMebibytes": run["peakMebibytes"]}],
            "trainingLoop": run["imagesPerSecond"]["loop"]["median"],
            "wallSeconds": run["wallSeconds"],
        }

    def training(self, architecture, folder):
        """cxr comes last, because the speed of the others decides how many batches it trains."""
        candidates = self.pytorch("training", architecture, folder)
        if architecture == "binary-cnn":
            candidates += self.deeplearning4j("training", folder)
        bench = [
            "bench", "--recipe", RECIPES.get(architecture, "binary-as-reported"),
            "--set", f"architecture={architecture}", "--set", f"batch-size={ARCHITECTURES[architecture]}",
            "--data", "synthetic", "--rounds", 1,
        ]  # fmt: skip
        return [*candidates, Candidate(CXR, CXR, cxr(self.class_path, "dev.cxr.train.Main", *bench))]

    def inference(self, architecture, folder):
        measuring = ["--model", folder, "--seconds", self.options.inference_seconds]
        measuring += ["--batch-sizes", ",".join(map(str, INFERENCE_BATCH_SIZES))]
        predict = self.benchmark("inference", *measuring)
        onnx = self.benchmark("onnx", *measuring)
        cache = {"CXR_CACHE_DIR": str(folder / "cache")}  # without engines chosen before
        candidates = [
            Candidate(CXR, CXR, predict, {"CXR_ENGINE": "auto", **cache}),
            Candidate(CXR_BY_PYTORCH, CXR_BY_PYTORCH, predict, {"CXR_ENGINE": "pytorch", **cache}),
            Candidate(f"ONNX Runtime {self.versions()['onnxRuntimeInJava']} in Java", "ONNX Runtime", onnx),
            *self.pytorch("inference", architecture, folder),
        ]
        if architecture == "binary-cnn":
            candidates += self.deeplearning4j("inference", folder)
        return candidates

    def pytorch(self, task, architecture, folder):
        tuned_environment = {**ALLOCATOR, **openblas()}
        sizes = [ARCHITECTURES[architecture]] if task == "training" else INFERENCE_BATCH_SIZES
        seconds = self.options.seconds if task == "training" else self.options.inference_seconds
        candidates = []
        for version, python in self.pythons.items():
            peer = [python, str(HERE / "torch_peer.py"), task, architecture, str(folder), "--seconds", str(seconds)]
            peer += ["--batch-sizes", *map(str, sizes)]
            tuned = [*peer, "--tuned"]
            candidates.append(Candidate(f"PyTorch {version}", "PyTorch", tuned, tuned_environment))
            candidates.append(Candidate(f"PyTorch {version}, default settings", "default", peer, in_rounds=False))
            if task == "inference":
                script = [*tuned, "--engine", "torchscript"]
                candidates.append(Candidate(f"TorchScript {version}", "TorchScript", script, tuned_environment))
                onnx = module_version(python, "onnxruntime")
                if onnx:
                    command = [*peer, "--engine", "onnx"]
                    candidates.append(Candidate(f"ONNX Runtime {onnx} in Python", "ONNX Runtime", command))
        return candidates

    def deeplearning4j(self, task, folder):
        if not self.dl4j:
            return []

        def candidate(name, natives, *settings):
            sizes = [ARCHITECTURES["binary-cnn"]] if task == "training" else INFERENCE_BATCH_SIZES
            command = ["java", "-cp", self.dl4j[natives], "dev.cxr.benchmarks.Dl4jPeer", task, str(folder)]
            command += [str(self.options.seconds), ",".join(map(str, sizes)), *settings]
            return Candidate(f"DeepLearning4j, {name}", "DeepLearning4j", command, in_rounds=False)

        candidates = [
            candidate("default settings", DL4J_DEFAULT_NATIVES),
            candidate("oneDNN", onednn_natives(), "no-gc"),
        ]
        if task == "inference":
            candidates.append(candidate("oneDNN, SameDiff graph", onednn_natives(), "samediff"))
        return candidates

    def benchmark(self, *arguments):
        return cxr(self.class_path, "dev.cxr.benchmarks.Main", *arguments)


def check(candidate, network, run):
    """Ends the benchmark unless the candidate is the network of cxr."""
    trainable = run.get("trainable", network["trainable"])
    if trainable != network["trainable"] or not run["maxDifference"] <= TOLERANCE:
        raise SystemExit(
            f"{candidate.name} is not the network that cxr has. Expected {network['trainable']} trainable parameters"
            f" and probabilities that differ by at most {TOLERANCE}; found {trainable} and {run['maxDifference']}."
        )


def commit_of_cxr():
    """The last commit that changed more than benchmarks and documents."""
    paths = [".", ":!benchmarks", ":!docs", ":!results", ":!*.md"]
    return output_of(["git", "log", "-1", "--format=%h", "--", *paths]).strip()


def module_version(python, module):
    """The version of a Python module without its local part; None if the interpreter does not have it."""
    code = f"import {module}; print({module}.__version__)"
    done = subprocess.run([python, "-c", code], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
    if done.returncode == 0:
        return done.stdout.strip().splitlines()[-1].split("+")[0].removesuffix("a0")
    if module == "torch":
        raise SystemExit(f"Expected a Python interpreter with PyTorch; found {python}:\n{done.stderr[-1000:]}")
    return None


def onednn_natives():
    """The fastest DeepLearning4j build for this CPU: with oneDNN, for its widest vectors."""
    flags = set(next(line for line in open("/proc/cpuinfo") if line.startswith("flags")).split())
    if {"avx512f", "avx512bw", "avx512vl", "avx512dq"} <= flags:
        return "linux-x86_64-onednn-avx512"
    return "linux-x86_64-onednn-avx2" if "avx2" in flags else "linux-x86_64-onednn"


def build_dl4j(natives):
    """Compiles the DeepLearning4j candidate and returns its class path. Maven downloads the natives once."""
    file = TARGET / f"dl4j-{natives}.classpath"
    if not file.exists():
        say(f"Downloading DeepLearning4j, {natives}")
        TARGET.mkdir(parents=True, exist_ok=True)
        maven(["dependency:build-classpath", f"-Dnatives={natives}"], HERE / "dl4j", file)
    path = file.read_text().strip()
    classes = TARGET / "dl4j"
    classes.mkdir(parents=True, exist_ok=True)
    sources = [str(source) for source in sorted((HERE / "dl4j").rglob("*.java"))]
    output_of(["javac", "-proc:none", "-d", str(classes), "-cp", path, *sources])
    return f"{classes}:{path}"


def openblas():
    """The environment in which Debian's PyTorch loads OpenBLAS; builds with a BLAS of their own ignore it.

    Debian's PyTorch loads the installed BLAS, by default the slow reference BLAS. OpenBLAS is unpacked under
    target/, so that the system stays as it is.
    """
    folder = TARGET / "openblas"
    if not folder.exists():
        say("Downloading OpenBLAS")
        with tempfile.TemporaryDirectory() as temporary:
            output_of(["apt-get", "download", "libopenblas0-openmp"], temporary)
            package = next(pathlib.Path(temporary).glob("*.deb"))
            output_of(["dpkg", "-x", str(package), str(folder)])
    library = next(folder.rglob("libblas.so.3"))
    return {"LD_LIBRARY_PATH": str(library.parent)}


def markdown(result):
    measured = result["architectures"]
    commits = {entry["settings"]["commit"] for tasks in measured.values() for entry in tasks.values()}
    versions = result["versions"]
    lines = [
        describe_machine({**result["machine"], "commit": " and ".join(sorted(commits))}),
        "",
        f"Images per second, one batch repeated, threads: {result['machine']['threads']}; the median of the rounds. A ratio"
        " is the speed of cxr divided by that of the fastest candidate of the column before, within a round: the median"
        " (minimum to maximum). **Bold**: below the goal. Memory is the largest resident set, in MiB. cxr uses PyTorch"
        f" {versions['pytorchInCxr']} and ONNX Runtime {versions['onnxRuntimeInJava']}.",
        "",
        "All candidates have as many trainable parameters as cxr, and with the same weights their probabilities differ by at"
        f" most {largest_difference(measured):.1g}.",
        "",
        *training_table({name: tasks["training"] for name, tasks in measured.items() if "training" in tasks}),
        "",
        *inference_table({name: tasks["inference"] for name, tasks in measured.items() if "inference" in tasks}),
        "",
        *dl4j_table(measured.get("binary-cnn", {})),
    ]
    return "\n".join(lines).rstrip() + "\n"


def largest_difference(measured):
    entries = [entry for tasks in measured.values() for entry in tasks.values()]
    runs = [run for entry in entries for candidates in [*entry["rounds"], entry["once"]] for run in candidates.values()]
    return max(run.get("maxDifference", 0) for run in runs)


def in_order(entries):
    """Those with a complete round, in the order of the architectures."""
    return [(name, entries[name]) for name in ARCHITECTURES if entries.get(name, {}).get("rounds")]


def training_table(entries):
    lines = [
        "## Training",
        "",
        f"Goal: {GOALS['PyTorch']:g} times the fastest PyTorch with all settings of cxr. *Loop* is the real training loop of"
        " cxr, which also loads, decodes and records metrics.",
        "",
        "| architecture | batch | cxr | loop | PyTorch | ratio | default settings | memory of cxr | of PyTorch |",
        "|---|---|---|---|---|---|---|---|---|",
    ]
    for name, entry in in_order(entries):
        size = ARCHITECTURES[name]
        fastest = fastest_of(entry, "PyTorch", size)
        loop = statistics.median(run[CXR]["trainingLoop"] for run in entry["rounds"])
        cells = [
            name, size, f"{speed(entry, CXR, size):.1f}", f"{loop:.1f}", named_speed(entry, fastest, size),
            ratio(entry, fastest, size, GOALS["PyTorch"]), default_speed(entry, size),
            memory(entry, CXR, size), memory(entry, fastest, size),
        ]  # fmt: skip
        lines.append("| " + " | ".join(map(str, cells)) + " |")
    return lines


def inference_table(entries):
    lines = [
        "## Inference",
        "",
        "cxr chooses the engine itself (`--engine auto`), so it appears a second time with PyTorch. Goals:"
        f" {GOALS['ONNX Runtime']:g} times ONNX Runtime on the graph that cxr exports, and {GOALS['TorchScript']:g} times"
        " TorchScript, traced, frozen and optimised.",
        "",
        "| architecture | batch | cxr | by PyTorch | ONNX Runtime | ratio | TorchScript | ratio | PyTorch |"
        " default settings | memory of cxr | by PyTorch | of ONNX Runtime | of TorchScript |",
        "|---|---|---|---|---|---|---|---|---|---|---|---|---|---|",
    ]
    for name, entry in in_order(entries):
        for size in INFERENCE_BATCH_SIZES:
            onnx = fastest_of(entry, "ONNX Runtime", size)
            script = fastest_of(entry, "TorchScript", size)
            eager = fastest_of(entry, "PyTorch", size)
            cells = [
                name, size, f"{speed(entry, CXR, size):.1f}", f"{speed(entry, CXR_BY_PYTORCH, size):.1f}",
                named_speed(entry, onnx, size), ratio(entry, onnx, size, GOALS["ONNX Runtime"]),
                named_speed(entry, script, size), ratio(entry, script, size, GOALS["TorchScript"]),
                named_speed(entry, eager, size), default_speed(entry, size),
                *[memory(entry, candidate, size) for candidate in (CXR, CXR_BY_PYTORCH, onnx, script)],
            ]  # fmt: skip
            lines.append("| " + " | ".join(map(str, cells)) + " |")
    return lines


def dl4j_table(tasks):
    rows = []
    for task, entry in tasks.items():
        for name, run in entry["once"].items():
            if entry["peers"][name] == "DeepLearning4j":
                for batch in run["batches"]:
                    ours = speed(entry, CXR, batch["batchSize"])
                    cells = [
                        name, task, batch["batchSize"], f"{batch['imagesPerSecond']:.1f}",
                        f"{ours / batch['imagesPerSecond']:.1f}", batch["peakMebibytes"],
                    ]  # fmt: skip
                    rows.append("| " + " | ".join(map(str, cells)) + " |")
    if not rows:
        return []
    return [
        "## DeepLearning4j",
        "",
        "binary-cnn in DeepLearning4j 1.0.0-M2.1, measured once.",
        "",
        "| candidate | task | batch | images/s | ratio | memory |",
        "|---|---|---|---|---|---|",
        *rows,
    ]


def batch_of(run, size):
    return next(batch for batch in run["batches"] if batch["batchSize"] == size)


def speeds_of(entry, candidate, size):
    return [batch_of(run[candidate], size)["imagesPerSecond"] for run in entry["rounds"]]


def speed(entry, candidate, size):
    return statistics.median(speeds_of(entry, candidate, size))


def fastest_of(entry, peer, size):
    names = [name for name in entry["rounds"][0] if entry["peers"][name] == peer]
    return max(names, key=lambda name: speed(entry, name, size))


def named_speed(entry, candidate, size):
    version = candidate.replace(" Runtime", "").split(" ", 1)[1]
    return f"{speed(entry, candidate, size):.1f} ({version})"


def default_speed(entry, size):
    runs = [run for name, run in entry["once"].items() if entry["peers"][name] == "default"]
    return f"{max(batch_of(run, size)['imagesPerSecond'] for run in runs):.1f}" if runs else ""


def ratio(entry, candidate, size, goal):
    ratios = [
        ours / theirs for ours, theirs in zip(speeds_of(entry, CXR, size), speeds_of(entry, candidate, size))
    ]
    median = statistics.median(ratios)
    text = f"{median:.2f} ({min(ratios):.2f} to {max(ratios):.2f})"
    return text if median >= goal else f"**{text} below**"


def memory(entry, candidate, size):
    return max(batch_of(run[candidate], size)["peakMebibytes"] for run in entry["rounds"])


if __name__ == "__main__":
    main()
