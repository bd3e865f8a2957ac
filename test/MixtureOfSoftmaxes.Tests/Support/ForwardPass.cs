using System.Buffers.Binary;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace Microsoft.ML.MixtureOfSoftmaxes.Tests.Support;

/// <summary>
/// Log-probabilities from the bytes of a model file, by the formulas of the papers in plain C# of double precision. Nothing here is the
/// library's: neither the reading of the file, nor the words, nor the network.
/// </summary>
internal sealed class ForwardPass
{
    private readonly Dictionary<string, double[][]> _rows = [];
    private readonly string[] _vocabulary;
    private readonly string _head;
    private readonly double _logitRange;
    private readonly int _partitions;

    public ForwardPass(byte[] modelZip)
    {
        _vocabulary = JsonSerializer.Deserialize<string[]>(ModelZip.Entry(modelZip, "Transform_001/Vocabulary.json"))!;
        JsonNode network = JsonNode.Parse(ModelZip.Entry(modelZip, "Transform_001/Settings.json"))!["network"]!;
        (_head, _logitRange) = ((string)network["head"]!, (double?)network["logitRange"] ?? 0);
        _partitions = (int?)network["partitions"] ?? 1;

        // Safetensors: the length of a JSON header, the header, the numbers.
        byte[] file = ModelZip.Entry(modelZip, "Weights.safetensors");
        int start = sizeof(long) + (int)BinaryPrimitives.ReadInt64LittleEndian(file);
        foreach ((string name, JsonNode? tensor) in JsonNode.Parse(Encoding.UTF8.GetString(file[sizeof(long)..start]))!.AsObject())
        {
            if (tensor!["shape"] is JsonArray shape)
            {
                int first = start + (int)tensor["data_offsets"]![0]!, last = start + (int)tensor["data_offsets"]![1]!;
                double[] values = [.. file[first..last].Chunk(sizeof(float)).Select(b => (double)BinaryPrimitives.ReadSingleLittleEndian(b))];
                _rows[name] = [.. values.Chunk((int)shape[^1]!)];
            }
        }
    }

    private double[][] Embedding => _rows["embedding"];

    private double[] Bias => _rows["decoder_bias"][0];

    /// <summary>log P of each word of the text and of the end of the sentence, which also stands before the first.</summary>
    public double[] LogProbabilities(string text) => [.. Words(text).Append("<eos>").Zip(Distributions(text), (word, next) => next[Id(word)])];

    /// <summary>log P of every word of the vocabulary in the place of each word of the text, and after the last.</summary>
    public double[][] Distributions(string text)
    {
        int layers = _rows.Keys.Count(name => name.EndsWith("weight_hh_l0", StringComparison.Ordinal));
        (double[] H, double[] C)[] states = new (double[], double[])[layers];
        var distributions = new List<double[]>();
        foreach (string word in Words(text).Prepend("<eos>"))
        {
            double[] x = Embedding[Id(word)];
            var outputs = new List<double[]>();
            for (int layer = 0; layer < layers; layer++)
            {
                states[layer] = Cell($"encoder.layer{layer}.lstm.", x, states[layer]);
                x = states[layer].H;
                outputs.Add(x);
            }

            distributions.Add(LogDistribution(outputs));
        }

        return [.. distributions];
    }

    private static string[] Words(string text) => text.Split(' ', StringSplitOptions.RemoveEmptyEntries);

    private int Id(string word) => Math.Max(Array.IndexOf(_vocabulary, word), Array.IndexOf(_vocabulary, "<unk>"));

    // An LSTM: i, f, g, o = W x + b + U h + b'; c = sigmoid(f) c + sigmoid(i) tanh(g); h = sigmoid(o) tanh(c).
    private (double[] H, double[] C) Cell(string name, double[] x, (double[] H, double[] C) state)
    {
        double[] fromInput = Affine(x, name + "weight_ih_l0", name + "bias_ih_l0");
        int size = fromInput.Length / 4;
        (double[] h, double[] c) = state.H is null ? (new double[size], new double[size]) : state;
        double[] gates = Add(fromInput, Affine(h, name + "weight_hh_l0", name + "bias_hh_l0"));
        double[] next = [.. c.Select((cell, j) => (Sigmoid(gates[size + j]) * cell) + (Sigmoid(gates[j]) * Math.Tanh(gates[(2 * size) + j])))];
        return ([.. next.Select((cell, j) => Sigmoid(gates[(3 * size) + j]) * Math.Tanh(cell))], next);
    }

