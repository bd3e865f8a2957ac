"""Writes oracle.json: what PyTorch computes on fixed inputs, for the tests to compare with.

Run with any PyTorch >= 1.13:  python3 oracle.py > oracle.json
Each entry is {"shape": [...], "data": [...]}; float64 throughout, so that 1e-9 tells a wrong formula from rounding.
"""
import json

import torch
import torch.nn.functional as F

torch.set_default_dtype(torch.float64)
torch.manual_seed(20240517)
entries = {}


def keep(name, tensor):
    tensor = tensor.detach()
    data = [float(f"{x:.12g}") for x in tensor.double().flatten().tolist()]
    entries[name] = {"shape": list(tensor.shape), "data": data}
    return tensor


def pointwise():
    x = keep("x", torch.randn(2, 3, 4))
    y = keep("y", torch.randn(2, 3, 4).abs() + 0.1)
    for name in ("exp expm1 sin tanh sigmoid relu silu erf floor ceil round trunc sign abs neg square".split()):
        keep(f"{name}(x)", getattr(torch, name)(x) if name not in ("relu", "silu") else getattr(F, name)(x))
    for name in "log log2 log10 log1p sqrt rsqrt reciprocal lgamma digamma".split():
        keep(f"{name}(y)", getattr(torch, name)(y))
    keep("gelu(x)", F.gelu(x))
    keep("softplus(x)", F.softplus(x))
    keep("atan2(x,y)", torch.atan2(x, y))
    keep("logaddexp(x,y)", torch.logaddexp(x, y))
    keep("pow(y,x)", torch.pow(y, x))
    keep("remainder(x,0.3)", torch.remainder(x, 0.3))
    keep("lerp(x,y,0.3)", torch.lerp(x, y, 0.3))
    keep("addcmul(x,x,y,0.5)", torch.addcmul(x, x, y, value=0.5))
    keep("addcdiv(x,x,y,0.5)", torch.addcdiv(x, x, y, value=0.5))
    return x, y


def reductions(x):
    keep("sum(x,1)", x.sum(1))
    keep("mean(x,[0,2],keep)", x.mean([0, 2], keepdim=True))
    keep("std(x,1)", x.std(1))
    keep("var(x,[0,1],biased)", x.var([0, 1], unbiased=False))
    keep("norm(x)", x.norm())
    keep("norm(x,1,p=3)", x.norm(p=3, dim=1))
    keep("logsumexp(x,2)", x.logsumexp(2))
    keep("cumsum(x,1)", x.cumsum(1))
    keep("cumprod(x,2)", x.cumprod(2))
    keep("prod(x,0)", x.prod(0))
    keep("softmax(x,1)", x.softmax(1))
    keep("log_softmax(x,-1)", x.log_softmax(-1))
    keep("max(x,1).values", x.max(1).values)
    keep("max(x,1).indices", x.max(1).indices)
    keep("topk(x,2).values", x.topk(2).values)
    keep("topk(x,2).indices", x.topk(2).indices)
    keep("sort(x,1,desc).values", x.sort(1, descending=True).values)
    keep("argmin(x,2)", x.argmin(2))


def matrices():
    a = keep("a", torch.randn(4, 3))
    b = keep("b", torch.randn(3, 5))
    c = keep("c", torch.randn(4, 5))
    keep("a@b", a @ b)
    keep("addmm(c,a,b,0.5,2)", torch.addmm(c, a, b, beta=0.5, alpha=2))
    keep("svdvals(c)", torch.linalg.svdvals(c))
    keep("einsum", torch.einsum("ij,jk,ik->i", a, b, c))
    keep("norm(a)", torch.linalg.norm(a))


def losses():
    logits = keep("logits", torch.randn(6, 4)).requires_grad_()
    target = torch.tensor([0, 3, 1, -100, 2, 3])
    loss = F.cross_entropy(logits, target, label_smoothing=0.1)
    keep("cross_entropy", loss)
    keep("cross_entropy.grad", torch.autograd.grad(loss, logits)[0])
    keep("nll_sum", F.nll_loss(logits.log_softmax(1), target.clamp(min=0), reduction="sum"))
    keep("layer_norm", F.layer_norm(logits, [4]))


def lstm(name, **options):
    module = torch.nn.LSTM(3, 4, **options)
    for key, value in module.named_parameters():
        keep(f"{name}.{key}", value)
    directions = 2 if options.get("bidirectional") else 1
    first = options.get("batch_first", False)
    x = keep(f"{name}.x", torch.randn(*((2, 5, 3) if first else (5, 2, 3)))).requires_grad_()
    h = keep(f"{name}.h", torch.randn(2 * directions, 2, 4)).requires_grad_()
    c = keep(f"{name}.c", torch.randn(2 * directions, 2, 4)).requires_grad_()
    y, (hn, cn) = module(x, (h, c))
    keep(f"{name}.y", y), keep(f"{name}.hn", hn), keep(f"{name}.cn", cn)
    weight = keep(f"{name}.dy", torch.randn_like(y))
    ((y * weight).sum() + hn.sum() + (cn * cn).sum()).backward()
    for key, value in [("x", x), ("h", h), ("c", c)] + list(module.named_parameters()):
        keep(f"{name}.{key}.grad", value.grad)
    keep(f"{name}.y0", module(x)[0])


def optimizers():
    start = keep("start", torch.randn(3, 2))
    goal = keep("goal", torch.randn(3, 2))
    optim = torch.optim
    for name, make in {
        "sgd": lambda p: optim.SGD([p], lr=0.1),
        "sgd_momentum": lambda p: optim.SGD([p], lr=0.1, momentum=0.9, dampening=0.2, weight_decay=0.01),
        "sgd_nesterov": lambda p: optim.SGD([p], lr=0.1, momentum=0.9, nesterov=True),
        "adam": lambda p: optim.Adam([p], lr=0.05, betas=(0.8, 0.95), weight_decay=0.02),
        "adam_amsgrad": lambda p: optim.Adam([p], lr=0.05, amsgrad=True),
        "adamw": lambda p: optim.AdamW([p], lr=0.05, weight_decay=0.1),
        "asgd": lambda p: optim.ASGD([p], lr=0.1, lambd=0.01, t0=2, weight_decay=0.01),
    }.items():
        parameter = start.clone().requires_grad_()
        optimizer = make(parameter)
        for _ in range(6):
            optimizer.zero_grad()
            (1 + (parameter - goal) ** 2).log().sum().backward()
            optimizer.step()
        keep(name, parameter)
        if name == "asgd":
            keep("asgd.ax", optimizer.state[parameter]["ax"])


x, y = pointwise()
reductions(x)
matrices()
losses()
lstm("lstm", num_layers=2)
lstm("bilstm", num_layers=2, bidirectional=True, batch_first=True, bias=False)
optimizers()
torch.manual_seed(7)
keep("rand(seed 7)", torch.rand(5))
keep("randn(seed 7)", torch.randn(20))
print("{" + ",\n".join(f"{json.dumps(k)}:{json.dumps(v, separators=(',', ':'))}" for k, v in entries.items()) + "}")
