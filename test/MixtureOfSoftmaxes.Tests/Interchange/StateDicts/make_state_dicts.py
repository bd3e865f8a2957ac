#!/usr/bin/env python3
"""Makes the files that the tests of imported state dicts read, in Files/ beside this file.

Run it with a Python that has PyTorch (Debian: apt-get install python3-torch):

    python3 make_state_dicts.py

The networks have the names and shapes of the published ones (AWD-LSTM, AWD-LSTM-MoS, AWD-LSTM-DOC), tiny and untrained, and their scores are
computed in float64 by the formulas of the papers: probabilities of all words, mixed before the logarithm. The output is the same for every run,
but for the names in older-format.pt.
"""
import json
import pathlib
import struct

import torch
from torch import nn

FILES = pathlib.Path(__file__).parent / "Files"
WORDS = ["<eos>", "the", "<unk>", "cat", "sat", "on", "mat", "a", "dog", "saw", "."]  # as they first stand in a corpus
TEXTS = [["the", "cat", "sat", "on", "the", "mat", "."], [], ["a", "dog", "<unk>", "the", "<unk>"]]


class WeightDrop(nn.Module):
    """The wrapper of AWD-LSTM: the recurrent weights are a parameter of another name, from which dropout makes the layer's own."""

    def __init__(self, module):
        super().__init__()
        self.module = module
        raw = module.weight_hh_l0
        del module._parameters["weight_hh_l0"]
        module.register_parameter("weight_hh_l0_raw", nn.Parameter(raw.data))
        module.weight_hh_l0 = raw.data


class RNNModel(nn.Module):
    def __init__(self, words, embedding, hidden, last, layers, experts=None, drops_weights=True, lower=None):
        super().__init__()
        sizes = [embedding, *[hidden] * (layers - 1), last]
        self.encoder = nn.Embedding(words, embedding)
        rnns = [nn.LSTM(sizes[i], sizes[i + 1]) for i in range(layers)]
        self.rnns = nn.ModuleList([WeightDrop(rnn) for rnn in rnns] if drops_weights else rnns)
        self.lower = lower or {}
        if experts and not lower:
            self.prior = nn.Linear(last, experts, bias=False)
            self.latent = nn.Sequential(nn.Linear(last, experts * embedding), nn.Tanh())
        if lower:
            self.prior = nn.Linear(last, experts + sum(lower.values()), bias=False)
            self.latent = nn.Linear(last, experts * embedding)
            for name, count in lower.items():
                self.add_module(name, nn.Linear(hidden, count * embedding))
        self.decoder = nn.Linear(embedding, words)
        self.decoder.weight = self.encoder.weight

    @torch.no_grad()
    def log_probabilities(self, words):
        """log P [N, V] of what follows each of the words, one by one, in float64."""
        p = {name: value.double() for name, value in self.state_dict().items()}
        x, layers = p["encoder.weight"][words], []
        for i, rnn in enumerate(self.rnns):
            name = f"rnns.{i}.module." if isinstance(rnn, WeightDrop) else f"rnns.{i}."
            recurrent = p[name + ("weight_hh_l0_raw" if isinstance(rnn, WeightDrop) else "weight_hh_l0")]
            h = c = torch.zeros(recurrent.shape[1], dtype=torch.float64)
            outputs = []
            for step in x:
                gates = p[name + "weight_ih_l0"] @ step + p[name + "bias_ih_l0"] + recurrent @ h + p[name + "bias_hh_l0"]
                i_gate, f_gate, g_gate, o_gate = gates.chunk(4)
                c = torch.sigmoid(f_gate) * c + torch.sigmoid(i_gate) * torch.tanh(g_gate)
                h = torch.sigmoid(o_gate) * torch.tanh(c)
                outputs.append(h)
            x = torch.stack(outputs)
            layers.append(x)
        w, b = p["decoder.weight"], p["decoder.bias"]
        if "prior.weight" not in p:
            return torch.log_softmax(x @ w.T + b, dim=1)
        prior = torch.softmax(x @ p["prior.weight"].T, dim=1)
        if self.lower:
            sources = [*((name, layers[{"weight4first": 0, "weight4second": 1}[name]]) for name in self.lower), ("latent", x)]
            latents = [torch.tanh(layer @ p[name + ".weight"].T + p[name + ".bias"]) for name, layer in sources]
            contexts = torch.cat([latent.reshape(len(x), -1, w.shape[1]) for latent in latents], dim=1)
        else:
            contexts = torch.tanh(x @ p["latent.0.weight"].T + p["latent.0.bias"]).reshape(len(x), prior.shape[1], -1)
        return (prior.unsqueeze(2) * torch.softmax(contexts @ w.T + b, dim=2)).sum(dim=1).log()

    def scores(self):
        end = WORDS.index("<eos>")
        sums = []
        for text in TEXTS:
            ids = [WORDS.index(word) for word in text] + [end]
            log_p = self.log_probabilities(torch.tensor([end] + ids[:-1]))
            sums.append(log_p[torch.arange(len(ids)), torch.tensor(ids)].tolist())
        return sums


