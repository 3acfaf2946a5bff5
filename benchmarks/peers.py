#!/usr/bin/env python3
"""Compares training and inference of binary-cnn in cxr, PyTorch in Python and DeepLearning4j.

The script first checks that all candidates compute the same network. Then every round runs each candidate once,
each in a process of its own. Ratios are computed within a round, so that they hold on a machine whose speed drifts.
"""

import argparse
import json
import pathlib
import tempfile
from dataclasses import dataclass, field

from measuring import (
    ALLOCATOR, HERE, TARGET, add_common_options, build_cxr, cxr, describe_machine, machine, maven, measure, output_of,
    say, summary, with_keys, write,
)  # fmt: skip

TRAINABLE_AT_224 = 6_811_841
TOLERANCE = 1e-4

# The build that nd4j-native-platform brings on Linux.
DEFAULT_NATIVES = "linux-x86_64"

# The name of the candidate with which all others are compared.
CXR = "cxr"

# Keys and candidate names of schema version 1.
RENAMED_KEYS = {
    "setting": "config",
    "secondsATurn": "secondsPerRun",
    "batchesATurnOfBench": "batchesPerBenchRun",
    "warmUp": "warmUpBatches",
    "inPython": "pytorchInPython",
    "deeplearning4jBestNatives": "deeplearning4jOneDnnNatives",
    "greatestDifference": "maxDifference",
    "cxrRatio": "cxrSpeedup",
    "loop": "trainingLoop",
    "least": "min",
    "most": "max",
}
RENAMED_SUFFIXES = {
    "DJL as it comes": "DJL, default settings",
    ", out of the box": ", default settings",
    ", and OpenBLAS": ", cxr's settings, OpenBLAS",
    ", and TorchScript": ", cxr's settings, OpenBLAS, TorchScript",
    ", with oneDNN": ", oneDNN",
    ", as a SameDiff graph": ", oneDNN, SameDiff graph",
}


@dataclass
class Candidate:
    """A command to measure. The goal is the least speedup that cxr should have over it."""

    name: str
    command: list
    environment: dict = field(default_factory=dict)
    goal: float = None
    is_bench: bool = False


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--rounds", type=int, default=3, help="runs of each candidate (default: 3)")
    parser.add_argument("--seconds", type=float, default=6, help="duration of one run (default: 6)")
    parser.add_argument("--batches", type=int, default=10, help="batches per run of `cxr-train bench` (default: 10)")
    parser.add_argument("--warm-up", type=int, default=2, help="batches before the timed part of a run (default: 2)")
    parser.add_argument("--side", type=int, default=224, help="width and height of the input (default: 224)")
    parser.add_argument("--batch", type=int, default=32, help="batch size (default: 32)")
    parser.add_argument("--data", default="synthetic", help="dataset for cxr's training loop (default: synthetic)")
    parser.add_argument(
        "--python",
        nargs="+",
        default=["/usr/bin/python3"],
        help="Python interpreters with PyTorch (default: /usr/bin/python3)",
    )
    parser.add_argument("--only", choices=("training", "inference"), help="measure only this part")
    add_common_options(parser)
    options = parser.parse_args()

    if options.render_only:
        result = read(options.out / "peers.json")
    else:
        result = run(options)
        write(options.out, "peers.json", json.dumps(result, indent=2) + "\n")
    write(options.out, "peers.md", markdown(result))


def run(options):
    about = machine()
    pythons = {torch_version(python): python for python in options.python}
    class_path = build_cxr(options.cxr_class_path)
    dl4j = {natives: build_dl4j(natives) for natives in (DEFAULT_NATIVES, onednn_natives())}
    parts = {}
    with tempfile.TemporaryDirectory(prefix="cxr-peers-") as temporary:
        scratch = pathlib.Path(temporary)
        checks = check(options, class_path, pythons, dl4j, scratch)
        for task, candidates in (
            ("training", training(options, class_path, pythons, dl4j, scratch)),
            ("inference", inference(options, class_path, pythons, dl4j, scratch)),
        ):
            if options.only in (None, task):
                parts[task] = measure_rounds(task, candidates, options, scratch)
    return {
        "schemaVersion": 2,
        "machine": about,
        "config": {
            "architecture": "binary-cnn",
            "side": options.side,
            "batchSize": options.batch,
            "rounds": options.rounds,
            "secondsPerRun": options.seconds,
            "batchesPerBenchRun": options.batches,
            "warmUpBatches": options.warm_up,
            "data": pathlib.Path(options.data).name,
        },
        "versions": versions(pythons, class_path),
        "checks": checks,
        **parts,
    }


