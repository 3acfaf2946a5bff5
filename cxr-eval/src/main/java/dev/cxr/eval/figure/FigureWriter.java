package dev.cxr.eval.figure;

import de.rototor.pdfbox.graphics2d.PdfBoxGraphics2D;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import javax.imageio.IIOImage;
import javax.imageio.ImageIO;
import javax.imageio.ImageTypeSpecifier;
import javax.imageio.ImageWriter;
import javax.imageio.metadata.IIOMetadata;
import javax.imageio.metadata.IIOMetadataNode;
import javax.imageio.stream.ImageOutputStream;
import org.apache.pdfbox.pdmodel.PDDocument;
import org.apache.pdfbox.pdmodel.PDPage;
import org.apache.pdfbox.pdmodel.PDPageContentStream;
import org.apache.pdfbox.pdmodel.common.PDRectangle;

/** Writes figures as SVG, as PNG at 300 dpi, and as PDF. The same figure gives the same bytes. */
public final class FigureWriter {

  private static final double DOTS_PER_MM = 300 / 25.4;
  private static final double POINTS_PER_MM = 72 / 25.4;

  private FigureWriter() {}

  /**
   * Writes {@code NAME.svg}, {@code NAME.png} and {@code NAME.pdf}. Text in the PDF is drawn as
   * shapes, so that it needs no font.
   *
   * @param figure what to write
   * @param folder an existing folder
   * @throws IOException if a file cannot be written
   */
  public static void write(Figure figure, Path folder) throws IOException {
    Files.writeString(folder.resolve(figure.name() + ".svg"), figure.svg());
    SvgImage image = new SvgImage(figure.svg());
    writePng(
        image.rasterize(
            (int) Math.round(Figure.WIDTH * DOTS_PER_MM),
            (int) Math.round(figure.height() * DOTS_PER_MM)),
        folder.resolve(figure.name() + ".png"));
    writePdf(figure, image, folder.resolve(figure.name() + ".pdf"));
  }

  private static void writePng(BufferedImage image, Path file) throws IOException {
    ImageWriter writer = ImageIO.getImageWritersByFormatName("png").next();
    try (ImageOutputStream out = ImageIO.createImageOutputStream(file.toFile())) {
      IIOMetadata metadata =
          writer.getDefaultImageMetadata(ImageTypeSpecifier.createFromRenderedImage(image), null);
      IIOMetadataNode size = new IIOMetadataNode("pHYs");
      String dotsPerMetre = String.valueOf(Math.round(1000 * DOTS_PER_MM));
      size.setAttribute("pixelsPerUnitXAxis", dotsPerMetre);
      size.setAttribute("pixelsPerUnitYAxis", dotsPerMetre);
      size.setAttribute("unitSpecifier", "meter");
      IIOMetadataNode root = new IIOMetadataNode("javax_imageio_png_1.0");
      root.appendChild(size);
      metadata.mergeTree(root.getNodeName(), root);
      writer.setOutput(out);
      writer.write(new IIOImage(image, null, metadata));
    } finally {
      writer.dispose();
    }
  }

  private static void writePdf(Figure figure, SvgImage image, Path file) throws IOException {
    float width = (float) (Figure.WIDTH * POINTS_PER_MM);
    float height = (float) (figure.height() * POINTS_PER_MM);
    try (PDDocument document = new PDDocument()) {
      PDPage page = new PDPage(new PDRectangle(width, height));
      document.addPage(page);
      PdfBoxGraphics2D graphics = new PdfBoxGraphics2D(document, width, height);
      image.draw(graphics, width, height);
      graphics.dispose();
      try (PDPageContentStream content = new PDPageContentStream(document, page)) {
        content.drawForm(graphics.getXFormObject());
      }
      document.getDocumentInformation().setTitle(figure.title());
      document.setDocumentId((long) figure.svg().hashCode()); // otherwise the time of day
      document.save(file.toFile());
    }
  }
}
