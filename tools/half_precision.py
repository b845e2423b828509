"""Brings a network to bfloat16 or float16 inside: float32 rows go in, and float32 predictions come out.

Layers that hold weights calculate in the other numbers, and what lies between them follows. What leads from the time to
the network, its embedding, stays in float32: bfloat16 has 8 bits, and would round step 916 to 916 +- 2.
"""

import copy

import torch
from torch import Tensor, nn

from exported_network import Card, OneTensor, ToolError, first_line

_LAYERS = (nn.Linear, nn.Conv1d, nn.Conv2d, nn.Conv3d, nn.ConvTranspose1d, nn.ConvTranspose2d, nn.ConvTranspose3d,
           nn.GroupNorm, nn.LayerNorm, nn.MultiheadAttention)


class LayerOf(nn.Module):
    """A layer in numbers of a type, whatever it is given."""

    def __init__(self, layer: nn.Module, numbers: torch.dtype) -> None:
        super().__init__()
        self.layer = layer.to(numbers)
        self.numbers = numbers

    def __getattr__(self, name: str):
        try:
            return super().__getattr__(name)
        except AttributeError:  # networks ask layers for their weight, or sizes
            return getattr(super().__getattr__("layer"), name)

    def forward(self, *arguments, **named):
        return self.layer(*(self._cast(one) for one in arguments), **{k: self._cast(v) for k, v in named.items()})

    def _cast(self, value):
        return value.to(self.numbers) if isinstance(value, Tensor) and value.is_floating_point() else value


@torch.no_grad()
def in_numbers(network: nn.Module, card: Card, numbers: torch.dtype) -> nn.Module:
    """A copy of a callable network that calculates in these numbers."""
    if numbers == torch.float32:
        return network
    network = copy.deepcopy(network)
    timed = _time_layers(network, card)
    found = [name for name, layer in network.named_modules() if isinstance(layer, _LAYERS) and name not in timed]
    for name in found:
        if any(name.startswith(other + ".") for other in found):
            continue  # part of a layer that is cast as a whole
        parent, _, last = name.rpartition(".")
        setattr(network.get_submodule(parent), last, LayerOf(network.get_submodule(name), numbers))
    network = OneTensor(network).eval()
    try:
        network(*card.rows(3))
    except RuntimeError as problem:
        raise ToolError(f"the network cannot be brought to {str(numbers).removeprefix('torch.')}: {first_line(problem)}; "
                        "it uses weights outside of layers: cast inside forward, and export it as it is") from problem
    return network


def _time_layers(network: nn.Module, card: Card) -> set[str]:
    """The layers whose input follows the time, and not x."""
    x, t, *others = card.rows(3)
    first = _layer_inputs(network, (x, t, *others))
    other_time = _layer_inputs(network, (x, t.flip(0), *others))
    other_rows = _layer_inputs(network, (x.flip(0) + 1, t, *others))
    return {name for name, value in first.items()
            if not torch.equal(value, other_time[name]) and torch.equal(value, other_rows[name])}


def _layer_inputs(network: nn.Module, arguments: tuple[Tensor, ...]) -> dict[str, Tensor]:
    """What the layers are given in a call, their first argument."""
    seen: dict[str, Tensor] = {}

    def look(name: str):
        def hook(_layer, given):
            if given and isinstance(given[0], Tensor):
                seen[name] = given[0].clone()
        return hook

    hooks = [layer.register_forward_pre_hook(look(name)) for name, layer in network.named_modules()
             if isinstance(layer, _LAYERS)]
    try:
        network(*arguments)
    finally:
        for one in hooks:
            one.remove()
    return seen
