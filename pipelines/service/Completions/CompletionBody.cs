using System.Globalization;
using System.Text.Json;

namespace MosService.Completions;

/// <summary>
/// The body of a request for completions. As OpenAI's servers do, it passes over members that it does not know; those that it knows and
/// cannot follow are refused, unless they ask for what is done anyway.
/// </summary>
/// <param name="limits">The most that it may ask for.</param>
internal sealed class CompletionBody(CompletionLimits limits)
{
    private const int DefaultMaxTokens = 16;

    private static readonly JsonBody s_body = new("See GET /openapi/v1.json for what a request has.");

    public Task<CompletionRequest> ReadAsync(HttpRequest request, CancellationToken cancellationToken) =>
        s_body.ReadAsync(request, Read, cancellationToken);

    private CompletionRequest Read(JsonElement body)
    {
        int n = Integer(body, "n", 1, limits.MaximumChoices) ?? 1;
        RefuseUnsupported(body, n);
        IReadOnlyList<Prompt> prompts = Prompts(body);
        if (prompts.Count * n > limits.MaximumChoices)
        {
            throw s_body.Wrong(
                $"{prompts.Count} prompts with {n} choices each are more than the {limits.MaximumChoices} choices of a request: " +
                "send several requests.", "prompt");
        }

        return new(
            Member(body, "model") is JsonElement model ? s_body.StringOf(model, "model") : null,
            prompts,
            Integer(body, "max_tokens", 0, limits.MaximumTokens) ?? Math.Min(DefaultMaxTokens, limits.MaximumTokens),
            Number(body, "temperature", 0, 2) ?? 1,
            Number(body, "top_p", double.Epsilon, 1) ?? 1,
            n,
            Integer(body, "logprobs", 0, limits.MaximumLogProbs),
            Flag(body, "echo"),
            Stops(body),
            Integer64(body, "seed"),
            Flag(body, "stream"),
            Member(body, "stream_options") is JsonElement options && Flag(ObjectOf(options, "stream_options"), "include_usage"),
            Flag(body, "ignore_eos"));
    }

    private static List<Prompt> Prompts(JsonElement body) => Member(body, "prompt") switch
    {
        null => [new("", null)],
        { ValueKind: JsonValueKind.String } text => [new(s_body.StringOf(text, "prompt"), null)],
        { ValueKind: JsonValueKind.Array } array when array.GetArrayLength() == 0 => throw s_body.Wrong("prompt is an empty array.", "prompt"),
        { ValueKind: JsonValueKind.Array } array when array[0].ValueKind == JsonValueKind.Number => [TokensOf(array, "prompt")],
        { ValueKind: JsonValueKind.Array } array => [.. array.EnumerateArray().Select((item, i) => item.ValueKind == JsonValueKind.Array
            ? TokensOf(item, $"prompt[{i}]")
            : new Prompt(s_body.StringOf(item, $"prompt[{i}]"), null))],
        JsonElement other => throw s_body.Wrong(
            $"prompt is {JsonBody.Describe(other)}; it must be a string, an array of strings, an array of token ids, or an array of such arrays.",
            "prompt"),
    };

    private static Prompt TokensOf(JsonElement array, string name) => new(null, [.. array.EnumerateArray().Select((token, i) =>
        token.ValueKind == JsonValueKind.Number && token.TryGetInt32(out int id)
            ? id
            : throw s_body.Wrong($"{name}[{i}] is {Shown(token)}; it must be a token id.", "prompt"))]);

    private string[] Stops(JsonElement body)
    {
        string[] stops = Member(body, "stop") switch
        {
            null => [],
            { ValueKind: JsonValueKind.Array } array => [.. array.EnumerateArray().Select((stop, i) => s_body.StringOf(stop, $"stop[{i}]"))],
            JsonElement one => [s_body.StringOf(one, "stop")],
        };
        return stops.Length > limits.MaximumStops
            ? throw s_body.Wrong($"stop has {stops.Length} texts; it can have {limits.MaximumStops}.", "stop")
            : stops.Contains("") ? throw s_body.Wrong("stop has an empty text, which would end every completion at once.", "stop") : stops;
    }

    private void RefuseUnsupported(JsonElement body, int n)
    {
        RefuseUnless(Number(body, "presence_penalty", -2, 2) is null or 0, "presence_penalty", "0");
        RefuseUnless(Number(body, "frequency_penalty", -2, 2) is null or 0, "frequency_penalty", "0");
        RefuseUnless((Integer(body, "best_of", 1, limits.MaximumChoices) ?? n) == n, "best_of", "as many as n");
        RefuseUnless(Member(body, "suffix") is not JsonElement suffix || s_body.StringOf(suffix, "suffix").Length == 0, "suffix", "empty");
        RefuseUnless(
            Member(body, "logit_bias") is not JsonElement bias || !ObjectOf(bias, "logit_bias").EnumerateObject().Any(), "logit_bias", "empty");
    }

    private static void RefuseUnless(bool isNeutral, string name, string neutral)
    {
        if (!isNeutral)
        {
            throw new RequestException(
                StatusCodes.Status400BadRequest, $"{name} is not supported: leave it out, or {neutral}.", name, "unsupported_parameter");
        }
    }

    private static JsonElement? Member(JsonElement body, string name) =>
        body.TryGetProperty(name, out JsonElement value) && value.ValueKind != JsonValueKind.Null ? value : null;

    private static JsonElement ObjectOf(JsonElement value, string name) => value.ValueKind == JsonValueKind.Object
        ? value
        : throw s_body.Wrong($"{name} is {Shown(value)}; it must be an object.", name);

    private static bool Flag(JsonElement body, string name) => Member(body, name) switch
    {
        null or { ValueKind: JsonValueKind.False } => false,
        { ValueKind: JsonValueKind.True } => true,
        JsonElement other => throw s_body.Wrong($"{name} is {Shown(other)}; it must be true or false.", name),
    };

    private static long? Integer64(JsonElement body, string name) => Member(body, name) is not JsonElement value ? null
        : value.ValueKind == JsonValueKind.Number && value.TryGetInt64(out long number) ? number
        : throw s_body.Wrong($"{name} is {Shown(value)}; it must be an integer of at most 64 bits.", name);

    private static int? Integer(JsonElement body, string name, int min, int max) => Member(body, name) is not JsonElement value ? null
        : value.ValueKind == JsonValueKind.Number && value.TryGetInt32(out int number) && number >= min && number <= max ? number
        : throw s_body.Wrong($"{name} is {Shown(value)}; it must be an integer from {min} to {max}.", name);

    private static double? Number(JsonElement body, string name, double min, double max) => Member(body, name) is not JsonElement value ? null
        : value.ValueKind == JsonValueKind.Number && value.TryGetDouble(out double number) && number >= min && number <= max ? number
        : throw s_body.Wrong($"{name} is {Shown(value)}; it must be a number {Range(min, max)}.", name);

    private static string Range(double min, double max) => min == double.Epsilon
        ? string.Create(CultureInfo.InvariantCulture, $"above 0 and at most {max}")
        : string.Create(CultureInfo.InvariantCulture, $"from {min} to {max}");

    private static string Shown(JsonElement value) => value.ValueKind == JsonValueKind.Number && value.GetRawText() is { Length: < 30 } number
        ? number
        : JsonBody.Describe(value);
}
