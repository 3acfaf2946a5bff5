#!/usr/bin/env python3
"""Compares how cxr decodes DICOM files with dcmtk and GDCM, and prints a Markdown table.

Reads the sample files of pydicom and all files of the given folders, and compresses some of them in
every transfer syntax that dcmtk and GDCM write. Requires Debian's python3-pydicom, python3-numpy,
dcmtk and libgdcm-tools, and cxr: build it with `mvn -pl cxr-cli -am -DskipTests install`.
"""

import argparse
import pathlib
import re
import subprocess
import sys
import tempfile

import numpy
import pydicom
from pydicom.data import get_testdata_file
from pydicom.dataset import FileDataset, FileMetaDataset
from pydicom.uid import ExplicitVRLittleEndian, generate_uid

HERE = pathlib.Path(__file__).parent
MODALITY = re.compile(rb"(\x08\x00\x60\x00(?:CS)?\x02\x00(?:\x00\x00)?|\x00\x08\x00\x60CS\x00\x02)(CT|MR|US|NM|MG|XA)")
PIXEL_DATA = (b"\xe0\x7f\x10\x00", b"\x7f\xe0\x00\x10")
LARGEST_DIFFERENCE = {"lossless": 0, "lossy": 2}

# Name of the transfer syntax, command that writes it, whether it is lossless.
ENCODERS = [
    ("Implicit VR Little Endian", ["dcmconv", "+ti"], "lossless"),
    ("Explicit VR Big Endian", ["dcmconv", "+tb"], "lossless"),
    ("Deflated", ["dcmconv", "+td"], "lossless"),
    ("RLE (dcmtk)", ["dcmcrle"], "lossless"),
    ("RLE (GDCM)", ["gdcmconv", "--rle"], "lossless"),
    ("JPEG Lossless, predictor 1", ["dcmcjpeg", "+e1"], "lossless"),
    *[
        (f"JPEG Lossless, predictor {n}", ["dcmcjpeg", "+el", "+sv", str(n)], "lossless")
        for n in range(2, 8)
    ],
    ("JPEG Lossless (GDCM)", ["gdcmconv", "--jpeg"], "lossless"),
    ("JPEG Baseline", ["dcmcjpeg", "+eb", "+q", "95"], "lossy"),
    ("JPEG Extended", ["dcmcjpeg", "+ee", "+q", "95"], "lossy"),
    ("JPEG-LS, line", ["dcmcjpls", "+el", "+il"], "lossless"),
    ("JPEG-LS, sample", ["dcmcjpls", "+el", "+is"], "lossless"),
    ("JPEG-LS, plane", ["dcmcjpls", "+el", "+in"], "lossless"),
    ("JPEG-LS near-lossless", ["dcmcjpls", "+en", "+md", "2"], "lossy"),
    ("JPEG-LS (GDCM)", ["gdcmconv", "--jpegls"], "lossless"),
    ("JPEG 2000 lossless", ["gdcmconv", "--j2k"], "lossless"),
    ("JPEG 2000", ["gdcmconv", "--j2k", "--lossy", "-r", "4"], "lossy"),
]


def run(command):
    return subprocess.run([str(c) for c in command], capture_output=True)


