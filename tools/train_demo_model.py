"""Trains the demo model on MNIST and writes `digits.pt` (TorchScript) and `digits.json` (its card).

    python3 train_demo_model.py --mnist DIR --minutes 44 --out digits.pt

The length of a run is a wall time, not a number of steps, so the learning rate follows the clock
and two runs never give the same bits. What does not vary is the test: `evaluate` always asks the
same 1000 questions, so two trainings can be compared.
"""

import argparse
import copy
import gzip
import math
import os
import time
import zlib
from pathlib import Path
from typing import NamedTuple

import numpy as np
import torch
from torch import Tensor, nn

from digits_unet import (BETA_END, BETA_START, HEIGHT, LABELS, NULL_LABEL, TRAINING_STEPS, WIDTH,
                         DigitsUnet, ToolError, export, load_exported, model_card)

BATCH = 64
LEARNING_RATE = 1.2e-3
WARMUP_STEPS = 200
FINAL_LEARNING_RATE_SHARE = 0.01
LABEL_DROPOUT = 0.15
GRADIENT_NORM_LIMIT = 1.0
EMA_DECAY = 0.999

HELD_OUT = 1000
LOG_EVERY_STEPS = 100
CHECKPOINT_EVERY_SECONDS = 150


class Images(NamedTuple):
    pixels: Tensor  # float32 [n,1,28,28] in [-1,1]
    labels: Tensor  # int64 [n], 0..9


# ---- Data ----------------------------------------------------------------------------------------


def read_idx(path: Path, magic: int, shape: tuple[int, ...]) -> np.ndarray:
    """Reads a gzipped idx file of bytes, whose items must have the given shape."""
    try:
        with gzip.open(path) as stream:
            content = stream.read()
    except (OSError, EOFError, zlib.error) as problem:
        raise ToolError(f"{path} cannot be read: {problem}") from problem
    dimensions = 1 + len(shape)
    start = 4 + 4 * dimensions
    if len(content) < start:
        raise ToolError(f"{path} is {len(content)} bytes long, too short for an idx header")
    header = [int(n) for n in np.frombuffer(content, ">u4", 1 + dimensions)]
    if header[0] != magic:
        raise ToolError(f"{path} starts with magic number {header[0]}, not {magic}")
    if tuple(header[2:]) != shape:
        raise ToolError(f"{path} has items of shape {tuple(header[2:])}, not {shape}")
    expected = start + math.prod(header[1:])
    if len(content) != expected:
        raise ToolError(f"{path} is {len(content)} bytes long; its header says {expected}")
    return np.frombuffer(content, np.uint8, offset=start).reshape(header[1:])


def read_images(folder: Path, part: str, least: int) -> Images:
    """Reads images and labels of one part of MNIST, "train" or "t10k"."""
    pixels = read_idx(folder / f"{part}-images-idx3-ubyte.gz", 2051, (HEIGHT, WIDTH))
    labels = read_idx(folder / f"{part}-labels-idx1-ubyte.gz", 2049, ())
    if len(pixels) != len(labels):
        raise ToolError(f"{part}: {len(pixels)} images but {len(labels)} labels in {folder}")
    if len(pixels) < least:
        raise ToolError(f"{part}: {len(pixels)} images in {folder}; at least {least} needed")
    if labels.max() >= LABELS:
        raise ToolError(f"{part}: a label is {labels.max()}; legal are 0 to {LABELS - 1}")
    scaled = torch.from_numpy(pixels.astype(np.float32)).unsqueeze(1) / 127.5 - 1
    return Images(scaled, torch.from_numpy(labels.astype(np.int64)))


# ---- The diffusion process -----------------------------------------------------------------------


class Diffusion:
    """The forward process: x_t = sqrt(alpha_bar_t) x0 + sqrt(1 - alpha_bar_t) eps."""

    def __init__(self) -> None:
        betas = torch.linspace(BETA_START, BETA_END, TRAINING_STEPS, dtype=torch.float64)
        alpha_bar = torch.cumprod(1 - betas, 0)
        self.signal = alpha_bar.sqrt().float()[:, None, None, None]
        self.noise = (1 - alpha_bar).sqrt().float()[:, None, None, None]

    def noised(self, pixels: Tensor, t: Tensor, eps: Tensor) -> Tensor:
        return self.signal[t] * pixels + self.noise[t] * eps


