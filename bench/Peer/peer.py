"""The published mixture of softmaxes in plain PyTorch, at the sizes of Penn Treebank, to compare the library with on the same machine.

What its authors' code computes: an AWD-LSTM with dropped recurrent weights and locked dropout, K softmaxes weighted and summed to one
distribution, of which 1e-8 more than the target's share is taken the logarithm; SGD with clipping and the two activation regularisers.
Every mode prints one JSON line: milliseconds of the head (forward and backward), of a whole training step, tokens per second of it and of
scoring, and the head's memory. Usage: python3 peer.py [seconds for each mode, default 20]
"""
import json
import sys
import time

import torch
from torch import nn
from torch.nn import functional

VOCABULARY, EMBEDDING, HIDDEN, LAST, EXPERTS, COLUMNS, STEPS = 10_000, 280, 960, 620, 15, 12, 70
WORD, INPUT, BETWEEN, OUTPUT, LATENT, WEIGHT = 0.1, 0.4, 0.225, 0.4, 0.29, 0.5
ALPHA, BETA, CLIP, RATE, DECAY = 2.0, 1.0, 0.25, 20.0, 1.2e-6
DEVICE = torch.device("cuda" if torch.cuda.is_available() else "cpu")


def kept(*shape, rate):
    """A dropout mask: zeros, and elsewhere what keeps the mean."""
    return torch.bernoulli(torch.full(shape, 1 - rate, device=DEVICE)) / (1 - rate)


class Head(nn.Module):
    def __init__(self, weight):
        super().__init__()
        self.weight = weight
        self.bias = nn.Parameter(torch.zeros(VOCABULARY))
        self.latent = nn.Linear(LAST, EXPERTS * EMBEDDING)
        self.prior = nn.Linear(LAST, EXPERTS, bias=False)

    def forward(self, hidden, targets):
        contexts = torch.tanh(self.latent(hidden))
        if self.training:
            contexts = contexts * kept(1, contexts.shape[1], contexts.shape[2], rate=LATENT)
        logits = functional.linear(contexts.reshape(-1, EMBEDDING), self.weight, self.bias)
        shares = self.prior(hidden).reshape(-1, EXPERTS).softmax(-1)
        mixed = (logits.softmax(-1).view(-1, EXPERTS, VOCABULARY) * shares.unsqueeze(-1)).sum(1)
        return functional.nll_loss((mixed + 1e-8).log(), targets)


class Model(nn.Module):
    def __init__(self):
        super().__init__()
        self.embedding = nn.Parameter(torch.empty(VOCABULARY, EMBEDDING).uniform_(-0.1, 0.1))
        sizes = [EMBEDDING, HIDDEN, HIDDEN, LAST]
        self.layers = nn.ModuleList(nn.LSTM(a, b) for a, b in zip(sizes, sizes[1:]))
        self.head = Head(self.embedding)

    def encode(self, words):
        x = self.embedding
        if self.training:
            x = x * kept(VOCABULARY, 1, rate=WORD)
        x = functional.embedding(words, x)
        if self.training:
            x = x * kept(1, COLUMNS, EMBEDDING, rate=INPUT)
        for i, layer in enumerate(self.layers):
            zero = x.new_zeros(1, x.shape[1], layer.hidden_size)
            recurrent = layer.weight_hh_l0
            if self.training:
                recurrent = functional.dropout(recurrent, WEIGHT)
            weights = [layer.weight_ih_l0, recurrent, layer.bias_ih_l0, layer.bias_hh_l0]
            raw = torch.lstm(x, (zero, zero), weights, True, 1, 0.0, self.training, False, False)[0]
            x = raw
            if self.training:
                x = x * kept(1, x.shape[1], x.shape[2], rate=OUTPUT if i == 2 else BETWEEN)
        return raw, x


def wait():
    if DEVICE.type == "cuda":
        torch.cuda.synchronize()


def seconds(run, budget):
    """The time of one run, from batches of ten that are waited for only at their end; the best batch counts."""
    for _ in range(3):
        run()
    wait()
    best, end = float("inf"), time.perf_counter() + budget
    while time.perf_counter() < end or best == float("inf"):
        start = time.perf_counter()
        for _ in range(10):
            run()
        wait()
        best = min(best, (time.perf_counter() - start) / 10)
    return best


def measure(mode, budget):
    exact = mode == "float32"
    torch.backends.cuda.matmul.allow_tf32 = torch.backends.cudnn.allow_tf32 = not exact
    torch.manual_seed(1)
    model = Model().to(DEVICE)
    optimizer = torch.optim.SGD(model.parameters(), lr=RATE, weight_decay=DECAY)
    words = torch.randint(VOCABULARY, (STEPS, COLUMNS), device=DEVICE)
    targets = torch.randint(VOCABULARY, (STEPS * COLUMNS,), device=DEVICE)
    hidden = torch.randn(STEPS, COLUMNS, LAST, device=DEVICE, requires_grad=True)
    head = torch.compile(model.head) if mode == "bfloat16 compiled" else model.head

    def cast():
        return torch.autocast(DEVICE.type, torch.bfloat16, enabled=mode.startswith("bfloat16"))

    def run_head():
        with cast():
            loss = head(hidden, targets)
        loss.backward()

    def run_step():
        optimizer.zero_grad(set_to_none=True)
        with cast():
            raw, dropped = model.encode(words)
            loss = head(dropped, targets)
        loss = loss + ALPHA * dropped.float().square().mean() + BETA * raw.float().diff(dim=0).square().mean()
        loss.backward()
        nn.utils.clip_grad_norm_(model.parameters(), CLIP)
        optimizer.step()

    def run_scoring():
        with torch.no_grad(), cast():
            head(model.encode(words)[1], targets)

    model.train()
    memory = None
    if DEVICE.type == "cuda":
        run_head()
        wait()
        torch.cuda.reset_peak_memory_stats()
        before = torch.cuda.memory_allocated()
        run_head()
        memory = (torch.cuda.max_memory_allocated() - before) / 1e6
    head_time = seconds(run_head, budget / 3)
    step_time = seconds(run_step, budget / 3)
    model.eval()
    scoring_time = seconds(run_scoring, budget / 3)
    tokens = STEPS * COLUMNS
    return {
        "peer": f"PyTorch {torch.__version__}", "mode": mode, "headMilliseconds": head_time * 1e3, "headMegabytes": memory,
        "stepMilliseconds": step_time * 1e3, "stepTokensPerSecond": tokens / step_time, "scoringTokensPerSecond": tokens / scoring_time,
    }


for wanted in ["float32", "tensorfloat32", "bfloat16", "bfloat16 compiled"] if DEVICE.type == "cuda" else ["float32", "bfloat16"]:
    try:
        print(json.dumps(measure(wanted, float(sys.argv[1]) if len(sys.argv) > 1 else 20.0)), flush=True)
    except Exception as error:  # A mode that this machine cannot run, such as one without a compiler, leaves the others.
        print(json.dumps({"mode": wanted, "error": str(error).splitlines()[0][:200]}), flush=True)
