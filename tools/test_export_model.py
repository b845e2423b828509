"""Tests of export_model.py: python -m unittest discover -s tools. A minute; AOTInductor's alone need a C++ compiler."""

import io
import json
import sys
import tempfile
import unittest
from contextlib import redirect_stderr, redirect_stdout
from pathlib import Path
from unittest import mock

import torch
import torch.nn.functional as F
from torch import Tensor, nn

sys.path.insert(0, str(Path(__file__).parent))
import export_model
import exported_forms
from exported_forms import difference, onnx_call
from exported_network import Card, ToolError, callable_network
from half_precision import LayerOf, in_numbers
from tiny_networks import NETWORKS, card_of, seeded


class Answers(nn.Module):
    """The vector network, in something else than a tensor."""

    def __init__(self, answer) -> None:
        super().__init__()
        self.network, self.answer = seeded("vector"), answer

    def forward(self, x: Tensor, t: Tensor):
        return self.answer(self.network(x, t))


class Enlarging(nn.Module):
    """Calls a function that names newer operators on the way that it does not go."""

    def forward(self, x: Tensor, t: Tensor) -> Tensor:
        return F.interpolate(x[:, None, ::2], scale_factor=2.0, mode="nearest")[:, 0] + t[:, None] / 1000


class Sampled:
    def __init__(self, sample: Tensor) -> None:
        self.sample = sample


class Attending(nn.Module):
    """Tokens [4, 8] by an attention that keeps its weights outside of plain layers."""

    def __init__(self) -> None:
        super().__init__()
        torch.manual_seed(1)
        self.time, self.attention = nn.Linear(1, 8), nn.MultiheadAttention(8, 2, batch_first=True)

    def forward(self, x: Tensor, t: Tensor) -> Tensor:
        h = x + self.time(t[:, None] / 1000)[:, None, :]
        return self.attention(h, h, h, need_weights=False)[0]


class Loose(nn.Module):
    """Multiplies with a weight that is in no layer."""

    def __init__(self) -> None:
        super().__init__()
        self.first, self.weight = nn.Linear(6, 6), nn.Parameter(torch.eye(6))

    def forward(self, x: Tensor, t: Tensor) -> Tensor:
        return self.first(x) @ self.weight + t[:, None] * 0


class Branching(Answers):
    """Cannot be scripted, and traces one of its two branches."""

    def __init__(self) -> None:
        super().__init__(lambda y: y)

    def forward(self, *arguments: Tensor) -> Tensor:
        return super().forward(*arguments) * (1 if len(arguments[0]) < 8 else 2)


def tokens() -> Card:
    return Card({**card_of(NETWORKS["vector"]).content, "shape": [4, 8]})


VECTOR = card_of(NETWORKS["vector"])