    private double[] LogDistribution(List<double[]> outputs)
    {
        double[] g = outputs[^1];
        if (_head == "Softmax")
        {
            return LogSoftmax(Logits(_rows.ContainsKey("head.projection.weight") ? Affine(g, "head.projection.weight", "head.projection.bias") : g));
        }

        if (_head == "Plif")
        {
            double[] z = Logits(Affine(g, "head.softmax.projection.weight", "head.softmax.projection.bias"));
            return LogSoftmax([.. z.Select(Increase)]);
        }

        if (_head == "DirectOutputConnection")
        {
            double[] priors = [.. LogSoftmax(Times(g, "head.prior.weight")).Select(Math.Exp)];
            double[][] distributions =
            [
                .. outputs.SelectMany((output, layer) => _rows.ContainsKey($"head.latent{layer}.weight")
                    ? Affine(output, $"head.latent{layer}.weight", $"head.latent{layer}.bias").Select(Math.Tanh).Chunk(Embedding[0].Length)
                    : []).Select(context => LogSoftmax(Logits(context))),
            ];
            return [.. Bias.Select((_, v) => Math.Log(distributions.Select((logP, k) => priors[k] * Math.Exp(logP[v])).Sum()))];
        }

        string latent = _head == "Mixtape" ? "head.latent" : "head.experts.latent";
        string shared = latent.Replace(".latent", ".narrow.weight", StringComparison.Ordinal);
        double[] input = _rows.ContainsKey(shared) ? Times(g, shared) : g;
        double[][] contexts = [.. Affine(input, $"{latent}.weight", $"{latent}.bias").Select(Math.Tanh).Chunk(Embedding[0].Length)];
        if (_head == "Mixtape")
        {
            double[][] gates = MixtapeGates(g);
            double Mixed(int v) => contexts.Select((h, k) => Share(gates[v], k, contexts.Length) * Numbers.Dot(h, Embedding[v])).Sum();
            return LogSoftmax([.. Bias.Select((b, v) => b + Mixed(v))]);
        }

        double[] logPriors = LogSoftmax(Times(g, "head.experts.prior.weight"));
        if (_head == "MixtureOfContexts")
        {
            return LogSoftmax(Logits([.. Embedding[0].Select((_, d) => contexts.Select((h, k) => Math.Exp(logPriors[k]) * h[d]).Sum())]));
        }

        // Of a multi-facet softmax, the first contexts take turns over the words. Sigsoftmax: exp(z) sigmoid(z) in the place of exp(z).
        double[][] all = [.. contexts.Select(Logits)];
        double[][] experts =
        [
            .. all[(_partitions - 1)..].Select((logits, k) => k == 0 ? [.. logits.Select((_, v) => all[v % _partitions][v])] : logits)
                .Select(z => LogSoftmax(_head == "MixtureOfSigSoftmaxes" ? [.. z.Select(x => x + Math.Log(Sigmoid(x)))] : z)),
        ];
        return [.. Bias.Select((_, v) => Math.Log(experts.Select((expert, k) => Math.Exp(logPriors[k] + expert[v])).Sum()))];
    }

    /// <summary>
    /// Up to z from the middle of [-T, T]: each of its equal pieces by so much as lies between, at its slope, and the ends at that of their piece.
    /// </summary>
    private double Increase(double z)
    {
        double[] slopes = [.. _rows["head.raw_slopes"][0].Select(raw => Math.Log(1 + Math.Exp(raw)))];
        double width = 2 * _logitRange / slopes.Length;
        return slopes.Select((slope, i) =>
        {
            double start = i == 0 ? double.NegativeInfinity : (i * width) - _logitRange;
            double end = i == slopes.Length - 1 ? double.PositiveInfinity : ((i + 1) * width) - _logitRange;
            return slope * (Math.Clamp(z, start, end) - Math.Clamp(0, start, end));
        }).Sum();
    }

    /// <summary>The K - 1 gates of every word: the frequent ones, which come first, have a part of their own.</summary>
    private double[][] MixtapeGates(double[] g)
    {
        double[] shared = Times(g, "head.shared_gates.weight");
        double[][] own = _rows["head.gate_embedding"], bias = _rows["head.gate_bias"];
        double[][] features = [.. Affine(g, "head.gate_features.weight", "head.gate_features.bias").Select(Math.Tanh).Chunk(own[0].Length)];
        return
        [
            .. Bias.Select((_, v) => shared
                .Select((s, i) => Sigmoid(v < own.Length ? s + Numbers.Dot(features[i], own[v]) + bias[i][v] : s)).ToArray()),
        ];
    }

    /// <summary>
    /// The share of a leaf of a binary tree whose nodes, numbered level by level from 1 at the root, give g to the left and 1 - g to the right.
    /// </summary>
    private static double Share(double[] gates, int leaf, int leaves)
    {
        double share = 1;
        for (int node = leaf + leaves; node > 1; node /= 2)
        {
            share *= node % 2 == 0 ? gates[(node / 2) - 1] : 1 - gates[(node / 2) - 1];
        }

        return share;
    }

    private double[] Logits(double[] h) => [.. Bias.Select((b, v) => b + Numbers.Dot(h, Embedding[v]))];

    private double[] Affine(double[] x, string weight, string bias) => Add(Times(x, weight), _rows[bias][0]);

    private double[] Times(double[] x, string weight) => [.. _rows[weight].Select(row => Numbers.Dot(row, x))];

    private static double[] Add(double[] a, double[] b) => [.. a.Zip(b, (x, y) => x + y)];

    private static double Sigmoid(double x) => 1 / (1 + Math.Exp(-x));

    private static double[] LogSoftmax(double[] z)
    {
        double norm = z.Max() + Math.Log(z.Sum(x => Math.Exp(x - z.Max())));
        return [.. z.Select(x => x - norm)];
    }
}
