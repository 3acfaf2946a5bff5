package dev.cxr.data.download;

import dev.cxr.common.cli.UsageErrorException;
import dev.cxr.common.cli.UserErrorException;
import dev.cxr.common.download.Checksum;
import dev.cxr.common.download.RemoteFile;
import dev.cxr.data.index.DatasetIndex;
import dev.cxr.data.index.DatasetReader;
import dev.cxr.data.index.ValidationSplitRule;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.OptionalInt;
import java.util.OptionalLong;

/** A publisher of chest X-ray datasets. */
public enum DatasetSource {
  /**
   * Mendeley Data rscbjbr9sj, version 2: the chest X-rays of Kermany et al. at their original size.
   *
   * <p>Address and SHA-256 from samlowe106/ConvolutedComputerVision on GitHub ({@code
   * chest-x-ray-images-pneumonia/download_data.py}, commit 7d59f787, with the size in an earlier
   * edition); two more public repositories have the same checksum. Mendeley's own page was not
   * available to compare.
   */
  MENDELEY,

  /**
   * MedMNIST on Zenodo, record 10519652: the same X-rays, cropped to a square and downscaled.
   *
   * <p>Addresses and MD5 sums from {@code medmnist/info.py}, version 3.0.2, in MedMNIST/MedMNIST on
   * GitHub (commit 3bb56be6). The sizes come from other reports on the Zenodo record.
   */
  PNEUMONIAMNIST;

  private static final String CC_BY = "CC BY 4.0, https://creativecommons.org/licenses/by/4.0/";
  private static final String KERMANY_CELL =
      "Kermany DS, Goldbaum M, Cai W, et al. Identifying Medical Diagnoses and Treatable Diseases by"
          + " Image-Based Deep Learning. Cell 172(5):1122-1131 (2018)."
          + " https://doi.org/10.1016/j.cell.2018.02.010";

  /** {@return the name on the command line} */
  @Override
  public String toString() {
    return name().toLowerCase(Locale.ROOT);
  }

  /**
   * Selects a dataset.
   *
   * @param side width and height of the images, if the source has several sizes; 224 by default
   * @return the dataset
   * @throws UserErrorException if the source does not have this size
   */
  public PublicDataset dataset(OptionalInt side) {
    return switch (this) {
      case MENDELEY -> mendeley(side);
      case PNEUMONIAMNIST -> pneumoniaMnist(side.orElse(224));
    };
  }

  private static PublicDataset mendeley(OptionalInt side) {
    if (side.isPresent()) {
      throw UsageErrorException.of(
          "no --size with --source mendeley",
          "--size " + side.getAsInt(),
          "Omit --size: its images have their original sizes.");
    }
    return new PublicDataset(
        "Chest X-rays of Kermany et al. (Mendeley Data rscbjbr9sj, version 2)",
        "ChestXRay2017.zip",
        new RemoteFile(
            URI.create(
                "https://data.mendeley.com/public-files/datasets/rscbjbr9sj/files/"
                    + "f12eaf6d-6023-432f-acc9-80c9d7393433/file_downloaded"),
            OptionalLong.of(1_235_512_464),
            Checksum.sha256("13efc055629733dbab07877f8b3c9f81097840dbcdaa326a8542322c2281ce36")),
        CC_BY,
        List.of(
            "Kermany D, Zhang K, Goldbaum M (2018). Labeled Optical Coherence Tomography (OCT) and"
                + " Chest X-Ray Images for Classification. Mendeley Data, V2."
                + " https://doi.org/10.17632/rscbjbr9sj.2",
            KERMANY_CELL),
        "The images are unchanged; the system files of the archive are left out.",
        "chest_xray",
        1_300_000_000, // a zip hardly compresses JPEG files
        new ImageZipUnpacker());
  }

  private static PublicDataset pneumoniaMnist(int side) {
    return switch (side) {
      case 28 -> pneumoniaMnist(side, "", 4_170_669, "28209eda62fecd6e6a2d98b1501bb15f");
      case 64 -> pneumoniaMnist(side, "_64", 20_606_998, "8f4eceb4ccffa70c672198ea285246c6");
      case 128 -> pneumoniaMnist(side, "_128", 75_506_212, "05b46931834c231683c68f40c47b2971");
      case 224 -> pneumoniaMnist(side, "_224", 214_384_716, "d6a3c71de1b945ea11211b03746c1fe1");
      default ->
          throw UsageErrorException.of(
              "--size 28, 64, 128 or 224", "--size " + side, "Choose one of these sizes.");
    };
  }

  private static PublicDataset pneumoniaMnist(int side, String suffix, long size, String md5) {
    String name = "pneumoniamnist%s.npz".formatted(suffix);
    return new PublicDataset(
        "PneumoniaMNIST %d x %d (MedMNIST, Zenodo record 10519652)".formatted(side, side),
        name,
        new RemoteFile(
            URI.create("https://zenodo.org/records/10519652/files/" + name + "?download=1"),
            OptionalLong.of(size),
            Checksum.md5(md5)),
        CC_BY,
        List.of(
            "Yang J, Shi R, Wei D, Liu Z, Zhao L, Ke B, Pfister H, Ni B. MedMNIST v2 - A large-scale"
                + " lightweight benchmark for 2D and 3D biomedical image classification. Scientific"
                + " Data 10:41 (2023). https://doi.org/10.1038/s41597-022-01721-8",
            KERMANY_CELL),
        "None.",
        "pneumoniamnist_" + side,
        size,
        DatasetSource::copy);
  }

  /** Copies an archive that {@code --data} accepts without unpacking. */
  static int copy(Path archive, Path folder) throws IOException {
    DatasetIndex index = DatasetReader.read(archive.toString(), ValidationSplitRule.DEFAULT);
    Files.copy(archive, folder.resolve(archive.getFileName()));
    return index.xrays().size();
  }
}
