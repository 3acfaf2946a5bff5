#!/usr/bin/env python3
"""Compares the time of each kind of layer with the least that this processor and its memory allow.

The peaks are measured in the engine of cxr. The layers are measured with PyTorch's profiler in Python, with the
settings of cxr: the same kernels, if the version is close to that of cxr's native library.
"""

import argparse
import json
import pathlib
import statistics
import tempfile

from measuring import (
    ALLOCATOR, HERE, add_common_options, build_cxr, cxr, describe_machine, machine, measure, say, write,
)  # fmt: skip
from peers import commit_of_cxr, openblas

# Batch sizes.
ARCHITECTURES = {"binary-cnn": 32, "mobilenet-v1-075": 32, "resnet50": 16}
STEPS = 3

PEAKS = {
    "matrixProduct": "float32 product, GFLOP/s",
    "convolution": "float32 convolution, GFLOP/s",
    "bfloat16MatrixProduct": "bfloat16 product, GFLOP/s",
    "memory": "memory, GB/s",
}


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--python", default="/usr/bin/python3", help="Python interpreter with PyTorch 2 (default: %(default)s)")
    parser.add_argument("--seconds", type=float, default=2, help="least duration of a peak (default: 2)")
    add_common_options(parser)
    options = parser.parse_args()

    if options.render_only:
        result = json.loads((options.out / "roofline.json").read_text())
    else:
        result = run(options)
        write(options.out, "roofline.json", json.dumps(result, indent=1) + "\n")
    write(options.out, "roofline.md", markdown(result))


def run(options):
    class_path = build_cxr(options.cxr_class_path)
    about = {**machine(), "commit": commit_of_cxr()}
    peaks = []
    networks = []
    for architecture, batch_size in ARCHITECTURES.items():
        peaks.append({threads: measure_peaks(options, class_path, threads) for threads in sorted({1, about["cores"]})})
        with tempfile.TemporaryDirectory(prefix="cxr-roofline-") as folder:
            weights = ["weights", "--architecture", architecture, "--images", 32, "--out", folder]
            measure(cxr(class_path, "dev.cxr.benchmarks.Main", *weights))
            for task in ("training", "inference"):
                command = [options.python, str(HERE / "torch_profile.py"), task, architecture, folder]
                command += ["--batch-size", str(batch_size), "--steps", str(STEPS)]
                measured = measure(command, {**ALLOCATOR, **openblas()})
                networks.append({"architecture": architecture, "task": task, "batchSize": batch_size, **measured})
                say(f"{task} of {architecture}: {measured['secondsPerStep']:.2f} s per batch of {batch_size}")
    median_peaks = {
        threads: {name: statistics.median(found[threads][name] for found in peaks) for name in PEAKS}
        for threads in peaks[0]
    }
    for network in networks:
        network["rows"] = rows(network.pop("operations"), median_peaks)
    return {"schemaVersion": 1, "machine": about, "peaks": median_peaks, "peaksMeasured": peaks, "networks": networks}


def measure_peaks(options, class_path, threads):
    environment = {"OMP_NUM_THREADS": str(threads)}
    engine = measure(cxr(class_path, "dev.cxr.benchmarks.Main", "peak", "--seconds", options.seconds), environment)
    in_python = measure([options.python, str(HERE / "torch_profile.py"), "bfloat16"], environment)
    found = {**in_python, **engine}
    say(f"{threads} threads: " + ", ".join(f"{label} {found[name]:.0f}" for name, label in PEAKS.items()))
    return found


def rows(operations, peaks):
    """One for each kind of layer and direction; the bound is the sum over its operations."""
    arithmetic_peak, memory_peak = peak(peaks)
    groups = {}
    for operation in operations:
        key = operation["kind"], operation["direction"]
        group = groups.setdefault(
            key, {"kind": key[0], "direction": key[1], "calls": 0, "seconds": 0, "arithmetic": 0, "bytes": 0}
        )
        share = operation["calls"]
        group["calls"] += share
        group["seconds"] += operation["seconds"]
        group["arithmetic"] += share * operation["arithmetic"]
        group["bytes"] += share * operation["bytes"]
        computing = share * operation["arithmetic"] / arithmetic_peak
        moving = share * operation["bytes"] / memory_peak
        group["boundSeconds"] = group.get("boundSeconds", 0) + max(computing, moving)
        group["computeBoundSeconds"] = group.get("computeBoundSeconds", 0) + (computing if computing > moving else 0)
    return sorted(groups.values(), key=lambda group: -group["seconds"])


