#!/usr/bin/env python3
"""Measures how the speed and the memory of cxr change with the image size, the batch size and the dataset size.

Each point is a process of its own that trains binary-cnn (`cxr-train bench`) or predicts with it. A point that would
need more memory than is free is skipped, and the table says so.
"""

import argparse
import json
import math
import pathlib
import tempfile

from charts import chart_sheet
from measuring import (
    ProcessFailed, add_common_options, available_mebibytes, build_cxr, cxr, describe_machine, machine, measure, say,
    summary, write,
)  # fmt: skip

SIDES = "64,128,224,320,512"
BATCHES = "1,2,8,32,128"
COPIES = "1,4,16"
# Memory grows with the area of an image and with the batch size. With this batch size 512 x 512 fits.
BATCH_OF_SIDES = 8
SIDE = 224
BATCH = 32
# Share of the available memory that a point may need.
MEMORY_SHARE = 0.85


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--data", default="synthetic", help="dataset whose training images are copied (default: synthetic)")
    parser.add_argument("--images", type=int, default=2000, help="most images to take from it (default: 2000)")
    parser.add_argument("--seconds", type=float, default=6, help="approximate duration of one run (default: 6)")
    parser.add_argument("--rounds", type=int, default=3, help="runs of each point (default: 3)")
    parser.add_argument("--threads", type=integers, default="1,2", help="thread counts (default: %(default)s)")
    parser.add_argument("--sides", type=integers, default=SIDES, help="widths of the input (default: %(default)s)")
    parser.add_argument("--batches", type=integers, default=BATCHES, help="batch sizes (default: %(default)s)")
    parser.add_argument(
        "--copies", type=integers, default=COPIES, help="copies of the images in each dataset (default: %(default)s)"
    )
    parser.add_argument(
        "--speed", type=float, default=40, help="estimated images/s at 224, to plan the length of runs (default: 40)"
    )
    add_common_options(parser)
    options = parser.parse_args()

    if options.render_only:
        result = json.loads((options.out / "curves.json").read_text())
    else:
        result = run(options)
        write(options.out, "curves.json", json.dumps(result, indent=2) + "\n")
    write(options.out, "curves.svg", chart_sheet(panels(result["curves"])))
    write(options.out, "curves.md", markdown(result))


def integers(text):
    return tuple(int(number) for number in text.split(","))


def run(options):
    about = machine()
    class_path = build_cxr(options.cxr_class_path)
    with tempfile.TemporaryDirectory(prefix="cxr-curves-") as temporary:
        curves = Curves(options, class_path, pathlib.Path(temporary))
        return {
            "schemaVersion": 2,
            "machine": about,
            "architecture": "binary-cnn",
            "rounds": options.rounds,
            "curves": {
                "imageSize": curves.image_size(),
                "batchSize": curves.batch_size(),
                "inferenceBatchSize": curves.inference_batch_size(),
                "datasetSize": curves.dataset_size(),
            },
        }


