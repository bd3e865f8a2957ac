using System.Text.Json.Nodes;

namespace Microsoft.ML.MixtureOfSoftmaxes.DependencyInjection.Tests.Support;

/// <summary>Reads answers in OpenAI's form.</summary>
internal static class Answers
{
    public static JsonNode Choice(this JsonNode answer, int index = 0) => answer["choices"]![index]!;

    public static string Text(this JsonNode choice) => (string)choice["text"]!;

    public static string[] Tokens(this JsonNode choice) => [.. choice["logprobs"]!["tokens"]!.AsArray().Select(token => (string)token!)];

    public static float?[] LogProbs(this JsonNode choice) =>
        [.. choice["logprobs"]!["token_logprobs"]!.AsArray().Select(value => (float?)value)];

    public static int[] Offsets(this JsonNode choice) => [.. choice["logprobs"]!["text_offset"]!.AsArray().Select(offset => (int)offset!)];

    public static Dictionary<string, float>?[] Top(this JsonNode choice) =>
    [
        .. choice["logprobs"]!["top_logprobs"]!.AsArray().Select(place => place?.AsObject().ToDictionary(top => top.Key, top => (float)top.Value!)),
    ];

    public static (int Prompt, int Completion, int Total) Usage(this JsonNode answer) =>
        ((int)answer["usage"]!["prompt_tokens"]!, (int)answer["usage"]!["completion_tokens"]!, (int)answer["usage"]!["total_tokens"]!);
}
