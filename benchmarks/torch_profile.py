"""The operations of one training step or prediction in PyTorch, with their time, arithmetic and memory traffic.

    torch_profile.py training|inference ARCHITECTURE MODEL --batch-size N --steps N
    torch_profile.py bfloat16

The second form measures matrix products in bfloat16, which DJL does not offer. PyTorch has the settings of `torch_peer.py --tuned`. The last line of the output is JSON.
"""

import argparse
import json
import math
import pathlib

import numpy
import torch
import torch_peer
from torch import nn
from torch.profiler import ProfilerActivity, profile

FLOAT_BYTES = 4

# Operations of PyTorch: the kind of layer, the direction, and how often the first argument is read or written.
ELEMENTWISE = {
    "aten::batch_norm": ("BatchNorm", "forward", 3),  # statistics, then normalization
    "aten::native_batch_norm_backward": ("BatchNorm", "backward", 5),  # two sums over two arrays, then the gradient
    "aten::relu_": ("ReLU", "forward", 2),
    "aten::relu": ("ReLU", "forward", 2),
    "aten::relu6_": ("ReLU", "forward", 2),
    "aten::hardtanh_": ("ReLU", "forward", 2),
    "aten::threshold_backward": ("ReLU", "backward", 3),
    "aten::hardtanh_backward": ("ReLU", "backward", 3),
    "aten::add": ("residual sum", "forward", 3),
    "aten::add_": ("sum of gradients", "backward", 3),
    "aten::dropout": ("dropout", "forward", 3),
}
POOLING = {
    "aten::max_pool2d": "forward",
    "aten::adaptive_avg_pool2d": "forward",
    "aten::max_pool2d_with_indices_backward": "backward",
    "aten::_adaptive_avg_pool2d_backward": "backward",
}
OPTIMIZER = "Optimizer.step#Adam.step"


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("task", choices=("training", "inference", "bfloat16"))
    parser.add_argument("architecture", nargs="?", choices=torch_peer.NETWORKS)
    parser.add_argument("model", nargs="?", type=pathlib.Path, help="folder that the `weights` command of cxr/ wrote")
    parser.add_argument("--batch-size", type=int)
    parser.add_argument("--steps", type=int, help="how many are averaged")
    options = parser.parse_args()
    if options.task == "bfloat16":
        matrix = torch.rand(2048, 2048).bfloat16()
        seconds = torch_peer.seconds_per_call(lambda: torch.mm(matrix, matrix), 2)
        print(json.dumps({"bfloat16MatrixProduct": 2 * 2048**3 / seconds / 1e9}))
        return
    options.tuned, options.engine = True, "eager"

    weights = numpy.load(options.model / "weights.npz")
    images = numpy.load(options.model / "batch.npz")["x"][: options.batch_size]
    x = torch.from_numpy(images).contiguous(memory_format=torch.channels_last)
    layers = torch_peer.network(options.architecture, weights, tuned=True)
    outputs = output_shapes(layers, x)
    is_training = options.task == "training"
    step = torch_peer.training(layers, x, options, 1) if is_training else torch_peer.inference(layers, x, options)
    for _ in range(3):
        step()
    seconds = sum(torch_peer.repeat(step, 0) for _ in range(options.steps)) / options.steps
    with profile(activities=[ProfilerActivity.CPU], record_shapes=True) as profiler:
        for _ in range(options.steps):
            step()
    parameters = sum(p.numel() for p in layers.parameters())
    operations = [
        {**operation, "seconds": event.time_range.elapsed_us() / 1e6 / options.steps, "calls": 1 / options.steps}
        for event in profiler.events()
        for operation in [describe(event, outputs, parameters, is_training)]
        if operation and not has_described_ancestor(event, outputs, parameters, is_training)
    ]
    print(json.dumps({"pytorch": torch.__version__, "secondsPerStep": seconds, "operations": operations}))