class Curves:
    """Measures the points of each curve."""

    def __init__(self, options, class_path, scratch):
        self.options = options
        self.class_path = class_path
        self.scratch = scratch

    def image_size(self):
        points = self.measure_ascending(
            self.options.sides,
            lambda side: side**2,
            lambda threads, side: self.train_bench(threads, side, BATCH_OF_SIDES, "synthetic"),
        )
        return {"x": "side", "batchSize": BATCH_OF_SIDES, "points": points}

    def batch_size(self):
        points = self.measure_ascending(
            [batch for batch in self.options.batches if batch > 1],  # BatchNorm cannot train on a batch of 1
            lambda batch: batch,
            lambda threads, batch: self.train_bench(threads, SIDE, batch, "synthetic"),
        )
        return {"x": "batch", "side": SIDE, "points": points}

    def inference_batch_size(self):
        points = self.measure_ascending(self.options.batches, lambda batch: batch, self.predict)
        return {"x": "batch", "side": SIDE, "points": points}

    def dataset_size(self):
        folder = self.scratch / "copies"
        say("Copying the dataset")
        made = measure(
            self.benchmark_command(
                "repeat", "--data", self.options.data, "--images", self.options.images,
                "--copies", ",".join(map(str, self.options.copies)), "--out", folder,
            )
        )  # fmt: skip
        points = []
        for copies in self.options.copies:
            manifest = folder / f"x{copies}.csv"
            cache = {"CXR_CACHE_DIR": str(self.scratch / f"cache-{copies}")}
            command = self.benchmark_command("open", "--data", manifest, "--side", SIDE)
            first = measure(command, cache)
            cached = measure(command, cache)
            for threads in self.options.threads:
                point = {
                    "x": copies,
                    "threads": threads,
                    "images": first["images"],
                    "firstOpenSeconds": first["seconds"],
                    "cachedOpenSeconds": cached["seconds"],
                    "firstOpenPeakMebibytes": first["peakMebibytes"],
                    **self.train_bench(threads, SIDE, BATCH, manifest, cache),
                    **self.train_epoch(threads, manifest, cache),
                }
                points.append(point)
                say(f"  x{copies}, {threads} threads: {describe(point)}; epoch {point['epochSeconds']:.0f} s")
        return {
            "x": "copies",
            "side": SIDE,
            "batchSize": BATCH,
            "imagesPerCopy": made["images"],
            "points": points,
        }

    def measure_ascending(self, values, work, measure_point):
        """Measures from the least work to the most and skips the points that memory is too small for."""
        points = []
        for threads in self.options.threads:
            series = []
            for value in values:
                needed = expected_mebibytes(series, value, work)
                point = {"x": value, "threads": threads}
                if needed > MEMORY_SHARE * available_mebibytes():
                    point["skipped"] = f"about {needed:.0f} MiB needed"
                else:
                    try:
                        point |= measure_point(threads, value)
                    except ProcessFailed as failure:
                        point["skipped"] = str(failure)
                series.append(point)
                say(f"  {value}, {threads} threads: {describe(point)}")
            points += series
        return points

    def train_bench(self, threads, side, batch, data, environment=None):
        """Training speed: one batch repeated, the real loop, and data loading alone."""
        file = self.scratch / "bench.json"
        command = self.train_command(
            "bench", side, batch, data,
            "--rounds", self.options.rounds, "--batches", self.batches_per_run(threads, side, batch), "--json", file,
        )  # fmt: skip
        measured = measure(command, {"OMP_NUM_THREADS": str(threads), **(environment or {})}, file)
        speeds = measured["imagesPerSecond"]
        return {
            "imagesPerSecond": speeds["loop"]["median"],
            "imagesPerSecondMin": speeds["loop"]["min"],
            "imagesPerSecondMax": speeds["loop"]["max"],
            "oneBatchImagesPerSecond": speeds["ceiling"]["median"],
            "dataLoadingImagesPerSecond": speeds["dataLoading"]["median"],
            "peakMebibytes": measured["peakMebibytes"],
        }

    def train_epoch(self, threads, data, environment):
        """Trains one whole epoch with its validation."""
        folder = pathlib.Path(tempfile.mkdtemp(dir=self.scratch)) / "run"
        command = self.train_command("train", SIDE, BATCH, data, "--out", folder, "--set", "epochs=1")
        measured = measure(command, {"OMP_NUM_THREADS": str(threads), **environment}, folder / "report.json")
        return {"epochSeconds": measured["epochs"][0]["seconds"], "epochPeakMebibytes": measured["peakMebibytes"]}

    def predict(self, threads, batch):
        """Inference speed on one batch repeated."""
        model = self.scratch / f"model-{batch}"
        if not model.exists():
            made = ["weights", "--architecture", "binary-cnn", "--images", batch, "--out", model]
            measure(self.benchmark_command(*made))
        command = self.benchmark_command(
            "inference", "--model", model, "--batch-sizes", batch, "--seconds", self.options.seconds
        )
        runs = [measure(command, {"OMP_NUM_THREADS": str(threads)}) for _ in range(self.options.rounds)]
        speed = summary([run["batches"][0]["imagesPerSecond"] for run in runs])
        return {
            "imagesPerSecond": speed["median"],
            "imagesPerSecondMin": speed["min"],
            "imagesPerSecondMax": speed["max"],
            "peakMebibytes": max(run["peakMebibytes"] for run in runs),
        }

    def train_command(self, name, side, batch, data, *more):
        return cxr(
            self.class_path, "dev.cxr.train.Main", name, "--recipe", "binary-as-reported", "--data", data,
            "--set", f"side={side}", "--set", f"batch-size={batch}", *more,
        )  # fmt: skip

    def benchmark_command(self, *arguments):
        return cxr(self.class_path, "dev.cxr.benchmarks.Main", *arguments)

    def batches_per_run(self, threads, side, batch):
        """As many batches as take about --seconds, at least two."""
        speed = self.options.speed * threads / 2 * (SIDE / side) ** 2
        return max(2, min(400, round(self.options.seconds * speed / batch)))


