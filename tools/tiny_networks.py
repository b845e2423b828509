"""Makes tiny networks for tests: rows of 1 to 4 sizes and several conditions, as TorchScript and as ONNX with their cards,
and what PyTorch itself evaluates them to.

Their weights are random, from a seed. They predict noise, steadily enough to be sampled: half of x, and a little more that
depends on all that is given.
"""

import argparse
import copy
import math
from pathlib import Path

import numpy as np
import torch
from torch import Tensor, nn

from export_model import export
from exported_forms import onnx_call, quiet, save_onnx
from exported_network import Card, callable_network

WIDTH = 16
ROWS = 5
"""Of the expected outputs; each has a time of its own."""

SCHEDULER = {"num_train_timesteps": 1000, "beta_start": 0.00085, "beta_end": 0.012, "beta_schedule": "scaled_linear",
             "prediction_type": "epsilon", "clip_sample": False}


def waves(t: Tensor, x: Tensor, half: int = WIDTH // 2) -> Tensor:
    """A sinusoidal embedding of times, [batch, WIDTH], in the numbers of x."""
    angle = t.float()[:, None] * torch.exp(torch.arange(half) * (-math.log(10000.0) / half))[None, :]
    return torch.cat([torch.sin(angle), torch.cos(angle)], 1).to(x.dtype)


class Vector(nn.Module):
    """Rank 1: a point [6], without a condition."""

    SHAPE, INPUTS, KEYS = (6,), ["x", "t"], {}

    def __init__(self) -> None:
        super().__init__()
        self.time, self.first, self.last = nn.Linear(WIDTH, WIDTH), nn.Linear(6, WIDTH), nn.Linear(WIDTH, 6)

    def forward(self, x: Tensor, t: Tensor) -> Tensor:
        return 0.5 * x + 0.2 * self.last(torch.tanh(self.first(x) + self.time(waves(t, x))))


class Actions(nn.Module):
    """Rank 2: a sequence of actions [8, 3] of a policy, for what it observes and a task's label."""

    SHAPE, KEYS = (8, 3), {}
    INPUTS = ["x", "t", {"name": "observation", "shape": [5], "null": 0},
              {"name": "task", "type": "int64", "classes": 4, "null": 4}]

    def __init__(self) -> None:
        super().__init__()
        self.time, self.observed, self.task = nn.Linear(WIDTH, WIDTH), nn.Linear(5, WIDTH), nn.Embedding(5, WIDTH)
        self.first, self.mixed = nn.Conv1d(3, WIDTH, 3, padding=1), nn.Linear(8, 8)
        self.last = nn.Conv1d(WIDTH, 3, 3, padding=1)

    def forward(self, x: Tensor, t: Tensor, observation: Tensor, task: Tensor) -> Tensor:
        asked = self.time(waves(t, x)) + self.observed(observation) + self.task(task)
        h = torch.tanh(self.first(x.transpose(1, 2)) + asked[:, :, None])
        return 0.5 * x + 0.2 * self.last(h + self.mixed(h)).transpose(1, 2)


class Audio(nn.Module):
    """Rank 2: sound [2, 32], of a class."""

    SHAPE, INPUTS, KEYS = (2, 32), ["x", "t", "label"], {"labels": 4, "nullLabel": 4}

    def __init__(self) -> None:
        super().__init__()
        self.time, self.label = nn.Linear(WIDTH, WIDTH), nn.Embedding(5, WIDTH)
        self.first, self.norm = nn.Conv1d(2, WIDTH, 5, stride=2, padding=2), nn.GroupNorm(4, WIDTH)
        self.last = nn.ConvTranspose1d(WIDTH, 2, 4, stride=2, padding=1)

    def forward(self, x: Tensor, t: Tensor, label: Tensor) -> Tensor:
        h = self.first(x) + (self.time(waves(t, x)) + self.label(label))[:, :, None]
        return 0.5 * x + 0.2 * self.last(torch.tanh(self.norm(h)))


class Picture(nn.Module):
    """Rank 3: a picture [3, 8, 8], of a text's vectors, its pooled vector, and sizes, as SDXL has them."""

    SHAPE, KEYS = (3, 8, 8), {}
    INPUTS = ["x", "t", {"name": "encoder_hidden_states", "shape": [4, 6]}, {"name": "text_embeds", "shape": [5]},
              {"name": "time_ids", "shape": [6]}]

    def __init__(self) -> None:
        super().__init__()
        self.time, self.pooled, self.sizes = nn.Linear(WIDTH, WIDTH), nn.Linear(5, WIDTH), nn.Linear(6, WIDTH)
        self.first, self.last = nn.Conv2d(3, WIDTH, 3, padding=1), nn.Conv2d(WIDTH, 3, 3, padding=1)
        self.query, self.key, self.value = nn.Linear(WIDTH, WIDTH), nn.Linear(6, WIDTH), nn.Linear(6, WIDTH)

    def forward(self, x: Tensor, t: Tensor, encoder_hidden_states: Tensor, text_embeds: Tensor,
                time_ids: Tensor) -> Tensor:
        asked = self.time(waves(t, x)) + self.pooled(text_embeds) + self.sizes(torch.sin(0.01 * time_ids))
        h = torch.tanh(self.first(x) + asked[:, :, None, None])
        pixels = h.flatten(2).transpose(1, 2)
        scores = torch.bmm(self.query(pixels), self.key(encoder_hidden_states).transpose(1, 2)) / 4.0
        read = torch.bmm(torch.softmax(scores, -1), self.value(encoder_hidden_states))
        return 0.5 * x + 0.2 * self.last(h + read.transpose(1, 2).reshape(h.shape))


class Video(nn.Module):
    """Rank 4: a film [2, 3, 6, 6] of three frames, of a text."""

    SHAPE, INPUTS, KEYS = (2, 3, 6, 6), ["x", "t", "encoder_hidden_states"], {"embedding": [3, 5]}

    def __init__(self) -> None:
        super().__init__()
        self.time, self.text = nn.Linear(WIDTH, 8), nn.Linear(5, 8)
        self.first, self.last = nn.Conv3d(2, 8, 3, padding=1), nn.Conv3d(8, 2, 3, padding=1)

    def forward(self, x: Tensor, t: Tensor, encoder_hidden_states: Tensor) -> Tensor:
        asked = self.time(waves(t, x)) + torch.tanh(self.text(encoder_hidden_states)).mean(1)
        return 0.5 * x + 0.2 * self.last(torch.tanh(self.first(x) + asked[:, :, None, None, None]))


NETWORKS = {"vector": Vector, "actions": Actions, "audio": Audio, "picture": Picture, "video": Video}


def seeded(name: str) -> nn.Module:
    """A network with its weights, always the same ones."""
    torch.manual_seed(list(NETWORKS).index(name) + 1)
    return NETWORKS[name]().eval().requires_grad_(False)


def card_of(network: type[nn.Module]) -> Card:
    return Card({"format": 1, "name": network.__name__.lower(), "shape": list(network.SHAPE), "inputs": network.INPUTS,
                 **network.KEYS, "defaultGuidance": 2.0, "scheduler": SCHEDULER, "licence": "Apache-2.0"})


class OneTime(nn.Module):
    """The audio network as diffusers' networks are exported: under their names, with one time for the whole batch."""

    def __init__(self, network: nn.Module) -> None:
        super().__init__()
        self.network = network

    def forward(self, sample: Tensor, timestep: Tensor, class_labels: Tensor) -> Tensor:
        if timestep.dim() == 0:
            timestep = timestep[None]
        return self.network(sample, timestep.expand(sample.shape[0]), class_labels.long())


class EmbeddedTime(OneTime):
    """The same, where the time is embedded before it meets the batch."""

    def forward(self, sample: Tensor, timestep: Tensor, class_labels: Tensor) -> Tensor:
        network = self.network
        h = network.first(sample) + (network.time(waves(timestep[None], sample)) + network.label(class_labels))[:, :, None]
        return 0.5 * sample + 0.2 * network.last(torch.tanh(network.norm(h)))


NAMES = ["sample", "timestep", "class_labels"]


def variants(folder: Path) -> None:
    """The audio network as other exporters write it, for rows that have one time."""
    network, card = seeded("audio"), card_of(Audio)
    x, _, label = card.rows(ROWS, seed=7)
    whole, scalar = torch.tensor([500]), torch.tensor(500)
    batch = {name: {0: "batch_size"} for name in ("sample", "class_labels", "out_sample")}
    old = dict(dynamo=False, opset_version=14)
    steps = {**batch, "timestep": {0: "steps"}}
    cases = {
        "scalar_time": (OneTime(network), (x, scalar, label), dict(dynamic_axes=batch, **old)),
        "one_time": (OneTime(network), (x, whole, label), dict(dynamic_axes=steps, **old)),
        "fixed_one_time": (OneTime(network), (x, whole, label), dict(dynamic_axes=batch, **old)),
        "embedded_time": (EmbeddedTime(network), (x, scalar.float(), label), dict(dynamic_axes=batch, **old)),
        "int32_label": (OneTime(network), (x, torch.full((ROWS,), 500.0), label.int()),
                        dict(dynamic_axes={**batch, "timestep": {0: "batch_size"}}, **old)),
        "fixed_batch": (OneTime(network), (x[:4], torch.full((4,), 500.0), label[:4]), old),
        "dynamo_scalar_time": (OneTime(network), (x, scalar, label),
                               dict(dynamo=True, opset_version=20, verbose=False,
                                    dynamic_shapes=({0: torch.export.Dim("batch_size")}, {},
                                                    {0: torch.export.Dim("batch_size")}))),
        "half_rows": (OneTime(copy.deepcopy(network).half()), (x.half(), scalar, label), dict(dynamic_axes=batch, **old)),
    }
    foreign = Card({**{k: v for k, v in card.content.items() if k not in ("labels", "nullLabel")},
                    "inputs": [*NAMES[:2], {"name": NAMES[2], "classes": 4, "null": 4}]})
    expected = network(x, torch.full((ROWS,), 500.0), label)
    np.save(folder / "audio.expected_at_500.npy", expected.numpy())
    for name, (module, given, how) in cases.items():
        path = folder / f"audio_{name}.onnx"
        with quiet():
            program = torch.onnx.export(module.eval(), given, None if how["dynamo"] else str(path), input_names=NAMES,
                                        output_names=["out_sample"], **how)
        if how["dynamo"]:
            save_onnx(program, path, external=False)
        foreign.write(path)
        apart = (onnx_call(path)(*given).float() - expected[:len(given[0])]).abs().max().item()
        print(f"{path}  {path.stat().st_size} bytes, differs by {apart:.1e}", flush=True)


def external(folder: Path) -> None:
    """The network of actions with its weights in a file of their own."""
    import onnx

    path = folder / "actions_external.onnx"
    weights = folder / "actions_external.onnx.data"
    weights.unlink(missing_ok=True)
    onnx.save_model(onnx.load(folder / "actions.onnx"), path, save_as_external_data=True, location=weights.name,
                    size_threshold=0)
    card_of(Actions).write(path)
    print(f"{path}  {path.stat().st_size} and {weights.stat().st_size} bytes")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.split("\n\n")[0])
    parser.add_argument("folder", type=Path)
    folder = parser.parse_args().folder
    folder.mkdir(parents=True, exist_ok=True)
    torch.set_num_threads(1)
    for name, network in NETWORKS.items():
        card = card_of(network)
        plain = callable_network(seeded(name), card)
        for form in ("torchscript", "onnx"):
            export(plain, card, form, "float32", folder / name)
        if name == "audio":
            export(plain, card, "onnx", "float16", folder / name)
        given = card.rows(ROWS, seed=7)
        for called, value in zip([*card.names, "expected"], [*given, plain(*given)]):
            np.save(folder / f"{name}.{called}.npy", value.numpy())
    variants(folder)
    external(folder)


if __name__ == "__main__":
    main()
