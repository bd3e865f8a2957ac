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
/// <remarks>
/// What a step came to is read before its update on a CPU. A GPU works while this thread goes on, and reading would have it wait: there figures are
/// read every few steps, and from the first step that is not finite on gradients are zero on the device itself, so that the weights stay numbers
/// until it is noticed.
/// </remarks>
internal sealed class TrainingStep : IDisposable
{
    // A fifth of a second on a GPU, at sizes of Penn Treebank.
    private const int StepsPerRead = 16;

    private readonly LanguageModelNetwork _network;
    private readonly MixtureOfSoftmaxesTrainer.Options _options;
    private readonly Ranks _ranks;
    private readonly Parameter[] _parameters;
    private readonly OptimizerHelper _optimizer;
    private readonly MixtureCrossEntropy _loss;
    private readonly StepFigures _figures;
    private readonly Precision _precision;
    private readonly int _stepsPerRead;
    private double _unsettledLoss;
    private long _steps;

    /// <param name="network">Trained in place; the caller's.</param>
    /// <param name="options">The options of the trainer.</param>
    /// <param name="ranks">The processes that train together.</param>
    /// <param name="steps">Steps that the run has done before.</param>
    /// <param name="stepsPerRead">How many steps may pass until their figures are read; null: by the device.</param>
    public TrainingStep(
        LanguageModelNetwork network, MixtureOfSoftmaxesTrainer.Options options, Ranks ranks, long steps = 0, int? stepsPerRead = null)
    {
        _ranks = ranks;
        _network = network;
        _options = options;
        _steps = steps;
        _stepsPerRead = stepsPerRead ?? (network.Device.type == DeviceType.CPU ? 1 : StepsPerRead);
        _precision = ComputeDevice.PrecisionOn(network.Device.type, options.Precision);
        _figures = new(network.Device);
        _loss = new(options.MaximumLogitMemory);
        _parameters = [.. network.parameters()];
        _optimizer = options.Optimizer switch
        {
            LanguageModelOptimizer.Adam => optim.Adam(_parameters, options.LearningRate, weight_decay: options.WeightDecay),
            LanguageModelOptimizer.AdamW => optim.AdamW(_parameters, options.LearningRate, weight_decay: options.WeightDecay),
            _ => optim.SGD(_parameters, options.LearningRate, weight_decay: options.WeightDecay),
        };
    }

    /// <summary>The norm of the gradient of the last step whose figures were read, before it was clipped; null before the first.</summary>
    public double? GradientNorm { get; private set; }

    /// <summary>Whether the figures of all steps have been read.</summary>
    public bool IsSettled => _figures.Unread == 0;

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
    /// <exception cref="ArithmeticException">
    /// A loss or a gradient is not finite. On a CPU the weights are as they were; elsewhere only their decay has gone on since that step.
    /// </exception>
    public void Run(
        TokenGrid grid, int start, int length, RecurrentState[] states, int firstColumn, double learningRate, long seed)
    {
        using LanguageModelNetwork.Turn turn = _network.TakeTurn(_precision);
        using DisposeScope scope = NewDisposeScope();
        _optimizer.zero_grad();
        Tensor loss = zeros([], ScalarType.Float64, _network.Device);
        for (int pass = 0, column = firstColumn; pass < states.Length; column += states[pass].Columns, pass++)
        {
            loss.sub_(RunPass(grid, start, length, states[pass], new(seed, column)));
        }

        if (_ranks.Count > 1)
        {
            // First the loss, which shows in time when a rank is missing; sums on GPUs know no deadline.
            loss.fill_(_ranks.Sum(loss.item<double>()));
            _ranks.Tensors.Sum(_parameters.Select(parameter => parameter.grad).OfType<Tensor>());
        }

        _figures.Add(loss, GradientClip.Apply(_parameters, _options.ClipNorm));
        _steps++;
        if (_figures.Unread >= _stepsPerRead)
        {
            ReadFigures();
        }

        if (_stepsPerRead > 1)
        {
            Array.ForEach(_parameters, parameter => parameter.grad?.masked_fill_(_figures.IsBad, 0));
        }

        foreach (optim.ILearningRateController group in _optimizer.ParamGroups)
        {
            group.LearningRate = learningRate;
        }

        _optimizer.step();
    }

    /// <summary>
    /// The sum of -log P over the targets of the steps since this was called last, nats; the regularisers are not in it. The device is waited for.
    /// </summary>
    /// <exception cref="ArithmeticException">A loss or a gradient was not finite.</exception>
    public double Settle()
    {
        if (!IsSettled)
        {
            ReadFigures();
        }

        double loss = _unsettledLoss;
        _unsettledLoss = 0;
        return loss;
    }

    public void Dispose()
    {
        _figures.Dispose();
        _loss.Dispose();
        _optimizer.Dispose();
    }

    private void ReadFigures()
    {
        (double loss, GradientNorm) = _figures.Read(_steps);
        _unsettledLoss += loss;
    }

    /// <summary>The sum of log P over the targets, a float64 scalar.</summary>
    private Tensor RunPass(TokenGrid grid, int start, int length, RecurrentState state, DropoutSource source)
    {
        using DisposeScope scope = NewDisposeScope();
        (Tensor words_t_b, Tensor targets_n) = grid.Window(start, length, source.FirstColumn, state.Columns);
        DropoutRates rates = _options.DropoutRates with { Source = source };
        using IDisposable dropped = _network.DropWeights(rates);
        LanguageModelNetwork.Encoding encoding = _network.Encode(words_t_b, state, rates, _precision);
        Tensor logLikelihood_n = _loss.Backward(
            encoding.Mixture, _network.Embedding, _network.DecoderBias, targets_n, scale: 1.0 / (length * (double)grid.Columns),
            Regularizers.Of(encoding, _options, state.Columns / (double)grid.Columns));
        state.Advance(encoding.Next);
        return logLikelihood_n.sum(ScalarType.Float64).MoveToOuterDisposeScope();
    }
}