@torch.no_grad()
def evaluate(model: nn.Module, diffusion: Diffusion, test: Images) -> tuple[float, list[float]]:
    """The mean squared error of eps on held-out images: overall, and by fifth of the time range.

    Images, noise and time steps (each of the 1000 exactly once) are always the same.
    """
    pixels, labels = test.pixels[:HELD_OUT], test.labels[:HELD_OUT]
    t = (torch.arange(HELD_OUT) * 37) % TRAINING_STEPS
    eps = torch.randn(pixels.shape, generator=torch.Generator().manual_seed(7))
    x = diffusion.noised(pixels, t, eps)
    predicted = torch.cat([model(x[i:i + 125], t[i:i + 125].float(), labels[i:i + 125])
                           for i in range(0, HELD_OUT, 125)])
    errors = (predicted - eps).square().mean((1, 2, 3))
    fifth = t * 5 // TRAINING_STEPS
    return errors.mean().item(), [errors[fifth == k].mean().item() for k in range(5)]


def held_out_line(error: float, fifths: list[float]) -> str:
    by_time = ", ".join(f"{e:.4f}" for e in fifths)
    return f"held-out eps-MSE {error:.4f}  by time, t = 0 first: {by_time}"


# ---- Training ------------------------------------------------------------------------------------


class Trainer:
    """The weights, their moving average, the optimizer, and all that a checkpoint must hold."""

    def __init__(self, train: Images, seed: int) -> None:
        self.train, self.diffusion = train, Diffusion()
        torch.manual_seed(seed)  # initial weights
        self.generator = torch.Generator().manual_seed(seed)  # order, noise, time, label dropout
        self.model = DigitsUnet()
        self.average = copy.deepcopy(self.model).eval().requires_grad_(False)
        self.optimizer = torch.optim.AdamW(
            self.model.parameters(), lr=LEARNING_RATE, betas=(0.9, 0.99), weight_decay=1e-4)
        self.step, self.seconds = 0, 0.0
        self.order, self.position = torch.empty(0, dtype=torch.int64), 0

    def next_batch(self) -> tuple[Tensor, Tensor]:
        """The next images and labels; every image once before any comes again."""
        if self.position + BATCH > len(self.order):
            self.order = torch.randperm(len(self.train.labels), generator=self.generator)
            self.position = 0
        chosen = self.order[self.position:self.position + BATCH]
        self.position += BATCH
        return self.train.pixels[chosen], self.train.labels[chosen]

    def train_step(self, progress: float) -> float:
        """One step of AdamW; progress is the spent share of the time, 0..1. Returns the loss."""
        pixels, labels = self.next_batch()
        # Train the unconditional model along: guidance needs both.
        dropped = torch.rand(BATCH, generator=self.generator) < LABEL_DROPOUT
        labels = labels.masked_fill(dropped, NULL_LABEL)
        # Stratified: one time step from each of BATCH equal parts of the range, in random order.
        part = torch.randperm(BATCH, generator=self.generator)
        within = torch.rand(BATCH, generator=self.generator)
        t = ((part + within) * (TRAINING_STEPS / BATCH)).long().clamp(0, TRAINING_STEPS - 1)
        eps = torch.randn(pixels.shape, generator=self.generator)

        x = self.diffusion.noised(pixels, t, eps)
        loss = (self.model(x, t.float(), labels) - eps).square().mean()
        self.optimizer.zero_grad(set_to_none=True)
        loss.backward()
        nn.utils.clip_grad_norm_(self.model.parameters(), GRADIENT_NORM_LIMIT)
        for group in self.optimizer.param_groups:
            group["lr"] = learning_rate(self.step, progress)
        self.optimizer.step()
        self.step += 1
        self.update_average()
        return loss.item()

    @torch.no_grad()
    def update_average(self) -> None:
        """Moves the average towards the weights: fast at first, so that it forgets the start."""
        decay = min(EMA_DECAY, (1 + self.step) / (10 + self.step))
        for average, weight in zip(self.average.parameters(), self.model.parameters()):
            average.lerp_(weight, 1 - decay)

    def run(self, seconds: float, test: Images, checkpoint: Path) -> None:
        """Trains until `seconds` of wall time are spent, those before a resume included."""
        start = time.monotonic() - self.seconds
        saved, losses = self.seconds, []
        while self.seconds < seconds:
            losses.append(self.train_step(self.seconds / seconds))
            self.seconds = time.monotonic() - start
            if self.step % LOG_EVERY_STEPS == 0:
                loss = sum(losses) / len(losses)
                losses.clear()
                print(f"step {self.step}  {self.seconds:.0f} s  loss {loss:.4f}", flush=True)
                if not math.isfinite(loss):
                    raise ToolError(f"the loss became {loss} before step {self.step}")
            if self.seconds - saved >= CHECKPOINT_EVERY_SECONDS:
                self.report(test)
                self.save(checkpoint)
                self.seconds = saved = time.monotonic() - start

    def report(self, test: Images) -> float:
        error, fifths = evaluate(self.average, self.diffusion, test)
        print(f"step {self.step}  {held_out_line(error, fifths)}", flush=True)
        return error

    def save(self, path: Path) -> None:
        state = {
            "model": self.model.state_dict(), "average": self.average.state_dict(),
            "optimizer": self.optimizer.state_dict(), "generator": self.generator.get_state(),
            "order": self.order, "position": self.position,
            "step": self.step, "seconds": self.seconds,
        }
        part = path.with_name(path.name + ".part")
        torch.save(state, part)
        os.replace(part, path)

    def load(self, path: Path) -> None:
        state = torch.load(path)  # a pickle, but our own: torch 1.13 has no safe load for floats
        self.model.load_state_dict(state["model"])
        self.average.load_state_dict(state["average"])
        self.optimizer.load_state_dict(state["optimizer"])
        self.generator.set_state(state["generator"])
        self.order, self.position = state["order"], state["position"]
        self.step, self.seconds = state["step"], state["seconds"]


