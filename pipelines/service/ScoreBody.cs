using System.Text.Json;
using Microsoft.ML.MixtureOfSoftmaxes;

namespace MosService;

/// <summary>
/// The body of a request to <c>/score</c>: one text, or several. A misspelt member is refused rather than left without effect.
/// </summary>
internal static class ScoreBody
{
    private static readonly JsonBody s_body = new("""Give either {"text": "..."} or {"texts": ["...", ...]}.""");

    /// <exception cref="RequestException">The body is missing, too large, not JSON, or JSON of another form.</exception>
    public static Task<string[]> ReadTextsAsync(HttpRequest request, CancellationToken cancellationToken) =>
        s_body.ReadAsync(request, TextsOf, cancellationToken);

    private static string[] TextsOf(JsonElement body)
    {
        (string Name, JsonElement Value)[] members =
        [
            .. body.EnumerateObject()
                .Where(member => member.Value.ValueKind != JsonValueKind.Null)
                .Select(member => (s_body.NameOf(member), member.Value)),
        ];
        return members switch
        {
            [("text", var text)] => [s_body.StringOf(text, "text")],
            [("texts", { ValueKind: JsonValueKind.Array } texts)] => [.. texts.EnumerateArray().Select((t, i) => s_body.StringOf(t, $"texts[{i}]"))],
            [("texts", var other)] => throw s_body.Wrong($"texts is {JsonBody.Describe(other)}; it must be an array."),
            [] => throw s_body.Wrong("The object has neither text nor texts."),
            _ when members.FirstOrDefault(member => member.Name is not ("text" or "texts")) is { Name: string other } =>
                throw s_body.Wrong($"There is no member '{other}'."),
            _ => throw s_body.Wrong("The object has both text and texts, or one of them twice."),
        };
    }
}

/// <summary>The answer: a score for each text, in the order of the texts.</summary>
internal sealed record ScoreResponse(IReadOnlyList<TextScore> Scores);
