"""Trains a small digits network that predicts a velocity, and writes it as TorchScript with its card beside it.

    python3 train_small_model.py --mnist DIR --kind flow --out flow.pt
    python3 train_small_model.py --mnist DIR --kind v --out v.pt

The demo network with half its channels: 0.28 M parameters, which seven minutes of one core teach to draw digits. It is
for measuring how methods do on networks that predict something else than noise, not for its pictures.

flow  x = (1 - tau) x0 + tau eps, told t = 1000 tau; predicts eps - x0
v     x = alpha x0 + sigma eps of the demo model's schedule, told its step; predicts alpha eps - sigma x0
"""

import argparse
import copy
import math
import time
from pathlib import Path

import torch
from torch import Tensor, nn

from digits_unet import (HEIGHT, NULL_LABEL, TRAINING_STEPS, WIDTH, DigitsUnet, ToolError, export, export_deviation,
                         model_card)
from train_demo_model import (BATCH, EMA_DECAY, GRADIENT_NORM_LIMIT, LABEL_DROPOUT, LEARNING_RATE, WARMUP_STEPS,
                              Diffusion, Images, read_images)

FINE, COARSE, EMBEDDING = 24, 48, 64
HELD_OUT = 1000
REPORT_EVERY_STEPS = 200


class Kind:
    """What a network is shown and asked at a time u from 0 (no noise) to 1."""

    def __init__(self, name: str) -> None:
        self.name = name
        self.diffusion = Diffusion()

    def ask(self, x0: Tensor, eps: Tensor, u: Tensor) -> tuple[Tensor, Tensor, Tensor]:
        """The noisy images, what the network is told of the time, and what it should answer."""
        if self.name == "flow":
            tau = u[:, None, None, None]
            return (1 - tau) * x0 + tau * eps, TRAINING_STEPS * u, eps - x0
        step = (TRAINING_STEPS * u).long().clamp(0, TRAINING_STEPS - 1)
        alpha, sigma = self.diffusion.signal[step], self.diffusion.noise[step]
        return alpha * x0 + sigma * eps, step.float(), alpha * eps - sigma * x0

    def card(self, name: str, trained: str) -> dict[str, object]:
        card = model_card(name, trained)
        if self.name == "flow":
            card["scheduler"] = {"_class_name": "FlowMatchEulerDiscreteScheduler"}
        else:
            card["scheduler"] = {**card["scheduler"], "prediction_type": "v_prediction"}
        return card


@torch.no_grad()
def held_out(model: nn.Module, kind: Kind, test: Images) -> float:
    """The mean squared error on the same images, noises and times whenever it is asked."""
    x0, labels = test.pixels[:HELD_OUT], test.labels[:HELD_OUT]
    u = ((torch.arange(HELD_OUT) * 37) % HELD_OUT + 0.5) / HELD_OUT
    x, t, target = kind.ask(x0, torch.randn(x0.shape, generator=torch.Generator().manual_seed(7)), u)
    parts = [slice(i, i + 125) for i in range(0, HELD_OUT, 125)]
    return (torch.cat([model(x[p], t[p], labels[p]) for p in parts]) - target).square().mean().item()


def train(kind: Kind, images: Images, seconds: float, seed: int) -> nn.Module:
    """Trains for so long; returns the moving average of the weights."""
    torch.manual_seed(seed)
    model = DigitsUnet(FINE, COARSE, EMBEDDING)
    average = copy.deepcopy(model).eval().requires_grad_(False)
    optimizer = torch.optim.AdamW(model.parameters(), lr=LEARNING_RATE, betas=(0.9, 0.99), weight_decay=1e-4)
    start, step, losses = time.monotonic(), 0, []
    while (progress := (time.monotonic() - start) / seconds) < 1:
        chosen = torch.randint(len(images.labels), (BATCH,))
        labels = images.labels[chosen].masked_fill(torch.rand(BATCH) < LABEL_DROPOUT, NULL_LABEL)
        # One time from each of BATCH equal parts of the range.
        u = (torch.randperm(BATCH) + torch.rand(BATCH)) / BATCH
        x0 = images.pixels[chosen]
        x, t, target = kind.ask(x0, torch.randn(x0.shape), u)
        loss = (model(x, t, labels) - target).square().mean()
        optimizer.zero_grad(set_to_none=True)
        loss.backward()
        nn.utils.clip_grad_norm_(model.parameters(), GRADIENT_NORM_LIMIT)
        for group in optimizer.param_groups:
            group["lr"] = LEARNING_RATE * min(1.0, (step + 1) / WARMUP_STEPS) * 0.5 * (1 + math.cos(math.pi * progress))
        optimizer.step()
        step += 1
        with torch.no_grad():
            decay = min(EMA_DECAY, (1 + step) / (10 + step))
            for mean, weight in zip(average.parameters(), model.parameters()):
                mean.lerp_(weight, 1 - decay)
        losses.append(loss.item())
        if step % REPORT_EVERY_STEPS == 0:
            print(f"step {step}  {time.monotonic() - start:.0f} s  loss {sum(losses) / len(losses):.4f}", flush=True)
            losses.clear()
    return average


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--mnist", type=Path, required=True, metavar="DIR",
                        help="folder with the four MNIST files *-ubyte.gz")
    parser.add_argument("--kind", choices=["flow", "v"], required=True, help="what the network predicts")
    parser.add_argument("--minutes", type=float, default=7, help="wall time to train for (default 7)")
    parser.add_argument("--out", type=Path, required=True, metavar="FILE", help="the model; its card goes beside it")
    parser.add_argument("--seed", type=int, default=1, help="default 1")
    parser.add_argument("--threads", type=int, default=1, help="default 1")
    arguments = parser.parse_args()
    if not (math.isfinite(arguments.minutes) and arguments.minutes > 0):
        parser.error(f"--minutes is {arguments.minutes}; it must be finite and more than 0")
    torch.set_num_threads(arguments.threads)
    try:
        kind = Kind(arguments.kind)
        test = read_images(arguments.mnist, "t10k", HELD_OUT)
        model = train(kind, read_images(arguments.mnist, "train", BATCH), arguments.minutes * 60, arguments.seed)
        error = held_out(model, kind, test)
        trained = f"{arguments.minutes:.3g} minutes of wall time, batch {BATCH}, AdamW, EMA; held-out MSE {error:.4f}"
        # A trace has the operations of this network only, where a script of a newer PyTorch names some that older ones lack.
        example = (torch.randn(2, 1, HEIGHT, WIDTH), torch.tensor([100.0, 900.0]), torch.tensor([0, NULL_LABEL]))
        export(torch.jit.trace(model, example), arguments.out, kind.card(arguments.out.stem, trained))
        deviation = export_deviation(model, arguments.out)
    except ToolError as problem:
        raise SystemExit(f"train_small_model: {problem}") from problem
    print(f"held-out MSE {error:.4f}; wrote {arguments.out}; reloaded, it deviates by {deviation:.1e}")


if __name__ == "__main__":
    main()
