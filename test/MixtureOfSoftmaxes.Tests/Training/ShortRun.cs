using System.Security.Cryptography;
using Microsoft.ML.MixtureOfSoftmaxes.Tests.Support;

namespace Microsoft.ML.MixtureOfSoftmaxes.Tests.Training;

/// <summary>Whole runs of the recipe on some sentences of the tiny language, about ten steps an epoch.</summary>
internal static class ShortRun
{
    private static readonly Lazy<IDataView> s_training = new(() => TinyModel.Tokens(TinyLanguage.Sentences(seed: 1, count: 60)));
    private static readonly Lazy<IDataView> s_validation = new(() => TinyModel.Tokens(TinyLanguage.Sentences(seed: 2, count: 30)));

    public static IDataView Training => s_training.Value;

    /// <summary>Options with all that the recipe has: dropouts, regularisers, windows that vary, passes, partial shuffle.</summary>
    public static MixtureOfSoftmaxesTrainer.Options Options() => new()
    {
        Experts = 2,
        EmbeddingSize = 6,
        HiddenSize = 8,
        LayerCount = 2,
        WordDropout = 0.1,
        InputDropout = 0.1,
        HiddenDropout = 0.1,
        OutputDropout = 0.1,
        LatentDropout = 0.1,
        WeightDropout = 0.2,
        ActivationRegularization = 2,
        TemporalActivationRegularization = 1,
        BatchSize = 4,
        PassBatchSize = 3,
        SequenceLength = 10,
        SequenceLengthDeviation = 2,
        SequenceLengthExcess = 5,
        PartialShuffle = true,
        LearningRate = 5,
        LearningRateSchedule = LearningRateSchedule.Constant,
        MaximumEpochs = 3,
        ValidationSet = s_validation.Value,
    };

    public static LanguageModelTransformer Fit(
        MixtureOfSoftmaxesTrainer.Options options, MLContext? ml = null, IDataView? data = null) =>
        (ml ?? new MLContext(seed: 1)).LanguageModeling.Trainers.MixtureOfSoftmaxes("Tokens", options).Fit(data ?? Training);

    /// <summary>The SHA-256 of the weights that a run ends with.</summary>
    public static string Hash(MixtureOfSoftmaxesTrainer.Options options)
    {
        using LanguageModelTransformer model = Fit(options);
        return HashOfWeights(ModelZip.Save(model));
    }

    public static string HashOfWeights(byte[] zip) =>
        Convert.ToHexString(SHA256.HashData(ModelZip.Entry(zip, "Weights.safetensors")));
}