def learning_rate(step: int, progress: float) -> float:
    """Linear warm-up over steps, times a cosine over the wall time that ends at a hundredth."""
    warmup = min(1.0, (step + 1) / WARMUP_STEPS)
    cosine = 0.5 * (1 + math.cos(math.pi * progress))
    floor = FINAL_LEARNING_RATE_SHARE
    return LEARNING_RATE * warmup * (floor + (1 - floor) * cosine)


# ---- Command line --------------------------------------------------------------------------------


def parse_arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description="Train the digits demo model on MNIST, on a CPU.")
    parser.add_argument("--mnist", type=Path, required=True, metavar="DIR",
                        help="folder with the four MNIST files *-ubyte.gz")
    parser.add_argument("--minutes", type=float, default=44,
                        help="wall time to train for, before a resume included (default 44)")
    parser.add_argument("--out", type=Path, default=Path("digits.pt"), metavar="FILE",
                        help="the weights; the card goes beside them (default digits.pt)")
    parser.add_argument("--resume", action="store_true",
                        help="go on from the checkpoint of an interrupted run with this --out")
    parser.add_argument("--evaluate", type=Path, metavar="FILE",
                        help="train nothing; print the held-out error of these exported weights")
    parser.add_argument("--seed", type=int, default=1234, help="default 1234")
    parser.add_argument("--threads", type=int, default=os.cpu_count() or 1,
                        help="default: one for each processor")
    arguments = parser.parse_args()
    if not (math.isfinite(arguments.minutes) and arguments.minutes > 0):
        parser.error(f"--minutes is {arguments.minutes}; it must be finite and more than 0")
    if arguments.threads < 1:
        parser.error(f"--threads is {arguments.threads}; it must be at least 1")
    if arguments.out.suffix != ".pt":
        parser.error(f"--out is {arguments.out}; it must end in .pt")
    if not arguments.out.resolve().parent.is_dir():
        parser.error(f"--out is {arguments.out}; its folder does not exist")
    return arguments


def train(arguments: argparse.Namespace, test: Images) -> None:
    out: Path = arguments.out
    checkpoint = out.with_suffix(".checkpoint")
    if checkpoint.exists() and not arguments.resume:
        raise ToolError(f"{checkpoint} is left from an interrupted run: give --resume to go "
                        "on from it, or delete it to start afresh")
    trainer = Trainer(read_images(arguments.mnist, "train", BATCH), arguments.seed)
    if arguments.resume:
        if not checkpoint.exists():
            raise ToolError(f"nothing to resume: {checkpoint} does not exist")
        trainer.load(checkpoint)
        print(f"resumed at step {trainer.step}, {trainer.seconds:.0f} s")
    trainer.run(arguments.minutes * 60, test, checkpoint)
    error = trainer.report(test)
    trained = (f"{trainer.seconds / 60:.3g} CPU minutes, batch {BATCH}, AdamW, EMA; "
               f"held-out eps-MSE {error:.4f}")
    deviation = export(trainer.average, out, model_card(out.stem, trained))
    checkpoint.unlink(missing_ok=True)
    print(f"wrote {out} and {out.with_suffix('.json')}; reloaded, it deviates by {deviation:.1e}")


def main() -> None:
    arguments = parse_arguments()
    torch.set_num_threads(arguments.threads)
    try:
        test = read_images(arguments.mnist, "t10k", HELD_OUT)
        if arguments.evaluate is None:
            train(arguments, test)
        else:
            error, fifths = evaluate(load_exported(arguments.evaluate), Diffusion(), test)
            print(held_out_line(error, fifths))
    except ToolError as problem:
        raise SystemExit(f"train_demo_model: {problem}") from problem


if __name__ == "__main__":
    main()