def peak(peaks):
    """Operations and bytes per second with all threads."""
    best = peaks[max(peaks, key=int)]
    return 1e9 * max(best["matrixProduct"], best["convolution"]), 1e9 * best["memory"]


def markdown(result):
    arithmetic_peak, memory_peak = peak(result["peaks"])
    lines = [
        describe_machine(result["machine"]),
        "",
        "## Peaks",
        "",
        "Measured in the engine of cxr: a product of 2048 x 2048 matrices, a 3x3 convolution of 512 channels, and a sum of"
        " arrays of 512 MiB (two are read, one is written). DJL has no product in bfloat16: that one is PyTorch's in Python. The"
        " median of a measurement before each network; on a shared machine the memory differs most.",
        "",
        "| threads | " + " | ".join(PEAKS.values()) + " |",
        "|---|" + "---|" * len(PEAKS),
    ]
    for threads, found in result["peaks"].items():
        lines.append(f"| {threads} | " + " | ".join(f"{found[name]:.0f}" for name in PEAKS) + " |")
    lines += [
        "",
        "## Layers",
        "",
        f"Measured with the profiler of PyTorch {result['networks'][0]['pytorch']} in Python, with the settings of cxr; the optimizer is"
        " PyTorch's fused Adam. Arithmetic counts multiplications and additions of convolutions and products. Traffic"
        " counts every input and output once (BatchNorm reads its input twice, backward both arrays twice). The bound is"
        f" the larger of arithmetic / {arithmetic_peak / 1e9:.0f} GFLOP/s and traffic / {memory_peak / 1e9:.0f} GB/s,"
        " summed over the layers. *Reached* is the bound divided by the time; above 100 %: the arrays were still in the"
        " cache. *To gain* is the time minus the bound, as a share of the step. Layers may be fused, which saves traffic"
        " that this bound contains.",
    ]
    for network in result["networks"]:
        step = network["secondsPerStep"]
        speed = network["batchSize"] / step
        lines += [
            "",
            f"### {network['task'].capitalize()} of {network['architecture']}, batch {network['batchSize']}:"
            f" {1000 * step:.0f} ms, {speed:.1f} images/s",
            "",
            "| layers | | number | time, ms | share | GFLOP | GB | GFLOP/s | GB/s | limit | reached | to gain |",
            "|---|---|---|---|---|---|---|---|---|---|---|---|",
        ]
        for row in network["rows"]:
            seconds = row["seconds"]
            limit = "arithmetic" if row["computeBoundSeconds"] > row["boundSeconds"] / 2 else "memory"
            lines.append(
                f"| {row['kind']} | {row['direction']} | {row['calls']:.0f} | {1000 * seconds:.1f} | {percent(seconds / step)} |"
                f" {row['arithmetic'] / 1e9:.1f} | {row['bytes'] / 1e9:.2f} | {row['arithmetic'] / seconds / 1e9:.0f} |"
                f" {row['bytes'] / seconds / 1e9:.1f} | {limit} | {percent(row['boundSeconds'] / seconds)} |"
                f" {percent(max(0, seconds - row['boundSeconds']) / step)} |"
            )
        measured = sum(row["seconds"] for row in network["rows"])
        bound = sum(row["boundSeconds"] for row in network["rows"])
        lines += [
            "",
            f"All these layers take {percent(measured / step)} of the step; their bound is {percent(bound / step)} of it.",
        ]
    return "\n".join(lines) + "\n"


def percent(share):
    return f"{100 * share:.0f} %"


if __name__ == "__main__":
    main()
