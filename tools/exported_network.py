"""A network as Paraflux calls it: what its card says that it takes, rows to try it on, and one tensor as its answer."""

import json
from dataclasses import dataclass
from pathlib import Path

import torch
from torch import Tensor, nn

TYPES = {"float32": torch.float32, "int64": torch.int64}


class ToolError(Exception):
    """The input is not usable; the message says why."""


@dataclass(frozen=True)
class Input:
    """What a network takes of each row besides x and t."""

    name: str
    shape: tuple[int, ...]
    type: torch.dtype
    classes: int
    """Of a label; 0 if it is none."""
    null: int | None

    def values(self, rows: int, generator: torch.Generator) -> Tensor:
        """Rows to try a network on: every class in turn and the null one, or numbers of no meaning."""
        if self.classes > 0:
            highest = max(self.classes - 1, self.null or 0)
            return torch.arange(highest, highest - rows, -1) % (highest + 1)
        if self.type == torch.int64:
            return torch.zeros((rows, *self.shape), dtype=torch.int64)
        return torch.randn((rows, *self.shape), generator=generator)


class Card:
    """The JSON that lies beside a model file."""

    def __init__(self, content: dict) -> None:
        self.content = content
        try:
            self.shape = tuple(int(size) for size in content["shape"])
            self.names = [one if isinstance(one, str) else one["name"] for one in content["inputs"]]
            self.inputs = [self._input(one) for one in content["inputs"][2:]]
            self.steps = int(content["scheduler"].get("num_train_timesteps", 1000))
        except (KeyError, TypeError, AttributeError) as problem:
            raise ToolError(f"the card has no usable {problem}; see tools/README.md") from problem
        if not 1 <= len(self.shape) <= 4 or len(self.names) < 2:
            raise ToolError(f"the card says shape {list(self.shape)} and inputs {self.names}: a shape has 1 to 4 sizes, "
                            "and inputs begin with the names of x and t")

    @staticmethod
    def read(path: Path) -> "Card":
        try:
            return Card(json.loads(path.read_text(encoding="utf-8")))
        except OSError as problem:
            raise ToolError(f"card {path} cannot be read: {problem.strerror}") from problem
        except ValueError as problem:
            raise ToolError(f"card {path} is not JSON: {problem}") from problem

    def _input(self, given: str | dict) -> Input:
        content = self.content
        if given == "label":
            return Input("label", (), torch.int64, content["labels"], content.get("nullLabel"))
        if given == "encoder_hidden_states":
            return Input(given, tuple(content["embedding"]), torch.float32, 0, None)
        if isinstance(given, str):
            raise ToolError(f"the card's input {given} must be label, encoder_hidden_states, or an object with name, "
                            "type and shape")
        classes = given.get("classes", 0)
        name = given.get("type", "int64" if classes else "float32")
        if name not in TYPES:
            raise ToolError(f"the card's input {given['name']} has type {name}: it must be float32 or int64")
        return Input(given["name"], tuple(given.get("shape", ())), TYPES[name], classes, given.get("null"))

    def rows(self, rows: int, seed: int = 0) -> tuple[Tensor, ...]:
        """Arguments of a call of so many rows, at times of their own."""
        generator = torch.Generator().manual_seed(seed)
        x = torch.randn((rows, *self.shape), generator=generator)
        t = torch.rand(rows, generator=generator) * (self.steps - 1)
        return x, t, *(one.values(rows, generator) for one in self.inputs)

    def write(self, path: Path) -> None:
        """Beside a model file, under its name."""
        named = {**self.content, "name": path.stem}
        path.with_suffix(".json").write_text(json.dumps(named, indent=2) + "\n", encoding="utf-8")


class OneTensor(nn.Module):
    """Answers with the prediction alone, float32, where a network answers with a tuple, a dict or an object."""

    def __init__(self, network: nn.Module) -> None:
        super().__init__()
        self.network = network

    def forward(self, *arguments: Tensor) -> Tensor:
        return prediction(self.network(*arguments)).float()


def prediction(answer) -> Tensor:
    """The one tensor of an answer: itself, `.sample`, `["sample"]`, or the first."""
    if isinstance(answer, Tensor):
        return answer
    if hasattr(answer, "sample"):
        return prediction(answer.sample)
    if isinstance(answer, dict) and answer:
        return prediction(answer["sample"] if "sample" in answer else next(iter(answer.values())))
    if isinstance(answer, (tuple, list)) and answer:
        return prediction(answer[0])
    raise ToolError(f"the network answers with {type(answer).__name__}: it must answer with a tensor of the shape of x, a "
                    "tuple or dict of which that is the first, or an object with it as .sample")


@torch.no_grad()
def callable_network(network: nn.Module, card: Card) -> nn.Module:
    """The network, in a wrapper where it needs one; refused if it does not do what the card says."""
    network = network.eval().requires_grad_(False)
    arguments = card.rows(3)
    try:
        answer = network(*arguments)
    except Exception as problem:  # whatever the network raises
        given = ", ".join(f"{name} {list(value.shape)}" for name, value in zip(card.names, arguments))
        raise ToolError(f"the network fails on what the card says that it takes ({given}): {first_line(problem)}") \
            from problem
    found = prediction(answer)
    if found.shape != arguments[0].shape:
        raise ToolError(f"the network answers {list(found.shape)} to an x of {list(arguments[0].shape)}: the prediction "
                        "must have the shape of x")
    if not found.isfinite().all():
        raise ToolError("the network answers numbers that are not finite to x of normal noise")
    if not found.any():
        raise ToolError("the network answers nothing but zeros: it may not be trained yet, or lack its weights (--weights)")
    alone = torch.cat([prediction(network(*(value[k:k + 1] for value in arguments))) for k in range(3)])
    apart = (alone - found).abs().max() / found.abs().max().clamp(min=1e-30)
    if not apart <= 1e-3:
        raise ToolError(f"a row's prediction depends on the other rows of its batch (relative difference {apart:.1e}): "
                        "normalize each row by itself, not the batch")
    plain = isinstance(answer, Tensor) and answer.dtype == torch.float32
    return network if plain else OneTensor(network).eval()


def first_line(problem: Exception) -> str:
    """What an exception says, in a line."""
    lines = str(problem).strip().splitlines()
    return lines[0][:300] if lines else type(problem).__name__
