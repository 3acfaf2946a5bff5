#!/usr/bin/env python3
"""Training and inference of binary-cnn: cxr next to PyTorch in Python and DeepLearning4j, in turns.

First it is checked that all compute the same. Then every contestant takes its turn in every round, each in a
process of its own; ratios are taken within a round, so that they hold on a machine whose speed drifts.
"""

import argparse
import json
import pathlib
import tempfile
from dataclasses import dataclass, field

from measuring import ALLOCATOR, HERE, TARGET, build_cxr, cxr, machine, maven, measure, quietly, say, summary, write

TRAINABLE_AT_224 = 6_811_841
SAME = 1e-4

# What nd4j-native-platform takes on Linux.
USUAL_NATIVES = "linux-x86_64"

# cxr's own measurements, against which the others stand.
OURS = "cxr"


@dataclass
class Contestant:
    """Whom, with what settings, and how many times as fast cxr wants to be."""

    name: str
    command: list
    environment: dict = field(default_factory=dict)
    goal: float = None
    is_bench: bool = False


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--seconds", type=float, default=6, help="of a turn (default: 6)")
    parser.add_argument("--batches", type=int, default=10, help="batches a turn of cxr's bench (default: 10)")
    parser.add_argument("--warm-up", type=int, default=2, help="batches before each turn (default: 2)")
    parser.add_argument("--side", type=int, default=224)
    parser.add_argument("--batch", type=int, default=32)
    parser.add_argument("--data", default="synthetic", help="the collection of cxr's real loop (default: synthetic)")
    parser.add_argument(
        "--python", nargs="+", default=["/usr/bin/python3"], help="Pythons that have PyTorch (default: Debian's)"
    )
    parser.add_argument("--only", choices=("training", "inference"))
    parser.add_argument("--cxr-class-path", help="compiled cxr; without it, it is compiled")
    parser.add_argument("--out", type=pathlib.Path, default=HERE / "results")
    options = parser.parse_args()

    about = machine()
    pythons = {torch_version(python): python for python in options.python}
    class_path = build_cxr(options.cxr_class_path)
    dl4j = {natives: build_dl4j(natives) for natives in (USUAL_NATIVES, best_natives())}
    with tempfile.TemporaryDirectory(prefix="cxr-peers-") as temporary:
        scratch = pathlib.Path(temporary)
        checks = check(options, class_path, pythons, dl4j, scratch)
        parts = {}
        for what, contestants in (
            ("training", training(options, class_path, pythons, dl4j, scratch)),
            ("inference", inference(options, class_path, pythons, dl4j, scratch)),
        ):
            if options.only in (None, what):
                parts[what] = take_turns(what, contestants, options, scratch)
    result = {
        "schemaVersion": 1,
        "machine": about,
        "setting": {
            "architecture": "binary-cnn",
            "side": options.side,
            "batchSize": options.batch,
            "rounds": options.rounds,
            "secondsATurn": options.seconds,
            "batchesATurnOfBench": options.batches,
            "warmUp": options.warm_up,
            "data": pathlib.Path(options.data).name,
        },
        "versions": versions(pythons, class_path, best_natives()),
        "checks": checks,
        **parts,
    }
    write(options.out, "peers.json", json.dumps(result, indent=2) + "\n")
    write(options.out, "peers.md", markdown(result))


def best_natives():
    """The fastest that DeepLearning4j has for this CPU: with oneDNN, for its widest vectors."""
    flags = set(next(line for line in open("/proc/cpuinfo") if line.startswith("flags")).split())
    if {"avx512f", "avx512bw", "avx512vl", "avx512dq"} <= flags:
        return "linux-x86_64-onednn-avx512"
    return "linux-x86_64-onednn-avx2" if "avx2" in flags else "linux-x86_64-onednn"


def build_dl4j(natives):
    """Its class path; the natives are fetched once."""
    say(f"Fetching DeepLearning4j, {natives}")
    file = TARGET / f"dl4j-{natives}.classpath"
    if not file.exists():
        TARGET.mkdir(parents=True, exist_ok=True)
        maven(["dependency:build-classpath", f"-Dnatives={natives}"], HERE / "dl4j", file)
    path = file.read_text().strip()
    classes = TARGET / "dl4j"
    classes.mkdir(parents=True, exist_ok=True)
    sources = [str(source) for source in sorted((HERE / "dl4j").rglob("*.java"))]
    quietly(["javac", "-proc:none", "-d", str(classes), "-cp", path, *sources])
    return f"{classes}:{path}"


