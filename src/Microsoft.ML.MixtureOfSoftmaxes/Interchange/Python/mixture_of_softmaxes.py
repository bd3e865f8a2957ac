"""Language models with a mixture-of-softmaxes head, as Microsoft.ML.MixtureOfSoftmaxes exports them.

    from mixture_of_softmaxes import LanguageModel

    model = LanguageModel.load("folder")
    model.score("the cat sat")          # [("the", -2.1), ("cat", -6.4), ("sat", -3.0), ("<eos>", -4.2)]
    model.generate("the cat", seed=1)   # "the cat sat on the mat"

PyTorch (1.13 or later) is all that it needs. It reads config.json, model.safetensors and tokenizer.json; nothing in them is code.

Names end in the dimensions of what they hold: n contexts, k experts, i gates (k - 1), d the size of an embedding, h that of the last
hidden state, v words, s words with gates of their own. The paper is "Breaking the Softmax Bottleneck" (Yang, Dai, Salakhutdinov, Cohen,
ICLR 2018); Mixtape is of Yang, Luong, Salakhutdinov, Le (NeurIPS 2019), sigsoftmax of Kanai, Fujiwara, Yamanaka, Adachi (NeurIPS 2018),
the linear-monotonic softmax of Ganea, Gelly, Bécigneul, Severyn (ICML 2019), direct output connection of Takase, Suzuki, Nagata (EMNLP 2018),
multi-facet softmax of Chang, McCallum (ACL 2022).
"""
import json
import pathlib
import re
import unicodedata

import torch
from torch import nn
from torch.nn import functional as F

STEPS_PER_PASS = 64  # of a text at a time: a pass holds the log-probabilities of all words, for each expert


def context_layers(config):
    """From g to the context vectors before their tanh: a layer that narrows g, where the rank is limited, and one to all vectors."""
    rank, size = config.get("latent_rank", 0), config["last_hidden_size"]
    vectors = config["experts"] + config.get("partitions", 1) - 1
    narrow = nn.Linear(size, rank, bias=False) if rank else nn.Identity()
    return narrow, nn.Linear(rank or size, vectors * config["embedding_size"])


class Experts(nn.Module):
    """K context vectors h[n,k] = tanh(W_h,k g[n] + b_k), or with J facets J + K - 1, and the prior pi[n] = softmax(W_pi g[n]) over K experts."""

    def __init__(self, config):
        super().__init__()
        self.size = config["embedding_size"]
        self.narrow, self.latent = context_layers(config)
        self.prior = nn.Linear(config["last_hidden_size"], config["experts"], bias=False)

    def forward(self, g_n_h):
        contexts_n_k_d = torch.tanh(self.latent(self.narrow(g_n_h))).unflatten(1, (-1, self.size))
        return contexts_n_k_d, F.log_softmax(self.prior(g_n_h), dim=1)


class Softmax(nn.Module):
    """P(x|c) = softmax_x(g . w[x] + b[x]); where g is not as long as w, of a projection of g."""

    def __init__(self, config):
        super().__init__()
        if config["last_hidden_size"] != config["embedding_size"]:
            self.projection = nn.Linear(config["last_hidden_size"], config["embedding_size"])
        else:
            self.projection = nn.Identity()

    def forward(self, g_n_h, decoder_v_d, bias_v):
        return F.log_softmax(F.linear(self.projection(g_n_h), decoder_v_d, bias_v), dim=1)


class MixtureOfContexts(nn.Module):
    """P(x|c) = softmax_x(sum_k pi[k] h[k] . w[x] + b[x])."""

    def __init__(self, config):
        super().__init__()
        self.experts = Experts(config)

    def forward(self, g_n_h, decoder_v_d, bias_v):
        contexts_n_k_d, log_prior_n_k = self.experts(g_n_h)
        context_n_d = (log_prior_n_k.exp().unsqueeze(2) * contexts_n_k_d).sum(dim=1)
        return F.log_softmax(F.linear(context_n_d, decoder_v_d, bias_v), dim=1)


class MixtureOfSoftmaxes(nn.Module):
    """P(x|c) = sum_k pi[k] softmax_x(h[k] . w[x] + b[x]), in log space, so that no probability is too small."""

    def __init__(self, config):
        super().__init__()
        self.experts = Experts(config)

    def forward(self, g_n_h, decoder_v_d, bias_v):
        contexts_n_k_d, log_prior_n_k = self.experts(g_n_h)
        logits_n_k_v = self.logits(contexts_n_k_d, decoder_v_d, bias_v)
        return torch.logsumexp(log_prior_n_k.unsqueeze(2) + F.log_softmax(logits_n_k_v, dim=2), dim=1)

    def logits(self, contexts_n_k_d, decoder_v_d, bias_v):
        return F.linear(contexts_n_k_d, decoder_v_d, bias_v)


