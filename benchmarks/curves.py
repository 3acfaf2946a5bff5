#!/usr/bin/env python3
"""What cxr costs as work grows: more pictures, larger pictures, larger batches, one thread and two.

Each point is a process of its own that trains binary-cnn by cxr's own `bench` (or asks it, for inference).
A point that would need more memory than there is is left out, and said so.
"""

import argparse
import json
import math
import pathlib
import tempfile

from charts import chart_sheet
from measuring import (
    HERE, Failed, available_mebibytes, build_cxr, cxr, machine, measure, say, summary, write,
)  # fmt: skip

SIDES = (64, 128, 224, 320, 512)
BATCHES = (1, 2, 8, 32, 128)
TIMES = (1, 4, 16)
# Memory of a picture grows with its area and that of a batch with its pictures, so that 512 x 512 is measured
# in small batches.
BATCH_OF_SIDES = 8
SIDE = 224
BATCH = 32
# Of the memory that is there, so much may be planned with.
SHARE = 0.85


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--data", default="synthetic", help="whose training pictures are repeated (default: synthetic)")
    parser.add_argument("--pictures", type=int, default=2000, help="no more of them than so many (default: 2000)")
    parser.add_argument("--seconds", type=float, default=6, help="about how long a turn takes (default: 6)")
    parser.add_argument("--rounds", type=int, default=3, help="of each point (default: 3)")
    parser.add_argument("--threads", type=numbers, default=(1, 2))
    parser.add_argument("--sides", type=numbers, default=SIDES)
    parser.add_argument("--batches", type=numbers, default=BATCHES)
    parser.add_argument("--times", type=numbers, default=TIMES)
    parser.add_argument("--side", type=int, default=SIDE, help="of all but the curve over sides (default: 224)")
    parser.add_argument("--speed", type=float, default=40, help="img/s at 224, guessed, to plan turns (default: 40)")
    parser.add_argument("--cxr-class-path", help="compiled cxr; without it, it is compiled")
    parser.add_argument("--out", type=pathlib.Path, default=HERE / "results")
    options = parser.parse_args()

    about = machine()
    class_path = build_cxr(options.cxr_class_path)
    with tempfile.TemporaryDirectory(prefix="cxr-curves-") as temporary:
        work = Work(options, class_path, pathlib.Path(temporary))
        curves = {
            "imageSize": work.over_sides(),
            "batchSize": work.over_batches(),
            "inferenceBatchSize": work.over_inference_batches(),
            "dataSet": work.over_data(),
        }
    for name, curve in curves.items():
        curve["bound"] = bound(name, curve["points"])
    result = {"schemaVersion": 1, "machine": about, "architecture": "binary-cnn", "rounds": options.rounds, "curves": curves}
    write(options.out, "curves.json", json.dumps(result, indent=2) + "\n")
    write(options.out, "curves.svg", chart_sheet(panels(curves)))
    write(options.out, "curves.md", markdown(result))


def numbers(text):
    return tuple(int(number) for number in text.split(","))


