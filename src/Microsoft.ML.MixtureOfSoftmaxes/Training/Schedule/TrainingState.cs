namespace Microsoft.ML.MixtureOfSoftmaxes.Training;

/// <summary>Where a run stands, beside its tensors: with them, all that a checkpoint needs.</summary>
internal sealed class TrainingState
{
    /// <summary>Whether the run has come to fine-tuning: averaged SGD from the best weights on.</summary>
    public bool IsFinetuning { get; set; }

    /// <summary>The epoch of the stage in work, from 1.</summary>
    public int Epoch { get; set; } = 1;

    /// <summary>Epochs done in all stages: what shuffles and window lengths are drawn for.</summary>
    public int EpochsDone { get; set; }

    /// <summary>The next window of the epoch in work.</summary>
    public int Window { get; set; }

    /// <summary>Steps done in all.</summary>
    public long Steps { get; set; }

    /// <summary>Tokens trained on in all.</summary>
    public long Tokens { get; set; }

    /// <summary>Sum of -log P over this epoch's tokens so far.</summary>
    public double EpochLoss { get; set; }

    /// <summary>This epoch's tokens so far.</summary>
    public long EpochTokens { get; set; }

    /// <summary>The rate before warm-up, cosine and window scale.</summary>
    public double LearningRate { get; set; }

    /// <summary>Validation losses of this stage's epochs.</summary>
    public List<double> ValidationLosses { get; set; } = [];

    /// <summary>The lowest validation loss of the run.</summary>
    public double? BestLoss { get; set; }

    /// <summary>Steps in the weight average; null while there is none.</summary>
    public long? AveragedSteps { get; set; }

    /// <summary>Time spent, earlier sessions included.</summary>
    public TimeSpan Elapsed { get; set; }

    /// <summary>Mean of -log P over this epoch's tokens so far, nats per token.</summary>
    public double MeanLoss => EpochLoss / Math.Max(1, EpochTokens);

    /// <exception cref="ArgumentException">A value is one that no run comes to.</exception>
    public void Validate()
    {
        OptionRange.Range(Epoch, 1, int.MaxValue);
        OptionRange.Range(EpochsDone, 0, int.MaxValue);
        OptionRange.Range(Window, 0, int.MaxValue);
        OptionRange.Range(Steps, 0, long.MaxValue);
        OptionRange.Range(Tokens, 0, long.MaxValue);
        OptionRange.AtLeast(EpochLoss, 0);
        OptionRange.Range(EpochTokens, 0, long.MaxValue);
        OptionRange.Positive(LearningRate);
        ValidationLosses.ForEach(loss => OptionRange.AtLeast(loss, 0, nameof(ValidationLosses)));
        OptionRange.AtLeast(BestLoss, 0);
        OptionRange.Range(AveragedSteps, 0, long.MaxValue);
        OptionRange.Range(Elapsed.Ticks, 0, long.MaxValue, nameof(Elapsed));
    }

    /// <summary>Counts the loss of steps of the epoch in work, which may be known later than they are done.</summary>
    public void AddLoss(double loss) => EpochLoss += loss;

    /// <summary>Counts a step of the epoch in work.</summary>
    public void AddStep(long tokens, TimeSpan elapsed)
    {
        Window++;
        Steps++;
        Tokens += tokens;
        EpochTokens += tokens;
        AveragedSteps++;
        Elapsed = elapsed;
    }

    /// <summary>Notes the validation loss of an epoch; whether it is the lowest of the run.</summary>
    public bool AddValidation(double loss)
    {
        ValidationLosses.Add(loss);
        bool isBest = BestLoss is not double best || loss < best;
        BestLoss = isBest ? loss : BestLoss;
        return isBest;
    }

    /// <summary>What there is to tell of the run when it has ended.</summary>
    public TrainingSummary Summarize(TrainingEnd end) => new(
        end, EpochsDone + (Window > 0 ? 1 : 0), Tokens, Elapsed, BestLoss is double loss ? Math.Exp(loss) : null);

    /// <summary>Goes on to the next epoch of the stage.</summary>
    public void NextEpoch()
    {
        Epoch++;
        EpochsDone++;
        Window = 0;
        EpochLoss = 0;
        EpochTokens = 0;
    }

    /// <summary>The rate that the schedule starts from falls.</summary>
    public void LowerRate(double decay) => LearningRate /= decay;

    /// <summary>Goes on to fine-tuning, at a rate of its own.</summary>
    public void StartFinetuning(double learningRate)
    {
        IsFinetuning = true;
        Epoch = 1;
        LearningRate = learningRate;
        ValidationLosses.Clear();
    }

    /// <summary>
    /// The non-monotone test of NT-ASGD (Merity et al., 2018): the latest loss is above the best of those more than
    /// <paramref name="window"/> epochs older.
    /// </summary>
    public bool IsNonMonotone(int window) =>
        ValidationLosses.Count > window + 1 && ValidationLosses[^1] > ValidationLosses.SkipLast(window + 1).Min();
}