class MixtureOfSigSoftmaxes(MixtureOfSoftmaxes):
    """The same with exp(z) sigmoid(z), normalised, in the place of exp(z)."""

    def logits(self, contexts_n_k_d, decoder_v_d, bias_v):
        logits_n_k_v = super().logits(contexts_n_k_d, decoder_v_d, bias_v)
        return logits_n_k_v + F.logsigmoid(logits_n_k_v)


class MultiFacetSoftmax(MixtureOfSoftmaxes):
    """The same with J contexts, the facets, for the first of the softmaxes: h[j] is for the words v with v mod J = j."""

    def __init__(self, config):
        super().__init__(config)
        self.facets = config["partitions"]

    def logits(self, contexts_n_f_d, decoder_v_d, bias_v):
        first_n_v = bias_v.repeat(len(contexts_n_f_d), 1)
        for j in range(self.facets):
            first_n_v[:, j :: self.facets] += F.linear(contexts_n_f_d[:, j], decoder_v_d[j :: self.facets])
        others_n_k_v = F.linear(contexts_n_f_d[:, self.facets :], decoder_v_d, bias_v)
        return torch.cat([first_n_v.unsqueeze(1), others_n_k_v], dim=1)


class Mixtape(nn.Module):
    """One softmax over logits that are mixed word by word: the first words have gates of their own, the others share theirs."""

    def __init__(self, config):
        super().__init__()
        self.count = config["experts"]
        gates, size, words = self.count - 1, config["gate_size"], config["frequent_words"]
        self.narrow, self.latent = context_layers(config)
        self.gate_features = nn.Linear(config["last_hidden_size"], gates * size)
        self.shared_gates = nn.Linear(config["last_hidden_size"], gates, bias=False)
        self.gate_embedding = nn.Parameter(torch.zeros(words, size))
        self.gate_bias = nn.Parameter(torch.zeros(gates, words))

    def forward(self, g_n_h, decoder_v_d, bias_v):
        contexts_n_k_d = torch.tanh(self.latent(self.narrow(g_n_h))).unflatten(1, (self.count, -1))
        features_n_i_e = torch.tanh(self.gate_features(g_n_h)).unflatten(1, (self.count - 1, -1))
        shared_n_i_1 = self.shared_gates(g_n_h).unsqueeze(2)
        words = self.gate_embedding.shape[0]
        own_n_i_s = features_n_i_e @ self.gate_embedding.T + shared_n_i_1 + self.gate_bias
        own_n_s = self.mix(contexts_n_k_d @ decoder_v_d[:words].T, torch.sigmoid(own_n_i_s))
        context_n_d = self.mix(contexts_n_k_d, torch.sigmoid(shared_n_i_1))
        logits_n_v = torch.cat([own_n_s, context_n_d @ decoder_v_d[words:].T], dim=1) + bias_v
        return F.log_softmax(logits_n_v, dim=1)

    @staticmethod
    def mix(leaves_n_k_x, gates_n_i_x):
        """Shares by a binary tree of gates, the root first: its left child gets the gate, its right child the rest."""
        mixed = leaves_n_k_x
        while mixed.shape[1] > 1:
            nodes = mixed.shape[1] // 2
            gates = gates_n_i_x[:, nodes - 1 : 2 * nodes - 1]
            mixed = gates * mixed[:, 0::2] + (1 - gates) * mixed[:, 1::2]
        return mixed[:, 0]


class Plif(nn.Module):
    """P(x|c) = softmax_x f(g . w[x] + b[x]), where f is increasing and linear on equal pieces of [-T, T], and goes on so outside."""

    def __init__(self, config):
        super().__init__()
        self.softmax = Softmax(config)
        self.raw_slopes = nn.Parameter(torch.zeros(config["pieces"]))
        self.range = config["logit_range"]

    def forward(self, g_n_h, decoder_v_d, bias_v):
        return F.log_softmax(self.activate(F.linear(self.softmax.projection(g_n_h), decoder_v_d, bias_v)), dim=1)

    def activate(self, logits):
        slopes = F.softplus(self.raw_slopes)
        width = 2 * self.range / len(slopes)
        piece = ((logits + self.range) / width).long().clamp(0, len(slopes) - 1)
        rises = width * (slopes.cumsum(0) - slopes)
        return (logits + self.range - width * piece) * slopes[piece] + rises[piece]


