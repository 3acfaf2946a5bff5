"""Shared by the benchmarks: cxr's class path, processes with time and memory, statistics, the machine, results."""

import json
import os
import pathlib
import platform
import statistics
import subprocess
import sys
import tempfile
import time

HERE = pathlib.Path(__file__).resolve().parent
ROOT = HERE.parent
TARGET = HERE / "target"

# The settings that cxr gives its own processes: dev.cxr.common.runtime.AllocatorSettings.
ALLOCATOR = {
    "MALLOC_ARENA_MAX": "1",
    "MALLOC_MMAP_THRESHOLD_": "4294967296",
    "MALLOC_TRIM_THRESHOLD_": "17179869184",
    "MALLOC_TOP_PAD_": "268435456",
    "GLIBC_TUNABLES": "glibc.malloc.tcache_count=0:glibc.malloc.mxfast=0",
}


def add_common_options(parser):
    parser.add_argument("--cxr-class-path", help="class path of compiled cxr (default: compile it)")
    parser.add_argument("--out", type=pathlib.Path, default=HERE / "results", help="folder for the results")
    parser.add_argument(
        "--render-only",
        action="store_true",
        help="measure nothing; write the Markdown table and the charts again from the JSON in --out",
    )


def build_cxr(class_path=None):
    """Compiles cxr, unless its class path is given, and the Java part of the benchmarks; returns the class path."""
    classes = TARGET / "cxr"
    classes.mkdir(parents=True, exist_ok=True)
    if class_path is None:
        say("Compiling cxr")
        file = TARGET / "cxr.classpath"
        # Maven resolves the test jar of cxr-common, in the test-compile phase even without compiling any test.
        phase = ["-Dmaven.test.skip=true", "test-compile"]
        maven(["-pl", "cxr-starter", "-am", *phase, "-DincludeScope=runtime", "dependency:build-classpath"], ROOT, file)
        class_path = file.read_text().strip()
    sources = [str(source) for source in sorted((HERE / "cxr").glob("*.java"))]
    output_of(["javac", "-proc:none", "-d", str(classes), "-cp", class_path, *sources])
    return f"{classes}:{class_path}"


def maven(goals, folder, class_path_file):
    output_of(["mvn", "-q", "-B", "-ntp", *goals, f"-Dmdep.outputFile={class_path_file}"], folder)


def output_of(command, folder=ROOT):
    """Standard output and standard error of a process. If the process fails, the benchmark ends with the output."""
    done = subprocess.run(command, cwd=folder, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)
    if done.returncode != 0:
        sys.exit(f"{command[0]} failed with exit code {done.returncode}:\n{done.stdout[-4000:]}")
    return done.stdout


def cxr(class_path, main, *arguments):
    """A command of cxr. It relaunches itself with its allocator settings, as it does for every user."""
    return ["java", "-cp", class_path, main, *map(str, arguments)]


def measure(command, environment=None, json_file=None):
    """Runs a process and returns its JSON (its last line, or json_file), its peak memory and its wall time.

    The memory is the largest resident set (VmHWM) among the process and the children that it waited for. For
    cxr that is the child that does the work.
    """
    variables = {key: value for key, value in os.environ.items() if not key.startswith("MALLOC_")}
    variables.update(environment or {})
    with tempfile.TemporaryFile("w+") as out, tempfile.TemporaryFile("w+") as err:
        started = time.perf_counter()
        child = subprocess.Popen(command, cwd=ROOT, env=variables, stdout=out, stderr=err)
        _, status, usage = os.wait4(child.pid, 0)
        seconds = time.perf_counter() - started
        child.returncode = os.waitstatus_to_exitcode(status)
        if child.returncode != 0:
            err.seek(0)
            raise ProcessFailed(f"failed with exit code {child.returncode}: {err.read()[-2000:].strip()}")
        out.seek(0)
        text = pathlib.Path(json_file).read_text() if json_file else out.read().strip().splitlines()[-1]
    return {**json.loads(text), "peakMebibytes": round(usage.ru_maxrss / 1024), "wallSeconds": round(seconds, 2)}


class ProcessFailed(SystemExit):
    """A measured process failed. If nothing catches this, the benchmark ends with the message."""


def summary(values):
    """Median, minimum, maximum and the value of each round."""
    return {"median": statistics.median(values), "min": min(values), "max": max(values), "rounds": list(values)}


def machine():
    """The machine and the state in which it was measured."""
    model = next(
        (line.split(":", 1)[1].strip() for line in lines("/proc/cpuinfo") if line.startswith("model name")),
        platform.machine(),
    )
    memory = next(int(line.split()[1]) for line in lines("/proc/meminfo") if line.startswith("MemTotal"))
    return {
        "cpu": model,
        "cores": len(os.sched_getaffinity(0)),
        "threads": os.environ.get("OMP_NUM_THREADS", "all cores"),
        "memoryMebibytes": memory // 1024,
        "system": platform.platform(),
        "loadBefore": os.getloadavg()[0],
        "commit": subprocess.run(
            ["git", "rev-parse", "--short", "HEAD"], cwd=ROOT, stdout=subprocess.PIPE, text=True
        ).stdout.strip(),
    }


def describe_machine(about):
    """The sentence with which each table starts."""
    return (
        f"Measured on the CPU of one machine ({about['cpu']}, {about['cores']} cores) at commit {about['commit']}; load"
        f" average before the run: {about['loadBefore']:.2f}. Other machines give other numbers and other ratios."
    )


def available_mebibytes():
    """Memory that a new process can use."""
    return next(int(line.split()[1]) for line in lines("/proc/meminfo") if line.startswith("MemAvailable")) // 1024


def lines(file):
    return pathlib.Path(file).read_text().splitlines()


def write(folder, name, text):
    """Writes to a temporary file and renames it, so that an interrupted run leaves no partial file."""
    folder.mkdir(parents=True, exist_ok=True)
    partial = folder / (name + ".part")
    partial.write_text(text, encoding="utf-8")
    partial.replace(folder / name)
    say(f"Written: {folder / name}")


def say(text):
    print(text, flush=True)
