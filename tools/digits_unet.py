"""The demo model: its network, its card and its export.

The network is a UNet with 1,094,420 parameters that predicts the noise in an image of a digit.

Its shape, for one image of 28 x 28:

    28x28x1 --unshuffle--> 14x14x4 -> 14x14x48 -> 7x7x96 -> 14x14x48 -> 14x14x4 --shuffle--> 28x28x1

Folding 2 x 2 pixels into four channels first makes every convolution about four times cheaper than
at full resolution; for digits that is enough. The attribute names are short because they are the
keys of the published weights: rename one, and `digits.pt` can no longer be loaded.
"""

import json
import math
import os
from pathlib import Path

import torch
import torch.nn.functional as F
from torch import Tensor, nn

CHANNELS, HEIGHT, WIDTH = 1, 28, 28
LABELS = 10
NULL_LABEL = 10
"""The label that means "no class". Training replaces some labels by it; guidance needs it."""
TRAINING_STEPS = 1000
BETA_START, BETA_END = 1e-4, 0.02

_GROUPS = 8
_EXPORT_TOLERANCE = 1e-4


class ToolError(Exception):
    """The input or the run is not usable; the message says why."""


class ResidualBlock(nn.Module):
    """Two 3 x 3 convolutions beside a skip; the time and label embedding is added between them."""

    def __init__(self, inputs: int, outputs: int, embedding: int) -> None:
        super().__init__()
        self.n1 = nn.GroupNorm(_GROUPS, inputs)
        self.c1 = nn.Conv2d(inputs, outputs, 3, padding=1)
        self.e = nn.Linear(embedding, outputs)
        self.n2 = nn.GroupNorm(_GROUPS, outputs)
        self.c2 = nn.Conv2d(outputs, outputs, 3, padding=1)
        self.s = nn.Conv2d(inputs, outputs, 1) if inputs != outputs else nn.Identity()

    def forward(self, x: Tensor, embedding: Tensor) -> Tensor:
        h = self.c1(F.silu(self.n1(x))) + self.e(embedding)[:, :, None, None]
        h = self.c2(F.silu(self.n2(h)))
        return h + self.s(x)


class Attention(nn.Module):
    """Self-attention with one head over all positions; used only at 7 x 7, where it is cheap."""

    def __init__(self, channels: int) -> None:
        super().__init__()
        self.n = nn.GroupNorm(_GROUPS, channels)
        self.qkv = nn.Conv2d(channels, 3 * channels, 1)
        self.o = nn.Conv2d(channels, channels, 1)
        self.scale = 1.0 / math.sqrt(channels)

    def forward(self, x: Tensor) -> Tensor:
        batch, channels, height, width = x.shape
        qkv = self.qkv(self.n(x)).reshape(batch, 3 * channels, height * width)
        query, key, value = qkv.chunk(3, 1)
        scores = torch.bmm(query.transpose(1, 2), key) * self.scale  # [batch, query, key]
        mixed = torch.bmm(value, torch.softmax(scores, -1).transpose(1, 2))
        return x + self.o(mixed.reshape(batch, channels, height, width))


