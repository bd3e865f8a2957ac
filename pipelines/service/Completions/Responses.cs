using System.Text.Json.Serialization;

namespace MosService.Completions;

/// <summary>The answer to a request for completions, or one event of a stream.</summary>
internal sealed record CompletionResponse(
    string Id, long Created, string Model, IReadOnlyList<ChoiceResponse> Choices,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] UsageResponse? Usage)
{
    public string Object { get; } = "text_completion";
}

/// <summary>A continuation, or a part of one.</summary>
internal sealed record ChoiceResponse(
    int Index, string Text, [property: JsonPropertyName("logprobs")] LogProbsResponse? LogProbs,
    [property: JsonPropertyName("finish_reason")] string? FinishReason);

/// <summary>The tokens of a text: log P of each, the likeliest ones at its place, and where it begins in the text.</summary>
internal sealed record LogProbsResponse(
    IReadOnlyList<string> Tokens,
    [property: JsonPropertyName("token_logprobs")] IReadOnlyList<float?> TokenLogProbs,
    [property: JsonPropertyName("top_logprobs")] IReadOnlyList<IReadOnlyDictionary<string, float>?> TopLogProbs,
    [property: JsonPropertyName("text_offset")] IReadOnlyList<int> TextOffset);

/// <summary>How many tokens were read and generated.</summary>
internal sealed record UsageResponse(
    [property: JsonPropertyName("prompt_tokens")] int PromptTokens,
    [property: JsonPropertyName("completion_tokens")] int CompletionTokens,
    [property: JsonPropertyName("total_tokens")] int TotalTokens);

/// <summary>An error in OpenAI's form.</summary>
internal sealed record ErrorResponse(ErrorDetail Error)
{
    public static ErrorResponse Of(RequestException error) => new(new ErrorDetail(
        error.Message,
        error.StatusCode >= StatusCodes.Status500InternalServerError ? "server_error" : "invalid_request_error",
        error.Parameter,
        error.Code));
}

/// <summary>What is wrong, and with which member.</summary>
internal sealed record ErrorDetail(string Message, string Type, string? Param, string? Code);
