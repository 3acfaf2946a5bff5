"""The built-in architectures in PyTorch, with the weights and the images that all candidates use.

    torch_peer.py training|inference ARCHITECTURE MODEL --batch-sizes N… --seconds S
                  [--tuned] [--engine eager|torchscript|onnx]

Without options this is PyTorch as in its tutorials: evaluation mode and no gradients for inference. --tuned adds
what makes it fast on a CPU: channels_last, inference_mode, gradients set to none, the fused Adam where it exists. The
caller sets the allocator's environment, because glibc reads it when the process starts. The engine torchscript
freezes and optimises the network for inference; onnx runs the graph that cxr exports in ONNX Runtime, with its
default options.

Before it is timed, the network must have the weights of cxr and its probabilities. The last line of the output is
JSON.
"""

import argparse
import json
import pathlib
import re
import time

import numpy
import torch
from torch import nn
from torch.nn import functional

# Howard et al. 2017, table 1: channels and stride of each separable convolution.
MOBILENET = [(64, 1), (128, 2), (128, 1), (256, 2), (256, 1), (512, 2), *[(512, 1)] * 5, (1024, 2), (1024, 1)]


class Input(nn.Module):
    """A gray image repeated to three normalized channels, with the channels last in memory if wanted."""

    def __init__(self, mean, std, channels_last):
        super().__init__()
        self.channels_last = channels_last
        shape = (-1,) if channels_last else (-1, 1, 1)
        self.register_buffer("mean", torch.tensor(mean).reshape(shape), persistent=False)
        self.register_buffer("std", torch.tensor(std).reshape(shape), persistent=False)

    def forward(self, x):
        if self.channels_last:
            return ((x.permute(0, 2, 3, 1) - self.mean) / self.std).permute(0, 3, 1, 2)
        return (x - self.mean) / self.std


class Sum(nn.Module):
    def __init__(self, main, shortcut, activation):
        super().__init__()
        self.main, self.shortcut, self.activation = main, shortcut, activation

    def forward(self, x):
        return self.activation(self.main(x) + self.shortcut(x))


class Concatenation(nn.Module):
    def __init__(self, *branches):
        super().__init__()
        self.branches = nn.ModuleList(branches)

    def forward(self, x):
        return torch.cat([branch(x) for branch in self.branches], 1)


class ReconstructionError(nn.Module):
    """The logit of an anomaly: the logarithm of the squared error, in standard deviations of normal images."""

    def __init__(self, network, mean, deviation):
        super().__init__()
        self.network, self.mean, self.deviation = network, mean.item(), deviation.item()

    def forward(self, x):
        error = (self.network(x) - x).square().flatten(1).mean(1, keepdim=True)
        return ((error + 1e-12).log() - self.mean) / self.deviation


def relu():
    return nn.ReLU(inplace=True)


