using Microsoft.ML.MixtureOfSoftmaxes;
using Microsoft.ML.MixtureOfSoftmaxes.Modeling;
using Microsoft.ML.MixtureOfSoftmaxes.Scoring;
using TorchSharp;
using static TorchSharp.torch;

namespace Benchmarks.Workloads;

/// <summary>The mean log-likelihood of a long stream, scored in as many columns side by side as in validation.</summary>
internal sealed class ScoringWorkload : Workload
{
    public const int Columns = 10;
    public const int Steps = 256;

    private const int PlainSteps = 70; // Fewer, as the memory of the plain formulation grows with them.

    private readonly LanguageModelNetwork _network;
    private readonly SequenceScorer _scorer;
    private readonly int[] _words;
    private readonly bool _isPlain;
    private readonly Precision _precision;

    public ScoringWorkload(Setting setting, Case which, Device device)
    {
        _isPlain = which.Formulation == Formulation.Plain;
        _words = RandomWords(setting, Columns * (_isPlain ? PlainSteps : Steps));
        _network = new(setting.Options(Part.Scoring, which).Shape(setting.Vocabulary), device, useKernels: !_isPlain);
        _scorer = new(_network, endOfSentence: 0);
        _precision = which.Precision;
    }

    public override int Tokens => _words.Length;

    public override void Run()
    {
        if (_isPlain)
        {
            RunPlain();
        }
        else
        {
            _scorer.MeanLoss(_words, Columns, _precision);
        }
    }

    public override void Dispose()
    {
        _scorer.Dispose();
        _network.Dispose();
    }

    private void RunPlain()
    {
        using IDisposable noGrad = no_grad();
        using DisposeScope scope = NewDisposeScope();
        var grid = new TokenGrid(_words, endOfSentence: 0, Columns, PlainSteps, _network.Device);
        using RecurrentState state = _network.InitialState(Columns);
        (Tensor words_t_b, Tensor targets_n) = grid.Window(0, PlainSteps);
        LanguageModelNetwork.Encoding encoding = _network.Encode(words_t_b, state, DropoutRates.None, _precision);
        PlainMixture.LogLikelihood(encoding.Mixture, _network.Embedding, _network.DecoderBias, targets_n).mean().item<float>();
    }
}
