using System.Diagnostics;
using Microsoft.ML.MixtureOfSoftmaxes.Modeling;
using Microsoft.ML.MixtureOfSoftmaxes.Scoring;
using Microsoft.ML.MixtureOfSoftmaxes.Tokenization;

namespace Microsoft.ML.MixtureOfSoftmaxes.Training;

/// <summary>The epochs of a training run over a token stream: truncated back-propagation, validation, the best weights kept.</summary>
internal sealed class TrainingRun
{
    // Columns in which the validation stream is read side by side, as in the authors' code.
    private const int ValidationColumns = 10;

    private readonly LanguageModelNetwork _network;
    private readonly Vocabulary _vocabulary;
    private readonly MixtureOfSoftmaxesTrainer.Options _options;
    private readonly Action<TrainingProgress> _report;
    private readonly Stopwatch _clock = new();
    private long _tokens;

    public TrainingRun(
        LanguageModelNetwork network, Vocabulary vocabulary, MixtureOfSoftmaxesTrainer.Options options, Action<TrainingProgress> report)
    {
        _network = network;
        _vocabulary = vocabulary;
        _options = options;
        _report = report;
    }

    /// <summary>Trains the network in place; a cancelled run ends early with the best weights so far.</summary>
    /// <exception cref="ArithmeticException">The loss became infinite or no number.</exception>
    public void Run(int[] training, int[]? validation)
    {
        int columns = Math.Min(_options.BatchSize, training.Length);
        int length = training.Length / columns;
        using var grid = new TokenGrid(training, _vocabulary.EndOfSentenceIndex, columns, length, _network.Device);
        using var step = new TrainingStep(_network, _options);
        using var scorer = new SequenceScorer(_network, _vocabulary.EndOfSentenceIndex);
        using var best = new BestWeights(_network);
        _clock.Start();
        for (int epoch = 1; epoch <= _options.MaximumEpochs && !IsOver; epoch++)
        {
            double loss = RunEpoch(epoch, grid, step);
            if (validation is null || _options.Cancellation.IsCancellationRequested)
            {
                continue;
            }

            double validationLoss = scorer.MeanLoss(validation, ValidationColumns);
            bool isBest = best.Offer(validationLoss);
            _report(Progress(epoch, Steps(grid), Steps(grid), loss, step.LearningRate) with { ValidationPerplexity = Math.Exp(validationLoss) });
            step.LearningRate = isBest ? step.LearningRate : step.LearningRate / _options.LearningRateDecay;
        }

        best.Restore();
    }

    private bool IsOver => _options.Cancellation.IsCancellationRequested || _tokens >= _options.MaximumTokens;

    private double RunEpoch(int epoch, TokenGrid grid, TrainingStep step)
    {
        RecurrentState state = _network.InitialState(grid.Columns);
        double loss = 0;
        long count = 0;
        for (int start = 0, index = 1; start < grid.Length && !IsOver; start += _options.SequenceLength, index++)
        {
            (var words, var targets) = grid.Window(start, Math.Min(_options.SequenceLength, grid.Length - start));
            using (words)
            using (targets)
            {
                loss += step.Run(words, targets, ref state);
                count += targets.shape[0];
                _tokens += targets.shape[0];
            }

            if (!double.IsFinite(loss))
            {
                throw new ArithmeticException(
                    $"The training loss is {loss} in epoch {epoch} at step {index}: the run has diverged. Lower LearningRate or ClipNorm.");
            }

            _report(Progress(epoch, index, Steps(grid), loss / count, step.LearningRate));
        }

        state.Dispose();
        return loss / Math.Max(1, count);
    }

    private int Steps(TokenGrid grid) => (grid.Length + _options.SequenceLength - 1) / _options.SequenceLength;

    private TrainingProgress Progress(int epoch, int index, int steps, double loss, double learningRate)
    {
        double speed = _tokens / _clock.Elapsed.TotalSeconds;
        double done = epoch - 1 + ((double)index / steps);
        double share = Math.Max(done / _options.MaximumEpochs, (double)_tokens / (_options.MaximumTokens ?? long.MaxValue));
        TimeSpan remaining = _clock.Elapsed * Math.Max(0, (1 / share) - 1);
        return new(epoch, _options.MaximumEpochs, index, steps, _tokens, loss, null, learningRate, speed, _clock.Elapsed, remaining);
    }
}
