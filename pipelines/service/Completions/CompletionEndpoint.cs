using System.Text.Json;
using Microsoft.AspNetCore.Http.Json;
using Microsoft.Extensions.Options;
using Microsoft.ML.MixtureOfSoftmaxes.DependencyInjection;

namespace MosService.Completions;

/// <summary><c>POST /v1/completions</c>: the answer at once, or as server-sent events while it is generated.</summary>
internal sealed partial class CompletionEndpoint(
    ModelDirectory models, CompletionLimits limits, IOptions<JsonOptions> json, ILogger<CompletionEndpoint> logger)
{
    private readonly CompletionBody _body = new(limits);

    public async Task AnswerAsync(HttpContext context)
    {
        CompletionRequest request = await _body.ReadAsync(context.Request, context.RequestAborted);
        (string model, ILanguageModelCompleter completer) = await models.GetAsync<ILanguageModelCompleter>(request.Model);
        var run = new CompletionRun(request, completer);
        (string id, long created) = ($"cmpl-{Guid.NewGuid():N}", DateTimeOffset.UtcNow.ToUnixTimeSeconds());
        if (request.Stream)
        {
            await StreamAsync(context, run, request.IncludeUsage, (choices, usage) => new(id, created, model, choices, usage));
            return;
        }

        List<ChoiceResponse> parts = await run.RunAsync(context.RequestAborted).ToListAsync(context.RequestAborted);
        ChoiceResponse[] choices = [.. parts.GroupBy(part => part.Index).OrderBy(choice => choice.Key).Select(Join)];
        await context.Response.WriteAsJsonAsync(new CompletionResponse(id, created, model, choices, run.Usage), context.RequestAborted);
    }

    private async Task StreamAsync(
        HttpContext context, CompletionRun run, bool includeUsage, Func<ChoiceResponse[], UsageResponse?, CompletionResponse> wrap)
    {
        try
        {
            await foreach (ChoiceResponse part in run.RunAsync(context.RequestAborted))
            {
                await SendAsync(context, Text(wrap([part], null)));
            }

            if (includeUsage)
            {
                await SendAsync(context, Text(wrap([], run.Usage)));
            }

            await SendAsync(context, "[DONE]");
        }
        catch (Exception e) when (context.Response.HasStarted && !context.RequestAborted.IsCancellationRequested)
        {
            // The status has been sent: the error is the last event, and no [DONE] follows.
            RequestException error = ScoringErrors.Explain(e);
            if (error.StatusCode == StatusCodes.Status500InternalServerError)
            {
                LogStreamFailed(e);
            }

            await SendAsync(context, Text(ErrorResponse.Of(error)));
        }
    }

    private string Text<T>(T value) => JsonSerializer.Serialize(value, json.Value.SerializerOptions);

    private static async Task SendAsync(HttpContext context, string data)
    {
        if (!context.Response.HasStarted)
        {
            context.Response.ContentType = "text/event-stream";
            context.Response.Headers.CacheControl = "no-cache";
        }

        await context.Response.WriteAsync($"data: {data}\n\n", context.RequestAborted);
        await context.Response.Body.FlushAsync(context.RequestAborted);
    }

    private static ChoiceResponse Join(IEnumerable<ChoiceResponse> parts)
    {
        ChoiceResponse[] all = [.. parts];
        LogProbsResponse[] logProbs = [.. all.Select(part => part.LogProbs).OfType<LogProbsResponse>()];
        return new(
            all[0].Index,
            string.Concat(all.Select(part => part.Text)),
            logProbs.Length == 0 ? null : new(
                [.. logProbs.SelectMany(part => part.Tokens)],
                [.. logProbs.SelectMany(part => part.TokenLogProbs)],
                [.. logProbs.SelectMany(part => part.TopLogProbs)],
                [.. logProbs.SelectMany(part => part.TextOffset)]),
            all[^1].FinishReason);
    }

    [LoggerMessage(LogLevel.Error, "A stream of completions ended with an error.")]
    private partial void LogStreamFailed(Exception exception);
}
