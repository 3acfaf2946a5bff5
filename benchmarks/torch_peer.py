"""binary-cnn in PyTorch, with the weights and the batch that every contestant is given.

    torch_peer.py training|inference|check MODEL --seconds S --warm-up N [--best] [--jit]

Without options it is PyTorch as its tutorials have it: the model in evaluation and no gradients for
inference. --best adds what makes it fast on a CPU: channels_last, inference_mode, gradients set to none;
the allocator's settings are the caller's, for they must stand before the process starts. --jit has
TorchScript freeze and optimise the network for inference.
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
    """Layer by layer, in order; the names tell what is what."""
    state = [name for name in model.state_dict() if "num_batches" not in name]
    given = {name: weights[name] for name in weights.files}
    kinds = {
        "weight": ("weight", "gamma"),
        "bias": ("bias", "beta"),
        "running_mean": ("runningMean",),
        "running_var": ("runningVar",),
    }
    taken = {}
    for name in state:
        kind = name.rsplit(".", 1)[1]
        match = next(g for g in given if g.endswith(kinds[kind]))
        taken[name] = torch.from_numpy(given.pop(match))
    model.load_state_dict(taken, strict=False)
    assert not given, f"no place for {sorted(given)}"


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("what", choices=("training", "inference", "check"))
    parser.add_argument("model", type=pathlib.Path)
    parser.add_argument("--seconds", type=float, default=8, help="a turn ends with the batch in which they end")
    parser.add_argument("--warm-up", type=int, default=3, help="batches before the turn")
    parser.add_argument("--best", action="store_true")
    parser.add_argument("--jit", action="store_true")
    arguments = parser.parse_args()

    batch = numpy.load(arguments.model / "batch.npz")
    x = torch.from_numpy(batch["x"])
    model = network(x.shape[2])
    load(model, numpy.load(arguments.model / "weights.npz"))
    if arguments.best:
        model = model.to(memory_format=torch.channels_last)
        x = x.to(memory_format=torch.channels_last)
    if arguments.what == "training":
        work = training(model, x, arguments.best)
    else:
        work = inference(model, x, arguments)

    if arguments.what == "check":
        expected = torch.from_numpy(batch["probabilities"]).reshape(-1, 1)
        answer = work()
        print(
            json.dumps(
                {
                    "trainable": sum(p.numel() for p in model.parameters()),
                    "outputShape": list(answer.shape),
                    "greatestDifference": (answer - expected).abs().max().item(),
                }
            )
        )
        return
    for _ in range(arguments.warm_up):
        work()
    started = time.perf_counter()
    batches = seconds = 0
    while seconds < arguments.seconds:
        work()
        batches += 1
        seconds = time.perf_counter() - started
    print(json.dumps({"imagesPerSecond": batches * len(x) / seconds, "batches": batches}))


def training(model, x, best):
    model.train()
    optimizer = torch.optim.Adam(model.parameters(), lr=3e-5)
    loss = nn.BCEWithLogitsLoss()
    labels = (torch.arange(len(x)) % 2 == 0).float().unsqueeze(1)

    def step():
        optimizer.zero_grad(set_to_none=best)
        value = loss(model(x), labels)
        value.backward()
        optimizer.step()
        return value.item()  # as every training that shows its loss

    return step


def inference(model, x, arguments):
    model.eval()
    if arguments.jit:
        # Debian 13's compiler of fused kernels never ends on this network; oneDNN's kernels are what counts here.
        torch._C._jit_set_texpr_fuser_enabled(False)
        with torch.no_grad():
            model = torch.jit.optimize_for_inference(torch.jit.freeze(torch.jit.trace(model, x)))
    without_gradients = torch.inference_mode if arguments.best else torch.no_grad

    def ask():
        with without_gradients():
            return torch.sigmoid(model(x))

    return ask


if __name__ == "__main__":
    main()
