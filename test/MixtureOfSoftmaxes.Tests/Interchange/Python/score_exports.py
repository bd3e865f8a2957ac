"""Scores and continues texts with exported models: the request, JSON, on standard input, the answer on standard output."""
import importlib.util
import json
import pathlib
import sys


def module_of(folder):
    spec = importlib.util.spec_from_file_location("mixture_of_softmaxes", folder / "mixture_of_softmaxes.py")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def answer(folder, texts):
    model = module_of(folder).LanguageModel.load(folder)
    return {
        "scores": [[{"token": token, "logLikelihood": value} for token, value in model.score(text)] for text in texts],
        "perplexity": model.perplexity(texts),
        "greedy": model.generate(texts[0], maximum_tokens=12, temperature=0),
        "drawn": [model.generate(texts[0], maximum_tokens=12, seed=7) for _ in range(2)],
    }


request = json.load(sys.stdin)
json.dump({name: answer(pathlib.Path(folder), request["texts"][name]) for name, folder in request["folders"].items()}, sys.stdout)