def output_shapes(layers, x):
    """The shape of each convolution's and pooling's output, by the shapes of its input and weights."""
    shapes = {}

    def remember(module, arguments, output):
        weight = getattr(module, "weight", None)
        key = (tuple(arguments[0].shape), tuple(weight.shape) if weight is not None else ())
        shapes[key] = tuple(output.shape)

    kinds = (nn.Conv2d, nn.MaxPool2d, nn.AdaptiveAvgPool2d, nn.AvgPool2d)
    hooks = [module.register_forward_hook(remember) for module in layers.modules() if isinstance(module, kinds)]
    layers.eval()
    with torch.no_grad():
        layers(x)
    for hook in hooks:
        hook.remove()
    return shapes


def has_described_ancestor(event, *context):
    parent = event.cpu_parent
    while parent is not None:
        if describe(parent, *context):
            return True
        parent = parent.cpu_parent
    return False


def describe(event, outputs, parameters, is_training):
    """Kind, direction, arithmetic operations and bytes of an operation; None if it is none of those."""
    shapes = [tuple(shape) for shape in event.input_shapes or []]
    name = event.name
    if name == "aten::conv2d":
        x, weight = shapes[:2]
        return convolution(x, weight, outputs[x, weight], "forward", 1)
    if name == "aten::convolution_backward":
        gradient, x, weight = shapes[:3]
        return convolution(x, weight, gradient, "backward", 1 if is_first(x) else 2)
    if name in ("aten::linear", "aten::addmm", "aten::mm"):
        return product(name, shapes)
    if name in POOLING:
        direction = POOLING[name]
        x = shapes[1] if direction == "backward" else shapes[0]
        output = shapes[0] if direction == "backward" else outputs[x, ()]
        indices = 2 if "max" in name and is_training else 0  # 64 bits
        return row("pooling", direction, 0, size(x) + (1 + indices) * size(output))
    if name == OPTIMIZER:
        return row("optimizer step", "", 0, 7 * parameters)  # weight, gradient, two moments
    if name == "aten::constant_pad_nd":
        return row("padding", "backward" if is_backward(event) else "forward", 0, 2 * size(shapes[0]))
    if name in ELEMENTWISE and shapes and shapes[0]:
        kind, direction, passes = ELEMENTWISE[name]
        if kind == "BatchNorm" and not is_training:
            passes = 2
        if kind == "dropout" and not is_training:
            return None
        return row(kind, direction, 0, passes * size(shapes[0]))
    return None


def is_backward(event):
    while event.cpu_parent is not None:
        event = event.cpu_parent
    return event.name.startswith("autograd::")


def convolution(x, weight, output, direction, products):
    """Backward, one product makes the gradient of the weights and one that of the input."""
    arithmetic = products * 2 * size(output) * size(weight[1:])
    values = size(x) + size(weight) + size(output)
    if direction == "backward":
        values += size(weight) + (size(x) if products == 2 else 0)
    kernel = weight[2:]
    if is_first(x):
        kind = "first convolution"
    elif weight[1] == 1:
        kind = "depthwise convolution"
    else:
        kind = "{0}x{1} convolution".format(*kernel)
    return row(kind, direction, arithmetic, values)


def is_first(x):
    return x[1] in (1, 3)


def product(name, shapes):
    if name == "aten::linear":
        (rows, inner), (columns, _) = shapes[:2]
    else:
        (rows, inner), (_, columns) = shapes[-2:] if name == "aten::mm" else shapes[1:3]
    direction = "backward" if name == "aten::mm" else "forward"
    return row("dense", direction, 2 * rows * inner * columns, rows * inner + inner * columns + rows * columns)


def row(kind, direction, arithmetic, values):
    return {"kind": kind, "direction": direction, "arithmetic": arithmetic, "bytes": FLOAT_BYTES * values}


def size(shape):
    return math.prod(shape)


if __name__ == "__main__":
    main()