def expected_mebibytes(points, value, work):
    """Peak memory at a value: extrapolated linearly from the last two points, in proportion to work from one."""
    measured = [point for point in points if "peakMebibytes" in point]
    if not measured:
        return 0
    last = measured[-1]
    if len(measured) == 1:
        return last["peakMebibytes"] * max(1, work(value) / work(last["x"]) / 4)
    before = measured[-2]
    slope = (last["peakMebibytes"] - before["peakMebibytes"]) / (work(last["x"]) - work(before["x"]))
    return last["peakMebibytes"] + max(0, slope) * (work(value) - work(last["x"]))


def describe(point):
    if "skipped" in point:
        return "skipped: " + point["skipped"]
    return f"{point['imagesPerSecond']:.1f} images/s, {point['peakMebibytes']} MiB"


def findings(name, curve):
    """What the curve shows: scaling, bottleneck, memory, threads. Taken from the points with the most threads."""
    points = curve["points"]
    most = max(point["threads"] for point in points)
    measured = [point for point in points if point["threads"] == most and "imagesPerSecond" in point]
    skipped = sorted({point["x"] for point in points if "skipped" in point})
    if len(measured) < 2:
        return "Fewer than two points were measured."
    first, last = measured[0], measured[-1]
    text = [
        {"datasetSize": dataset_scaling, "imageSize": image_scaling}.get(name, batch_scaling)(measured),
        bottleneck(measured),
        memory(name, curve, first, last),
    ]
    single = {point["x"]: point for point in points if point["threads"] == 1 and "imagesPerSecond" in point}
    speedups = [
        point["imagesPerSecond"] / single[point["x"]]["imagesPerSecond"]
        for point in measured
        if most > 1 and point["x"] in single
    ]
    if speedups:
        text.append(f"{most} threads are {min(speedups):.2f} to {max(speedups):.2f} times as fast as one.")
    if skipped:
        text.append(f"Skipped because of memory or a failure: {', '.join(map(str, skipped))}.")
    return " ".join(text)


def dataset_scaling(points):
    first, last = points[0], points[-1]
    growth = exponent(first["images"], last["images"], first["firstOpenSeconds"], last["firstOpenSeconds"])
    return (
        f"The first opening decodes the images, at x{last['x']} {last['images'] / last['firstOpenSeconds']:.0f} per second;"
        f" its time grows with the number of images to the power {growth:.2f}. Later openings read the pixel cache"
        f" ({last['cachedOpenSeconds']:.1f} s). Training speed at x{last['x']} is"
        f" {last['imagesPerSecond'] / first['imagesPerSecond']:.2f} times that at x{first['x']}. An epoch with its"
        f" validation takes {last['epochSeconds'] / first['epochSeconds']:.1f} times as long for"
        f" {last['images'] / first['images']:.1f} times the images."
    )


def image_scaling(points):
    first, last = points[0], points[-1]
    growth = -exponent(first["x"] ** 2, last["x"] ** 2, first["imagesPerSecond"], last["imagesPerSecond"])
    return f"The time per image grows with its area to the power {growth:.2f}."


def batch_scaling(points):
    first = points[0]
    best = max(points, key=lambda point: point["imagesPerSecond"])
    enough = next(point for point in points if point["imagesPerSecond"] >= 0.9 * best["imagesPerSecond"])
    share = first["imagesPerSecond"] / best["imagesPerSecond"]
    text = (
        f"Batch size {best['x']} is fastest ({best['imagesPerSecond']:.1f} images/s); batch size {first['x']} reaches"
        f" {share:.2f} of that"
    )
    return text + ("." if enough in (first, best) else f", batch size {enough['x']} at least 0.90.")


def bottleneck(points):
    if "dataLoadingImagesPerSecond" not in points[0]:
        return "The engine is the bottleneck: the batch is in memory and no data is loaded."
    loading = [point["dataLoadingImagesPerSecond"] / point["imagesPerSecond"] for point in points]
    one_batch = [point["imagesPerSecond"] / point["oneBatchImagesPerSecond"] for point in points]
    least = min(loading)
    limit = "The engine is" if least >= 2 else "Data loading is part of" if least >= 1.1 else "Data loading is"
    return (
        f"{limit} the bottleneck: data loading alone is {least:.0f} to {max(loading):.0f} times as fast as training, and the"
        f" training loop reaches {min(one_batch):.2f} to {max(one_batch):.2f} of the speed with one batch repeated."
    )


