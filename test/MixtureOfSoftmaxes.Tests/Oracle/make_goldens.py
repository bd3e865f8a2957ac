#!/usr/bin/env python3
"""Computes the values that the network tests compare with, and writes them to Goldens/ beside this file.

Run it with a Python that has PyTorch (Debian: apt-get install python3-torch):

    python3 make_goldens.py

Everything is computed in float64 from the definitions, the plain way: LSTM cells step by step, probabilities of all words
materialised and mixed before the logarithm, gradients by PyTorch's autograd, optimisers written out. Weights are rounded
to float32 first, so that both sides start from the same numbers. The output is the same for every run.
"""
import json
import math
import pathlib
import struct

import numpy
import torch

GOLDENS = pathlib.Path(__file__).parent / "Goldens"
T, B = 4, 3
END_OF_SENTENCE = 1

SHAPES = {
    "softmax": dict(head="Softmax", embeddingSize=4, lastHiddenSize=6, experts=1),
    "softmax-untouched": dict(head="Softmax", embeddingSize=4, lastHiddenSize=4, experts=1),
    "mixture-of-contexts": dict(head="MixtureOfContexts", embeddingSize=4, lastHiddenSize=6, experts=3),
    "mixture-of-softmaxes": dict(head="MixtureOfSoftmaxes", embeddingSize=4, lastHiddenSize=6, experts=3),
    "mixture-of-sigsoftmaxes": dict(head="MixtureOfSigSoftmaxes", embeddingSize=4, lastHiddenSize=6, experts=3),
    "mixtape": dict(head="Mixtape", embeddingSize=4, lastHiddenSize=6, experts=4, gateSize=3, frequentWords=5),
    "plif": dict(head="Plif", embeddingSize=4, lastHiddenSize=6, experts=1, pieces=5, logitRange=1.5),
    "low-rank-mixture": dict(head="MixtureOfSoftmaxes", embeddingSize=4, lastHiddenSize=6, experts=3, latentRank=2),
    "direct-output": dict(head="DirectOutputConnection", embeddingSize=4, lastHiddenSize=6, experts=5, lowerExperts=2, lowerLayers=1),
    "direct-output-of-three": dict(
        head="DirectOutputConnection", embeddingSize=4, lastHiddenSize=6, experts=5, lowerExperts=1, lowerLayers=2, layerCount=3),
    "multi-facet": dict(head="MultiFacetSoftmax", embeddingSize=4, lastHiddenSize=6, experts=2, partitions=3),
    "one-multi-facet": dict(head="MultiFacetSoftmax", embeddingSize=4, lastHiddenSize=6, experts=1, partitions=2),
}


def parameter_shapes(s):
    v, d, h, k = s["vocabularySize"], s["embeddingSize"], s["lastHiddenSize"], s["experts"]
    shapes = {"embedding": (v, d), "decoder_bias": (v,)}
    for layer in range(s["layerCount"]):
        size_in, size_out = layer_sizes(s, layer)
        prefix = f"encoder.layer{layer}.lstm."
        shapes[prefix + "weight_ih_l0"] = (4 * size_out, size_in)
        shapes[prefix + "weight_hh_l0"] = (4 * size_out, size_out)
        shapes[prefix + "bias_ih_l0"] = (4 * size_out,)
        shapes[prefix + "bias_hh_l0"] = (4 * size_out,)
    if s["head"] == "Mixtape":
        shapes["head.latent.weight"] = (k * d, h)
        shapes["head.latent.bias"] = (k * d,)
        shapes["head.gate_features.weight"] = ((k - 1) * s["gateSize"], h)
        shapes["head.gate_features.bias"] = ((k - 1) * s["gateSize"],)
        shapes["head.shared_gates.weight"] = (k - 1, h)
        shapes["head.gate_embedding"] = (s["frequentWords"], s["gateSize"])
        shapes["head.gate_bias"] = (k - 1, s["frequentWords"])
    elif s["head"] == "Plif":
        shapes["head.softmax.projection.weight"] = (d, h)
        shapes["head.softmax.projection.bias"] = (d,)
        shapes["head.raw_slopes"] = (s["pieces"],)
    elif s["head"] == "DirectOutputConnection":
        shapes["head.prior.weight"] = (k, h)
        for layer, experts in layers_of_experts(s):
            shapes[f"head.latent{layer}.weight"] = (experts * d, layer_sizes(s, layer)[1])
            shapes[f"head.latent{layer}.bias"] = (experts * d,)
    elif s["head"] != "Softmax":
        if "latentRank" in s:
            shapes["head.experts.narrow.weight"] = (s["latentRank"], h)
        vectors = k + s.get("partitions", 1) - 1
        shapes["head.experts.latent.weight"] = (vectors * d, s.get("latentRank", h))
        shapes["head.experts.latent.bias"] = (vectors * d,)
        shapes["head.experts.prior.weight"] = (k, h)
    elif h != d:
        shapes["head.projection.weight"] = (d, h)
        shapes["head.projection.bias"] = (d,)
    return shapes