class DirectOutputConnection(nn.Module):
    """P(x|c) = sum_k pi[k] softmax_x(h[k] . w[x] + b[x]), with h[k] of several layers, whose outputs stand side by side, the last one's last."""

    def __init__(self, config):
        super().__init__()
        last, lower, each = config["layer_count"] - 1, config["lower_layers"], config["lower_experts"]
        self.sizes = [config["hidden_size"]] * lower + [config["last_hidden_size"]]
        counts = [each] * lower + [config["experts"] - lower * each]
        self.names = [f"latent{last - lower + i}" for i in range(lower + 1)]
        for name, size, count in zip(self.names, self.sizes, counts):
            self.add_module(name, nn.Linear(size, count * config["embedding_size"]))
        self.prior = nn.Linear(config["last_hidden_size"], config["experts"], bias=False)

    def forward(self, g_n_h, decoder_v_d, bias_v):
        layers = g_n_h.split(self.sizes, dim=1)
        latent_n_kd = torch.cat([getattr(self, name)(layer_n_h) for name, layer_n_h in zip(self.names, layers)], dim=1)
        contexts_n_k_d = torch.tanh(latent_n_kd).unflatten(1, (-1, decoder_v_d.shape[1]))
        log_p_n_k_v = F.log_softmax(F.linear(contexts_n_k_d, decoder_v_d, bias_v), dim=2)
        return torch.logsumexp(F.log_softmax(self.prior(layers[-1]), dim=1).unsqueeze(2) + log_p_n_k_v, dim=1)


HEADS = {
    "softmax": Softmax,
    "mixture_of_contexts": MixtureOfContexts,
    "mixture_of_softmaxes": MixtureOfSoftmaxes,
    "mixture_of_sig_softmaxes": MixtureOfSigSoftmaxes,
    "mixtape": Mixtape,
    "plif": Plif,
    "direct_output_connection": DirectOutputConnection,
    "multi_facet_softmax": MultiFacetSoftmax,
}


class Network(nn.Module):
    """Embedded words through LSTM layers to contexts g, which the head and the decoder turn into log P of every word."""

    def __init__(self, config):
        super().__init__()
        layers = config["layer_count"]
        sizes = [config["embedding_size"], *[config["hidden_size"]] * (layers - 1), config["last_hidden_size"]]
        self.embedding = nn.Parameter(torch.zeros(config["vocabulary_size"], config["embedding_size"]))  # the decoder as well
        self.decoder_bias = nn.Parameter(torch.zeros(config["vocabulary_size"]))
        self.encoder = nn.ModuleDict(
            {f"layer{i}": nn.ModuleDict({"lstm": nn.LSTM(sizes[i], sizes[i + 1])}) for i in range(layers)})
        self.head = HEADS[config["head"]](config)
        self.lower_layers = config.get("lower_layers", 0)  # those below the last that the head reads as well

    def forward(self, words_n, state=None):
        """log P [N, V] of what follows each of the words of one text, and the state after them; the state is one (h, c) a layer."""
        x_n_d = F.embedding(words_n, self.embedding)
        following, outputs = [], []
        for i, layer in enumerate(self.encoder.values()):
            x_n_d, after = layer["lstm"](x_n_d, state[i] if state else None)
            following.append(after)
            outputs.append(x_n_d)
        return self.head(torch.cat(outputs[-1 - self.lower_layers :], dim=1), self.embedding, self.decoder_bias), following


class WordTokenizer:
    """Words are what white space separates; one that is not in the vocabulary is the unknown word."""

    WORD = re.compile("[^\t-\r \x85\xa0\u1680\u2000-\u200a\u2028\u2029\u202f\u205f\u3000]+")

    def __init__(self, tokenizer):
        self.ids = tokenizer["model"]["vocab"]
        self.unknown = self.ids[tokenizer["model"]["unk_token"]]

    def encode(self, text):
        return [self.ids.get(word, self.unknown) for word in self.WORD.findall(text)]

    def decode(self, tokens):
        return " ".join(tokens)


class BytePairTokenizer:
    """Byte-level byte pairs: within pieces of text, the two neighbours whose merge was learnt first are merged first."""

    LONGEST_PIECE = 64  # UTF-16 code units

    def __init__(self, tokenizer):
        self.ids = tokenizer["model"]["vocab"]
        self.ranks = {tuple(merge.split(" ")): rank for rank, merge in enumerate(tokenizer["model"]["merges"])}
        visible = [*range(0x21, 0x7F), *range(0xA1, 0xAD), *range(0xAE, 0x100)]
        hidden = [value for value in range(256) if value not in visible]
        self.names = {value: chr(value) for value in visible}
        self.names.update({value: chr(0x100 + i) for i, value in enumerate(hidden)})
        self.values = {name: value for value, name in self.names.items()}

    def encode(self, text):
        return [self.ids[token] for piece in self.pieces(text) for token in self.merge(piece)]

    def decode(self, tokens):
        return bytes(self.values[name] for token in tokens for name in token).decode("utf-8", errors="replace")

    def merge(self, piece):
        tokens = [self.names[value] for value in piece.encode("utf-8")]
        while True:
            ranked = [(self.ranks[pair], i) for i, pair in enumerate(zip(tokens, tokens[1:])) if pair in self.ranks]
            if not ranked:
                return tokens
            _, i = min(ranked)
            tokens[i : i + 2] = [tokens[i] + tokens[i + 1]]

    @classmethod
    def pieces(cls, text):
        """Runs of letters, of digits, of white space, of anything else; the space before a run belongs to it."""
        start = 0
        while start < len(text):
            has_space = text[start] == " " and start + 1 < len(text) and cls.kind(text[start + 1]) != "space"
            end = start + has_space
            kind = cls.kind(text[end])
            length = int(has_space)
            while end < len(text) and length < cls.LONGEST_PIECE and cls.kind(text[end]) == kind:
                length += 2 if ord(text[end]) > 0xFFFF else 1
                end += 1
            if kind == "space" and end - start > 1 and text[end - 1] == " " and end < len(text) and cls.kind(text[end]) != "space":
                end -= 1
            yield text[start:end]
            start = end

    @staticmethod
    def kind(character):
        if not WordTokenizer.WORD.match(character):
            return "space"
        category = unicodedata.category(character)
        if category[0] == "L" or category in ("Mn", "Mc"):
            return "letter"
        return "digit" if category[0] == "N" else "other"


