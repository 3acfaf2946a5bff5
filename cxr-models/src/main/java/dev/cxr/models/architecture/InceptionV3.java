package dev.cxr.models.architecture;

import static dev.cxr.models.architecture.Branches.concatenation;
import static dev.cxr.models.architecture.Layers.averagePool;
import static dev.cxr.models.architecture.Layers.batchNorm;
import static dev.cxr.models.architecture.Layers.conv;
import static dev.cxr.models.architecture.Layers.maxPool;
import static dev.cxr.models.architecture.Layers.rectangularConv;
import static dev.cxr.models.architecture.Layers.relu;

import ai.djl.nn.Block;

/**
 * Inception-v3 (Szegedy et al. 2015, table 1) as in torchvision, without the auxiliary classifier.
 *
 * <p>Every convolution is followed by BatchNorm and ReLU.
 *
 * <pre>
 * (N, 3, 299, 299)
 * stem     conv 3x3 / 2, 32; 3x3, 32; 3x3 'same', 64; max pool 3x3 / 2;
 *          1x1, 80; 3x3, 192; max pool 3x3 / 2                        (N, 192, 35, 35)
 * mixed5   3 x module with 5x5 and two 3x3 (figure 5)                 (N, 288, 35, 35)
 * mixed6   reduction, 4 x module with 1x7 and 7x1 (figure 6)          (N, 768, 17, 17)
 * mixed7   reduction, 2 x module with 1x3 beside 3x1 (figure 7)       (N, 2048, 8, 8)
 * global average pooling, dropout .3                                  (N, 2048)
 * dense                                                               (N, outputs)
 * </pre>
 *
 * <p>21,785,568 trainable parameters and the head's 2,049 an output. Names are torchvision's, in
 * which the numbers of the layers of a branch begin behind its name.
 */
final class InceptionV3 {

  private static final float EPSILON = 1e-3f;

  private InceptionV3() {}

  static Layout layout(Block input, int outputs) {
    return new Layout()
        .stage("stem")
        .add("input", input)
        .add("Conv2d_1a_3x3", activated(conv(32, 3, 2, 0)))
        .add("Conv2d_2a_3x3", activated(conv(32, 3, 1, 0)))
        .add("Conv2d_2b_3x3", activated(conv(64, 3, 1)))
        .add("maxpool1", maxPool(3, 2, 0))
        .add("Conv2d_3b_1x1", activated(conv(80, 1, 1)))
        .add("Conv2d_4a_3x3", activated(conv(192, 3, 1, 0)))
        .add("maxpool2", maxPool(3, 2, 0))
        .stage("mixed5")
        .add("Mixed_5b", fiveByFive(32))
        .add("Mixed_5c", fiveByFive(64))
        .add("Mixed_5d", fiveByFive(64))
        .stage("mixed6")
        .add("Mixed_6a", reductionTo17())
        .add("Mixed_6b", sevenBySeven(128))
        .add("Mixed_6c", sevenBySeven(160))
        .add("Mixed_6d", sevenBySeven(160))
        .add("Mixed_6e", sevenBySeven(192))
        .stage("mixed7")
        .add("Mixed_7a", reductionTo8())
        .add("Mixed_7b", expanded())
        .add("Mixed_7c", expanded())
        .pooledHead(outputs);
  }

  private static Block fiveByFive(int pooled) {
    return concatenation(
        one("branch1x1", 64),
        one("branch5x5_1", 48).add("branch5x5_2", activated(conv(64, 5, 1))),
        one("branch3x3dbl_1", 64)
            .add("branch3x3dbl_2", activated(conv(96, 3, 1)))
            .add("branch3x3dbl_3", activated(conv(96, 3, 1))),
        pooled(pooled));
  }

  private static Block reductionTo17() {
    return concatenation(
        new Sequence().add("branch3x3", activated(conv(384, 3, 2, 0))),
        one("branch3x3dbl_1", 64)
            .add("branch3x3dbl_2", activated(conv(96, 3, 1)))
            .add("branch3x3dbl_3", activated(conv(96, 3, 2, 0))),
        maxPool(3, 2, 0));
  }

  private static Block sevenBySeven(int width) {
    return concatenation(
        one("branch1x1", 192),
        one("branch7x7_1", width)
            .add("branch7x7_2", activated(rectangularConv(width, 1, 7)))
            .add("branch7x7_3", activated(rectangularConv(192, 7, 1))),
        one("branch7x7dbl_1", width)
            .add("branch7x7dbl_2", activated(rectangularConv(width, 7, 1)))
            .add("branch7x7dbl_3", activated(rectangularConv(width, 1, 7)))
            .add("branch7x7dbl_4", activated(rectangularConv(width, 7, 1)))
            .add("branch7x7dbl_5", activated(rectangularConv(192, 1, 7))),
        pooled(192));
  }

  private static Block reductionTo8() {
    return concatenation(
        one("branch3x3_1", 192).add("branch3x3_2", activated(conv(320, 3, 2, 0))),
        one("branch7x7x3_1", 192)
            .add("branch7x7x3_2", activated(rectangularConv(192, 1, 7)))
            .add("branch7x7x3_3", activated(rectangularConv(192, 7, 1)))
            .add("branch7x7x3_4", activated(conv(192, 3, 2, 0))),
        maxPool(3, 2, 0));
  }

  private static Block expanded() {
    return concatenation(
        one("branch1x1", 320),
        one("branch3x3_1", 384).add(cross("branch3x3_2")),
        one("branch3x3dbl_1", 448)
            .add("branch3x3dbl_2", activated(conv(384, 3, 1)))
            .add(cross("branch3x3dbl_3")),
        pooled(192));
  }

  private static Block cross(String name) {
    return concatenation(
        new Sequence().add(name + "a", activated(rectangularConv(384, 1, 3))),
        new Sequence().add(name + "b", activated(rectangularConv(384, 3, 1))));
  }

  private static Sequence pooled(int width) {
    return new Sequence()
        .add(averagePool(3, 1, 1))
        .add("branch_pool", activated(conv(width, 1, 1)));
  }

  private static Sequence one(String name, int width) {
    return new Sequence().add(name, activated(conv(width, 1, 1)));
  }

  private static Block activated(Block conv) {
    return new Sequence().add("conv", conv).add("bn", batchNorm(EPSILON)).add(relu());
  }
}