def layer_sizes(s, layer):
    last = layer == s["layerCount"] - 1
    return s["embeddingSize"] if layer == 0 else s["hiddenSize"], s["lastHiddenSize"] if last else s["hiddenSize"]


def layers_of_experts(s):
    """Each layer that has experts of its own, from the lowest on, and how many."""
    last, lower = s["layerCount"] - 1, s["lowerLayers"]
    return [(layer, s["lowerExperts"]) for layer in range(last - lower, last)] + [(last, s["experts"] - lower * s["lowerExperts"])]


def lstm_cell(x, h, c, w_ih, w_hh, b_ih, b_hh):
    i, f, g, o = (x @ w_ih.T + b_ih + h @ w_hh.T + b_hh).chunk(4, dim=1)
    c = torch.sigmoid(f) * c + torch.sigmoid(i) * torch.tanh(g)
    return torch.sigmoid(o) * torch.tanh(c), c


def run(s, p, words, state):
    """Words [T, B] to the outputs g [T, B, H], the distributions [T B, V] and the next state."""
    x = p["embedding"][words]
    following, layers = [], []
    for layer, (h, c) in enumerate(state):
        weights = [p[f"encoder.layer{layer}.lstm.{name}_l0"] for name in ("weight_ih", "weight_hh", "bias_ih", "bias_hh")]
        outputs = []
        for t in range(x.shape[0]):
            h, c = lstm_cell(x[t], h, c, *weights)
            outputs.append(h)
        x = torch.stack(outputs)
        following.append((h, c))
        layers.append(x.reshape(-1, x.shape[2]))

    g = x.reshape(-1, x.shape[2])
    w, b = p["embedding"], p["decoder_bias"]
    if s["head"] == "Softmax":
        if "head.projection.weight" in p:
            g = g @ p["head.projection.weight"].T + p["head.projection.bias"]
        return x, torch.softmax(g @ w.T + b, dim=1), following

    if s["head"] == "Plif":
        context = g @ p["head.softmax.projection.weight"].T + p["head.softmax.projection.bias"]
        return x, torch.softmax(plif(s, p["head.raw_slopes"], context @ w.T + b), dim=1), following

    k, d = s["experts"], s["embeddingSize"]
    if s["head"] == "DirectOutputConnection":
        total, expert = 0, 0
        priors = torch.softmax(g @ p["head.prior.weight"].T, dim=1)
        for layer, experts in layers_of_experts(s):
            made = torch.tanh(layers[layer] @ p[f"head.latent{layer}.weight"].T + p[f"head.latent{layer}.bias"])
            for context in made.split(d, dim=1):
                total = total + priors[:, expert:expert + 1] * torch.softmax(context @ w.T + b, dim=1)
                expert += 1
        return x, total, following
    if s["head"] == "Mixtape":
        contexts = torch.tanh(g @ p["head.latent.weight"].T + p["head.latent.bias"]).reshape(-1, k, d)
        return x, torch.softmax((mixtape_priors(s, p, g) * (contexts @ w.T)).sum(1) + b, dim=1), following
    narrow = g @ p["head.experts.narrow.weight"].T if "latentRank" in s else g
    contexts = torch.tanh(narrow @ p["head.experts.latent.weight"].T + p["head.experts.latent.bias"]).reshape(g.shape[0], -1, d)
    priors = torch.softmax(g @ p["head.experts.prior.weight"].T, dim=1)
    if s["head"] == "MixtureOfContexts":
        mixed = (priors.unsqueeze(2) * contexts).sum(1)
        return x, torch.softmax(mixed @ w.T + b, dim=1), following
    logits = contexts @ w.T + b
    if s["head"] == "MultiFacetSoftmax":
        facets = s["partitions"]
        first = torch.stack([logits[:, word % facets, word] for word in range(s["vocabularySize"])], dim=1)
        logits = torch.cat([first.unsqueeze(1), logits[:, facets:]], dim=1)
    weights = torch.exp(logits) * (torch.sigmoid(logits) if s["head"] == "MixtureOfSigSoftmaxes" else 1)
    return x, (priors.unsqueeze(2) * weights / weights.sum(2, keepdim=True)).sum(1), following