def read(file):
    """Stored results; those of schema version 1 get the present keys and candidate names."""
    result = json.loads(file.read_text())
    if result["schemaVersion"] == 1:
        result = with_keys(result, RENAMED_KEYS)
        result["machine"]["threads"] = result["machine"]["threads"].removeprefix("not set: ")
        for row in result.get("training", []) + result.get("inference", []):
            for suffix, present in RENAMED_SUFFIXES.items():
                if row["name"].endswith(suffix):
                    row["name"] = row["name"].removesuffix(suffix) + present
    return result


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
    """The environment in which Debian's PyTorch loads OpenBLAS.

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


def torch_version(python):
    version = output_of([python, "-c", "import torch; print(torch.__version__)"]).strip().splitlines()[-1]
    return f"PyTorch {version}"


def torch(python, options, task, scratch, *more):
    return [python, str(HERE / "torch_peer.py"), task, str(scratch / "model"), *duration(options), *more]


def duration(options):
    return ["--seconds", str(options.seconds), "--warm-up", str(options.warm_up)]


def dl4j_peer(class_path, task, options, scratch, *more):
    counts = [str(options.seconds), str(options.warm_up)]
    return ["java", "-cp", class_path, "dev.cxr.benchmarks.Dl4jPeer", task, str(scratch / "model"), *counts, *more]


# In a trial neither the allocator settings nor channels-last made DeepLearning4j's layers faster.
DL4J_TUNED = ("no-gc",)


def training(options, class_path, pythons, dl4j, scratch):
    bench = [
        "bench", "--recipe", "binary-as-reported", "--data", options.data, "--rounds", 1,
        "--batches", options.batches, "--json", scratch / "bench.json",
        "--set", f"side={options.side}", "--set", f"batch-size={options.batch}",
    ]  # fmt: skip
    main_class = "dev.cxr.train.Main"
    djl_defaults = [*bench, "--no-relaunch", "--memory-format", "contiguous"]
    candidates = [
        Candidate(CXR, cxr(class_path, main_class, *bench), is_bench=True),
        Candidate("DJL, default settings", cxr(class_path, main_class, *djl_defaults), is_bench=True),
    ]
    for version, python in pythons.items():
        tuned = torch(python, options, "training", scratch, "--tuned")
        candidates += [
            Candidate(f"{version}, default settings", torch(python, options, "training", scratch), goal=2.5),
            Candidate(f"{version}, cxr's settings", tuned, ALLOCATOR, goal=1),
            Candidate(f"{version}, cxr's settings, OpenBLAS", tuned, {**ALLOCATOR, **openblas()}),
        ]
    return candidates + dl4j_candidates("training", options, dl4j, scratch)


def inference(options, class_path, pythons, dl4j, scratch):
    arguments = ["inference", "--model", scratch / "model", *duration(options)]
    candidates = [Candidate(CXR, cxr(class_path, "dev.cxr.benchmarks.Main", *arguments))]
    for version, python in pythons.items():
        tuned = torch(python, options, "inference", scratch, "--tuned")
        fast = {**ALLOCATOR, **openblas()}
        candidates += [
            Candidate(f"{version}, default settings", torch(python, options, "inference", scratch), goal=4),
            Candidate(f"{version}, cxr's settings", tuned, ALLOCATOR, goal=1),
            Candidate(f"{version}, cxr's settings, OpenBLAS", tuned, fast),
            Candidate(f"{version}, cxr's settings, OpenBLAS, TorchScript", [*tuned, "--torchscript"], fast),
        ]
    return candidates + dl4j_candidates("inference", options, dl4j, scratch)


def dl4j_candidates(task, options, dl4j, scratch):
    default, onednn = dl4j[DEFAULT_NATIVES], dl4j[onednn_natives()]
    candidates = [
        Candidate("DeepLearning4j, default settings", dl4j_peer(default, task, options, scratch), goal=3),
        Candidate("DeepLearning4j, oneDNN", dl4j_peer(onednn, task, options, scratch, *DL4J_TUNED), goal=3),
    ]
    if task == "inference":
        graph = dl4j_peer(onednn, task, options, scratch, "samediff")
        candidates.append(Candidate("DeepLearning4j, oneDNN, SameDiff graph", graph, goal=3))
    return candidates


def check(options, class_path, pythons, dl4j, scratch):
    """Ends the benchmark unless all have as many parameters and, with the same weights, predict the same."""
    say("Checking that all candidates compute the same")
    size = ["--side", options.side, "--batch", options.batch]
    expected = measure(cxr(class_path, "dev.cxr.benchmarks.Main", "weights", "--out", scratch / "model", *size))
    if options.side == 224 and expected["trainable"] != TRAINABLE_AT_224:
        raise SystemExit(
            f"Expected {TRAINABLE_AT_224} trainable parameters in cxr's binary-cnn; found {expected['trainable']}."
        )
    commands = {}
    for version, python in pythons.items():
        tuned = torch(python, options, "check", scratch, "--tuned")
        commands[f"{version}, default settings"] = torch(python, options, "check", scratch), None
        commands[f"{version}, cxr's settings"] = tuned, None
        commands[f"{version}, cxr's settings, OpenBLAS, TorchScript"] = [*tuned, "--torchscript"], openblas()
    for natives, more in ((DEFAULT_NATIVES, ()), (onednn_natives(), DL4J_TUNED), (onednn_natives(), ("samediff",))):
        command = dl4j_peer(dl4j[natives], "check", options, scratch, *more)
        commands[" ".join(("DeepLearning4j,", natives, *more))] = command, None
    differences = {}
    for name, (command, environment) in commands.items():
        found = measure(command, environment)
        say(f"  {name}: probabilities differ by at most {found['maxDifference']:.2g}")
        if (
            found["trainable"] != expected["trainable"]
            or found["outputShape"] != [options.batch, 1]
            or not found["maxDifference"] <= TOLERANCE
        ):
            raise SystemExit(
                f"{name} is not the network that cxr has. Expected {expected['trainable']} trainable parameters,"
                f" output shape [{options.batch}, 1] and a difference of at most {TOLERANCE}; found {found}."
            )
        differences[name] = found["maxDifference"]
    return {
        "trainable": expected["trainable"],
        "outputShape": [options.batch, 1],
        "maxDifference": differences,
    }


def measure_rounds(task, candidates, options, scratch):
    runs = {candidate.name: [] for candidate in candidates}
    for number in range(1, options.rounds + 1):
        for candidate in candidates:
            json_file = scratch / "bench.json" if candidate.is_bench else None
            measured = measure(candidate.command, candidate.environment, json_file)
            if candidate.is_bench:
                speeds = measured["imagesPerSecond"]
                measured["imagesPerSecond"] = speeds["ceiling"]["median"]
                measured["trainingLoop"] = speeds["loop"]["median"]
            runs[candidate.name].append(measured)
            say(
                f"{task} {number}/{options.rounds}  {candidate.name}: {measured['imagesPerSecond']:.1f} images/s,"
                f" {measured['peakMebibytes']} MiB, {measured['wallSeconds']:.0f} s including start-up"
            )
    cxr_speeds = [run["imagesPerSecond"] for run in runs[CXR]]
    rows = []
    for candidate in candidates:
        own = runs[candidate.name]
        speeds = [run["imagesPerSecond"] for run in own]
        row = {
            "name": candidate.name,
            "imagesPerSecond": summary(speeds),
            "cxrSpeedup": summary([ours / theirs for ours, theirs in zip(cxr_speeds, speeds)]),
            "peakMebibytes": max(run["peakMebibytes"] for run in own),
            "goal": candidate.goal,
        }
        if candidate.is_bench:
            row["trainingLoop"] = summary([run["trainingLoop"] for run in own])
        rows.append(row)
    return rows


def versions(pythons, class_path):
    native_library = next((name for name in class_path.split(":") if "pytorch-native" in name), "")
    return {
        "pytorchInPython": list(pythons),
        "pytorchInCxr": pathlib.Path(native_library).parent.name,
        "deeplearning4j": "1.0.0-M2.1",
        "deeplearning4jOneDnnNatives": onednn_natives(),
        "java": output_of(["java", "-version"]).splitlines()[0],
    }


def markdown(result):
    config = result["config"]
    text = [
        describe_machine(result["machine"]),
        "",
        f"`binary-cnn` at {config['side']} x {config['side']}, one batch of {config['batchSize']} images repeated, threads:"
        f" {result['machine']['threads']}. Rounds: {config['rounds']}; duration of a run: about {config['secondsPerRun']:g} s."
        " Values are the median (minimum to maximum). The speedup of cxr is its images per second divided by those of the"
        f" candidate in the same round. cxr uses the native library of PyTorch {result['versions']['pytorchInCxr']};"
        f" the other PyTorch rows run in Python. DeepLearning4j is {result['versions']['deeplearning4j']}.",
    ]
    for task in ("training", "inference"):
        if task not in result:
            continue
        text += ["", f"| {task} | images/s | speedup of cxr | goal | peak memory, MiB |", "|---|---|---|---|---|"]
        for row in result[task]:
            goal = ""
            if row["goal"]:
                reached = "reached" if row["cxrSpeedup"]["median"] >= row["goal"] else "not reached"
                goal = f"{row['goal']:g}: {reached}"
            text.append(
                f"| {row['name']} | {spread(row['imagesPerSecond'], 1)} | {spread(row['cxrSpeedup'], 2)} | {goal} |"
                f" {row['peakMebibytes']} |"
            )
        for row in result[task]:
            if "trainingLoop" in row:
                text += ["", f"{row['name']}, real training loop: {spread(row['trainingLoop'], 1)} images/s."]
    difference = max(result["checks"]["maxDifference"].values())
    text += [
        "",
        f"All candidates have {result['checks']['trainable']:,} trainable parameters. With the same weights their"
        f" probabilities differ by at most {difference:.1g}.",
        "",
    ]
    return "\n".join(text)


def spread(values, digits):
    return f"{values['median']:.{digits}f} ({values['min']:.{digits}f} to {values['max']:.{digits}f})"


if __name__ == "__main__":
    main()