def openblas():
    """Debian's PyTorch takes whatever BLAS is installed, and Debian installs the reference one, which is slow; the
    fast one is unpacked aside, so that the system stays as it is. Returns what makes a process take it."""
    folder = TARGET / "openblas"
    if not folder.exists():
        say("Fetching OpenBLAS")
        with tempfile.TemporaryDirectory() as temporary:
            quietly(["apt-get", "download", "libopenblas0-openmp"], temporary)
            package = next(pathlib.Path(temporary).glob("*.deb"))
            quietly(["dpkg", "-x", str(package), str(folder)])
    library = next(folder.rglob("libblas.so.3"))
    return {"LD_LIBRARY_PATH": str(library.parent)}


def torch_version(python):
    version = quietly([python, "-c", "import torch; print(torch.__version__)"]).strip().splitlines()[-1]
    return f"PyTorch {version}"


def torch(python, options, what, scratch, *more):
    return [python, str(HERE / "torch_peer.py"), what, str(scratch / "model"), *turn(options), *more]


def turn(options):
    return ["--seconds", str(options.seconds), "--warm-up", str(options.warm_up)]


def dl4j_peer(class_path, what, options, scratch, *more):
    counts = [str(options.seconds), str(options.warm_up)]
    return ["java", "-cp", class_path, "dev.cxr.benchmarks.Dl4jPeer", what, str(scratch / "model"), *counts, *more]


# In a trial neither the allocator's settings nor the channels last helped the layers.
DL4J_BEST = ("no-gc",)


def training(options, class_path, pythons, dl4j, scratch):
    bench = [
        "bench", "--recipe", "binary-as-reported", "--data", options.data, "--rounds", 1,
        "--batches", options.batches, "--json", scratch / "bench.json",
        "--set", f"side={options.side}", "--set", f"batch-size={options.batch}",
    ]  # fmt: skip
    main_class = "dev.cxr.train.Main"
    plain = [*bench, "--no-relaunch", "--memory-format", "contiguous"]
    contestants = [
        Contestant(OURS, cxr(class_path, main_class, *bench), is_bench=True),
        Contestant("DJL as it comes", cxr(class_path, main_class, *plain), is_bench=True),
    ]
    for version, python in pythons.items():
        best = torch(python, options, "training", scratch, "--best")
        contestants += [
            Contestant(f"{version}, out of the box", torch(python, options, "training", scratch), goal=2.5),
            Contestant(f"{version}, cxr's settings", best, ALLOCATOR, goal=1),
            Contestant(f"{version}, and OpenBLAS", best, {**ALLOCATOR, **openblas()}),
        ]
    return contestants + dl4j_contestants("training", options, dl4j, scratch)


def inference(options, class_path, pythons, dl4j, scratch):
    asking = ["inference", "--model", scratch / "model", *turn(options)]
    contestants = [Contestant(OURS, cxr(class_path, "dev.cxr.benchmarks.Main", *asking))]
    for version, python in pythons.items():
        best = torch(python, options, "inference", scratch, "--best")
        fast = {**ALLOCATOR, **openblas()}
        contestants += [
            Contestant(f"{version}, out of the box", torch(python, options, "inference", scratch), goal=4),
            Contestant(f"{version}, cxr's settings", best, ALLOCATOR, goal=1),
            Contestant(f"{version}, and OpenBLAS", best, fast),
            Contestant(f"{version}, and TorchScript", [*best, "--jit"], fast),
        ]
    return contestants + dl4j_contestants("inference", options, dl4j, scratch)


def dl4j_contestants(what, options, dl4j, scratch):
    plain, best = dl4j[USUAL_NATIVES], dl4j[best_natives()]
    contestants = [
        Contestant("DeepLearning4j, out of the box", dl4j_peer(plain, what, options, scratch), goal=3),
        Contestant("DeepLearning4j, with oneDNN", dl4j_peer(best, what, options, scratch, *DL4J_BEST), goal=3),
    ]
    if what == "inference":
        graph = dl4j_peer(best, what, options, scratch, "samediff")
        contestants.append(Contestant("DeepLearning4j, as a SameDiff graph", graph, goal=3))
    return contestants