class ExportModelTest(unittest.TestCase):
    def setUp(self) -> None:
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.folder = Path(folder.name)

    def export(self, network: nn.Module, card: Card, form: str, precision: str = "float32") -> Path:
        with redirect_stdout(io.StringIO()):
            return export_model.export(callable_network(network, card), card, form, precision, self.folder / "a")

    def refused(self, words: str, action) -> None:
        with self.assertRaises(ToolError) as caught:
            action()
        self.assertIn(words, str(caught.exception))

    def test_an_answer_of_any_kind_is_one_tensor_in_the_file(self) -> None:
        expected = seeded("vector")
        for answer in (lambda y: (y, y + 1), lambda y: {"other": y + 1, "sample": y}, lambda y: [y], Sampled,
                       lambda y: y.double()):
            for form in ("torchscript", "onnx"):
                path = self.export(Answers(answer), VECTOR, form)
                call = onnx_call(path) if form == "onnx" else torch.jit.load(str(path))
                self.assertLess(difference(call, expected, VECTOR), 1e-6)

    def test_torchscript_names_no_operator_that_is_not_run(self) -> None:
        path = self.export(Enlarging(), VECTOR, "torchscript")
        self.assertNotIn("lanczos", " ".join(torch.jit.export_opnames(torch.jit.load(str(path)))))
        self.assertNotIn("torch._upsample_lanczos", torch.jit.load(str(path)).code)

    def test_the_card_lies_beside_under_the_name_of_the_file(self) -> None:
        path = self.export(seeded("audio"), card_of(NETWORKS["audio"]), "onnx", "float16")
        self.assertEqual("a-fp16.onnx", path.name)
        card = json.loads(path.with_suffix(".json").read_text())
        self.assertEqual({**card_of(NETWORKS["audio"]).content, "name": "a-fp16"}, card)

    def test_files_tell_no_paths_of_this_machine(self) -> None:
        for form in ("torchscript", "onnx", "aotinductor"):
            content = self.export(seeded("vector"), VECTOR, form).read_bytes()
            for path in (str(Path(__file__).parent).encode(), b"debug_pkl"):
                self.assertFalse(path in content, f"{form}: {path}")

    def test_weights_of_three_kinds_are_read(self) -> None:
        source = seeded("vector")
        scripted, plain, other = (self.folder / name for name in ("w.pt", "w.pth", "w.safetensors"))
        torch.jit.script(source).save(str(scripted))
        torch.save(source.state_dict(), plain)
        from safetensors.torch import save_file
        save_file(source.state_dict(), other)
        for path in (scripted, plain, other):
            network = NETWORKS["vector"]()
            export_model.load_weights(network, path)
            self.assertEqual(0, difference(network, source, VECTOR))
        self.refused("does not hold the weights of Audio", lambda: export_model.load_weights(seeded("audio"), plain))
        self.refused("is no .safetensors", lambda: export_model.load_weights(seeded("audio"), Path(__file__)))

    def test_a_file_that_is_too_far_off_replaces_nothing(self) -> None:
        path = self.export(seeded("vector"), VECTOR, "torchscript")
        before = {one.name: one.read_bytes() for one in self.folder.iterdir()}
        self.refused("nothing was written", lambda: self.export(Branching(), VECTOR, "torchscript"))
        self.assertEqual(before, {one.name: one.read_bytes() for one in self.folder.iterdir()})
        self.assertEqual({"a.pt", "a.json"}, set(before))
        self.assertTrue(path.is_file())

    def test_weights_of_gigabytes_lie_beside_an_onnx_file(self) -> None:
        with mock.patch.object(exported_forms, "_INLINE_BYTES", 100):
            path = self.export(seeded("picture"), card_of(NETWORKS["picture"]), "onnx")
        self.assertEqual({"a.onnx", "a.onnx.data", "a.json"}, {one.name for one in self.folder.iterdir()})
        self.assertLess(difference(onnx_call(path), seeded("picture"), card_of(NETWORKS["picture"])), 1e-6)

    def test_half_numbers_leave_the_time_in_float32(self) -> None:
        card = card_of(NETWORKS["audio"])
        network = in_numbers(callable_network(seeded("audio"), card), card, torch.bfloat16)
        cast = [name for name, layer in network.named_modules() if isinstance(layer, LayerOf)]
        self.assertEqual(["network.first", "network.norm", "network.last"], cast)
        apart = difference(network, seeded("audio"), card)
        self.assertTrue(1e-5 < apart < 0.02, apart)

    def test_attention_as_a_whole_is_brought_to_other_numbers(self) -> None:
        network = callable_network(Attending(), tokens())
        apart = difference(in_numbers(network, tokens(), torch.float16), network, tokens())
        self.assertTrue(0 < apart < 0.01, apart)

    def test_what_cannot_be_brought_to_them_is_refused(self) -> None:
        network = callable_network(Loose(), VECTOR)
        self.refused("cannot be brought to float16", lambda: in_numbers(network, VECTOR, torch.float16))
        self.refused("chosen where it is loaded", lambda: self.export(seeded("vector"), VECTOR, "torchscript", "float16"))
        self.refused("on no CPU", lambda: self.export(seeded("vector"), VECTOR, "onnx", "bfloat16"))

    def test_networks_that_do_not_do_what_the_card_says_are_refused(self) -> None:
        self.refused("fails on what the card says", lambda: callable_network(seeded("audio"), VECTOR))
        self.refused("must have the shape of x", lambda: callable_network(Answers(lambda y: y[:, :2]), VECTOR))
        self.refused("answers with str", lambda: callable_network(Answers(lambda y: "a"), VECTOR))
        self.refused("not finite", lambda: callable_network(Answers(lambda y: y / 0), VECTOR))
        self.refused("nothing but zeros", lambda: callable_network(Answers(lambda y: y * 0), VECTOR))
        self.refused("depends on the other rows", lambda: callable_network(Answers(lambda y: y - y.mean(0)), VECTOR))

    def test_cards_that_cannot_be_used_are_refused(self) -> None:
        for change, words in (({"shape": []}, "1 to 4 sizes"), ({"inputs": ["x"]}, "begin with the names"),
                              ({"inputs": ["x", "t", "label"]}, "'labels'"),
                              ({"inputs": ["x", "t", "mask"]}, "input mask must be"),
                              ({"inputs": ["x", "t", {"name": "a", "type": "int8"}]}, "float32 or int64")):
            self.refused(words, lambda change=change: Card({**VECTOR.content, **change}))
        self.refused("cannot be read", lambda: Card.read(self.folder / "none.json"))

    def test_what_makes_the_network_is_named_where_it_does_not(self) -> None:
        here = self.folder / "made.py"
        here.write_text("import torch\nthing = 3\ndef fails():\n    raise ValueError('no')\ndef makes():\n    return thing\n"
                        "network = torch.nn.Identity()\n")
        self.assertIsInstance(export_model.made(f"{here}:network"), nn.Identity)
        self.refused("must be FILE.py:NAME", lambda: export_model.made(str(here)))
        self.refused("has no other", lambda: export_model.made(f"{here}:other"))
        self.refused("raises ValueError: no", lambda: export_model.made(f"{here}:fails"))
        self.refused("makes int", lambda: export_model.made(f"{here}:makes"))

    def test_a_compiled_package_takes_one_row_and_many(self) -> None:
        path = self.export(seeded("vector"), VECTOR, "aotinductor")
        call = torch._inductor.aoti_load_package(str(path))
        self.assertLess(difference(call, seeded("vector"), VECTOR, (1, 2, 63, 1024)), 1e-5)
        with self.assertRaises(RuntimeError):
            call(*VECTOR.rows(1025))

    @unittest.skipIf(torch.cuda.is_available(), "a CUDA device is here")
    def test_a_device_that_is_not_here_is_refused(self) -> None:
        told = io.StringIO()
        given = ["export_model.py", "--network", "a.py:b", "--card", "a.json", "--out", str(self.folder / "a"), "--device", "cuda"]
        with mock.patch.object(sys, "argv", given), redirect_stderr(told), self.assertRaises(SystemExit):
            export_model.arguments()
        self.assertIn("--device is cuda, and this PyTorch finds no such device", told.getvalue())

    @unittest.skipUnless(torch.cuda.is_available(), "no CUDA device is here")
    def test_a_package_for_a_device_answers_as_the_network(self) -> None:
        with redirect_stdout(io.StringIO()):
            path = export_model.export(callable_network(seeded("vector"), VECTOR), VECTOR, "aotinductor", "float32",
                                       self.folder / "a", device="cuda")
        self.assertTrue(path.is_file())


if __name__ == "__main__":
    unittest.main()
