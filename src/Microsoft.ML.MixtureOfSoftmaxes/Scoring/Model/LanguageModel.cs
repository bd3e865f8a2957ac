using Microsoft.ML.MixtureOfSoftmaxes.Distribution;
using Microsoft.ML.MixtureOfSoftmaxes.Modeling;
using Microsoft.ML.MixtureOfSoftmaxes.Persistence;
using Microsoft.ML.MixtureOfSoftmaxes.Tokenization;
using TorchSharp;
using static TorchSharp.torch;

namespace Microsoft.ML.MixtureOfSoftmaxes.Scoring;

/// <summary>A language model as it scores and as it is saved, and its entries in the model zip.</summary>
/// <param name="TokensColumnName">The column it reads.</param>
/// <param name="Scoring">The columns it adds, and what rows are conditioned on.</param>
/// <param name="Vocabulary">What the ids stand for.</param>
/// <param name="Network">The trained network.</param>
/// <param name="Adaptation">How it adapts to what it reads; null for not at all.</param>
/// <param name="Given">The tokens that every row continues; null for nothing, or for what a column says. It is not saved.</param>
/// <param name="Ranks">The processes that score together; null for this one alone.</param>
internal sealed record LanguageModel(
    string TokensColumnName, ScoringOptions Scoring, Vocabulary Vocabulary, LanguageModelNetwork Network, DynamicEvaluation? Adaptation = null,
    int[]? Given = null, Ranks? Ranks = null)
    : IScoringModel, IDisposable
{
    private const string SettingsEntry = "Settings.json";
    private const string VocabularyEntry = "Vocabulary.json";
    private const string WeightsEntry = "Weights.safetensors";
    private const string StatisticsEntry = "GradientStatistics.safetensors";

    /// <summary>
    /// The oldest format that says all of it, so that an older library reads what it can, and says what it cannot. Format 1.3 added tokenizers
    /// of files, continuations of a context and TensorFloat32; format 1.4 Plif, multi-facet softmax, a latent rank, and experts that
    /// are skipped.
    /// </summary>
    public uint Format =>
        Network.Shape is { Head: LanguageModelHead.Plif or LanguageModelHead.MultiFacetSoftmax } or { LatentRank: > 0 }
        || Scoring.SkippedPrior > 0 ? 0x00010004u
        : Vocabulary.Encoding is TokenEncoding.Words or TokenEncoding.BytePairs
        && Scoring.ContextTokensColumnName is null && Scoring.IsGreedyColumnName is null && Scoring.Precision is not Precision.TensorFloat32
            ? 0x00010002u
            : 0x00010003u;

    /// <exception cref="ArgumentException">An option is out of its range, or does not go with dynamic evaluation.</exception>
    public void Validate()
    {
        Validate(Scoring, Adaptation?.Options);
        CheckGiven(Given, Scoring);
    }

    /// <exception cref="ArgumentException">Something is given that rows continue, but they are not scored by themselves.</exception>
    public static void CheckGiven(int[]? given, ScoringOptions scoring)
    {
        if (given is not null && scoring.Context != ScoringContext.Row)
        {
            throw new ArgumentException(
                $"Context is {scoring.Context}, but continuations of a context are scored by themselves: set it to Row by ChangeScoring.");
        }
    }

    /// <inheritdoc cref="Validate()"/>
    public static void Validate(ScoringOptions scoring, DynamicEvaluationOptions? adaptation)
    {
        scoring.Validate();
        adaptation?.Validate();
        if (adaptation is not null && scoring.Context != ScoringContext.Stream)
        {
            throw new ArgumentException(
                $"Context is {scoring.Context}, but a model that adapts to what it reads takes the rows as one stream: set it to Stream, or " +
                "use the model without dynamic evaluation.");
        }
    }

    public AdaptiveScorer? OpenAdaptive() => Adaptation?.Open(Network, Vocabulary.EndOfSentenceIndex);

    public void Dispose()
    {
        Network.Dispose();
        Adaptation?.Statistics.Dispose();
    }

    public void Write(ComponentWriter writer)
    {
        writer.WriteBinary(WeightsEntry, stream => Safetensors.Write(stream, Network.state_dict()));
        if (Adaptation is not null)
        {
            writer.WriteBinary(StatisticsEntry, stream => Safetensors.Write(stream, Adaptation.Statistics.Roots));
        }

        writer.WriteJson(VocabularyEntry, Vocabulary.Words);
        writer.WriteJson(SettingsEntry, Settings);
        writer.Finish();
    }

    /// <summary>What is saved of it beside words and numbers.</summary>
    public SavedSettings Settings => new(
        TokensColumnName, Scoring, Network.Shape, Vocabulary.UnknownWord, Vocabulary.EndOfSentence, TokenEncoding: Vocabulary.Encoding,
        DynamicEvaluation: Adaptation?.Options);

    /// <exception cref="ModelFormatException">An entry is missing, damaged, or does not fit the others.</exception>
    public static LanguageModel Read(ComponentReader reader, Device device)
    {
        SavedSettings settings = reader.ReadSettings<SavedSettings>(SettingsEntry, saved => saved.Validate());
        if (settings.WeightsSha256 is string hash)
        {
            reader.AddChecksum(WeightsEntry, hash);
        }

        var vocabulary = Vocabulary.Read(reader, VocabularyEntry, settings.UnknownWord, settings.EndOfSentence, settings.TokenEncoding);
        if (vocabulary.Count != settings.Network.VocabularySize)
        {
            throw new ModelFormatException(
                $"The model's vocabulary has {vocabulary.Count} words, its network {settings.Network.VocabularySize}: save the model " +
                "again or restore a copy.");
        }

        LanguageModelNetwork network = reader.ReadBinary(WeightsEntry, stream => ReadNetwork(stream, settings.Network, device));
        try
        {
            NetworkCheck.Check(network, vocabulary.EndOfSentenceIndex);
            return new(
                settings.TokensColumnName, settings.Scoring, vocabulary, network,
                ReadAdaptation(reader, network, settings.DynamicEvaluation));
        }
        catch
        {
            network.Dispose();
            throw;
        }
    }

    private static LanguageModelNetwork ReadNetwork(Stream stream, NetworkShape shape, Device device)
    {
        CheckLength(stream, shape);
        var network = new LanguageModelNetwork(shape, device);
        try
        {
            using DisposeScope scope = NewDisposeScope();
            Safetensors.ReadInto(stream, network.state_dict());
            return network;
        }
        catch
        {
            network.Dispose();
            throw;
        }
    }

    private static DynamicEvaluation? ReadAdaptation(ComponentReader reader, LanguageModelNetwork network, DynamicEvaluationOptions? options) =>
        options is null
            ? null
            : new(options, reader.ReadBinary(StatisticsEntry, stream =>
            {
                CheckLength(stream, network.Shape);
                return GradientStatistics.Read(stream, network);
            }));

    // Before any memory is taken for what a file only claims to hold.
    private static void CheckLength(Stream stream, NetworkShape shape)
    {
        long length = Safetensors.LengthOfValues(stream);
        if (length != shape.ParameterCount * sizeof(float))
        {
            throw new InvalidDataException($"It has {length:N0} bytes of values, but '{SettingsEntry}' is of another network, {shape}.");
        }
    }
}
