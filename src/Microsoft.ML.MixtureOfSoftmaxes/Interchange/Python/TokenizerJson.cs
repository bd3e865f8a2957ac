using System.Text.Encodings.Web;
using System.Text.Json;
using Microsoft.ML.MixtureOfSoftmaxes.Tokenization;

namespace Microsoft.ML.MixtureOfSoftmaxes.Interchange;

/// <summary>
/// <c>tokenizer.json</c> of Hugging Face's tokenizers: words as a WordLevel model behind white space, byte pairs as a byte-level BPE model behind
/// the pieces that <see cref="PieceSplitter"/> cuts. The marks are in the vocabulary, and no special tokens: what a text says is text.
/// </summary>
internal static class TokenizerJson
{
    private const string Words = "WordLevel";
    private const string BytePairs = "BPE";

    // White space as .NET and Unicode have it; an escape would stand for another set in another library.
    private const string Space = "\\t-\\r \u0085\u00a0\u1680\u2000-\u200a\u2028\u2029\u202f\u205f\u3000";

    private static readonly JsonSerializerOptions s_config = new() { WriteIndented = true, Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };
    private static readonly JsonWriterOptions s_writing = new() { Indented = true, Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>The pieces, in code points: only runs of more than 31 characters beyond the first 65,536 may be cut elsewhere.</summary>
    internal static string PiecePattern { get; } = string.Join('|', [
        .. new[] { @"[\p{L}\p{Mn}\p{Mc}]", @"\p{N}", $@"[^\p{{L}}\p{{Mn}}\p{{Mc}}\p{{N}}{Space}]" }.SelectMany(kind =>
            new[] { $" {kind}{{1,63}}", $"{kind}{{1,64}}" }),
        $"[{Space}]{{1,63}}(?= [^{Space}])",
        $"[{Space}]{{1,64}}",
    ]);

    /// <param name="vocabulary">The model's.</param>
    /// <param name="unknownWord">What a word that is not in it becomes.</param>
    /// <param name="merges">Each as the names of its two tokens with a space between; null for words.</param>
    public static byte[] Write(Vocabulary vocabulary, string unknownWord, IReadOnlyList<string>? merges)
    {
        using var stream = new MemoryStream();
        using (var json = new Utf8JsonWriter(stream, s_writing))
        {
            json.WriteStartObject();
            json.WriteString("version", "1.0");
            json.WriteNull("truncation");
            json.WriteNull("padding");
            json.WriteStartArray("added_tokens");
            json.WriteEndArray();
            json.WriteNull("normalizer");
            WriteProperty(json, "pre_tokenizer", merges is null ? new { type = "WhitespaceSplit" } : PiecesOfBytes());
            json.WriteNull("post_processor");
            WriteProperty(json, "decoder", merges is null ? null : ByteLevel());
            json.WriteStartObject("model");
            WriteModel(json, vocabulary, unknownWord, merges);
            json.WriteEndObject();
            json.WriteEndObject();
        }

        return stream.ToArray();
    }

    /// <summary><c>tokenizer_config.json</c>, by which Hugging Face's transformers know what <c>tokenizer.json</c> is, and the marks.</summary>
    public static byte[] WriteConfig(Vocabulary vocabulary) => JsonSerializer.SerializeToUtf8Bytes(
        new
        {
            tokenizer_class = "PreTrainedTokenizerFast",
            unk_token = vocabulary.UnknownWord,
            eos_token = vocabulary.EndOfSentence,
            clean_up_tokenization_spaces = false,
        },
        s_config);

    /// <summary>The tokens of a <c>tokenizer.json</c> as it is written here, by their ids; its unknown word, or its merges.</summary>
    /// <exception cref="InvalidDataException">It is another.</exception>
    public static (string[] Vocabulary, string? UnknownWord, string[]? Merges) Read(byte[] tokenizer)
    {
        try
        {
            using JsonDocument document = JsonDocument.Parse(tokenizer, new() { AllowDuplicateProperties = false });
            JsonElement model = document.RootElement.GetProperty("model");
            string type = model.GetProperty("type").GetString()!;
            string[] vocabulary = ByIds(model.GetProperty("vocab"));
            return type switch
            {
                Words => (vocabulary, model.GetProperty("unk_token").GetString(), null),
                BytePairs => (vocabulary, null, [.. model.GetProperty("merges").EnumerateArray().Select(merge => merge.GetString()!)]),
                _ => throw new InvalidDataException($"Its model is of type '{type}'; this version reads '{Words}' and '{BytePairs}'."),
            };
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException or KeyNotFoundException or FormatException)
        {
            throw new InvalidDataException($"It is no tokenizer.json as the export for Python writes it: {e.Message}", e);
        }
    }

    private static void WriteModel(Utf8JsonWriter json, Vocabulary vocabulary, string unknownWord, IReadOnlyList<string>? merges)
    {
        json.WriteString("type", merges is null ? Words : BytePairs);
        json.WriteString("unk_token", merges is null ? unknownWord : null);
        if (merges is not null)
        {
            json.WriteNull("dropout");
            json.WriteNull("continuing_subword_prefix");
            json.WriteNull("end_of_word_suffix");
            json.WriteBoolean("fuse_unk", false);
            json.WriteBoolean("byte_fallback", false);
            json.WriteBoolean("ignore_merges", false);
        }

        json.WriteStartObject("vocab");
        foreach ((int id, string word) in vocabulary.Words.Index())
        {
            json.WriteNumber(word, id);
        }

        json.WriteEndObject();
        if (merges is not null)
        {
            WriteProperty(json, "merges", merges);
        }
    }

    private static object PiecesOfBytes() => new
    {
        type = "Sequence",
        pretokenizers = new object[]
        {
            new { type = "Split", pattern = new { Regex = PiecePattern }, behavior = "Isolated", invert = false },
            ByteLevel(),
        },
    };

    private static object ByteLevel() => new { type = "ByteLevel", add_prefix_space = false, trim_offsets = true, use_regex = false };

    private static void WriteProperty(Utf8JsonWriter json, string name, object? value)
    {
        json.WritePropertyName(name);
        JsonSerializer.Serialize(json, value);
    }

    private static string[] ByIds(JsonElement vocabulary)
    {
        string?[] words = new string?[vocabulary.GetPropertyCount()];
        foreach (JsonProperty word in vocabulary.EnumerateObject())
        {
            int id = word.Value.GetInt32();
            if (id < 0 || id >= words.Length || words[id] is not null)
            {
                throw new FormatException($"the id of '{word.Name}', {id}, is of another token or beyond the {words.Length:N0} that there are.");
            }

            words[id] = word.Name;
        }

        return words!;
    }
}
