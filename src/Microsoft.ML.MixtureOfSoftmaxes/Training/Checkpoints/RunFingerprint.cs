using System.Globalization;
using System.Reflection;
using System.Runtime.InteropServices;
using System.Security.Cryptography;
using Microsoft.ML.MixtureOfSoftmaxes.Tokenization;

namespace Microsoft.ML.MixtureOfSoftmaxes.Training;

/// <summary>What a run was made of, to tell on resuming whether it is still the same: options by name, and hashes of the data.</summary>
/// <param name="Values">By name, as text.</param>
internal sealed record RunFingerprint(IReadOnlyDictionary<string, string> Values)
{
    // These decide when a run ends or what it tells, not what it computes.
    private static readonly string[] s_harmless =
    [
        nameof(MixtureOfSoftmaxesTrainer.Options.MaximumEpochs), nameof(MixtureOfSoftmaxesTrainer.Options.MaximumTokens),
        nameof(MixtureOfSoftmaxesTrainer.Options.MaximumTime), nameof(MixtureOfSoftmaxesTrainer.Options.EarlyStoppingEpochs),
        nameof(MixtureOfSoftmaxesTrainer.Options.FinetuneEpochs), nameof(MixtureOfSoftmaxesTrainer.Options.CheckpointInterval),
        nameof(MixtureOfSoftmaxesTrainer.Options.CheckpointFolder), nameof(MixtureOfSoftmaxesTrainer.Options.LogFile),
        nameof(MixtureOfSoftmaxesTrainer.Options.TensorBoardFolder), nameof(MixtureOfSoftmaxesTrainer.Options.Resume),
        nameof(MixtureOfSoftmaxesTrainer.Options.TokenCacheFolder), nameof(MixtureOfSoftmaxesTrainer.Options.TokenCacheKey),
    ];

    // The cosine goes by where the run ends.
    private static readonly string[] s_harmfulToCosine =
    [
        nameof(MixtureOfSoftmaxesTrainer.Options.MaximumEpochs), nameof(MixtureOfSoftmaxesTrainer.Options.MaximumTokens),
        nameof(MixtureOfSoftmaxesTrainer.Options.MaximumTime), nameof(MixtureOfSoftmaxesTrainer.Options.FinetuneEpochs),
    ];

    /// <summary>The seed of the run's random numbers.</summary>
    /// <exception cref="FormatException">There is none.</exception>
    public int Seed => int.TryParse(Values.GetValueOrDefault(nameof(Seed)), CultureInfo.InvariantCulture, out int seed)
        ? seed
        : throw new FormatException("There is no seed among the options of the run.");

    public static RunFingerprint Of(
        MixtureOfSoftmaxesTrainer.Options options, int seed, Vocabulary vocabulary, TokenText training, int[]? validation)
    {
        var print = new Dictionary<string, string>(StringComparer.Ordinal)
        {
            [nameof(Seed)] = seed.ToString(CultureInfo.InvariantCulture),
            ["Vocabulary"] = Hash(System.Text.Encoding.UTF8.GetBytes(string.Join('\n', vocabulary.Words))),
            ["TrainingData"] = training.Tokens.Hash(),
            ["ValidationData"] = Hash(MemoryMarshal.AsBytes<int>(validation)),
        };
        if (training.Shards.Length > 1)
        {
            print["Shards"] = Hash(MemoryMarshal.AsBytes<long>(training.Shards));
        }

        foreach (PropertyInfo property in typeof(MixtureOfSoftmaxesTrainer.Options).GetProperties())
        {
            Type type = Nullable.GetUnderlyingType(property.PropertyType) ?? property.PropertyType;
            if (type.IsPrimitive || type.IsEnum || type == typeof(string) || type == typeof(TimeSpan))
            {
                print[property.Name] = Convert.ToString(property.GetValue(options), CultureInfo.InvariantCulture) ?? "";
            }
        }

        return new(print);
    }

    /// <summary>
    /// What differs from the run that is to go on, as text, where it only changes when the run ends; other differences are an error.
    /// </summary>
    /// <exception cref="InvalidOperationException">The run would go on as another one.</exception>
    public string[] CheckGoesOn(RunFingerprint then, LearningRateSchedule schedule)
    {
        string[] different =
            [.. Values.Keys.Union(then.Values.Keys).Where(name => then.Values.GetValueOrDefault(name) != Values.GetValueOrDefault(name)).Order()];
        bool IsHarmless(string name) => s_harmless.Contains(name)
            && !(schedule == LearningRateSchedule.Cosine && s_harmfulToCosine.Contains(name));
        string[] harmful = [.. different.Where(name => !IsHarmless(name)).Select(Describe)];
        return harmful.Length == 0
            ? [.. different.Where(name => name != nameof(MixtureOfSoftmaxesTrainer.Options.Resume)).Select(Describe)]
            : throw new InvalidOperationException(
                $"The checkpoint is of another run: {string.Join("; ", harmful)}. Give the same options and data, or another CheckpointFolder.");

        string Describe(string name) => $"{name} was '{then.Values.GetValueOrDefault(name)}', is '{Values.GetValueOrDefault(name)}'";
    }

    private static string Hash(ReadOnlySpan<byte> data) => Convert.ToHexStringLower(SHA256.HashData(data));
}
