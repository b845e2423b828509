"""Exports a PyTorch network to the files that Paraflux runs, each with its card, and compares each with the network.

For example, the demo model, whose network is the class DigitsUnet of digits_unet.py, as ONNX and compiled in bfloat16:

    python tools/export_model.py --network tools/digits_unet.py:DigitsUnet --weights digits.pt --card digits.json \\
        --out FOLDER/digits --forms onnx
    python tools/export_model.py ... --forms aotinductor --precisions bfloat16
    python tools/export_model.py ... --forms aotinductor --device cuda

Prints a line a file: how far its predictions are at most from the network's, and how large predictions are.
"""

import argparse
import importlib.util
import os
import sys
import tempfile
import time
from pathlib import Path

import torch
from torch import nn

from exported_forms import FORMS, difference
from exported_network import Card, ToolError, callable_network, first_line
from half_precision import in_numbers

PRECISIONS = {"float32": (torch.float32, "", 1e-4), "bfloat16": (torch.bfloat16, "-bf16", 0.1),
              "float16": (torch.float16, "-fp16", 0.02)}
"""By the name: the type, what is appended to the file's name, and the share of the largest prediction that a file may be
apart from the network."""


def made(source: str) -> nn.Module:
    """The network that a function or class of a Python file makes, or a module that is there under a name."""
    file, _, name = source.rpartition(":")
    path = Path(file)
    if not path.is_file() or not name:
        raise ToolError(f"--network is {source}: it must be FILE.py:NAME, a Python file and what in it makes the network")
    sys.path.insert(0, str(path.resolve().parent))
    spec = importlib.util.spec_from_file_location(path.stem, path)
    module = importlib.util.module_from_spec(spec)
    sys.modules.setdefault(path.stem, module)
    try:
        spec.loader.exec_module(module)
        maker = getattr(module, name)
        network = maker if isinstance(maker, nn.Module) else maker()
    except AttributeError as problem:
        raise ToolError(f"--network: {file} has no {name}: {problem}") from problem
    except Exception as problem:  # whatever the file raises
        raise ToolError(f"--network: {source} raises {type(problem).__name__}: {first_line(problem)}") from problem
    if not isinstance(network, nn.Module):
        raise ToolError(f"--network: {source} makes {type(network).__name__}; it must make a torch.nn.Module")
    return network


def load_weights(network: nn.Module, path: Path) -> None:
    """Of a .safetensors, a state_dict of torch.save, or a TorchScript module of the same network."""
    try:
        if path.suffix == ".safetensors":
            from safetensors.torch import load_file
            weights = load_file(path)
        else:
            try:
                weights = torch.jit.load(str(path), map_location="cpu").state_dict()
            except RuntimeError:
                weights = torch.load(path, map_location="cpu", weights_only=True)
    except Exception as problem:  # of many kinds, by what the file is
        raise ToolError(f"--weights: {path} is no .safetensors, state_dict or TorchScript file that can be read "
                        f"({type(problem).__name__})") from problem
    try:
        network.load_state_dict(weights)
    except Exception as problem:
        why = " ".join(str(problem).split())[:300]
        raise ToolError(f"--weights: {path} does not hold the weights of {type(network).__name__}: {why}") from problem


def export(network: nn.Module, card: Card, form: str, precision: str, out: Path, **how) -> Path:
    """Writes one file and its card, in the place of what is there; nothing of a file that is too far from the network."""
    write, suffix = FORMS[form]
    numbers, mark, limit = PRECISIONS[precision]
    path = out.with_name(out.name + mark + suffix)
    begin = time.monotonic()
    with tempfile.TemporaryDirectory(prefix=f".{path.name}.", dir=path.parent) as folder:
        part = Path(folder) / path.name
        call = write(in_numbers(network, card, numbers), card, numbers, part, **how)
        apart = difference(call, network, card)
        with torch.no_grad():
            largest = network(*card.rows(33, seed=33)).abs().max().item()
        if not apart <= limit * largest:
            raise ToolError(f"as {form} in {precision} the network deviates by {apart:.2g}, where predictions are "
                            f"{largest:.2g} at most: at most {limit * largest:.2g} is accepted, and nothing was written. A "
                            "trace keeps the branches of one run: let forward not branch on values")
        card.write(part)
        for file in Path(folder).iterdir():
            os.replace(file, path.with_name(file.name))
    size = path.stat().st_size / 1e6
    print(f"{path}  {form} {precision}, {size:.3g} MB, differs by {apart:.1e} of {largest:.2g}, "
          f"{time.monotonic() - begin:.0f} s", flush=True)
    return path


def arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0], epilog="\n".join(__doc__.splitlines()[2:]),
                                     formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--network", required=True, metavar="FILE.py:NAME",
                        help="a Python file, and the function, class or module in it: called without arguments, it makes "
                             "the network, whose forward takes x, t and the card's other inputs in the card's order")
    parser.add_argument("--weights", type=Path, metavar="FILE",
                        help="a state_dict (torch.save), .safetensors or TorchScript file for it; left out where NAME "
                             "makes the network with its weights")
    parser.add_argument("--card", required=True, type=Path, metavar="FILE.json",
                        help="the model's card (see README.md); it is written beside each file under the file's name")
    parser.add_argument("--out", required=True, type=Path, metavar="FOLDER/NAME",
                        help="files are FOLDER/NAME.pt, .onnx and .pt2; -bf16 or -fp16 is appended to NAME")
    parser.add_argument("--forms", default="torchscript,onnx", metavar="LIST",
                        help="some of torchscript, onnx, aotinductor, with commas; default torchscript,onnx")
    parser.add_argument("--precisions", default="float32", metavar="LIST",
                        help="some of float32, bfloat16, float16: what a file calculates with inside; rows are float32 all "
                             "the same. TorchScript is float32, ONNX float32 or float16. Default float32")
    parser.add_argument("--processor", default="native", choices=("native", "avx2", "avx512"),
                        help="what AOTInductor compiles for: this CPU, or any with AVX2 or AVX-512")
    parser.add_argument("--device", default="cpu", choices=("cpu", "cuda"),
                        help="where packages of AOTInductor run: on a CPU, or on CUDA devices of this one's kind, which must "
                             "be here. Other forms run on either as they are")
    parser.add_argument("--threads", type=int, default=1, help="threads for the export itself; default 1")
    options = parser.parse_args()
    for name, legal in (("forms", FORMS), ("precisions", PRECISIONS)):
        given = getattr(options, name).split(",")
        wrong = [one for one in given if one not in legal]
        if wrong:
            parser.error(f"--{name} names {wrong[0]!r}; it must be some of {', '.join(legal)}")
        setattr(options, name, given)
    if not options.out.resolve().parent.is_dir():
        parser.error(f"--out is {options.out}; its folder does not exist")
    if options.device == "cuda" and not torch.cuda.is_available():
        parser.error("--device is cuda, and this PyTorch finds no such device: compile the package where one is")
    if options.threads < 1:
        parser.error(f"--threads is {options.threads}; it must be at least 1")
    return options


def main() -> None:
    options = arguments()
    torch.set_num_threads(options.threads)
    card = Card.read(options.card)
    network = made(options.network)
    if options.weights is not None:
        load_weights(network, options.weights)
    network = callable_network(network.float(), card)
    for form in options.forms:
        for precision in options.precisions:
            how = {"processor": options.processor, "device": options.device} if form == "aotinductor" else {}
            export(network, card, form, precision, options.out, **how)


if __name__ == "__main__":
    try:
        main()
    except ToolError as error:
        sys.exit(f"export_model.py: {error}")
