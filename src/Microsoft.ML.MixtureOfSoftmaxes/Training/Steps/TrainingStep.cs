using Microsoft.ML.MixtureOfSoftmaxes.Distribution;
using Microsoft.ML.MixtureOfSoftmaxes.Modeling;
using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace Microsoft.ML.MixtureOfSoftmaxes.Training;

/// <summary>
/// One step of gradient descent: a window of the stream forward and backward, in one or more passes over columns of the batch whose
/// gradients add up, clipping, the update.
/// </summary>
internal sealed class TrainingStep : IDisposable
{
    private readonly LanguageModelNetwork _network;
    private readonly MixtureOfSoftmaxesTrainer.Options _options;
    private readonly Ranks _ranks;
    private readonly Parameter[] _parameters;
    private readonly OptimizerHelper _optimizer;
    private readonly MixtureCrossEntropy _loss = new();

    public TrainingStep(LanguageModelNetwork network, MixtureOfSoftmaxesTrainer.Options options, Ranks ranks)
    {
        _ranks = ranks;
        _network = network;
        _options = options;
        _parameters = [.. network.parameters()];
        _optimizer = options.Optimizer switch
        {
            LanguageModelOptimizer.Adam => optim.Adam(_parameters, options.LearningRate, weight_decay: options.WeightDecay),
            LanguageModelOptimizer.AdamW => optim.AdamW(_parameters, options.LearningRate, weight_decay: options.WeightDecay),
            _ => optim.SGD(_parameters, options.LearningRate, weight_decay: options.WeightDecay),
        };
    }

    /// <summary>The norm of the gradient of the last step, before it was clipped; null before the first.</summary>
    public double? GradientNorm { get; private set; }

    /// <summary>What the optimizer remembers between steps, in TorchSharp's format.</summary>
    public void SaveOptimizer(BinaryWriter writer) => _optimizer.save_state_dict(writer);

    /// <summary>Takes over what <see cref="SaveOptimizer"/> wrote.</summary>
    public void LoadOptimizer(BinaryReader reader) => _optimizer.load_state_dict(reader);

    /// <summary>Learns from time steps of the grid; each pass goes on from its state.</summary>
    /// <param name="grid">The text.</param>
    /// <param name="start">The first time step.</param>
    /// <param name="length">How many.</param>
    /// <param name="states">What the network remembers, for each pass of this rank.</param>
    /// <param name="firstColumn">The first column of this rank.</param>
    /// <param name="learningRate">The rate of the update.</param>
    /// <param name="seed">The seed of the dropout masks.</param>
    /// <returns>The sum of -log P over the targets of all ranks, nats; the regularisers are not in it.</returns>
    /// <exception cref="ArithmeticException">The loss or the gradient is not finite; the weights are as they were.</exception>
    public double Run(
        TokenGrid grid, int start, int length, RecurrentState[] states, int firstColumn, double learningRate, long seed)
    {
        using DisposeScope scope = NewDisposeScope();
        _optimizer.zero_grad();
        double loss = 0;
        for (int pass = 0, column = firstColumn; pass < states.Length; column += states[pass].Columns, pass++)
        {
            loss += RunPass(grid, start, length, states[pass], new(seed, column));
        }

        // First the loss, which shows in time when a rank is missing; sums on GPUs know no deadline.
        loss = _ranks.Sum(loss);
        _ranks.Tensors.Sum(_parameters.Select(parameter => parameter.grad).OfType<Tensor>());
        double norm = nn.utils.clip_grad_norm_(_parameters, _options.ClipNorm);
        if (!double.IsFinite(loss) || !double.IsFinite(norm))
        {
            throw Divergence.Error($"the loss of a step is {loss}, its gradient norm {norm}");
        }

        GradientNorm = norm;
        foreach (optim.ILearningRateController group in _optimizer.ParamGroups)
        {
            group.LearningRate = learningRate;
        }

        _optimizer.step();
        return loss;
    }

    public void Dispose()
    {
        _loss.Dispose();
        _optimizer.Dispose();
    }

    private double RunPass(TokenGrid grid, int start, int length, RecurrentState state, DropoutSource source)
    {
        using DisposeScope scope = NewDisposeScope();
        (Tensor words_t_b, Tensor targets_n) = grid.Window(start, length, source.FirstColumn, state.Columns);
        DropoutRates rates = _options.DropoutRates with { Source = source };
        using IDisposable dropped = _network.DropWeights(rates);
        LanguageModelNetwork.Encoding encoding = _network.Encode(words_t_b, state, rates, _options.Precision);
        Tensor logLikelihood_n = _loss.Backward(
            encoding.Mixture, _network.Embedding, _network.DecoderBias, targets_n, scale: 1.0 / (length * (double)grid.Columns),
            Regularizer(encoding, state.Columns / (double)grid.Columns));
        state.Advance(encoding.Next);
        return -logLikelihood_n.sum(ScalarType.Float64).item<double>();
    }

    /// <summary>alpha mean(dropped g squared) + beta mean((g[t+1] - g[t]) squared), g before dropout in the second.</summary>
    private Tensor? Regularizer(LanguageModelNetwork.Encoding encoding, double share)
    {
        Tensor? sum = null;
        if (_options.ActivationRegularization > 0)
        {
            sum = encoding.Dropped.square().mean() * (_options.ActivationRegularization * share);
        }

        long steps = encoding.Raw.shape[0];
        if (_options.TemporalActivationRegularization > 0 && steps > 1)
        {
            Tensor difference = encoding.Raw.narrow(0, 1, steps - 1) - encoding.Raw.narrow(0, 0, steps - 1);
            Tensor temporal = difference.square().mean() * (_options.TemporalActivationRegularization * share);
            sum = sum is null ? temporal : sum + temporal;
        }

        return sum;
    }
}
