"""binary-cnn in PyTorch, with the weights and the batch that all candidates use.

    torch_peer.py training|inference|check MODEL --seconds S --warm-up N [--tuned] [--torchscript]

Without options this is PyTorch as in its tutorials: evaluation mode and no gradients for inference. --tuned adds
what makes it fast on a CPU: channels_last, inference_mode, gradients set to none. The caller sets the allocator's
environment, because glibc reads it when the process starts. --torchscript freezes and optimises the network for
inference. The last line of the output is JSON.
"""

import argparse
import json
import pathlib
import time

import numpy
import torch
from torch import nn

WIDTHS = (32, 64, 128, 256)
DROPOUT = (0, 0.2, 0.3, 0.4)


def network(side):
    layers = []
    channels = 1
    for width, dropout in zip(WIDTHS, DROPOUT):
        layers += [
            nn.Conv2d(channels, width, 3, padding=1),
            nn.ReLU(),
            nn.BatchNorm2d(width),
            nn.MaxPool2d(2),
        ]
        if dropout:
            layers.append(nn.Dropout(dropout))
        channels = width
    return nn.Sequential(
        *layers,
        nn.Flatten(),
        nn.Linear(channels * (side // 16) ** 2, 128),
        nn.ReLU(),
        nn.BatchNorm1d(128),
        nn.Dropout(0.5),
        nn.Linear(128, 1),
    )


def load(model, weights):
    """Assigns cxr's weights in the order of the layers; the end of a name says which parameter it is."""
    names = [name for name in model.state_dict() if "num_batches" not in name]
    remaining = {name: weights[name] for name in weights.files}
    kinds = {
        "weight": ("weight", "gamma"),
        "bias": ("bias", "beta"),
        "running_mean": ("runningMean",),
        "running_var": ("runningVar",),
    }
    state = {}
    for name in names:
        kind = name.rsplit(".", 1)[1]
        match = next(key for key in remaining if key.endswith(kinds[kind]))
        state[name] = torch.from_numpy(remaining.pop(match))
    model.load_state_dict(state, strict=False)
    if remaining:
        raise SystemExit(f"Expected weights of binary-cnn alone; found further ones: {sorted(remaining)}.")


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("task", choices=("training", "inference", "check"))
    parser.add_argument("model", type=pathlib.Path, help="folder that the `weights` command of cxr/ wrote")
    parser.add_argument("--seconds", type=float, default=8, help="least duration of the timed part (default: 8)")
    parser.add_argument("--warm-up", type=int, default=3, help="batches before the timed part (default: 3)")
    parser.add_argument("--tuned", action="store_true", help="use the settings that are fast on a CPU")
    parser.add_argument("--torchscript", action="store_true", help="trace, freeze and optimise; inference only")
    arguments = parser.parse_args()

    batch = numpy.load(arguments.model / "batch.npz")
    x = torch.from_numpy(batch["x"])
    model = network(x.shape[2])
    load(model, numpy.load(arguments.model / "weights.npz"))
    if arguments.tuned:
        model = model.to(memory_format=torch.channels_last)
        x = x.to(memory_format=torch.channels_last)
    if arguments.task == "training":
        step = training(model, x, arguments.tuned)
    else:
        step = inference(model, x, arguments)

    if arguments.task == "check":
        expected = torch.from_numpy(batch["probabilities"]).reshape(-1, 1)
        probabilities = step()
        print(
            json.dumps(
                {
                    "trainable": sum(p.numel() for p in model.parameters()),
                    "outputShape": list(probabilities.shape),
                    "maxDifference": (probabilities - expected).abs().max().item(),
                }
            )
        )
        return
    for _ in range(arguments.warm_up):
        step()
    started = time.perf_counter()
    batches = seconds = 0
    while seconds < arguments.seconds:
        step()
        batches += 1
        seconds = time.perf_counter() - started
    print(json.dumps({"imagesPerSecond": batches * len(x) / seconds, "batches": batches}))


def training(model, x, tuned):
    model.train()
    optimizer = torch.optim.Adam(model.parameters(), lr=3e-5)
    loss = nn.BCEWithLogitsLoss()
    labels = (torch.arange(len(x)) % 2 == 0).float().unsqueeze(1)

    def step():
        optimizer.zero_grad(set_to_none=tuned)
        value = loss(model(x), labels)
        value.backward()
        optimizer.step()
        return value.item()  # a training that reports its loss reads it as well

    return step


def inference(model, x, arguments):
    model.eval()
    if arguments.torchscript:
        # The kernel fuser of Debian 13's PyTorch does not terminate on this network. oneDNN's kernels do not need it.
        torch._C._jit_set_texpr_fuser_enabled(False)
        with torch.no_grad():
            model = torch.jit.optimize_for_inference(torch.jit.freeze(torch.jit.trace(model, x)))
    without_gradients = torch.inference_mode if arguments.tuned else torch.no_grad

    def predict():
        with without_gradients():
            return torch.sigmoid(model(x))

    return predict


if __name__ == "__main__":
    main()
