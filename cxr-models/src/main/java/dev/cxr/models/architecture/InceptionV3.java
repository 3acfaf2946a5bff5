package dev.cxr.models.architecture;

import static dev.cxr.models.architecture.Layers.averagePool;
import static dev.cxr.models.architecture.Layers.batchNorm;
import static dev.cxr.models.architecture.Layers.conv;
import static dev.cxr.models.architecture.Layers.maxPool;
import static dev.cxr.models.architecture.Layers.rectangularConv;
import static dev.cxr.models.architecture.Layers.relu;
import static dev.cxr.models.architecture.MergeBlock.concatenation;

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
 * <p>21,785,568 trainable parameters and 2,049 per output in the head. Names are torchvision's, in
 * which the layers of a branch are numbered.
 */
final class InceptionV3 {

  private static final float EPSILON = 1e-3f;

  private InceptionV3() {}

  static NetworkDefinition define(int outputs) {
    return new NetworkDefinition()
        .stage("stem")
        .add("Conv2d_1a_3x3", convBnRelu(conv(32, 3, 2, 0)))
        .add("Conv2d_2a_3x3", convBnRelu(conv(32, 3, 1, 0)))
        .add("Conv2d_2b_3x3", convBnRelu(conv(64, 3, 1)))
        .add("maxpool1", maxPool(3, 2, 0))
        .add("Conv2d_3b_1x1", convBnRelu(conv(80, 1, 1)))
        .add("Conv2d_4a_3x3", convBnRelu(conv(192, 3, 1, 0)))
        .add("maxpool2", maxPool(3, 2, 0))
        .stage("mixed5")
        .add("Mixed_5b", inceptionA(32))
        .add("Mixed_5c", inceptionA(64))
        .add("Mixed_5d", inceptionA(64))
        .stage("mixed6")
        .add("Mixed_6a", reductionA())
        .add("Mixed_6b", inceptionB(128))
        .add("Mixed_6c", inceptionB(160))
        .add("Mixed_6d", inceptionB(160))
        .add("Mixed_6e", inceptionB(192))
        .stage("mixed7")
        .add("Mixed_7a", reductionB())
        .add("Mixed_7b", inceptionC())
        .add("Mixed_7c", inceptionC())
        .pooledHead(outputs);
  }

  private static Block inceptionA(int poolWidth) {
    return concatenation(
        pointwiseBranch("branch1x1", 64),
        pointwiseBranch("branch5x5_1", 48).add("branch5x5_2", convBnRelu(conv(64, 5, 1))),
        pointwiseBranch("branch3x3dbl_1", 64)
            .add("branch3x3dbl_2", convBnRelu(conv(96, 3, 1)))
            .add("branch3x3dbl_3", convBnRelu(conv(96, 3, 1))),
        pooledBranch(poolWidth));
  }

  private static Block reductionA() {
    return concatenation(
        new NamedSequentialBlock().add("branch3x3", convBnRelu(conv(384, 3, 2, 0))),
        pointwiseBranch("branch3x3dbl_1", 64)
            .add("branch3x3dbl_2", convBnRelu(conv(96, 3, 1)))
            .add("branch3x3dbl_3", convBnRelu(conv(96, 3, 2, 0))),
        maxPool(3, 2, 0));
  }

  private static Block inceptionB(int width) {
    return concatenation(
        pointwiseBranch("branch1x1", 192),
        pointwiseBranch("branch7x7_1", width)
            .add("branch7x7_2", convBnRelu(rectangularConv(width, 1, 7)))
            .add("branch7x7_3", convBnRelu(rectangularConv(192, 7, 1))),
        pointwiseBranch("branch7x7dbl_1", width)
            .add("branch7x7dbl_2", convBnRelu(rectangularConv(width, 7, 1)))
            .add("branch7x7dbl_3", convBnRelu(rectangularConv(width, 1, 7)))
            .add("branch7x7dbl_4", convBnRelu(rectangularConv(width, 7, 1)))
            .add("branch7x7dbl_5", convBnRelu(rectangularConv(192, 1, 7))),
        pooledBranch(192));
  }

  private static Block reductionB() {
    return concatenation(
        pointwiseBranch("branch3x3_1", 192).add("branch3x3_2", convBnRelu(conv(320, 3, 2, 0))),
        pointwiseBranch("branch7x7x3_1", 192)
            .add("branch7x7x3_2", convBnRelu(rectangularConv(192, 1, 7)))
            .add("branch7x7x3_3", convBnRelu(rectangularConv(192, 7, 1)))
            .add("branch7x7x3_4", convBnRelu(conv(192, 3, 2, 0))),
        maxPool(3, 2, 0));
  }

  private static Block inceptionC() {
    return concatenation(
        pointwiseBranch("branch1x1", 320),
        pointwiseBranch("branch3x3_1", 384).add(parallelAsymmetricConvs("branch3x3_2")),
        pointwiseBranch("branch3x3dbl_1", 448)
            .add("branch3x3dbl_2", convBnRelu(conv(384, 3, 1)))
            .add(parallelAsymmetricConvs("branch3x3dbl_3")),
        pooledBranch(192));
  }

  private static Block parallelAsymmetricConvs(String name) {
    return concatenation(
        new NamedSequentialBlock().add(name + "a", convBnRelu(rectangularConv(384, 1, 3))),
        new NamedSequentialBlock().add(name + "b", convBnRelu(rectangularConv(384, 3, 1))));
  }

  private static NamedSequentialBlock pooledBranch(int width) {
    return new NamedSequentialBlock()
        .add(averagePool(3, 1, 1))
        .add("branch_pool", convBnRelu(conv(width, 1, 1)));
  }

  private static NamedSequentialBlock pointwiseBranch(String name, int width) {
    return new NamedSequentialBlock().add(name, convBnRelu(conv(width, 1, 1)));
  }

  private static Block convBnRelu(Block conv) {
    return new NamedSequentialBlock().add("conv", conv).add("bn", batchNorm(EPSILON)).add(relu());
  }
}