class Work:
    """The points of the curves."""

    def __init__(self, options, class_path, scratch):
        self.options = options
        self.class_path = class_path
        self.scratch = scratch

    def over_sides(self):
        points = []
        for threads in self.options.threads:
            points += self.rising(
                self.options.sides,
                lambda side: side**2,
                lambda side: self.bench(threads, side, BATCH_OF_SIDES, "synthetic"),
                {"threads": threads},
            )
        return {"x": "side", "batchSize": BATCH_OF_SIDES, "points": points}

    def over_batches(self):
        points = []
        for threads in self.options.threads:
            points += self.rising(
                [batch for batch in self.options.batches if batch > 1],  # BatchNorm learns nothing from one
                lambda batch: batch,
                lambda batch: self.bench(threads, self.options.side, batch, "synthetic"),
                {"threads": threads},
            )
        return {"x": "batch", "side": self.options.side, "points": points}

    def over_inference_batches(self):
        points = []
        for threads in self.options.threads:
            points += self.rising(
                self.options.batches,
                lambda batch: batch,
                lambda batch: self.ask(threads, batch),
                {"threads": threads},
            )
        return {"x": "batch", "side": self.options.side, "points": points}

    def over_data(self):
        folder = self.scratch / "repeated"
        say("Repeating the collection")
        times = ",".join(map(str, self.options.times))
        made = measure(
            self.own(
                "repeat", "--data", self.options.data, "--pictures", self.options.pictures,
                "--times", times, "--out", folder,
            )
        )  # fmt: skip
        points = []
        for number in self.options.times:
            manifest = folder / f"x{number}.csv"
            cache = {"CXR_CACHE_DIR": str(self.scratch / f"cache-{number}")}
            opening = ["open", "--data", manifest, "--side", self.options.side]
            cold = measure(self.own(*opening), cache)
            warm = measure(self.own(*opening), cache)
            for threads in self.options.threads:
                point = self.bench(threads, self.options.side, BATCH, manifest, cache)
                point |= {
                    "x": number,
                    "threads": threads,
                    "pictures": cold["pictures"],
                    "firstOpeningSeconds": cold["seconds"],
                    "laterOpeningSeconds": warm["seconds"],
                    "openingPeakMebibytes": cold["peakMebibytes"],
                    **self.epoch(threads, manifest, cache),
                }
                points.append(point)
                say(f"  x{number}, {threads} threads: {told(point)}; an epoch {point['epochSeconds']:.0f} s")
        return {
            "x": "times",
            "side": self.options.side,
            "batchSize": BATCH,
            "picturesOnce": made["pictures"],
            "points": points,
        }

    def rising(self, values, work, point_at, more):
        """From the least work to the most, as far as memory will do: it grows no faster than the work."""
        points = []
        for value in values:
            needed = self.foreseen(points, work(value), work)
            if needed > SHARE * available_mebibytes():
                points.append({"x": value, **more, "leftOut": f"about {needed:.0f} MiB needed"})
            else:
                try:
                    points.append({"x": value, **more, **point_at(value)})
                except Failed as failure:
                    points.append({"x": value, **more, "leftOut": str(failure)})
            say(f"  {value}, {more['threads']} threads: {told(points[-1])}")
        return points

    @staticmethod
    def foreseen(points, work_of_next, work):
        """From the last two points, as a line; all of it grows with the work while there is but one."""
        done = [point for point in points if "peakMebibytes" in point]
        if not done:
            return 0
        last = done[-1]
        if len(done) == 1:
            return last["peakMebibytes"] * max(1, work_of_next / work(last["x"]) / 4)
        before = done[-2]
        slope = (last["peakMebibytes"] - before["peakMebibytes"]) / (work(last["x"]) - work(before["x"]))
        return last["peakMebibytes"] + max(0, slope) * (work_of_next - work(last["x"]))

    def bench(self, threads, side, batch, data, more=None):
        """Training: the ceiling, the loop, and the making of batches alone."""
        file = self.scratch / "bench.json"
        command = self.training(
            "bench", side, batch, data,
            "--rounds", self.options.rounds, "--batches", self.turns(threads, side, batch), "--json", file,
        )  # fmt: skip
        measured = measure(command, {"OMP_NUM_THREADS": str(threads), **(more or {})}, file)
        speeds = measured["imagesPerSecond"]
        return {
            "ceiling": speeds["ceiling"]["median"],
            "loop": speeds["loop"]["median"],
            "loopLeast": speeds["loop"]["least"],
            "loopMost": speeds["loop"]["most"],
            "feeding": speeds["feeding"]["median"],
            "peakMebibytes": measured["peakMebibytes"],
        }

    def epoch(self, threads, data, more):
        """A training of one whole epoch: how long that takes, its validation included, and the memory of all."""
        run = pathlib.Path(tempfile.mkdtemp(dir=self.scratch)) / "run"
        command = self.training("train", self.options.side, BATCH, data, "--out", run, "--set", "epochs=1")
        measured = measure(command, {"OMP_NUM_THREADS": str(threads), **more}, run / "report.json")
        return {"epochSeconds": measured["epochs"][0]["seconds"], "epochPeakMebibytes": measured["peakMebibytes"]}

    def ask(self, threads, batch):
        """Inference of the same batch over and over."""
        model = self.scratch / f"model-{batch}"
        if not model.exists():
            measure(self.own("weights", "--out", model, "--side", self.options.side, "--batch", batch))
        asking = ["inference", "--model", model, "--seconds", self.options.seconds]
        rounds = [
            measure(self.own(*asking), {"OMP_NUM_THREADS": str(threads)}) for _ in range(self.options.rounds)
        ]
        speed = summary([one["imagesPerSecond"] for one in rounds])
        return {
            "loop": speed["median"],
            "loopLeast": speed["least"],
            "loopMost": speed["most"],
            "peakMebibytes": max(one["peakMebibytes"] for one in rounds),
        }

    def training(self, what, side, batch, data, *more):
        """A command of cxr-train's on binary-cnn."""
        return cxr(
            self.class_path, "dev.cxr.train.Main", what, "--recipe", "binary-as-reported", "--data", data,
            "--set", f"side={side}", "--set", f"batch-size={batch}", *more,
        )  # fmt: skip

    def own(self, *arguments):
        return cxr(self.class_path, "dev.cxr.benchmarks.Main", *arguments)

    def turns(self, threads, side, batch):
        """Batches that take about as long as a turn should, two at the least."""
        speed = self.options.speed * threads / 2 * (SIDE / side) ** 2
        return max(2, min(400, round(self.options.seconds * speed / batch)))