def plif(s, raw_slopes, z):
    """What each piece of [-T, T] adds on the way up to z: its slope by as much of its width as lies below z; the ends have no end."""
    slopes, width = torch.log(1 + torch.exp(raw_slopes)), 2 * s["logitRange"] / s["pieces"]
    total = 0
    for i, slope in enumerate(slopes):
        below = None if i == 0 else 0.0
        above = None if i == s["pieces"] - 1 else width
        beyond = z + s["logitRange"] - width * i
        total = total + slope * beyond.clamp(min=below, max=above)
    return total


def mixtape_priors(s, p, g):
    """The shares of four experts in the logit of every word, [N, 4, V]: gates of their own for the first words, shared ones for the others."""
    features = torch.tanh(g @ p["head.gate_features.weight"].T + p["head.gate_features.bias"]).reshape(-1, 3, s["gateSize"])
    own = features @ p["head.gate_embedding"].T + p["head.gate_bias"]
    gates = torch.nn.functional.pad(own, (0, s["vocabularySize"] - s["frequentWords"])) + (g @ p["head.shared_gates.weight"].T).unsqueeze(2)
    g1, g2, g3 = torch.sigmoid(gates).unbind(1)
    return torch.stack([g1 * g2, g1 * (1 - g2), (1 - g1) * g3, (1 - g1) * (1 - g3)], dim=1)


def negative_log_likelihood(probabilities, targets):
    return -torch.log(probabilities[torch.arange(targets.shape[0]), targets])


def with_decay(step, decay):
    return lambda name, gradient, w: step(name, gradient + decay * w)


def sgd(rate):
    return lambda name, gradient: rate * gradient


def adam(rate, beta1=0.9, beta2=0.999, epsilon=1e-8):
    moments = {}

    def step(name, gradient):
        t, m, v = moments.get(name, (0, 0.0, 0.0))
        t, m, v = t + 1, beta1 * m + (1 - beta1) * gradient, beta2 * v + (1 - beta2) * gradient.square()
        moments[name] = t, m, v
        return rate * (m / (1 - beta1 ** t)) / ((v / (1 - beta2 ** t)).sqrt() + epsilon)

    return step


def adam_w(rate, decay):
    step = adam(rate)
    return lambda name, gradient, w: rate * decay * w + step(name, gradient)


def prior_variation(p, g):
    """K times the squared coefficient of variation of the experts' mean priors in each column of g [T, B, H]; the mean over columns."""
    means = torch.softmax(g @ p["head.prior.weight"].T, dim=2).mean(0)
    return (means.shape[1] * means.var(dim=1, unbiased=False) / means.mean(dim=1).square()).mean()


