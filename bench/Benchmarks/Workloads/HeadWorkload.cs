using Microsoft.ML.MixtureOfSoftmaxes;
using Microsoft.ML.MixtureOfSoftmaxes.Modeling;
using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace Benchmarks.Workloads;

/// <summary>
/// The head alone, for the tokens of one pass: from hidden states [T, B, H] to the mean loss and all gradients, without dropout.
/// </summary>
internal sealed class HeadWorkload : Workload
{
    private readonly bool _isPlain;
    private readonly Precision _precision;
    private readonly Head _head;
    private readonly Parameter _hidden_t_b_h;
    private readonly Parameter _weight_v_d;
    private readonly Parameter _bias_v;
    private readonly Tensor _targets_n;
    private readonly MixtureCrossEntropy _loss = new();

    public HeadWorkload(Setting setting, Case which, Device device)
    {
        MixtureOfSoftmaxesTrainer.Options options = setting.Options(Part.Head, which);
        var shape = options.Shape(setting.Vocabulary);
        int columns = options.PassBatchSize ?? options.BatchSize;
        Tokens = options.SequenceLength * columns;
        _isPlain = which.Formulation == Formulation.Plain;
        _precision = which.Precision;
        _head = Head.Create(shape, device);
        _hidden_t_b_h = new Parameter(rand(options.SequenceLength, columns, shape.LastHiddenSize, device: device) - 0.5);
        _weight_v_d = new Parameter(rand(setting.Vocabulary, shape.EmbeddingSize, device: device) - 0.5);
        _bias_v = new Parameter(rand(setting.Vocabulary, device: device) - 0.5);
        _targets_n = tensor([.. RandomWords(setting, Tokens).Select(word => (long)word)], [Tokens], device: device);
        AllocateGradients(Parameters.Select(parameter => parameter.Value));
    }

    public override int Tokens { get; }

    /// <summary>All tensors that get a gradient.</summary>
    public IEnumerable<(string Name, Parameter Value)> Parameters =>
    [
        ("hidden", _hidden_t_b_h), ("decoder", _weight_v_d), ("decoder_bias", _bias_v), .. _head.named_parameters(),
    ];

    public override void Run() => LogLikelihood().Dispose();

    /// <summary>Computes the loss and all gradients. Returns log p(target), [N].</summary>
    public Tensor LogLikelihood()
    {
        using DisposeScope scope = NewDisposeScope();
        foreach ((_, Parameter parameter) in Parameters)
        {
            parameter.grad!.zero_();
        }

        Mixture mixture = _head.Mix(_hidden_t_b_h, latentDropout: default) with { Precision = _precision };
        return scope.MoveToOuter(_isPlain ? RunPlain(mixture) : RunFused(mixture));
    }

    public override void Dispose()
    {
        _loss.Dispose();
        _targets_n.Dispose();
        _head.Dispose();
        _hidden_t_b_h.Dispose();
        _weight_v_d.Dispose();
        _bias_v.Dispose();
    }

    private Tensor RunPlain(Mixture mixture)
    {
        Tensor logLikelihood_n = PlainMixture.LogLikelihood(mixture, _weight_v_d, _bias_v, _targets_n);
        logLikelihood_n.mean().neg().backward();
        return logLikelihood_n.detach();
    }

    private Tensor RunFused(Mixture mixture) =>
        _loss.Backward(mixture, _weight_v_d, _bias_v, _targets_n, scale: 1.0 / Tokens);
}
