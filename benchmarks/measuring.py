"""What the benchmarks share: cxr's class path, processes with their time and memory, medians, the machine."""

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

# As cxr gives them to itself: dev.cxr.data.shell.AllocatorSettings.
ALLOCATOR = {
    "MALLOC_ARENA_MAX": "1",
    "MALLOC_MMAP_THRESHOLD_": "4294967296",
    "MALLOC_TRIM_THRESHOLD_": "17179869184",
    "MALLOC_TOP_PAD_": "268435456",
    "GLIBC_TUNABLES": "glibc.malloc.tcache_count=0:glibc.malloc.mxfast=0",
}


def build_cxr(class_path=None):
    """Compiles cxr and what measures it; returns the class path. A class path given is not compiled again."""
    classes = TARGET / "cxr"
    classes.mkdir(parents=True, exist_ok=True)
    if class_path is None:
        say("Compiling cxr")
        file = TARGET / "cxr.classpath"
        maven(
            ["-pl", "cxr-train", "-am", "-DskipTests", "compile", "dependency:build-classpath"],
            ROOT,
            file,
        )
        class_path = f"{ROOT}/cxr-train/target/classes:{file.read_text().strip()}"
    sources = [str(source) for source in sorted((HERE / "cxr").glob("*.java"))]
    quietly(["javac", "-proc:none", "-d", str(classes), "-cp", class_path, *sources])
    return f"{classes}:{class_path}"


def maven(goals, folder, class_path_file):
    quietly(["mvn", "-q", "-B", "-ntp", *goals, f"-Dmdep.outputFile={class_path_file}"], folder)


def quietly(command, folder=ROOT):
    """What a process says; it is shown only if that is why it failed."""
    done = subprocess.run(command, cwd=folder, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)
    if done.returncode != 0:
        sys.exit(f"{command[0]} ended with {done.returncode}:\n{done.stdout[-4000:]}")
    return done.stdout


def cxr(class_path, main, *arguments):
    """A command of cxr's; it starts itself again with its memory settings, as it does for anybody."""
    return ["java", "-cp", class_path, main, *map(str, arguments)]


def measure(command, environment=None, json_file=None):
    """Runs a process: the JSON that it prints last or writes, its peak memory, its wall seconds.

    The memory is the greatest resident set (VmHWM) of the process and of the children that it waited for,
    whichever is greatest: of cxr, the child that does the work.
    """
    settings = {key: value for key, value in os.environ.items() if not key.startswith("MALLOC_")}
    settings.update(environment or {})
    with tempfile.TemporaryFile("w+") as out, tempfile.TemporaryFile("w+") as err:
        started = time.perf_counter()
        child = subprocess.Popen(command, cwd=ROOT, env=settings, stdout=out, stderr=err)
        _, status, usage = os.wait4(child.pid, 0)
        seconds = time.perf_counter() - started
        child.returncode = os.waitstatus_to_exitcode(status)
        if child.returncode != 0:
            err.seek(0)
            raise Failed(f"ended with {child.returncode}: {err.read()[-2000:].strip()}")
        out.seek(0)
        text = pathlib.Path(json_file).read_text() if json_file else out.read().strip().splitlines()[-1]
    return {**json.loads(text), "peakMebibytes": round(usage.ru_maxrss / 1024), "wallSeconds": round(seconds, 2)}


class Failed(SystemExit):
    """A process that did not end well."""


def summary(values):
    """Median, least, most and every round."""
    return {
        "median": statistics.median(values),
        "least": min(values),
        "most": max(values),
        "rounds": list(values),
    }


def machine():
    """What the figures hold for."""
    model = next(
        (line.split(":", 1)[1].strip() for line in lines("/proc/cpuinfo") if line.startswith("model name")),
        platform.machine(),
    )
    memory = next(int(line.split()[1]) for line in lines("/proc/meminfo") if line.startswith("MemTotal"))
    return {
        "cpu": model,
        "cores": len(os.sched_getaffinity(0)),
        "threads": os.environ.get("OMP_NUM_THREADS", "not set: all cores"),
        "memoryMebibytes": memory // 1024,
        "system": platform.platform(),
        "loadBefore": os.getloadavg()[0],
        "commit": subprocess.run(
            ["git", "rev-parse", "--short", "HEAD"], cwd=ROOT, stdout=subprocess.PIPE, text=True
        ).stdout.strip(),
    }


def available_mebibytes():
    """Memory that a new process can have."""
    return next(int(line.split()[1]) for line in lines("/proc/meminfo") if line.startswith("MemAvailable")) // 1024


def lines(file):
    return pathlib.Path(file).read_text().splitlines()


def write(folder, name, text):
    """Aside, then renamed: a figure stands there whole or not at all."""
    folder.mkdir(parents=True, exist_ok=True)
    aside = folder / (name + ".part")
    aside.write_text(text, encoding="utf-8")
    aside.replace(folder / name)
    say(f"Written: {folder / name}")


def say(text):
    print(text, flush=True)