class DigitsUnet(nn.Module):
    """Predicts the noise eps in x = sqrt(alpha_bar_t) x0 + sqrt(1 - alpha_bar_t) eps."""

    def __init__(self, fine: int = 48, coarse: int = 96, embedding: int = 128) -> None:
        super().__init__()
        self.half: int = embedding // 2
        # Time and label embedding.
        self.t1 = nn.Linear(embedding, embedding)
        self.t2 = nn.Linear(embedding, embedding)
        self.ye = nn.Embedding(LABELS + 1, embedding)
        # Down: 14 x 14, then 7 x 7.
        self.cin = nn.Conv2d(4, fine, 3, padding=1)
        self.d1 = ResidualBlock(fine, fine, embedding)
        self.p1 = nn.Conv2d(fine, fine, 3, stride=2, padding=1)
        self.d2 = ResidualBlock(fine, coarse, embedding)
        # Middle.
        self.m1 = ResidualBlock(coarse, coarse, embedding)
        self.ma = Attention(coarse)
        self.m2 = ResidualBlock(coarse, coarse, embedding)
        # Up: every block also reads what the same floor made on the way down.
        self.u2 = ResidualBlock(coarse + coarse, coarse, embedding)
        self.u1 = ResidualBlock(coarse + fine, fine, embedding)
        self.u0 = ResidualBlock(fine + fine, fine, embedding)
        self.no = nn.GroupNorm(_GROUPS, fine)
        self.co = nn.Conv2d(fine, 4, 3, padding=1)
        # The first prediction is zero: the mean of the noise, so training starts at a loss of 1.
        nn.init.zeros_(self.co.weight)
        nn.init.zeros_(self.co.bias)

    def forward(self, x: Tensor, t: Tensor, y: Tensor) -> Tensor:
        """x: float [B,1,28,28], noisy; t: float [B], step 0..999; y: int64 [B], label 0..10."""
        # Sinusoidal time embedding (Vaswani et al. 2017).
        index = torch.arange(self.half, device=x.device, dtype=x.dtype)
        frequency = torch.exp(index * (-math.log(10000.0) / self.half))
        angle = t.to(x.dtype)[:, None] * frequency[None, :]
        embedding = torch.cat([torch.sin(angle), torch.cos(angle)], 1)
        embedding = F.silu(self.t2(F.silu(self.t1(embedding))) + self.ye(y))

        h_in = self.cin(F.pixel_unshuffle(x, 2))
        h_fine = self.d1(h_in, embedding)
        h_coarse = self.d2(self.p1(h_fine), embedding)
        h = self.m2(self.ma(self.m1(h_coarse, embedding)), embedding)
        h = self.u2(torch.cat([h, h_coarse], 1), embedding)
        h = F.interpolate(h, scale_factor=2.0, mode="nearest")
        h = self.u1(torch.cat([h, h_fine], 1), embedding)
        h = self.u0(torch.cat([h, h_in], 1), embedding)
        return F.pixel_shuffle(self.co(F.silu(self.no(h))), 2)


# ---- Export --------------------------------------------------------------------------------------


def load_exported(path: Path) -> nn.Module:
    try:
        return torch.jit.load(str(path), map_location="cpu").eval()
    except (RuntimeError, ValueError) as problem:
        raise ToolError(f"{path} is not a TorchScript file: {problem}") from problem


def export(model: nn.Module, out: Path, card: dict[str, object]) -> float:
    """Writes the weights to `out` and the card beside it; returns the export's largest deviation.

    Both are written beside their destination; they replace what is there only after the exported
    file, loaded again, has given what `model` gives.
    """
    card_path = out.with_suffix(".json")
    part, card_part = (path.with_name(path.name + ".part") for path in (out, card_path))
    try:
        torch.jit.script(model).save(str(part))
        deviation = export_deviation(model, part)
        if not deviation <= _EXPORT_TOLERANCE:
            raise ToolError(f"the exported model deviates by {deviation} from the trained one; "
                            f"at most {_EXPORT_TOLERANCE} is accepted. Nothing was replaced.")
        card_part.write_text(json.dumps(card, indent=2) + "\n", encoding="utf-8")
        os.replace(part, out)
        os.replace(card_part, card_path)
        return deviation
    finally:
        part.unlink(missing_ok=True)
        card_part.unlink(missing_ok=True)


@torch.no_grad()
def export_deviation(model: nn.Module, exported: Path) -> float:
    """The largest difference between the eager model and the exported file; NaN counts."""
    loaded = load_exported(exported)
    generator = torch.Generator().manual_seed(0)
    largest = torch.zeros(())
    for batch in (1, 2, LABELS + 1):
        x = torch.randn(batch, CHANNELS, HEIGHT, WIDTH, generator=generator)
        t = torch.linspace(0, TRAINING_STEPS - 1, batch)
        labels = torch.arange(batch) + LABELS + 1 - batch  # ends at the null label
        expected = model(x, t, labels)
        for _ in range(3):  # TorchScript optimises after the first calls with a shape
            largest = torch.maximum(largest, (loaded(x, t, labels) - expected).abs().max())
    return largest.item()


def model_card(name: str, trained: str) -> dict[str, object]:
    return {
        "format": 1,
        "name": name,
        "shape": [CHANNELS, HEIGHT, WIDTH],
        "inputs": ["x", "t", "label"],
        "labels": LABELS,
        "nullLabel": NULL_LABEL,
        "defaultGuidance": 2.0,
        "scheduler": {
            "num_train_timesteps": TRAINING_STEPS,
            "beta_start": BETA_START,
            "beta_end": BETA_END,
            "beta_schedule": "linear",
            "prediction_type": "epsilon",
            "timestep_spacing": "trailing",
            "set_alpha_to_one": True,
            "clip_sample": False,
        },
        "licence": "weights: CC0-1.0; trained on MNIST (CC BY-SA 3.0)",
        "trained": trained,
    }
