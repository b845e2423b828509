"""Writes a network of real size with random weights as TorchScript, its card beside it: for the times of its calls alone.

    random_dit.py OUT.pt

A transformer of the size of DiT-B/2 (Peebles and Xie 2023, table 1): latents of 4 x 32 x 32 in 256 patches, 12 blocks of width
768 and 12 heads, adaptive layer norms of time and label; 130 million parameters.
"""

import json
import sys
from pathlib import Path

import torch
import torch.nn.functional as F
from torch import Tensor, nn

WIDTH, HEADS, BLOCKS, PATCH, SIDE, CHANNELS, LABELS = 768, 12, 12, 2, 32, 4, 1000


class Block(nn.Module):
    def __init__(self) -> None:
        super().__init__()
        self.first, self.second = (nn.LayerNorm(WIDTH, elementwise_affine=False) for _ in range(2))
        self.qkv, self.out = nn.Linear(WIDTH, 3 * WIDTH), nn.Linear(WIDTH, WIDTH)
        self.up, self.down = nn.Linear(WIDTH, 4 * WIDTH), nn.Linear(4 * WIDTH, WIDTH)
        self.modulation = nn.Linear(WIDTH, 6 * WIDTH)

    def forward(self, x: Tensor, c: Tensor) -> Tensor:
        a, b, g, d, e, h = self.modulation(F.silu(c)).unsqueeze(1).chunk(6, dim=2)
        n, tokens = x.shape[0], x.shape[1]
        qkv = self.qkv(self.first(x) * (1 + b) + a).reshape(n, tokens, 3, 12, 64).permute(2, 0, 3, 1, 4)
        seen = F.scaled_dot_product_attention(qkv[0], qkv[1], qkv[2]).transpose(1, 2).reshape(n, tokens, 768)
        x = x + g * self.out(seen)
        return x + h * self.down(F.gelu(self.up(self.second(x) * (1 + e) + d), approximate="tanh"))


class RandomDit(nn.Module):
    def __init__(self) -> None:
        super().__init__()
        self.patches = nn.Conv2d(CHANNELS, WIDTH, PATCH, PATCH)
        self.place = nn.Parameter(0.02 * torch.randn(1, (SIDE // PATCH) ** 2, WIDTH))
        self.times = nn.Sequential(nn.Linear(256, WIDTH), nn.SiLU(), nn.Linear(WIDTH, WIDTH))
        self.labels = nn.Embedding(LABELS + 1, WIDTH)
        self.blocks = nn.ModuleList(Block() for _ in range(BLOCKS))
        self.last = nn.LayerNorm(WIDTH, elementwise_affine=False)
        self.answer = nn.Linear(WIDTH, PATCH * PATCH * CHANNELS)
        self.register_buffer("rates", torch.exp(-torch.arange(128) * 9.21034 / 128))

    def forward(self, x: Tensor, t: Tensor, label: Tensor) -> Tensor:
        angles = t.unsqueeze(1) * self.rates
        c = self.times(torch.cat([angles.cos(), angles.sin()], 1).to(self.place.dtype)) + self.labels(label)
        y = self.patches(x.to(self.place.dtype)).flatten(2).transpose(1, 2) + self.place
        for block in self.blocks:
            y = block(y, c)
        y = self.answer(self.last(y)).reshape(-1, 16, 16, 2, 2, 4).permute(0, 5, 1, 3, 2, 4)
        return y.reshape(-1, 4, 32, 32).to(x.dtype)


def main() -> None:
    torch.manual_seed(0)
    out = Path(sys.argv[1])
    torch.jit.script(RandomDit().eval()).save(str(out))
    out.with_suffix(".json").write_text(json.dumps({
        "format": 1, "name": "random DiT-B/2", "shape": [CHANNELS, SIDE, SIDE], "inputs": ["x", "t", "label"],
        "labels": LABELS, "nullLabel": LABELS,
        "scheduler": {"num_train_timesteps": 1000, "beta_start": 0.0001, "beta_end": 0.02, "beta_schedule": "linear",
                      "prediction_type": "epsilon", "timestep_spacing": "trailing", "set_alpha_to_one": True,
                      "clip_sample": False},
    }))


if __name__ == "__main__":
    main()