def memory(name, curve, first, last):
    if name == "datasetSize":
        more_pixels = (last["images"] - first["images"]) * curve["side"] ** 2 / 2**20
        return (
            f"One epoch takes {first['epochPeakMebibytes']} MiB at x{first['x']} and {last['epochPeakMebibytes']} MiB at"
            f" x{last['x']}: the {more_pixels:.0f} MiB of additional pixels are read from the cache batch by batch. The"
            f" first opening alone takes {first['firstOpenPeakMebibytes']} and {last['firstOpenPeakMebibytes']} MiB."
        )
    grown = last["peakMebibytes"] - first["peakMebibytes"]
    if name == "imageSize":
        each = f"10,000 pixels per image, at batch size {curve['batchSize']}"
        units = (last["x"] ** 2 - first["x"] ** 2) / 1e4
    else:
        each = "image in the batch"
        units = last["x"] - first["x"]
    return (
        f"Memory grows from {first['peakMebibytes']} to {last['peakMebibytes']} MiB, by {grown / units:.1f} MiB for each"
        f" {each}."
    )


def exponent(x0, x1, y0, y1):
    return math.log(y1 / y0) / math.log(x1 / x0)


TITLES = {
    "imageSize": ("Training, by image size", "image side, pixels"),
    "batchSize": ("Training, by batch size", "batch size"),
    "inferenceBatchSize": ("Inference, by batch size", "batch size"),
    "datasetSize": ("Training, by dataset size", "images"),
}


def panels(curves):
    """For each curve a chart of speed and a chart of memory."""
    made = []
    for name, curve in curves.items():
        title, x_label = TITLES[name]
        points = [point for point in curve["points"] if "imagesPerSecond" in point]
        x_of = "images" if name == "datasetSize" else "x"
        for key, unit in (("imagesPerSecond", "images per second"), ("peakMebibytes", "peak memory, MiB")):
            made.append(
                {
                    "title": title,
                    "x": x_label,
                    "y": unit,
                    "lines": {
                        f"{threads} thread{'s' if threads > 1 else ''}": [
                            (point[x_of], point[key]) for point in points if point["threads"] == threads
                        ]
                        for threads in sorted({point["threads"] for point in points})
                    },
                }
            )
    return made


def markdown(result):
    text = [
        describe_machine(result["machine"]),
        "",
        "`binary-cnn`. Training speed is that of the real training loop, inference speed that of one batch repeated."
        f" Values are the median; rounds: {result['rounds']}. Opening a dataset and training an epoch are measured once.",
        "",
        "![Speed and memory by image size, batch size and dataset size](curves.svg)",
    ]
    for name, curve in result["curves"].items():
        title, x_label = TITLES[name]
        text += ["", f"### {title}", ""]
        columns = ["copies" if name == "datasetSize" else x_label, "threads", "images/s", "min to max", "peak memory, MiB"]
        if name == "datasetSize":
            columns += ["images", "first opening, s", "its memory, MiB", "cached opening, s", "epoch, s", "its memory, MiB"]
        text += ["| " + " | ".join(columns) + " |", "|" + "---|" * len(columns)]
        for point in curve["points"]:
            if "skipped" in point:
                cells = [point["x"], point["threads"], "skipped", "", point["skipped"].splitlines()[0][:120]]
            else:
                within = f"{point['imagesPerSecondMin']:.1f} to {point['imagesPerSecondMax']:.1f}"
                cells = [point["x"], point["threads"], f"{point['imagesPerSecond']:.1f}", within, point["peakMebibytes"]]
            if name == "datasetSize":
                cells += [
                    point["images"],
                    f"{point['firstOpenSeconds']:.1f}",
                    point["firstOpenPeakMebibytes"],
                    f"{point['cachedOpenSeconds']:.1f}",
                    f"{point['epochSeconds']:.0f}",
                    point["epochPeakMebibytes"],
                ]
            text.append("| " + " | ".join(map(str, cells)) + " |")
        text += ["", findings(name, curve)]
    return "\n".join(text) + "\n"


if __name__ == "__main__":
    main()