def check(options, class_path, pythons, dl4j, scratch):
    """That all have as many parameters and, with the same weights, give the same probabilities."""
    say("Checking that all compute the same")
    size = ["--side", options.side, "--batch", options.batch]
    ours = measure(cxr(class_path, "dev.cxr.benchmarks.Main", "weights", "--out", scratch / "model", *size))
    if options.side == 224 and ours["trainable"] != TRAINABLE_AT_224:
        raise SystemExit(f"cxr has {ours['trainable']} trainable parameters, expected {TRAINABLE_AT_224}")
    answers = {}
    for version, python in pythons.items():
        best = torch(python, options, "check", scratch, "--best")
        answers[f"{version}, out of the box"] = measure(torch(python, options, "check", scratch))
        answers[f"{version}, cxr's settings"] = measure(best)
        answers[f"{version}, and TorchScript"] = measure([*best, "--jit"], openblas())
    for natives, more in ((USUAL_NATIVES, ()), (best_natives(), DL4J_BEST), (best_natives(), ("samediff",))):
        name = " ".join(("DeepLearning4j,", natives, *more))
        answers[name] = measure(dl4j_peer(dl4j[natives], "check", options, scratch, *more))
    for name, answer in answers.items():
        say(f"  {name}: {answer['greatestDifference']:.2g} apart")
        if (
            answer["trainable"] != ours["trainable"]
            or answer["outputShape"] != [options.batch, 1]
            or not answer["greatestDifference"] <= SAME
        ):
            raise SystemExit(f"{name} is another network than cxr's of {ours['trainable']} parameters: {answer}")
    return {
        "trainable": ours["trainable"],
        "outputShape": [options.batch, 1],
        "greatestDifference": {name: answer["greatestDifference"] for name, answer in answers.items()},
    }


def take_turns(what, contestants, options, scratch):
    turns = {contestant.name: [] for contestant in contestants}
    for number in range(1, options.rounds + 1):
        for contestant in contestants:
            json_file = scratch / "bench.json" if contestant.is_bench else None
            measured = measure(contestant.command, contestant.environment, json_file)
            if contestant.is_bench:
                speeds = measured["imagesPerSecond"]
                measured["imagesPerSecond"] = speeds["ceiling"]["median"]
                measured["loop"] = speeds["loop"]["median"]
            turns[contestant.name].append(measured)
            say(
                f"{what} {number}/{options.rounds}  {contestant.name}: {measured['imagesPerSecond']:.1f} img/s,"
                f" {measured['peakMebibytes']} MiB, {measured['wallSeconds']:.0f} s in all"
            )
    ours = turns[OURS]
    rows = []
    for contestant in contestants:
        own = turns[contestant.name]
        row = {
            "name": contestant.name,
            "imagesPerSecond": summary([one["imagesPerSecond"] for one in own]),
            "cxrRatio": summary([our["imagesPerSecond"] / one["imagesPerSecond"] for our, one in zip(ours, own)]),
            "peakMebibytes": max(one["peakMebibytes"] for one in own),
            "goal": contestant.goal,
        }
        if contestant.is_bench:
            row["loop"] = summary([one["loop"] for one in own])
        rows.append(row)
    return rows


def versions(pythons, class_path, natives):
    natives_of_cxr = next((name for name in class_path.split(":") if "pytorch-native" in name), "")
    return {
        "inPython": list(pythons),
        "pytorchInCxr": pathlib.Path(natives_of_cxr).parent.name,
        "deeplearning4j": "1.0.0-M2.1",
        "deeplearning4jBestNatives": natives,
        "java": quietly(["java", "-version"]).splitlines()[0],
    }


def markdown(result):
    setting = result["setting"]
    about = result["machine"]
    text = [
        f"`binary-cnn`, {setting['side']} x {setting['side']}, batches of {setting['batchSize']}, the same batch over"
        f" and over; {setting['rounds']} rounds in turns of about {setting['secondsATurn']:g} s, median (least to most)."
        f" {about['cpu']}, {about['cores']} cores, threads: {about['threads']}. cxr's natives are those of PyTorch"
        f" {result['versions']['pytorchInCxr']}; PyTorch is asked in Python; DeepLearning4j"
        f" {result['versions']['deeplearning4j']}. Load before: {about['loadBefore']:.2f}.",
    ]
    for what in ("training", "inference"):
        if what not in result:
            continue
        text += ["", f"| {what} | img/s | cxr is so many times as fast | goal | peak memory, MiB |", "|---|---|---|---|---|"]
        for row in result[what]:
            goal = ""
            if row["goal"]:
                reached = "reached" if row["cxrRatio"]["median"] >= row["goal"] else "not reached"
                goal = f"{row['goal']:g}: {reached}"
            text.append(
                f"| {row['name']} | {spread(row['imagesPerSecond'], 1)} | {spread(row['cxrRatio'], 2)} | {goal} |"
                f" {row['peakMebibytes']} |"
            )
        for row in result[what]:
            if "loop" in row:
                text += ["", f"{row['name']}, the real loop: {spread(row['loop'], 1)} img/s."]
    apart = max(result["checks"]["greatestDifference"].values())
    text += [
        "",
        f"All have {result['checks']['trainable']:,} trainable parameters; with the same weights their probabilities"
        f" differ by {apart:.1g} at most.",
        "",
    ]
    return "\n".join(text)


def spread(values, digits):
    return f"{values['median']:.{digits}f} ({values['least']:.{digits}f} to {values['most']:.{digits}f})"


if __name__ == "__main__":
    main()
