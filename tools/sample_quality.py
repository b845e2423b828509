"""Measures how good sets of samples of the demo model are: a Frechet distance to MNIST's digits.

    python3 sample_quality.py --mnist DIR --classifier judge.pt --samples a.npy b.npy

The distance is that of FID, between Gaussians fitted to the features of images (Heusel et al.
2017, eq. 6), but the features are those of a small classifier of digits, trained here. So it is
not FID, and figures compare only with those of the same classifier and the same number of samples.
"""

import argparse
import os
from pathlib import Path
from typing import NamedTuple

import numpy as np
import torch
import torch.nn.functional as F
from torch import Tensor, nn

from digits_unet import CHANNELS, HEIGHT, LABELS, WIDTH, ToolError
from train_demo_model import Images, read_images

FEATURES = 64
LEAST_SAMPLES = 2 * FEATURES
"""With fewer the covariance is mostly chance."""

BATCH = 128
EPOCHS = 4
LEARNING_RATE = 4e-3
LEAST_ACCURACY = 0.985

BASELINE_COUNT = 2000
BASELINE_NOISE = 0.1
BLOCKS = 20


class Judged(NamedTuple):
    """A set of images as the classifier sees it."""

    features: np.ndarray  # float64 [n,FEATURES]
    labels: Tensor  # int64 [n], as recognized


class Gaussian(NamedTuple):
    mean: np.ndarray
    covariance: np.ndarray


# ---- The classifier ------------------------------------------------------------------------------


class Classifier(nn.Module):
    """Convolutions from 28 x 28 over 14, 7 and 4 to 1 x 1, and a linear layer.

    The last convolution is a linear layer too; as a convolution it is several times faster where
    torch has a plain BLAS, as Debian's has.
    """

    def __init__(self) -> None:
        super().__init__()
        self.c1 = nn.Conv2d(CHANNELS, 16, 5, stride=2, padding=2)
        self.c2 = nn.Conv2d(16, 32, 5, stride=2, padding=2)
        self.c3 = nn.Conv2d(32, 64, 3, stride=2, padding=1)
        self.c4 = nn.Conv2d(64, FEATURES, 4)
        self.last = nn.Linear(FEATURES, LABELS)

    def features(self, x: Tensor) -> Tensor:
        """[n,FEATURES], before the last ReLU, which would cut the Gaussians in half."""
        for convolution in (self.c1, self.c2, self.c3):
            x = F.relu(convolution(x))
        return self.c4(x).flatten(1)

    def classes(self, features: Tensor) -> Tensor:
        return self.last(F.relu(features))


