"""Writes a network as TorchScript, ONNX or AOTInductor, and tells how far what was written is from the network.

Each form is a function (network, card, numbers, path) that writes the file and returns how to call it.
"""

import contextlib
import copy
import io
import logging
import os
import subprocess
import tempfile
import warnings
from collections.abc import Callable
from pathlib import Path

import torch
from torch import Tensor, nn

from exported_network import Card, ToolError, first_line

EXAMPLE_ROWS = 40
"""More than 16: Inductor takes the example's rows for typical, and from few makes a package that takes few only."""
MOST_ROWS = 1024
_INLINE_BYTES = 1_500_000_000
"""A protobuf holds 2 GB; weights of more lie in a file of their own."""

Call = Callable[..., Tensor]


def torchscript(network: nn.Module, card: Card, numbers: torch.dtype, path: Path) -> Call:
    """Scripted where that is possible, since a trace keeps the branches of one run."""
    if numbers != torch.float32:
        raise ToolError("TorchScript is written in float32: the precision of a .pt is chosen where it is loaded")
    try:
        module = torch.jit.script(network)
        # Without the branches that constants rule out: interpolate's name what older versions of libtorch do not know.
        for change in ("inline", "constant_propagation", "peephole", "constant_propagation", "dce"):
            getattr(torch._C, f"_jit_pass_{change}")(module.graph)
    except Exception:  # whatever the compiler does not understand
        try:
            module = torch.jit.trace(network, card.rows(3), check_inputs=[card.rows(5, 1)])
        except Exception as problem:
            raise ToolError(f"TorchScript neither scripts nor traces the network: {first_line(problem)}") from problem
    buffer = io.BytesIO()
    torch.jit.save(module, buffer)
    _save_without_sources(buffer, path)
    return torch.jit.load(str(path)).eval()


def onnx(network: nn.Module, card: Card, numbers: torch.dtype, path: Path) -> Call:
    """Inputs by the card's names, all [batch, ...], a float32 time of each row; the answer is "prediction"."""
    if numbers == torch.bfloat16:
        raise ToolError("ONNX Runtime calculates in bfloat16 on no CPU: ask for float32 or float16, or for another form")
    arguments = card.rows(EXAMPLE_ROWS)
    try:
        with quiet():
            program = torch.onnx.export(network, arguments, dynamo=True, input_names=card.names,
                                        output_names=["prediction"], dynamic_shapes=_dynamic(network, arguments),
                                        opset_version=20, verbose=False)
    except Exception as problem:
        raise ToolError(f"torch.onnx does not export the network: {first_line(problem)}") from problem
    size = sum(value.numel() * value.element_size() for value in network.state_dict().values())
    save_onnx(program, path, external=size > _INLINE_BYTES)
    return onnx_call(path)


def save_onnx(program: torch.onnx.ONNXProgram, path: Path, external: bool) -> None:
    """Without the lines and paths of the sources.

    external: weights lie in a file of their own beside it, as they must from 2 GB on
    """
    graph = program.model.graph
    for one in (program.model, graph, *graph.all_nodes(), *graph.inputs, *graph.outputs):
        one.metadata_props.clear()
    for value in graph.initializers.values():
        value.metadata_props.clear()
    for node in graph.all_nodes():
        for value in node.outputs:
            value.metadata_props.clear()
    program.save(path, external_data=external)


def onnx_call(path: Path) -> Call:
    """A file, run by ONNX Runtime."""
    import onnxruntime

    options = onnxruntime.SessionOptions()
    options.log_severity_level = 4
    session = onnxruntime.InferenceSession(str(path), options, providers=["CPUExecutionProvider"])
    names = [one.name for one in session.get_inputs()]

    def call(*arguments: Tensor) -> Tensor:
        given = {name: value.numpy() for name, value in zip(names, arguments)}
        return torch.from_numpy(session.run(None, given)[0])

    return call


