using Microsoft.ML.MixtureOfSoftmaxes.Interop;
using Microsoft.ML.MixtureOfSoftmaxes.Modeling;
using Microsoft.ML.MixtureOfSoftmaxes.Scoring;

namespace Microsoft.ML.MixtureOfSoftmaxes.Training;

/// <summary>
/// A training run over a token stream: epochs of truncated back-propagation, validation, the switch to averaged weights, fine-tuning,
/// checkpoints, and the best weights at the end.
/// </summary>
internal sealed class TrainingRun
{
    // Columns in which the validation stream is read side by side, as in the authors' code.
    private const int ValidationColumns = 10;

    private readonly TrainingSession _session;
    private readonly TrainingData _data;
    private readonly MixtureOfSoftmaxesTrainer.Options _options;
    private readonly Checkpointer? _checkpointer;
    private readonly ProgressReporter _reporter;
    private readonly Cancellation _cancellation;
    private readonly LearningRates _rates;

    /// <param name="session">Where the run stands.</param>
    /// <param name="data">What it reads.</param>
    /// <param name="options">The options of the trainer; their token ends the run with a model.</param>
    /// <param name="checkpointer">Null for a run without checkpoints.</param>
    /// <param name="reporter">Gets the progress.</param>
    /// <param name="cancellation">Ends it without one.</param>
    public TrainingRun(
        TrainingSession session, TrainingData data, MixtureOfSoftmaxesTrainer.Options options, Checkpointer? checkpointer,
        ProgressReporter reporter, Cancellation cancellation)
    {
        _session = session;
        _data = data;
        _options = options;
        _checkpointer = checkpointer;
        _reporter = reporter;
        _cancellation = cancellation;
        _rates = new(options);
    }

    private TrainingState State => _session.State;

    /// <summary>Trains the network in place; it ends with the best weights, also when the token of the options ends it.</summary>
    /// <returns>What ended the run.</returns>
    /// <exception cref="OperationCanceledException">Cancelled otherwise; a checkpoint of where the run stood is written.</exception>
    /// <exception cref="ArithmeticException">A loss or a gradient was not finite.</exception>
    public TrainingEnd Run()
    {
        using var scorer = new SequenceScorer(_session.Network, _data.EndOfSentence);
        TrainingEnd? end = null;
        try
        {
            while (end is null)
            {
                end = RunStage(scorer);
            }
        }
        catch (OperationCanceledException)
        {
            _checkpointer?.Write(_session);
            throw;
        }

        if (end == TrainingEnd.Cancellation)
        {
            _checkpointer?.Write(_session);
        }

        _session.Best.Restore(_session.Network);
        return end.Value;
    }

    private bool IsCancelled => _options.CancellationToken.IsCancellationRequested;

    private int StageEpochs => State.IsFinetuning ? _options.FinetuneEpochs : _options.MaximumEpochs;

    /// <summary>What ends the run before its stage is over; null while it may go on.</summary>
    private TrainingEnd? Stop() =>
        State.Tokens >= _options.MaximumTokens ? TrainingEnd.Tokens
        : State.Elapsed >= _options.MaximumTime ? TrainingEnd.Time
        : IsCancelled ? TrainingEnd.Cancellation
        : null;

    /// <summary>What ends the stage between epochs; null while it goes on.</summary>
    private TrainingEnd? StageEnd() =>
        State.Epoch > StageEpochs ? TrainingEnd.Epochs : IsStageOver() ? TrainingEnd.EarlyStopping : null;

    /// <summary>The epochs of a stage; then what ended the run, or null if another stage follows.</summary>
    private TrainingEnd? RunStage(SequenceScorer scorer)
    {
        TrainingEnd? end;
        for (end = StageEnd(); end is null; end = StageEnd())
        {
            // Within an epoch a limit needs a validation, as it had in the run that ended there and is resumed; between epochs there was one.
            if (State.Window == 0 && Stop() is TrainingEnd stop)
            {
                return stop;
            }

            bool isWhole = RunEpoch();
            if (IsCancelled)
            {
                return TrainingEnd.Cancellation;
            }

            if (!isWhole)
            {
                // A resumed run goes on from here, this one ends with what it has learnt so far.
                TrainingEnd? limit = Stop();
                _checkpointer?.Write(_session);
                Validate(scorer);
                return limit;
            }

            Validate(scorer);
            State.NextEpoch();
            _checkpointer?.Write(_session);
        }

        if (State.IsFinetuning || _options.FinetuneEpochs == 0)
        {
            return end;
        }

        _session.StartFinetuning(_options.FinetuneLearningRate ?? _options.LearningRate);
        return null;
    }

    private bool IsStageOver() =>
        (State.IsFinetuning && State.IsNonMonotone(_options.AveragingWindow ?? 1))
        || (_options.EarlyStoppingEpochs is int patience && State.ValidationLosses.Count > patience
            && State.ValidationLosses.TakeLast(patience).Min() > State.ValidationLosses.SkipLast(patience).Min());

    /// <summary>The rest of the epoch in work; false if it was stopped before its end.</summary>
    private bool RunEpoch()
    {
        TokenGrid grid = _data.Grid(State.EpochsDone);
        Window[] windows = _data.Windows(State.EpochsDone);
        if (State.Window > windows.Length)
        {
            throw new FormatException(
                $"The checkpoint stands at window {State.Window} of an epoch that has {windows.Length}: it is damaged. Resume from a copy.");
        }

        if (State.Window == 0)
        {
            _session.ClearMemory();
        }

        while (State.Window < windows.Length && Stop() is null)
        {
            _cancellation.ThrowIfRequested();
            Window window = windows[State.Window];
            double rate = _rates.At(State, (double)State.Window / windows.Length) * window.RateScale;
            _session.Learn(grid, window, rate);
            _reporter.Report(Progress(windows.Length, rate, null));
            _checkpointer?.WriteIfDue(_session);
        }

        return State.Window == windows.Length;
    }

    /// <summary>Keeps the weights, or their mean, if they are the best so far; else the rate may fall or averaging begin.</summary>
    private void Validate(SequenceScorer scorer)
    {
        if (_data.Validation is not int[] validation)
        {
            return;
        }

        using (_session.UseAverage())
        {
            double loss = scorer.MeanLoss(validation, ValidationColumns, _options.Precision, _cancellation);
            if (!double.IsFinite(Math.Exp(loss)))
            {
                throw Divergence.Error($"the validation loss is {loss} nats per token");
            }

            bool isBest = _session.KeepIfBest(loss);
            int windows = _data.Windows(State.EpochsDone).Length;
            _reporter.Report(Progress(windows, _rates.At(State, (double)State.Window / windows), Math.Exp(loss)));
            if (!isBest && _options.LearningRateSchedule == LearningRateSchedule.Plateau)
            {
                State.LowerRate(_options.LearningRateDecay);
            }
        }

        if (_session.Average is null && _options.AveragingWindow is int window && State.IsNonMonotone(window))
        {
            _session.StartAveraging();
        }
    }

    private TrainingProgress Progress(int windows, double rate, double? validationPerplexity)
    {
        double speed = State.Tokens / State.Elapsed.TotalSeconds;
        double share = _rates.Share(State, (double)State.Window / windows);
        return new(
            State.Epoch, StageEpochs, State.Window, windows, State.Tokens, State.MeanLoss, validationPerplexity, rate, speed, State.Elapsed,
            TimeLeft.Of(State.Elapsed, share))
        {
            Steps = State.Steps,
            GradientNorm = _session.Step.GradientNorm,
        };
    }
}