def conv(before, after, kernel, stride=1, padding=None, groups=1, bias=False):
    """'Same' by default; a kernel can be (height, width)."""
    if padding is None:
        padding = (kernel[0] // 2, kernel[1] // 2) if isinstance(kernel, tuple) else kernel // 2
    return nn.Conv2d(before, after, kernel, stride, padding, groups=groups, bias=bias)


def conv_bn(before, after, kernel, stride=1, padding=None, groups=1, epsilon=1e-5, activation=relu):
    return [conv(before, after, kernel, stride, padding, groups), nn.BatchNorm2d(after, epsilon), activation()]


def pooled_head(channels):
    return [nn.AdaptiveAvgPool2d(1), nn.Flatten(), nn.Dropout(0.3), nn.Linear(channels, 1)]


def four_stages(dropouts, head):
    layers = []
    channels = 1
    for width, dropout in zip((32, 64, 128, 256), dropouts):
        layers += [conv(channels, width, 3, bias=True), relu(), nn.BatchNorm2d(width), nn.MaxPool2d(2)]
        layers += [nn.Dropout(dropout)] if dropout else []
        channels = width
    return nn.Sequential(*layers, nn.Flatten(), nn.Linear(256 * 14 * 14, 128), relu(), *head)


def binary_cnn():
    return four_stages((0, 0.2, 0.3, 0.4), [nn.BatchNorm1d(128), nn.Dropout(0.5), nn.Linear(128, 1)])


def three_class_cnn():
    return four_stages((0, 0, 0.2, 0.3), [nn.Dropout(0.5), nn.Linear(128, 3)])


def compact_cnn():
    layers = []
    channels = 1
    for width in (32, 64, 128, 128):
        layers += [conv(channels, width, 3, bias=True), relu(), nn.MaxPool2d(2, ceil_mode=True)]
        channels = width
    head = [nn.Flatten(), nn.Dropout(0.5), nn.Linear(128 * 10 * 10, 512), relu(), nn.Linear(512, 1)]
    return nn.Sequential(*layers, *head)


def five_layer_cnn():
    layers = []
    channels = 1
    for width, dropout in zip((32, 64, 64, 128, 256), (0, 0.1, 0, 0.2, 0.2)):
        layers += [conv(channels, width, 3, bias=True), relu()]
        layers += [nn.Dropout(dropout)] if dropout else []
        layers += [nn.BatchNorm2d(width), nn.MaxPool2d(2, ceil_mode=True)]
        channels = width
    head = [nn.Flatten(), nn.Linear(256 * 5 * 5, 128), relu(), nn.Dropout(0.2), nn.Linear(128, 1)]
    return nn.Sequential(*layers, *head)


def autoencoder():
    layers = []
    channels = 1
    for width in (32, 64, 128, 256):
        layers += [*conv_bn(channels, width, 3), nn.MaxPool2d(2)]
        channels = width
    for width in (256, 128, 64, 32):
        up = nn.ConvTranspose2d(channels, width, 3, stride=2, padding=1, output_padding=1, bias=False)
        layers += [up, nn.BatchNorm2d(width), relu()]
        channels = width
    return nn.Sequential(*layers, conv(channels, 1, 3, bias=True), nn.Sigmoid())


def resnet18():
    """As DJL's model zoo builds it: with bottlenecks, two of whose convolutions have a bias."""

    def unit(before, after, stride):
        width = after // 4
        main = nn.Sequential(
            conv(before, width, 1, stride, bias=True), nn.BatchNorm2d(width), relu(),
            conv(width, width, 3), nn.BatchNorm2d(width, 2e-5), relu(),
            conv(width, after, 1, bias=True), nn.BatchNorm2d(after),
        )  # fmt: skip
        return main, nn.Sequential(conv(before, after, 1, stride), nn.BatchNorm2d(after))

    layers = [*conv_bn(1, 64, 7, 2, epsilon=2e-5), nn.MaxPool2d(3, 2, 1)]
    channels = 64
    for width, stride in ((64, 1), (128, 2), (256, 2), (512, 2)):
        layers.append(Sum(*unit(channels, width, stride), relu()))
        layers.append(Sum(unit(width, width, 1)[0], nn.Identity(), relu()))
        channels = width
    return nn.Sequential(*layers, nn.AdaptiveAvgPool2d(1), nn.Flatten(), nn.Linear(512, 1))


def mobilenet(width):
    def activated(*arguments, **options):
        return conv_bn(*arguments, epsilon=1e-3, activation=lambda: nn.ReLU6(inplace=True), **options)

    pad_bottom_right = nn.ZeroPad2d((0, 1, 0, 1))
    channels = int(32 * width)
    layers = [pad_bottom_right, *activated(3, channels, 3, 2, 0)]
    for filters, stride in MOBILENET:
        filters = int(filters * width)
        layers += [pad_bottom_right] if stride == 2 else []
        layers += activated(channels, channels, 3, stride, 2 - stride, groups=channels)
        layers += activated(channels, filters, 1)
        channels = filters
    return nn.Sequential(*layers, *pooled_head(channels))


def resnet50():
    def bottleneck(before, width, stride):
        after = 4 * width
        main = nn.Sequential(
            *conv_bn(before, width, 1), *conv_bn(width, width, 3, stride), conv(width, after, 1), nn.BatchNorm2d(after)
        )
        has_shortcut = before != after or stride > 1
        shortcut = nn.Sequential(conv(before, after, 1, stride), nn.BatchNorm2d(after)) if has_shortcut else None
        return Sum(main, shortcut or nn.Identity(), relu())

    layers = [*conv_bn(3, 64, 7, 2), nn.MaxPool2d(3, 2, 1)]
    channels = 64
    for units, width, stride in ((3, 64, 1), (4, 128, 2), (6, 256, 2), (3, 512, 2)):
        for unit in range(units):
            layers.append(bottleneck(channels, width, 1 if unit else stride))
            channels = 4 * width
    return nn.Sequential(*layers, *pooled_head(channels))


def densenet121():
    def bn_relu_conv(before, after, kernel):
        return [nn.BatchNorm2d(before), relu(), conv(before, after, kernel)]

    layers = [*conv_bn(3, 64, 7, 2), nn.MaxPool2d(3, 2, 1)]
    channels = 64
    for number, units in enumerate((6, 12, 24, 16)):
        if number > 0:
            layers += [*bn_relu_conv(channels, channels // 2, 1), nn.AvgPool2d(2)]
            channels //= 2
        for _ in range(units):
            new = nn.Sequential(*bn_relu_conv(channels, 128, 1), *bn_relu_conv(128, 32, 3))
            layers.append(Concatenation(nn.Identity(), new))
            channels += 32
    return nn.Sequential(*layers, nn.BatchNorm2d(channels), relu(), *pooled_head(channels))


def vgg16():
    layers = []
    channels = 3
    for width, convs in ((64, 2), (128, 2), (256, 3), (512, 3), (512, 3)):
        for _ in range(convs):
            layers += [conv(channels, width, 3, bias=True), relu()]
            channels = width
        layers.append(nn.MaxPool2d(2))
    return nn.Sequential(*layers, *pooled_head(channels))


def xception():
    def separable(before, after):
        return [conv(before, before, 3, groups=before), conv(before, after, 1), nn.BatchNorm2d(after)]

    def unit(*channels):
        layers = []
        for before, after in zip(channels, channels[1:]):
            layers += [nn.ReLU(inplace=bool(layers)), *separable(before, after)]  # the shortcut needs the input
        return layers

    def downsampling(layers, before, after):
        skip = nn.Sequential(conv(before, after, 1, 2), nn.BatchNorm2d(after))
        return Sum(nn.Sequential(*layers, nn.MaxPool2d(3, 2, 1)), skip, nn.Identity())

    return nn.Sequential(
        *conv_bn(3, 32, 3, 2, 0),
        *conv_bn(32, 64, 3, 1, 0),
        downsampling(unit(64, 128, 128)[1:], 64, 128),
        downsampling(unit(128, 256, 256), 128, 256),
        downsampling(unit(256, 728, 728), 256, 728),
        *[Sum(nn.Sequential(*unit(728, 728, 728, 728)), nn.Identity(), nn.Identity()) for _ in range(8)],
        downsampling(unit(728, 728, 1024), 728, 1024),
        *separable(1024, 1536), relu(),
        *separable(1536, 2048), relu(),
        *pooled_head(2048),
    )  # fmt: skip


def inception_v3():
    def branch(*convs):
        """Each is (before, after, kernel[, stride, padding])."""
        return nn.Sequential(*[layer for one in convs for layer in conv_bn(*one, epsilon=1e-3)])

    def pooled(before, after):
        return nn.Sequential(nn.AvgPool2d(3, 1, 1), branch((before, after, 1)))

    def module_a(before, pool):
        return Concatenation(
            branch((before, 64, 1)),
            branch((before, 48, 1), (48, 64, 5)),
            branch((before, 64, 1), (64, 96, 3), (96, 96, 3)),
            pooled(before, pool),
        )

    def module_b(width):
        tall, wide = (7, 1), (1, 7)
        return Concatenation(
            branch((768, 192, 1)),
            branch((768, width, 1), (width, width, wide), (width, 192, tall)),
            branch(
                (768, width, 1), (width, width, tall), (width, width, wide), (width, width, tall), (width, 192, wide)
            ),
            pooled(768, 192),
        )

    def module_c(before):
        def both(*convs):
            last = Concatenation(branch((384, 384, (1, 3))), branch((384, 384, (3, 1))))
            return nn.Sequential(branch(*convs), last)

        return Concatenation(
            branch((before, 320, 1)),
            both((before, 384, 1)),
            both((before, 448, 1), (448, 384, 3)),
            pooled(before, 192),
        )

    stem = branch((3, 32, 3, 2, 0), (32, 32, 3, 1, 0), (32, 64, 3))
    stem_end = branch((64, 80, 1), (80, 192, 3, 1, 0))
    reduction_a = Concatenation(
        branch((288, 384, 3, 2, 0)), branch((288, 64, 1), (64, 96, 3), (96, 96, 3, 2, 0)), nn.MaxPool2d(3, 2)
    )
    reduction_b = Concatenation(
        branch((768, 192, 1), (192, 320, 3, 2, 0)),
        branch((768, 192, 1), (192, 192, (1, 7)), (192, 192, (7, 1)), (192, 192, 3, 2, 0)),
        nn.MaxPool2d(3, 2),
    )
    return nn.Sequential(
        stem, nn.MaxPool2d(3, 2), stem_end, nn.MaxPool2d(3, 2),
        module_a(192, 32), module_a(256, 64), module_a(288, 64),
        reduction_a, module_b(128), module_b(160), module_b(160), module_b(192),
        reduction_b, module_c(1280), module_c(2048),
        *pooled_head(2048),
    )  # fmt: skip


IMAGE_NET = ([0.485, 0.456, 0.406], [0.229, 0.224, 0.225])
MINUS_ONE_TO_ONE = ([0.5] * 3, [0.5] * 3)
NETWORKS = {
    "binary-cnn": (binary_cnn, None),
    "three-class-cnn": (three_class_cnn, None),
    "compact-cnn": (compact_cnn, None),
    "five-layer-cnn": (five_layer_cnn, None),
    "autoencoder": (autoencoder, None),
    "resnet18": (resnet18, None),
    "mobilenet-v1": (lambda: mobilenet(1), MINUS_ONE_TO_ONE),
    "mobilenet-v1-075": (lambda: mobilenet(0.75), MINUS_ONE_TO_ONE),
    "mobilenet-v1-050": (lambda: mobilenet(0.5), MINUS_ONE_TO_ONE),
    "mobilenet-v1-025": (lambda: mobilenet(0.25), MINUS_ONE_TO_ONE),
    "resnet50": (resnet50, IMAGE_NET),
    "densenet121": (densenet121, IMAGE_NET),
    "vgg16": (vgg16, IMAGE_NET),
    "xception": (xception, MINUS_ONE_TO_ONE),
    "inception-v3": (inception_v3, MINUS_ONE_TO_ONE),
}


def network(architecture, weights, tuned):
    define, normalization = NETWORKS[architecture]
    layers = define()
    load(layers, weights)
    if normalization:
        layers = nn.Sequential(Input(*normalization, channels_last=tuned), layers)
    return layers.to(memory_format=torch.channels_last) if tuned else layers


def load(layers, weights):
    """Assigns cxr's weights in the order of the layers; the end of a name says which kind of parameter it is."""
    ends = {"weight": "weight|gamma", "bias": "bias|beta", "running_mean": "runningMean", "running_var": "runningVar"}
    arrays = {
        kind: [torch.from_numpy(weights[name]) for name in weights.files if re.search(f"({end})$", name)]
        for kind, end in ends.items()
    }
    for name, module in layers.named_modules():
        for kind, values in arrays.items():
            own = getattr(module, kind, None)
            if own is None:
                continue
            value = values.pop(0)
            if isinstance(module, nn.ConvTranspose2d):  # cxr inserts zeros and convolves
                value = value.transpose(0, 1).flip(2, 3)
            if own.shape != value.shape:
                raise SystemExit(f"Expected {tuple(own.shape)} for {name}.{kind}; cxr has {tuple(value.shape)}.")
            own.data.copy_(value)
    if any(arrays.values()):
        raise SystemExit(f"Expected no further weights; cxr has {sum(map(len, arrays.values()))} more.")


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("task", choices=("training", "inference"))
    parser.add_argument("architecture", choices=NETWORKS)
    parser.add_argument("model", type=pathlib.Path, help="folder that the `weights` command of cxr/ wrote")
    parser.add_argument("--batch-sizes", type=int, nargs="+", required=True, help="measured one after the other")
    parser.add_argument("--seconds", type=float, required=True, help="least duration of each measurement")
    parser.add_argument("--tuned", action="store_true", help="use the settings that are fast on a CPU")
    parser.add_argument("--engine", choices=("eager", "torchscript", "onnx"), default="eager")
    options = parser.parse_args()

    inputs = numpy.load(options.model / "batch.npz")
    weights = numpy.load(options.model / "weights.npz")
    layers = network(options.architecture, weights, options.tuned)
    trainable = sum(p.numel() for p in layers.parameters())
    classifier = layers
    if options.architecture == "autoencoder":
        classifier = ReconstructionError(layers, weights["mean"], weights["deviation"])
    batches = []
    largest_difference = 0
    for size in options.batch_sizes:
        x = torch.from_numpy(inputs["x"][:size])
        if options.tuned:
            x = x.contiguous(memory_format=torch.channels_last)
        predict = inference(classifier, x, options)
        found = predict()
        expected = torch.from_numpy(inputs["probabilities"][:size, -found.shape[1] :])
        largest_difference = max(largest_difference, (found - expected).abs().max().item())
        step = training(layers, x, options, found.shape[1]) if options.task == "training" else predict
        batches.append({"batchSize": size, "imagesPerSecond": size / seconds_per_call(step, options.seconds)})
        batches[-1]["peakMebibytes"] = peak_mebibytes()
    print(json.dumps({"trainable": trainable, "maxDifference": largest_difference, "batches": batches}))


def seconds_per_call(step, seconds):
    """The mean over at least this duration, after a quarter of it to warm up."""
    repeat(step, seconds / 4)
    return repeat(step, seconds)


def repeat(step, seconds):
    started = time.perf_counter()
    calls = elapsed = 0
    while calls == 0 or elapsed < seconds:
        step()
        calls += 1
        elapsed = time.perf_counter() - started
    return elapsed / calls


def peak_mebibytes():
    status = pathlib.Path("/proc/self/status").read_text()
    return int(re.search(r"VmHWM:\s+(\d+)", status).group(1)) // 1024


def training(layers, x, options, outputs):
    layers.train()
    optimizer = adam(list(layers.parameters()), options.tuned)
    if options.architecture == "autoencoder":
        loss, labels = nn.MSELoss(), x
    elif outputs > 1:
        loss, labels = nn.CrossEntropyLoss(), torch.arange(len(x)) % outputs
    else:
        loss, labels = nn.BCEWithLogitsLoss(), (torch.arange(len(x)) % 2).float().unsqueeze(1)

    def step():
        optimizer.zero_grad(set_to_none=options.tuned)
        value = loss(layers(x), labels)
        value.backward()
        optimizer.step()
        return value.item()  # a training that reports its loss reads it as well

    return step


def adam(parameters, tuned):
    if tuned:
        try:
            return torch.optim.Adam(parameters, lr=3e-5, fused=True)
        except (TypeError, RuntimeError):  # before PyTorch 2.4 on the CPU
            pass
    return torch.optim.Adam(parameters, lr=3e-5)


def inference(classifier, x, options):
    if options.engine == "onnx":
        import onnxruntime

        session = onnxruntime.InferenceSession(options.model / "model.onnx", providers=["CPUExecutionProvider"])
        images = x.numpy()
        return lambda: torch.from_numpy(session.run(None, {"images": images})[0])
    classifier.eval()
    if options.engine == "torchscript":
        # The kernel fuser of Debian 13's PyTorch does not terminate on binary-cnn. oneDNN's kernels do not need it.
        torch._C._jit_set_texpr_fuser_enabled(False)
        with torch.no_grad():
            classifier = torch.jit.optimize_for_inference(torch.jit.freeze(torch.jit.trace(classifier, x)))
    without_gradients = torch.inference_mode if options.tuned else torch.no_grad

    def predict():
        with without_gradients():
            logits = classifier(x)
            return torch.sigmoid(logits) if logits.shape[1] == 1 else functional.softmax(logits, 1)

    return predict


if __name__ == "__main__":
    main()