def train(s, start, windows, state, step, clip, alpha, beta, prior=0):
    """Training on successive windows; the loss reported is the sum of the negative log-likelihoods alone."""
    p = {name: w.clone().requires_grad_() for name, w in start.items()}
    losses, norms = [], []
    for words, targets in windows:
        g, probabilities, state = run(s, p, words, state)
        state = [(h.detach(), c.detach()) for h, c in state]
        nll = negative_log_likelihood(probabilities, targets)
        loss = nll.mean() + alpha * g.square().mean() + beta * (g[1:] - g[:-1]).square().mean()
        if prior:
            loss = loss + prior * prior_variation(p, g)
        gradients = torch.autograd.grad(loss, list(p.values()))
        norm = math.sqrt(sum(float(x.square().sum()) for x in gradients))
        scale = min(1.0, clip / (norm + 1e-6))
        with torch.no_grad():
            for (name, w), gradient in zip(p.items(), gradients):
                w -= step(name, scale * gradient, w)
        losses.append(float(nll.sum()))
        norms.append(norm)
    print(f"  gradient norms {norms}, clip {clip}")
    return losses, {name: w.detach() for name, w in p.items()}


def flat(x):
    return [float(f"{v:.10g}") for v in x.reshape(-1).tolist()]


def single(x):
    return [float(str(numpy.float32(v))) for v in x.reshape(-1).tolist()]


def golden(seed, partial, clip):
    torch.manual_seed(seed)
    s = dict(partial, vocabularySize=11, hiddenSize=5, layerCount=partial.get("layerCount", 2))
    start = {name: (torch.randn(shape) * 0.6).double() for name, shape in parameter_shapes(s).items()}
    # B columns of 2 T targets each; every word but the first of all is the target before it.
    stream = torch.randint(0, s["vocabularySize"], (B * 2 * T,))
    columns = stream.reshape(B, 2 * T).T
    inputs = torch.cat([torch.tensor([END_OF_SENTENCE]), stream[:-1]]).reshape(B, 2 * T).T
    words = [inputs[:T], inputs[T:]]
    targets = [columns[:T].reshape(-1), columns[T:].reshape(-1)]
    state = [tuple((torch.randn(B, layer_sizes(s, layer)[1]) * 0.5).double() for _ in range(2)) for layer in range(s["layerCount"])]

    p = {name: w.clone().requires_grad_() for name, w in start.items()}
    _, probabilities, following = run(s, p, words[0], state)
    assert torch.allclose(probabilities.sum(1), torch.ones(T * B).double(), atol=1e-12)
    nll = negative_log_likelihood(probabilities, targets[0])
    gradients = dict(zip(p, torch.autograd.grad(nll.mean(), list(p.values()))))

    decay = 0.01
    rules = dict(clipNorm=clip, activationRegularization=2.0, temporalActivationRegularization=1.0)
    if s["head"] == "DirectOutputConnection":
        rules["priorRegularization"] = 0.5
    windows = list(zip(words, targets))
    runs = []
    steps = {"Sgd": (0.5, with_decay(sgd(0.5), decay)), "Adam": (0.02, with_decay(adam(0.02), decay)), "AdamW": (0.02, adam_w(0.02, decay))}
    for optimizer, (rate, step) in steps.items():
        losses, after = train(s, start, windows, state, step, *rules.values())
        runs.append(dict(
            rules, optimizer=optimizer, learningRate=rate, weightDecay=decay, losses=losses,
            parametersAfter={name: flat(w) for name, w in after.items()}))
    return dict(
        shape=s,
        parameters={name: single(w) for name, w in start.items()},
        stream=stream.tolist(),
        endOfSentence=END_OF_SENTENCE,
        hidden=[single(h) for h, _ in state],
        cell=[single(c) for _, c in state],
        logLikelihoods=flat(-nll.detach()),
        loss=float(nll.mean()),
        gradients={name: flat(g) for name, g in gradients.items()},
        nextHidden=[flat(h.detach()) for h, _ in following],
        nextCell=[flat(c.detach()) for _, c in following],
        training=runs,
    )