TOKENIZERS = {"WordLevel": WordTokenizer, "BPE": BytePairTokenizer}


class LanguageModel:
    """A network with its tokenizer. A text is read after an end of sentence, and another is predicted at its end."""

    def __init__(self, config, network, tokenizer):
        self.config = config
        self.network = network
        self.tokenizer = tokenizer
        self.words = {index: word for word, index in tokenizer.ids.items()}
        self.end = tokenizer.ids[config["end_of_sentence"]]
        self.unknown = tokenizer.ids[config["unknown_word"]]

    @classmethod
    def load(cls, folder):
        folder = pathlib.Path(folder)
        config = json.loads((folder / "config.json").read_text(encoding="utf-8"))
        tokenizer = json.loads((folder / "tokenizer.json").read_text(encoding="utf-8"))
        network = Network(config)
        network.load_state_dict(read_safetensors(folder / "model.safetensors"))
        return cls(config, network.eval(), TOKENIZERS[tokenizer["model"]["type"]](tokenizer))

    @torch.no_grad()
    def score(self, text):
        """Each token of a text with log P of it given all before it, in nats; the end of the sentence is the last."""
        tokens = self.tokenizer.encode(text) + [self.end]
        before = torch.tensor([self.end] + tokens[:-1])
        log_p, state = [], None
        for words, targets in zip(before.split(STEPS_PER_PASS), torch.tensor(tokens).split(STEPS_PER_PASS)):
            log_p_n_v, state = self.network(words, state)
            log_p += log_p_n_v.gather(1, targets.unsqueeze(1)).squeeze(1).tolist()
        return [(self.words[token], value) for token, value in zip(tokens, log_p)]

    def perplexity(self, texts):
        """exp of the mean negative log-likelihood of all tokens and ends of sentences, each text by itself."""
        log_p = [value for text in texts for _, value in self.score(text)]
        return torch.tensor(log_p, dtype=torch.float64).mean().neg().exp().item()

    @torch.no_grad()
    def generate(self, prompt="", maximum_tokens=100, temperature=1.0, seed=None):
        """The prompt and what the model draws after it, up to an end of sentence; a temperature of 0 takes the likeliest words."""
        generator = torch.Generator()
        if seed is None:
            generator.seed()
        else:
            generator.manual_seed(seed)
        tokens = self.tokenizer.encode(prompt)
        state, read, prompt_length = None, [self.end] + tokens, len(tokens)
        while len(tokens) < prompt_length + maximum_tokens:
            for words in torch.tensor(read).split(STEPS_PER_PASS):
                log_p_n_v, state = self.network(words, state)
            log_p_v = log_p_n_v[-1]
            log_p_v[self.unknown] = -torch.inf
            if temperature == 0:
                token = log_p_v.argmax().item()
            else:
                weights_v = F.softmax(log_p_v.double() / temperature, dim=0)
                token = torch.multinomial(weights_v, 1, generator=generator).item()
            if token == self.end:
                break
            tokens.append(token)
            read = [token]
        return self.tokenizer.decode([self.words[token] for token in tokens])


def read_safetensors(path):
    """The tensors of a safetensors file, all of float32: the length of a JSON header, the header, the values."""
    content = bytearray(pathlib.Path(path).read_bytes())
    start = 8 + int.from_bytes(content[:8], "little")
    tensors = {}
    for name, entry in json.loads(content[8:start]).items():
        if name != "__metadata__":
            begin, end = entry["data_offsets"]
            values = torch.frombuffer(content, dtype=torch.float32, count=(end - begin) // 4, offset=start + begin)
            tensors[name] = values.reshape(entry["shape"])
    return tensors
