using Microsoft.ML.MixtureOfSoftmaxes;
using Microsoft.ML.MixtureOfSoftmaxes.Modeling;
using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace Benchmarks.Workloads;

/// <summary>
/// A training step as in the library, but with the plain formulation of the loss: the same network, dropout, passes,
/// regularisation, clipping and update.
/// </summary>
internal sealed class PlainStep : IDisposable
{
    private readonly LanguageModelNetwork _network;
    private readonly MixtureOfSoftmaxesTrainer.Options _options;
    private readonly Parameter[] _parameters;
    private readonly OptimizerHelper _optimizer;

    public PlainStep(LanguageModelNetwork network, MixtureOfSoftmaxesTrainer.Options options)
    {
        _network = network;
        _options = options;
        _parameters = [.. network.parameters()];
        _optimizer = optim.SGD(_parameters, options.LearningRate, weight_decay: options.WeightDecay);
    }

    public void Run(TokenGrid grid, RecurrentState[] states)
    {
        using DisposeScope scope = NewDisposeScope();
        _optimizer.zero_grad();
        for (int pass = 0, column = 0; pass < states.Length; column += states[pass].Columns, pass++)
        {
            RunPass(grid, column, states[pass]);
        }

        nn.utils.clip_grad_norm_(_parameters, _options.ClipNorm);
        _optimizer.step();
    }

    public void Dispose() => _optimizer.Dispose();

    private void RunPass(TokenGrid grid, int column, RecurrentState state)
    {
        using DisposeScope scope = NewDisposeScope();
        (Tensor words_t_b, Tensor targets_n) = grid.Window(0, grid.Length, column, state.Columns);
        DropoutRates rates = _options.DropoutRates with { Source = new(Seed: 1, column) };
        using IDisposable dropped = _network.DropWeights(rates);
        LanguageModelNetwork.Encoding encoding = _network.Encode(words_t_b, state, rates, _options.Precision!.Value);
        Tensor logLikelihood_n = PlainMixture.LogLikelihood(
            encoding.Mixture, _network.Embedding, _network.DecoderBias, targets_n);
        Tensor difference = encoding.Raw.narrow(0, 1, grid.Length - 1) - encoding.Raw.narrow(0, 0, grid.Length - 1);
        Tensor loss = (encoding.Dropped.square().mean() * _options.ActivationRegularization)
            + (difference.square().mean() * _options.TemporalActivationRegularization) - logLikelihood_n.mean();
        (loss * (state.Columns / (double)grid.Columns)).backward();
        state.Advance(encoding.Next);
    }
}
