using System.Text.Json;
using Microsoft.ML.MixtureOfSoftmaxes;

namespace MosService;

/// <summary>
/// The body of a request to <c>/score</c>: one text, or several, and if wanted what they continue and the model. A misspelt member is refused
/// rather than left without effect.
/// </summary>
internal static class ScoreBody
{
    private static readonly JsonBody s_body = new(
        """Give either {"text": "..."} or {"texts": ["...", ...]}, and beside it "context" and "model" if wanted.""");

    private static readonly string[] s_names = ["text", "texts", "context", "model"];

    /// <exception cref="RequestException">The body is missing, too large, not JSON, or JSON of another form.</exception>
    public static Task<ScoreRequest> ReadAsync(HttpRequest request, CancellationToken cancellationToken) =>
        s_body.ReadAsync(request, Read, cancellationToken);

    private static ScoreRequest Read(JsonElement body)
    {
        Dictionary<string, JsonElement> members = Members(body);
        return new(StringOf("model"), StringOf("context"), TextsOf(members));

        string? StringOf(string name) => members.TryGetValue(name, out JsonElement value) ? s_body.StringOf(value, name) : null;
    }

    private static Dictionary<string, JsonElement> Members(JsonElement body)
    {
        var members = new Dictionary<string, JsonElement>();
        foreach (JsonProperty member in body.EnumerateObject())
        {
            string name = s_body.NameOf(member);
            if (!s_names.Contains(name))
            {
                throw s_body.Wrong($"There is no member '{name}'.");
            }

            if (member.Value.ValueKind != JsonValueKind.Null && !members.TryAdd(name, member.Value))
            {
                throw s_body.Wrong($"The object has {name} twice.");
            }
        }

        return members;
    }

    private static string[] TextsOf(Dictionary<string, JsonElement> members) =>
        (members.TryGetValue("text", out JsonElement text), members.TryGetValue("texts", out JsonElement texts)) switch
        {
            (true, true) => throw s_body.Wrong("The object has both text and texts."),
            (true, false) => [s_body.StringOf(text, "text")],
            (false, false) => throw s_body.Wrong("The object has neither text nor texts."),
            _ when texts.ValueKind == JsonValueKind.Array => [.. texts.EnumerateArray().Select((t, i) => s_body.StringOf(t, $"texts[{i}]"))],
            _ => throw s_body.Wrong($"texts is {JsonBody.Describe(texts)}; it must be an array."),
        };
}

/// <summary>What is to be scored.</summary>
/// <param name="Model">The model's name; null for the first one.</param>
/// <param name="Context">What the texts continue; null for nothing.</param>
/// <param name="Texts">The texts.</param>
internal sealed record ScoreRequest(string? Model, string? Context, string[] Texts);

/// <summary>The answer: a score for each text, in the order of the texts.</summary>
internal sealed record ScoreResponse(IReadOnlyList<TextScore> Scores);
