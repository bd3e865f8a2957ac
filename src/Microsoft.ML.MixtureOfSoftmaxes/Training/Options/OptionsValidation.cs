using Microsoft.ML.MixtureOfSoftmaxes.Modeling;
using Microsoft.ML.MixtureOfSoftmaxes.Tokenization;
using static Microsoft.ML.MixtureOfSoftmaxes.OptionRange;

namespace Microsoft.ML.MixtureOfSoftmaxes.Training;

/// <summary>Checks trainer options before libtorch sees any.</summary>
internal static class OptionsValidation
{
    public static void Validate(this MixtureOfSoftmaxesTrainer.Options options)
    {
        ArgumentNullException.ThrowIfNull(options);
        SizeRange.Experts(options.Experts, options.Head);
        SizeRange.Size(options.MixtapeGateSize);
        PositiveShare(options.MixtapeFrequentShare);
        SizeRange.Size(options.PlifPieces);
        Positive(options.PlifRange);
        Range(options.FacetPartitions, 1, SizeRange.MostPartitions);
        SizeRange.Size(options.EmbeddingSize);
        SizeRange.Size(options.HiddenSize);
        SizeRange.Size(options.LastHiddenSize);
        SizeRange.Layers(options.LayerCount);
        Range(options.LowerExperts, 1, 1_000);
        Range(options.LowerLayers, 1, 15);
        AtLeast(options.PriorRegularization, 0);
        DirectOutput(options);
        Range(options.LatentRank, 1, options.LastHiddenSize ?? options.HiddenSize);
        Rate(options.WordDropout);
        Rate(options.InputDropout);
        Rate(options.HiddenDropout);
        Rate(options.OutputDropout);
        Rate(options.LatentDropout);
        Rate(options.WeightDropout);
        AtLeast(options.ActivationRegularization, 0);
        AtLeast(options.TemporalActivationRegularization, 0);
        Range(options.BatchSize, 1, 1 << 20);
        Range(options.PassBatchSize, 1, 1 << 20);
        Range(options.SequenceLength, 1, 1 << 20);
        AtLeast(options.SequenceLengthDeviation, 0);
        Range(options.SequenceLengthExcess, 0, 1 << 20);
        Positive(options.LearningRate);
        AtLeast(options.LearningRateDecay, 1);
        Range(options.WarmupSteps, 0, int.MaxValue);
        Range(options.AveragingWindow, 1, int.MaxValue);
        Range(options.FinetuneEpochs, 0, int.MaxValue);
        Positive(options.FinetuneLearningRate);
        Range(options.EarlyStoppingEpochs, 1, int.MaxValue);
        Positive(options.MaximumTime);
        Positive(options.CheckpointInterval);
        Positive(options.DistributedTimeout);
        Defined(options.Distributed);
        NeedsValidation(options, options.AveragingWindow is not null, nameof(options.AveragingWindow));
        NeedsValidation(options, options.FinetuneEpochs > 0, nameof(options.FinetuneEpochs));
        NeedsValidation(options, options.EarlyStoppingEpochs is not null, nameof(options.EarlyStoppingEpochs));
        if (options.Resume && options.CheckpointFolder is null)
        {
            throw new ArgumentException("Resume is set without CheckpointFolder, so there is nothing to resume from.", nameof(options.Resume));
        }

        if (options.TokenCacheKey is not null && options.TokenCacheFolder is null)
        {
            throw new ArgumentException(
                "TokenCacheKey is set without TokenCacheFolder, so there is no file that it could name.", nameof(options.TokenCacheKey));
        }

        Positive(options.ClipNorm);
        AtLeast(options.WeightDecay, 0);
        Range(options.MaximumEpochs, 1, int.MaxValue);
        Range(options.MaximumTokens, 1, long.MaxValue);
        Defined(options.Head);
        Defined(options.Optimizer);
        Defined(options.Precision);
        Range(options.MaximumLogitMemory, 1, long.MaxValue);
        Defined(options.LearningRateSchedule);
        Marks.Check(options.UnknownWord, options.EndOfSentence);
        ArgumentNullException.ThrowIfNull(options.Scoring);
        options.Scoring.Validate();
    }

    private static void DirectOutput(MixtureOfSoftmaxesTrainer.Options options)
    {
        if (options.Head != LanguageModelHead.DirectOutputConnection)
        {
            return;
        }

        SizeRange.LowerExperts(options.LowerExperts, options.LowerLayers, options.Experts, options.LayerCount);
        if (options.LatentRank is not null)
        {
            throw Wrong(
                nameof(options.LatentRank), options.LatentRank, "null for DirectOutputConnection, whose experts are of layers of several sizes");
        }
    }

    private static void NeedsValidation(MixtureOfSoftmaxesTrainer.Options options, bool isSet, string name)
    {
        if (isSet && options.ValidationSet is null)
        {
            throw new ArgumentException($"{name} is set without ValidationSet, whose loss it goes by.", name);
        }
    }
}