def told(point):
    if "leftOut" in point:
        return "left out: " + point["leftOut"]
    return f"{point['loop']:.1f} img/s, {point['peakMebibytes']} MiB"


def bound(name, points):
    """What bounds the cost, by rule, from the figures of the most threads."""
    most = max(point["threads"] for point in points)
    done = [point for point in points if point["threads"] == most and "loop" in point]
    left_out = [point["x"] for point in points if "leftOut" in point]
    if len(done) < 2:
        return "Too few points to tell."
    first, last = done[0], done[-1]
    text = []
    if name == "dataSet":
        growth = exponent(first["pictures"], last["pictures"], first["firstOpeningSeconds"], last["firstOpeningSeconds"])
        text.append(
            f"The first opening decodes, {last['pictures'] / last['firstOpeningSeconds']:.0f} pictures a second at"
            f" x{last['x']}, and grows with the pictures to the power {growth:.2f}; a later one opens the pixel cache"
            f" ({last['laterOpeningSeconds']:.1f} s). Training speed at x{last['x']} is"
            f" {last['loop'] / first['loop']:.2f} times that at x{first['x']}; a whole epoch with its validation takes"
            f" {last['epochSeconds'] / first['epochSeconds']:.1f} times as long for"
            f" {last['pictures'] / first['pictures']:.1f} times the pictures."
        )
    elif name == "imageSize":
        growth = -exponent(first["x"] ** 2, last["x"] ** 2, first["loop"], last["loop"])
        text.append(f"The time of a picture grows with its area to the power {growth:.2f}.")
    else:
        best = max(done, key=lambda point: point["loop"])
        small = next((p for p in done if p["loop"] >= 0.9 * best["loop"]), best)
        nearly = "" if small in (first, best) else f", those of {small['x']} nine tenths"
        text.append(
            f"Speed is greatest in batches of {best['x']} ({best['loop']:.1f} img/s); batches of {first['x']} reach"
            f" {first['loop'] / best['loop']:.2f} of it{nearly}."
        )
    if "feeding" in last:
        text.append(feeding(done))
    else:
        text.append("The engine bounds it: the batch is there already.")
    text.append(memory(name, first, last))
    single = {point["x"]: point for point in points if point["threads"] == 1 and "loop" in point}
    pairs = [point["loop"] / single[point["x"]]["loop"] for point in done if most > 1 and point["x"] in single]
    if pairs:
        text.append(f"{most} threads are {min(pairs):.2f} to {max(pairs):.2f} times as fast as one.")
    if left_out:
        text.append(f"Left out for memory or by failure: {', '.join(map(str, sorted(set(left_out))))}.")
    return " ".join(text)


