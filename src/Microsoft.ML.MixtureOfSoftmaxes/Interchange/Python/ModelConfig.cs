using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;
using Microsoft.ML.MixtureOfSoftmaxes.Modeling;
using Microsoft.ML.MixtureOfSoftmaxes.Scoring;
using Microsoft.ML.MixtureOfSoftmaxes.Tokenization;

namespace Microsoft.ML.MixtureOfSoftmaxes.Interchange;

/// <summary><c>config.json</c>: the sizes of the network and the marks, as Python names them, and what ML.NET needs of a pipeline.</summary>
internal sealed record ModelConfig(
    string ModelType, string FormatVersion, LanguageModelHead Head, int VocabularySize, int EmbeddingSize, int HiddenSize, int LastHiddenSize,
    int LayerCount, int Experts, int GateSize, int FrequentWords, string UnknownWord, string EndOfSentence, string TextColumnName,
    string TokensColumnName, ScoringOptions Scoring,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)] int Pieces = 0,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)] double LogitRange = 0,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)] int LatentRank = 0,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)] int LowerExperts = 0,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)] int LowerLayers = 0)
{
    public const string Type = "mixture_of_softmaxes";

    private const string Version = "1.0";

    private static readonly JsonSerializerOptions s_json = new()
    {
        WriteIndented = true,
        PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower,
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
        RespectRequiredConstructorParameters = true,
        RespectNullableAnnotations = true,
        AllowDuplicateProperties = false,
        Converters = { new JsonStringEnumConverter(JsonNamingPolicy.SnakeCaseLower, allowIntegerValues: false) },
    };

    public static ModelConfig Of(LanguageModelTransformer model, string textColumnName)
    {
        (NetworkShape shape, Vocabulary vocabulary) = (model.Network.Shape, model.Vocabulary);
        return new(
            Type, Version, shape.Head, shape.VocabularySize, shape.EmbeddingSize, shape.HiddenSize, shape.LastHiddenSize, shape.LayerCount,
            shape.Experts, shape.GateSize, shape.FrequentWords, vocabulary.UnknownWord, vocabulary.EndOfSentence, textColumnName,
            model.TokensColumnName, model.Scoring, shape.Pieces, shape.LogitRange, shape.LatentRank,
            LowerExperts: shape.LowerExperts, LowerLayers: shape.LowerLayers);
    }

    [JsonIgnore]
    public NetworkShape Shape => new(
        Head, VocabularySize, EmbeddingSize, HiddenSize, LastHiddenSize, LayerCount, Experts, GateSize, FrequentWords, Pieces,
        LogitRange, LatentRank, LowerExperts: LowerExperts, LowerLayers: LowerLayers);

    public byte[] ToJson() => JsonSerializer.SerializeToUtf8Bytes(this, s_json);

    /// <summary>Whether a file is the <c>config.json</c> of an export, of whatever version.</summary>
    public static bool IsOne(byte[] json)
    {
        try
        {
            using JsonDocument document = JsonDocument.Parse(json);
            return document.RootElement.ValueKind == JsonValueKind.Object
                && document.RootElement.TryGetProperty("model_type", out JsonElement type) && type.ValueEquals(Type);
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException)
        {
            return false;
        }
    }

    /// <exception cref="InvalidDataException">It is not of an export, of a newer one, or a setting is out of its range.</exception>
    public static ModelConfig Read(byte[] json)
    {
        if (!IsOne(json))
        {
            throw new InvalidDataException($"It has no \"model_type\": \"{Type}\", which the export for Python writes.");
        }

        try
        {
            ModelConfig config = JsonSerializer.Deserialize<ModelConfig>(json, s_json)!;
            config.Validate();
            return config;
        }
        catch (Exception e) when (e is JsonException or ArgumentException)
        {
            throw new InvalidDataException(OptionRange.MessageOf(e), e);
        }
    }

    private void Validate()
    {
        if (FormatVersion != Version)
        {
            throw new ArgumentException($"It is of format {FormatVersion}, and this version reads {Version}: update the package.");
        }

        OptionRange.Name(TextColumnName);
        OptionRange.Name(TokensColumnName);
        Shape.Validate();
        Marks.Check(UnknownWord, EndOfSentence);
        LanguageModel.Validate(Scoring, adaptation: null);
    }
}
