using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;

namespace Microsoft.ML.MixtureOfSoftmaxes.Tokenization;

/// <summary>Learnt byte pairs as the files by which others know them.</summary>
internal static class BytePairFiles
{
    private static readonly JsonSerializerOptions s_json = new() { WriteIndented = true, Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    public static TokenizerFiles Of(BytePairTokenizingTransformer tokenizer)
    {
        var ids = tokenizer.Tokens.Index().ToDictionary(token => token.Item, token => token.Index);
        string merges = string.Concat(tokenizer.Merges.Prepend("#version: 0.2").Select(line => line + "\n"));
        return TokenizerFiles.Of(
            TokenizerKind.ByteLevelBpe, JsonSerializer.SerializeToUtf8Bytes(ids, s_json), Encoding.UTF8.GetBytes(merges)) with
        {
            Pieces = TextPieces.Runs,
        };
    }
}