def feeding(points):
    shares = [point["feeding"] / point["loop"] for point in points]
    ceilings = [point["loop"] / point["ceiling"] for point in points]
    least = min(shares)
    who = "The engine bounds it" if least >= 2 else "Feeding bounds it in part" if least >= 1.1 else "Feeding bounds it"
    return (
        f"{who}: batches are made {least:.0f} to {max(shares):.0f} times as fast as they are learned, and the loop"
        f" reaches {min(ceilings):.2f} to {max(ceilings):.2f} of the same batch over and over."
    )


def memory(name, first, last):
    if name == "dataSet":
        return (
            f"A training of an epoch takes {first['epochPeakMebibytes']} MiB at x{first['x']} and"
            f" {last['epochPeakMebibytes']} at x{last['x']}: its pixels,"
            f" {(last['pictures'] - first['pictures']) * PIXELS_MIB:.0f} MiB more, are read from the cache batch by"
            f" batch. A first opening by itself takes {first['openingPeakMebibytes']} and"
            f" {last['openingPeakMebibytes']} MiB."
        )
    grown = last["peakMebibytes"] - first["peakMebibytes"]
    unit = "picture of a batch" if "atch" in name else f"10,000 pixels of a picture, in batches of {BATCH_OF_SIDES}"
    per = grown / (last["x"] - first["x"] if "atch" in name else (last["x"] ** 2 - first["x"] ** 2) / 1e4)
    return f"Memory grows from {first['peakMebibytes']} to {last['peakMebibytes']} MiB, by {per:.1f} MiB for each {unit}."


PIXELS_MIB = SIDE * SIDE / 2**20


def exponent(x0, x1, y0, y1):
    return math.log(y1 / y0) / math.log(x1 / x0)


TITLES = {
    "imageSize": ("Training, by side of the picture", "side, pixels"),
    "batchSize": ("Training, by batch", "pictures a batch"),
    "inferenceBatchSize": ("Inference, by batch", "pictures a batch"),
    "dataSet": ("Training, by size of the collection", "pictures"),
}


def panels(curves):
    """For each curve one panel of speed and one of memory."""
    made = []
    for name, curve in curves.items():
        title, x_label = TITLES[name]
        points = [point for point in curve["points"] if "loop" in point]
        x_of = "pictures" if name == "dataSet" else "x"
        for key, unit in (("loop", "pictures a second"), ("peakMebibytes", "peak memory, MiB")):
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
    about = result["machine"]
    text = [
        f"`binary-cnn` on {about['cpu']}, {about['cores']} cores. Training speed is that of the real training loop, in pictures"
        f" a second, that of inference that of the same batch over and over; medians of {result['rounds']} rounds."
        f" Openings and epochs are measured once. Load before: {about['loadBefore']:.2f}.",
        "",
        "![Speed and memory as work grows](curves.svg)",
    ]
    for name, curve in result["curves"].items():
        title, x_label = TITLES[name]
        text += ["", f"### {title}", ""]
        columns = [x_label if name != "dataSet" else "times", "threads", "img/s", "least to most", "peak memory, MiB"]
        if name == "dataSet":
            columns += ["pictures", "first opening, s", "its memory, MiB", "later ones, s", "an epoch, s", "its memory, MiB"]
        text += ["| " + " | ".join(columns) + " |", "|" + "---|" * len(columns)]
        for point in curve["points"]:
            if "leftOut" in point:
                cells = [point["x"], point["threads"], "left out", "", point["leftOut"].splitlines()[0][:120]]
            else:
                within = f"{point['loopLeast']:.1f} to {point['loopMost']:.1f}"
                cells = [point["x"], point["threads"], f"{point['loop']:.1f}", within, point["peakMebibytes"]]
            if name == "dataSet":
                cells += [
                    point["pictures"],
                    f"{point['firstOpeningSeconds']:.1f}",
                    point["openingPeakMebibytes"],
                    f"{point['laterOpeningSeconds']:.1f}",
                    f"{point['epochSeconds']:.0f}",
                    point["epochPeakMebibytes"],
                ]
            text.append("| " + " | ".join(map(str, cells)) + " |")
        text += ["", curve["bound"]]
    return "\n".join(text) + "\n"


if __name__ == "__main__":
    main()