def synthetic(path, bits, samples):
    """A noisy ramp of 200 x 150 pixels that uses all of its bits."""
    rows, columns = 150, 200
    random = numpy.random.default_rng(bits + samples)
    ramp = numpy.add.outer(numpy.arange(rows), numpy.arange(columns)) / (rows + columns)
    values = ramp[..., None] * (0.6 + 0.2 * numpy.arange(samples)) + random.normal(0, 0.01, (rows, columns, samples))
    values[40:60, 30:180] = 0.5  # runs
    stored = (values.clip(0, 1) * ((1 << bits) - 1)).round().astype("<u2" if bits > 8 else "u1")
    meta = FileMetaDataset()
    meta.MediaStorageSOPClassUID = "1.2.840.10008.5.1.4.1.1.7"
    meta.MediaStorageSOPInstanceUID = generate_uid()
    meta.TransferSyntaxUID = ExplicitVRLittleEndian
    data = FileDataset(str(path), {}, file_meta=meta, preamble=b"\0" * 128)
    data.is_little_endian, data.is_implicit_VR = True, False
    data.SOPClassUID, data.SOPInstanceUID = meta.MediaStorageSOPClassUID, meta.MediaStorageSOPInstanceUID
    data.Modality, data.PatientID = "OT", "synthetic"
    data.StudyInstanceUID, data.SeriesInstanceUID = generate_uid(), generate_uid()
    data.Rows, data.Columns, data.SamplesPerPixel = rows, columns, samples
    data.PhotometricInterpretation = "RGB" if samples == 3 else "MONOCHROME2"
    data.BitsAllocated, data.BitsStored, data.HighBit = (16 if bits > 8 else 8), bits, bits - 1
    data.PixelRepresentation = 0
    if samples == 3:
        data.PlanarConfiguration = 0
    data.PixelData = stored.tobytes()
    data.save_as(str(path))


def as_radiographs(source, folder):
    """Copies files, calling their modality OT, because cxr decodes radiographs only."""
    copies = []
    for file in source:
        data = file.read_bytes()
        if all(mark not in data for mark in PIXEL_DATA) and "dfl" not in file.name:
            continue
        copy = folder / file.name
        copy.write_bytes(MODALITY.sub(rb"\1OT", data))
        copies.append(copy)
    return copies


def read_pnm(path):
    """Gray of a binary PGM, luma of a binary PPM."""
    data = path.read_bytes()
    head = re.match(rb"P([56])\s(?:#.*\s)*(\d+)\s+(\d+)\s+255\s", data)
    width, height = int(head[2]), int(head[3])
    values = numpy.frombuffer(data[head.end():], "u1").astype(int)
    if head[1] == b"5":
        return values.reshape(height, width)
    red, green, blue = values.reshape(height, width, 3).transpose(2, 0, 1)
    return (299 * red + 587 * green + 114 * blue + 500) // 1000


def restore_bits(file, raw):
    """GDCM writes the bits of JPEG 2000 samples into the header; the original header is right."""
    original = pydicom.dcmread(str(file), force=True, stop_before_pixels=True)
    data = pydicom.dcmread(str(raw))
    if data.BitsStored > original.BitsStored and data.PixelRepresentation == 0:
        stored = data.pixel_array.clip(0, (1 << original.BitsStored) - 1)
        data.BitsStored, data.HighBit = original.BitsStored, original.HighBit
        data.PixelData = stored.tobytes()
        data.save_as(str(raw))


def expected(file, folder):
    """Gray as dcmtk shows it: with the VOI LUT, the first window, or the range of the stored bits."""
    out = folder / "expected.pnm"
    raw = folder / "raw.dcm"
    for source in (file, raw):
        if source == raw:
            raw.unlink(missing_ok=True)
            if run(["gdcmconv", "--raw", file, raw]).returncode or not raw.exists():
                return None
            restore_bits(file, raw)
        for options in (["+Wl", "1"], ["+Wi", "1"], []):
            out.unlink(missing_ok=True)
            result = run(["dcm2pnm", "-q", "+op", "+F", "1", *options, source, out])
            if result.returncode == 0 and out.exists() and out.stat().st_size:
                return read_pnm(out)
    return None


def stored_luma(file, folder):
    """The first sample of a YBR image, as dcmtk decompresses it without conversion to RGB."""
    raw = folder / "luma.dcm"
    raw.unlink(missing_ok=True)
    if run(["dcmdjpeg", "+cn", file, raw]).returncode:
        return None  # JPEG 2000 or RLE
    data = pydicom.dcmread(str(raw))
    values = data.pixel_array
    return values[..., 0].astype(int) if values.ndim == 3 else None


def decode(files, out, classpath):
    subprocess.run(
        ["java", "-Xmx1g", "-cp", classpath, str(HERE / "Decode.java"), str(out), *map(str, files)], check=True
    )