def dynamic_evaluation(seed):
    """Gradient statistics on one stream, then one pass over another, after each segment a step of every weight."""
    torch.manual_seed(seed)
    s = dict(SHAPES["mixture-of-softmaxes"], vocabularySize=11, hiddenSize=5, layerCount=2)
    w0 = {name: (torch.randn(shape) * 0.6).double() for name, shape in parameter_shapes(s).items()}
    rate, decay, epsilon, segment, batch = 0.3, 8.0, 0.02, 3, 4
    training, stream = torch.randint(0, s["vocabularySize"], (30,)), torch.randint(0, s["vocabularySize"], (14,))

    def zeros(columns):
        return [tuple(torch.zeros(columns, layer_sizes(s, layer)[1]).double() for _ in range(2)) for layer in range(s["layerCount"])]

    def gradients(p, words, targets, state):
        p = {name: w.clone().requires_grad_() for name, w in p.items()}
        _, probabilities, following = run(s, p, words, state)
        nll = negative_log_likelihood(probabilities, targets)
        found = dict(zip(p, torch.autograd.grad(nll.mean(), list(p.values()))))
        return -nll.detach(), found, [(h.detach(), c.detach()) for h, c in following]

    length = len(training) // batch
    columns = training[:length * batch].reshape(batch, length).T
    inputs = torch.cat([torch.tensor([END_OF_SENTENCE]), training[:length * batch - 1]]).reshape(batch, length).T
    squares, state = {name: torch.zeros_like(w) for name, w in w0.items()}, zeros(batch)
    for start in range(0, length, segment):
        end = start + segment
        _, found, state = gradients(w0, inputs[start:end], columns[start:end].reshape(-1), state)
        squares = {name: total + found[name].square() for name, total in squares.items()}
    roots = {name: total.sqrt() for name, total in squares.items()}
    scale = sum(root.mean() for root in roots.values())

    w, state, log_likelihoods = dict(w0), zeros(1), []
    inputs = torch.cat([torch.tensor([END_OF_SENTENCE]), stream[:-1]])
    clipped = 0
    for start in range(0, len(stream), segment):
        end = start + segment
        scores, found, state = gradients(w, inputs[start:end].reshape(-1, 1), stream[start:end], state)
        log_likelihoods.append(scores)
        for name in w:
            r = (roots[name] / scale).clamp(max=1 / decay)
            clipped += int((roots[name] / scale > 1 / decay).sum())
            w[name] = w[name] + decay * r * (w0[name] - w[name]) - rate * found[name] / (roots[name] + epsilon)
    assert clipped > 0
    return dict(
        shape=s,
        parameters={name: single(w) for name, w in w0.items()},
        trainingStream=training.tolist(),
        stream=stream.tolist(),
        endOfSentence=END_OF_SENTENCE,
        options=dict(learningRate=rate, decayRate=decay, epsilon=epsilon, segmentLength=segment, statisticsBatchSize=batch),
        roots={name: flat(root) for name, root in roots.items()},
        logLikelihoods=flat(torch.cat(log_likelihoods)),
    )


def safetensors(path):
    """A file of the safetensors format, made with nothing but its published description."""
    tensors = {
        "weights": ("F32", [2, 3], struct.pack("<6f", 0.0, -1.5, 2.25, 3.0e38, 1.0e-45, -0.0)),
        "counts": ("I64", [2], struct.pack("<2q", -1, 1 << 40)),
    }
    header, offset = {"__metadata__": {"made-by": "make_goldens.py"}}, 0
    for name, (dtype, shape, data) in tensors.items():
        header[name] = {"dtype": dtype, "shape": shape, "data_offsets": [offset, offset + len(data)]}
        offset += len(data)
    text = json.dumps(header).encode()
    text += b" " * (-len(text) % 8)
    path.write_bytes(struct.pack("<Q", len(text)) + text + b"".join(data for _, _, data in tensors.values()))


if __name__ == "__main__":
    GOLDENS.mkdir(exist_ok=True)
    # The clip is below every gradient's norm for some heads and above it for the others.
    for seed, (name, shape) in enumerate(SHAPES.items()):
        print(name)
        content = golden(seed, shape, clip=0.25 if seed % 2 else 50.0)
        (GOLDENS / f"{name}.json").write_text(json.dumps(content) + "\n")
    (GOLDENS / "dynamic-evaluation.json").write_text(json.dumps(dynamic_evaluation(seed=11)) + "\n")
    safetensors(GOLDENS / "small.safetensors")