def randomize(model, seed, scale=0.6):
    generator = torch.Generator().manual_seed(seed)
    with torch.no_grad():
        for parameter in model.parameters():
            parameter.copy_(torch.randn(parameter.shape, generator=generator) * scale)
    return model


def flatten(model):
    """Each layer's parameters as views of one storage, as cuDNN lays them out."""
    for rnn in model.rnns:
        parameters = list(rnn.parameters())
        flat = torch.cat([parameter.data.flatten() for parameter in parameters])
        offset = 0
        for parameter in parameters:
            parameter.data = flat[offset : offset + parameter.numel()].view(parameter.shape)
            offset += parameter.numel()
    return model


def write_safetensors(path, tensors):
    header, values = {}, b""
    for name, tensor in tensors.items():
        data = tensor.contiguous().numpy().tobytes()
        kind = {torch.float16: "F16", torch.float32: "F32"}[tensor.dtype]
        header[name] = {"dtype": kind, "shape": list(tensor.shape), "data_offsets": [len(values), len(values) + len(data)]}
        values += data
    text = json.dumps(header).encode()
    path.write_bytes(struct.pack("<Q", len(text)) + text + values)


def main():
    FILES.mkdir(exist_ok=True)
    (FILES / "words.txt").write_text("".join(word + "\n" for word in WORDS), encoding="utf-8")
    v = len(WORDS)
    mos = randomize(RNNModel(v, 4, 5, 6, layers=3, experts=3), seed=1)
    awd = randomize(RNNModel(v, 4, 5, 4, layers=2), seed=2)
    flat = flatten(randomize(RNNModel(v, 4, 5, 4, layers=2, drops_weights=False), seed=3))
    half = randomize(RNNModel(v, 4, 5, 6, layers=1, experts=2), seed=4).half()

    doc = randomize(RNNModel(v, 4, 5, 6, layers=3, experts=3, lower={"weight4second": 2}), seed=5)
    both = randomize(RNNModel(v, 4, 5, 6, layers=3, experts=3, lower={"weight4first": 1, "weight4second": 1}), seed=6)

    torch.save(mos.state_dict(), FILES / "mos.pt")
    torch.save(doc.state_dict(), FILES / "doc.pt")
    torch.save(both.state_dict(), FILES / "doc-both.pt")
    torch.save(awd.state_dict(), FILES / "awd-lstm.pt")
    torch.save(flat.state_dict(), FILES / "flat.pt")
    torch.save(half.state_dict(), FILES / "half.pt")
    torch.save(mos.state_dict(keep_vars=True), FILES / "parameters.pt")
    torch.save({name: tensor.double() for name, tensor in mos.state_dict().items()}, FILES / "double.pt")
    write_safetensors(FILES / "mos.safetensors", mos.state_dict())
    scores = {"mos": mos, "awd-lstm": awd, "flat": flat, "half": half, "parameters": mos, "double": mos, "safetensors": mos,
              "doc": doc, "doc-both": both}
    (FILES / "scores.json").write_text(json.dumps(
        {"texts": [" ".join(text) for text in TEXTS], "scores": {name: model.scores() for name, model in scores.items()}}, indent=1) + "\n")

    # What is refused.
    torch.save(awd, FILES / "whole-model.pt")
    torch.save(awd.state_dict(), FILES / "older-format.pt", _use_new_zipfile_serialization=False)
    torch.save({"state_dict": awd.state_dict(), "epoch": 3}, FILES / "checkpoint.pt")


main()