def train(images: Images, seed: int) -> Classifier:
    """Trains a classifier; on the same machine a seed gives the same weights."""
    torch.manual_seed(seed)
    model = Classifier()
    optimizer = torch.optim.Adam(model.parameters())
    steps = EPOCHS * (len(images.labels) // BATCH)
    schedule = torch.optim.lr_scheduler.OneCycleLR(optimizer, LEARNING_RATE, total_steps=steps)
    for epoch in range(EPOCHS):
        order = torch.randperm(len(images.labels))
        losses = []
        for chosen in order[:len(order) // BATCH * BATCH].split(BATCH):
            classes = model.classes(model.features(images.pixels[chosen]))
            loss = F.cross_entropy(classes, images.labels[chosen])
            optimizer.zero_grad(set_to_none=True)
            loss.backward()
            optimizer.step()
            schedule.step()
            losses.append(loss.item())
        print(f"classifier: epoch {epoch + 1} of {EPOCHS}, loss {sum(losses) / len(losses):.4f}",
              flush=True)
    return model


def load(path: Path) -> Classifier:
    model = Classifier()
    try:
        model.load_state_dict(torch.load(path, weights_only=True))
    except OSError as problem:
        raise ToolError(f"{path} cannot be read: {problem}") from problem
    except Exception as problem:  # a foreign file can make the unpickler raise anything
        raise ToolError(f"{path} is not a classifier that this tool wrote") from problem
    return model


def save(model: Classifier, path: Path) -> None:
    part = path.with_name(path.name + ".part")
    try:
        torch.save(model.state_dict(), part)
        os.replace(part, path)
    finally:
        part.unlink(missing_ok=True)


@torch.no_grad()
def judge(model: Classifier, pixels: Tensor) -> Judged:
    """What the classifier sees in images, clipped to [-1,1] as a picture shows them."""
    features = torch.cat([model.features(part.clamp(-1, 1)) for part in pixels.split(500)])
    return Judged(features.double().numpy(), model.classes(features).argmax(1))


# ---- The distance --------------------------------------------------------------------------------


def fit(features: np.ndarray) -> Gaussian:
    return Gaussian(features.mean(0), np.cov(features, rowvar=False))


class Reference:
    """The Gaussian that others are measured against."""

    def __init__(self, features: np.ndarray) -> None:
        self.gaussian = fit(features)
        values, vectors = np.linalg.eigh(self.gaussian.covariance)
        self.root = (vectors * np.sqrt(values.clip(0))) @ vectors.T

    def distance(self, features: np.ndarray) -> float:
        """|m1 - m2|^2 + tr(C1 + C2 - 2 (C1 C2)^(1/2)), squared as in FID.

        C1 C2 has the eigenvalues of C1^(1/2) C2 C1^(1/2), which is symmetric.
        """
        other = fit(features)
        values = np.linalg.eigvalsh(self.root @ other.covariance @ self.root)
        shift = np.square(self.gaussian.mean - other.mean).sum()
        traces = np.trace(self.gaussian.covariance) + np.trace(other.covariance)
        return float(shift + traces - 2 * np.sqrt(values.clip(0)).sum())

    def standard_error(self, features: np.ndarray) -> float:
        """By the jackknife: from the distances without one block of consecutive samples each.

        Blocks keep cyclic labels balanced, so that the chance of random labels is not counted; and
        without repeated samples the distance does not grow. A bootstrap gives about twice as much.
        """
        blocks = np.arange(len(features)) * BLOCKS // len(features)
        distances = [self.distance(features[blocks != block]) for block in range(BLOCKS)]
        return float(np.std(distances) * np.sqrt(BLOCKS - 1))


# ---- Input and output ----------------------------------------------------------------------------


def read_samples(path: Path) -> Tensor:
    """Reads float32 [n,1,28,28] from a .npy file."""
    try:
        samples = np.load(path, allow_pickle=False)
    except (OSError, EOFError, ValueError) as problem:
        raise ToolError(f"{path} cannot be read as .npy: {problem}") from problem
    if not isinstance(samples, np.ndarray):
        raise ToolError(f"{path} is an archive of arrays; it must be a .npy file of one")
    shape = (CHANNELS, HEIGHT, WIDTH)
    if samples.dtype != np.float32 or samples.ndim != 4 or samples.shape[1:] != shape:
        raise ToolError(f"{path} is {samples.dtype} {list(samples.shape)}; it must be float32 "
                        f"[n, {CHANNELS}, {HEIGHT}, {WIDTH}]")
    if len(samples) < LEAST_SAMPLES:
        raise ToolError(f"{path} has {len(samples)} samples; at least {LEAST_SAMPLES} are needed, "
                        f"twice the {FEATURES} features")
    illegal = np.count_nonzero(~np.isfinite(samples).all((1, 2, 3)))
    if illegal:
        raise ToolError(f"{path}: {illegal} of {len(samples)} samples are not finite")
    return torch.from_numpy(samples)


class Table:
    """Prints one line for each set of images."""

    def __init__(self, model: Classifier, reference: Reference, names: list[str]) -> None:
        self.model, self.reference = model, reference
        self.width = max(map(len, names))
        print(f"\n{'images':{self.width}}  {'count':>6}  {'distance':>9}  {'+-':>6}  recognized")

    def line(self, name: str, pixels: Tensor, labels: Tensor | None) -> None:
        seen = judge(self.model, pixels)
        distance = self.reference.distance(seen.features)
        error = self.reference.standard_error(seen.features)
        right = "-" if labels is None else f"{accuracy(seen, labels):.1%}"
        print(f"{name:{self.width}}  {len(pixels):6}  {distance:9.3f}  {error:6.3f}  {right:>10}",
              flush=True)


def accuracy(seen: Judged, labels: Tensor) -> float:
    return (seen.labels == labels).double().mean().item()


def cyclic(order: Tensor, labels: Tensor) -> Tensor:
    """Of images in this order those that make the labels 0, 1, ... 9 and round again."""
    by_label = [order[labels[order] == label] for label in range(LABELS)]
    shortest = min(map(len, by_label))
    return torch.stack([part[:shortest] for part in by_label], 1).flatten()


# ---- Command line --------------------------------------------------------------------------------


def parse_arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description="Measure how good samples of digits are.")
    parser.add_argument("--mnist", type=Path, required=True, metavar="DIR",
                        help="folder with the four MNIST files *-ubyte.gz")
    parser.add_argument("--samples", type=Path, required=True, nargs="+", metavar="FILE",
                        help=".npy files of float32 [n,1,28,28], a digit's paper -1, its ink 1")
    parser.add_argument("--cyclic-labels", action="store_true",
                        help="the samples are meant to be 0, 1, ... 9 and round again")
    parser.add_argument("--classifier", type=Path, metavar="FILE",
                        help="the classifier; trained and written if it does not exist")
    parser.add_argument("--seed", type=int, default=1234,
                        help="of a classifier's training; default 1234")
    arguments = parser.parse_args()
    if arguments.classifier and not arguments.classifier.resolve().parent.is_dir():
        parser.error(f"--classifier is {arguments.classifier}; its folder does not exist")
    return arguments


def provide_classifier(path: Path | None, images: Images, test: Images,
                       seed: int) -> tuple[Classifier, Judged]:
    """Loads or trains the classifier; returns it with what it sees in the test images."""
    known = path is not None and path.exists()
    model = load(path) if known else train(images, seed)
    seen = judge(model, test.pixels)
    share = accuracy(seen, test.labels)
    print(f"classifier: recognizes {share:.2%} of {len(test.labels)} test images", flush=True)
    if not share >= LEAST_ACCURACY:
        raise ToolError(f"the classifier recognizes {share:.2%} of the test images; "
                        f"at least {LEAST_ACCURACY:.1%} are needed")
    if path is not None and not known:
        save(model, path)
    return model, seen


def measure(arguments: argparse.Namespace) -> None:
    sets = [(str(path), read_samples(path)) for path in arguments.samples]
    images = read_images(arguments.mnist, "train", BASELINE_COUNT)
    test = read_images(arguments.mnist, "t10k", LEAST_SAMPLES)
    model, seen = provide_classifier(arguments.classifier, images, test, arguments.seed)

    generator = torch.Generator().manual_seed(0)
    order = torch.randperm(len(images.labels), generator=generator)
    if arguments.cyclic_labels:
        order = cyclic(order, images.labels)
    if len(order) < BASELINE_COUNT:
        raise ToolError(f"train: {len(order)} images in {arguments.mnist} are usable; "
                        f"at least {BASELINE_COUNT} needed")
    # Chance adds the less to a distance the more images there are: a floor for each size of set.
    counts = sorted({BASELINE_COUNT, *(len(pixels) for _, pixels in sets)})
    noise_name = f"{BASELINE_COUNT} of them, noise {BASELINE_NOISE}"
    names = ["training images", noise_name, *(name for name, _ in sets)]
    table = Table(model, Reference(seen.features), names)
    for count in counts:
        if count <= len(order):
            chosen = order[:count]
            table.line("training images", images.pixels[chosen], images.labels[chosen])
    pixels = images.pixels[order[:BASELINE_COUNT]]
    noise = BASELINE_NOISE * torch.randn(pixels.shape, generator=generator)
    table.line(noise_name, pixels + noise, images.labels[order[:BASELINE_COUNT]])
    for name, pixels in sets:
        intended = torch.arange(len(pixels)) % LABELS if arguments.cyclic_labels else None
        table.line(name, pixels, intended)


def main() -> None:
    arguments = parse_arguments()
    torch.set_num_threads(1)  # fast enough, and sums come in one order
    torch.use_deterministic_algorithms(True)
    try:
        measure(arguments)
    except ToolError as problem:
        raise SystemExit(f"sample_quality: {problem}") from problem


if __name__ == "__main__":
    main()