def row(name, count, wanted, largest, verdict):
    print(f"| {name} | {count} | {wanted} | {largest} | {verdict} |")


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folders", nargs="*", type=pathlib.Path, help="folders of further DICOM files")
    parser.add_argument("--classpath", default=str(HERE.parent.parent / "cxr-cli/target/cxr/lib/*"))
    options = parser.parse_args()
    failed = False
    with tempfile.TemporaryDirectory() as temporary:
        work = pathlib.Path(temporary)
        samples = work / "samples"
        samples.mkdir()
        found = sorted(pathlib.Path(get_testdata_file("CT_small.dcm")).parent.glob("*.dcm"))
        for folder in options.folders:
            found += sorted(f for f in folder.rglob("*") if f.is_file() and f.suffix in (".dcm", ""))
        originals = as_radiographs(found, samples)
        decode(originals, samples, options.classpath)
        print("| sample file | transfer syntax | photometric interpretation | largest difference | result |")
        print("|---|---|---|---|---|")
        for file in originals:
            header = pydicom.dcmread(str(file), force=True, stop_before_pixels=True)
            syntax = getattr(getattr(header, "file_meta", None), "TransferSyntaxUID", "")
            name = getattr(syntax, "name", "") or "none"
            photometric = header.get("PhotometricInterpretation", "none")
            is_ybr = photometric.startswith("YBR_FULL")
            wanted = stored_luma(file, work) if is_ybr else expected(file, work)
            pgm, refusal = samples / (file.name + ".pgm"), samples / (file.name + ".txt")
            if not pgm.exists():
                text = refusal.read_text()
                result = "refused: " + text[text.index(": ") + 2:].split(". ")[0][:110]
                row(file.name, name, photometric, "", result)
            elif wanted is None:
                row(file.name, name, photometric, "", "decoded; dcmtk and GDCM cannot")
            else:
                actual = read_pnm(pgm)
                same = actual.shape == wanted.shape
                largest = abs(actual - wanted).max() if same else f"{actual.shape[::-1]}, not {wanted.shape[::-1]}"
                ok = same and largest <= 1
                failed |= not ok
                row(file.name, name, photometric, largest, "same" if ok else "DIFFERENT")
        print()
        print("| transfer syntax | images | allowed difference | largest difference | result |")
        print("|---|---|---|---|---|")
        bases = work / "bases"
        bases.mkdir()
        for bits, count in [(8, 1), (10, 1), (12, 1), (16, 1), (8, 3)]:
            synthetic(bases / f"{bits}-bits-{count}.dcm", bits, count)
        for file in [f for folder in options.folders for f in sorted(folder.glob("*explicit.dcm"))]:
            (bases / file.name).write_bytes(file.read_bytes())
        base_files = sorted(bases.glob("*.dcm"))
        decode(base_files, bases, options.classpath)
        for number, (name, command, kind) in enumerate(ENCODERS):
            folder = work / str(number)
            folder.mkdir()
            coded = []
            for file in base_files:
                if kind == "lossy" and file.name.endswith("-3.dcm"):
                    continue  # chroma is clipped in another way
                target = folder / file.name
                run([*command, file, target])
                if target.exists():
                    coded.append(target)
            decode(coded, folder, options.classpath)
            largest = 0
            problems = []
            for file in coded:
                pgm = folder / (file.name + ".pgm")
                if not pgm.exists():
                    problems.append(f"{file.name} refused: {(folder / (file.name + '.txt')).read_text().split(': ', 1)[1][:120]}")
                    continue
                wanted = read_pnm(bases / (file.name + ".pgm")) if kind == "lossless" else expected(file, folder)
                difference = abs(read_pnm(pgm) - wanted).max()
                if difference > LARGEST_DIFFERENCE[kind]:
                    problems.append(f"{file.name} differs by {difference}")
                largest = max(largest, difference)
            failed |= bool(problems) or not coded
            row(name, len(coded), LARGEST_DIFFERENCE[kind], largest, "; ".join(problems) or "same" if coded else "none")
    sys.exit(1 if failed else 0)


if __name__ == "__main__":
    main()