def aotinductor(network: nn.Module, card: Card, numbers: torch.dtype, path: Path, processor: str = "native",
                device: str = "cpu") -> Call:
    """Compiled for a CPU, or a kind of CUDA device. The package takes 1 to MOST_ROWS rows.

    The network is left where it is; what is answered is brought to where it was asked from.
    """
    arguments = tuple(value.to(device) for value in card.rows(EXAMPLE_ROWS))
    options = {"aot_inductor.metadata": {"PARAFLUX_PRECISION": str(numbers).removeprefix("torch."),
                                         "PARAFLUX_PROCESSOR": " ".join(sorted(_processor_needs(processor)))}}
    # Else two rows are the fewest, as by versions that have no such choice.
    if hasattr(torch._inductor.config.aot_inductor, "check_lowerbound"):
        options["aot_inductor.check_lowerbound"] = False
    if processor != "native":
        options |= {"cpp.simdlen": {"avx2": 256, "avx512": 512}[processor],
                    "cpp.march": {"avx2": "x86-64-v3", "avx512": "x86-64-v4"}[processor]}
    if device != "cpu":
        # Rows are float32, as on a CPU; some of what is compiled has this from here.
        torch.backends.cudnn.allow_tf32 = torch.backends.cuda.matmul.allow_tf32 = False
        network = copy.deepcopy(network).to(device)
    try:
        with quiet(), torch.no_grad():
            program = torch.export.export(network, arguments, dynamic_shapes=_dynamic(network, arguments))
    except Exception as problem:
        raise ToolError(f"torch.export does not trace the network: {first_line(problem)}") from problem
    package = path.with_name(path.stem + ".part.pt2")
    # Weights laid out ahead gain a tenth in bfloat16, nothing in float32, and are not to be had for every layer.
    for frozen in (True, False) if numbers != torch.float32 else (False,):
        try:
            with quiet(), torch.no_grad():
                torch._inductor.aoti_compile_and_package(program, package_path=str(package.resolve()),
                                                         inductor_configs={**options, "freezing": frozen})
            break
        except Exception as problem:
            if not frozen:
                raise ToolError(f"AOTInductor does not compile the network: {first_line(problem)}") from problem
    _save_without_sources(io.BytesIO(package.read_bytes()), path)
    package.unlink()
    os.environ["AOTI_RUNTIME_CHECK_INPUTS"] = "1"
    compiled = torch._inductor.aoti_load_package(str(path.resolve()))
    return lambda *given: compiled(*(value.to(device) for value in given)).to(given[0].device)


_LEVEL_3 = {"avx", "avx2", "bmi1", "bmi2", "f16c", "fma", "abm", "movbe"}
_LEVEL_4 = _LEVEL_3 | {"avx512f", "avx512bw", "avx512cd", "avx512dq", "avx512vl"}
_OTHERS = ("amx", "avx", "sse4", "sha", "gfni", "vaes", "vpclmulqdq", "adx", "bmi", "fma", "f16c", "abm", "movbe")


def _processor_needs(processor: str) -> set[str]:
    """What /proc/cpuinfo must list where a package is to run: all that the compiler may have made use of."""
    if processor != "native":
        return _LEVEL_3 if processor == "avx2" else _LEVEL_4
    for line in Path("/proc/cpuinfo").read_text().splitlines():
        if line.startswith("flags"):
            return {flag for flag in line.split() if flag.startswith(_OTHERS)}
    raise ToolError("/proc/cpuinfo does not tell what this CPU can do: say --processor avx2 or avx512")


FORMS = {"torchscript": (torchscript, ".pt"), "onnx": (onnx, ".onnx"), "aotinductor": (aotinductor, ".pt2")}


@torch.no_grad()
def difference(call: Call, network: nn.Module, card: Card, batches: tuple[int, ...] = (1, 2, 3, 16, 33)) -> float:
    """The largest |difference| from the network on rows of mixed times; not a number counts as infinite."""
    largest = 0.0
    for rows in batches:
        arguments = card.rows(rows, seed=rows)
        found = call(*arguments)
        apart = (found - network(*arguments)).abs().max().item()
        largest = max(largest, apart if apart == apart else float("inf"))
    return largest


def _dynamic(network: nn.Module, arguments: tuple[Tensor, ...]):
    """The first size of every argument is the batch."""
    batch = torch.export.Dim("batch", min=1, max=MOST_ROWS)
    sizes = tuple({0: batch} for _ in arguments)
    # forward(*arguments) has one parameter, a tuple.
    code = network.forward.__func__.__code__
    return (sizes,) if code.co_flags & 0x04 and code.co_argcount == 1 else sizes


def _save_without_sources(archive: io.BytesIO, path: Path) -> None:
    """Writes an archive of PyTorch anew, without the lines and paths of the sources, which are nobody else's matter."""
    archive.seek(0)
    reader = torch._C.PyTorchFileReader(archive)
    writer = torch._C.PyTorchFileWriter(str(path))
    writer.set_min_version(int(reader.get_record("version" if reader.has_record("version") else ".data/version")))
    for name in reader.get_all_records():
        if not name.endswith((".debug_pkl", ".cpp")) and name not in ("version", "byteorder", ".data/version",
                                                                      ".data/serialization_id"):
            record = reader.get_record(name)
            if name.endswith(".so"):
                record = _stripped(record)
            writer.write_record(name, record, len(record))
    writer.write_end_of_file()


def _stripped(library: bytes) -> bytes:
    """A library without what debuggers alone read: 1 MB, with paths. strip comes with the compiler."""
    with tempfile.NamedTemporaryFile(suffix=".so") as file:
        file.write(library)
        file.flush()
        subprocess.run(["strip", "--strip-all", file.name], check=True)
        return Path(file.name).read_bytes()


@contextlib.contextmanager
def quiet():
    """Without what exporters say to their own developers."""
    level = logging.root.manager.disable
    logging.disable(logging.WARNING)
    try:
        with warnings.catch_warnings(), contextlib.redirect_stdout(io.StringIO()):
            warnings.simplefilter("ignore")
            yield
    finally:
        logging.disable(level)
