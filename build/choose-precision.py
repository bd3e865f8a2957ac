"""Which precision is to be the default on a GPU: the fastest whose effect on perplexity stays below 0.1 %, after a training epoch and in scoring.

Usage: python3 choose-precision.py figures.jsonl, with what test-gpu.sh wrote. Prints one line of JSON.
"""
import json
import sys

LIMIT = 0.001
PRECISIONS = ["float32", "tensorfloat32", "bfloat16"]


def read(path):
    """The last figures of each command that said something; a command that was ended may have left half a line."""
    figures = {}
    with open(path, encoding="utf-8") as lines:
        for line in lines:
            try:
                figure = json.loads(line)
            except json.JSONDecodeError:
                continue
            if "exitCode" not in figure:
                figures[figure["command"]] = figure
    return figures


def effects(figures):
    """Of each precision that was measured: tokens per second of training, and how far perplexities are from those of float32."""
    exact = [figures["train-float32"]["validationPerplexity"], figures["score-float32"]["perplexity"]]
    for precision in PRECISIONS:
        trained, scored = figures.get(f"train-{precision}"), figures.get(f"score-{precision}")
        if trained and scored:
            found = [trained["validationPerplexity"], scored["perplexity"]]
            yield precision, trained["tokens"] / trained["seconds"], [abs(a / b - 1) for a, b in zip(found, exact)]


def main():
    measured = list(effects(read(sys.argv[1])))
    fit = [(rate, precision) for precision, rate, changes in measured if max(changes) < LIMIT]
    print(json.dumps({
        "default": max(fit)[1],
        "tokensPerSecond": {precision: round(rate) for precision, rate, _ in measured},
        "effectOnTraining": {precision: changes[0] for precision, _, changes in measured},
        "effectOnScoring": {precision: changes[1] for precision, _, changes in measured},
    }))


main()
