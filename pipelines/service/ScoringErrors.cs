using Microsoft.AspNetCore.Diagnostics;
using Microsoft.ML.MixtureOfSoftmaxes.DependencyInjection;
using MosService.Completions;

namespace MosService;

/// <summary>
/// Answers errors: with problem details (RFC 9457), and under <c>/v1</c> in OpenAI's form. What is wrong, and what helps: of messages that
/// are not written for clients, which may name files and types, nothing is told.
/// </summary>
internal sealed class ScoringErrors : IExceptionHandler
{
    public async ValueTask<bool> TryHandleAsync(HttpContext context, Exception exception, CancellationToken cancellationToken)
    {
        RequestException error = Explain(exception);
        if (exception is ScorerQueueFullException)
        {
            context.Response.Headers.RetryAfter = "1";
        }

        await WriteAsync(context, error);
        return true;
    }

    /// <summary>What is told of an error.</summary>
    public static RequestException Explain(Exception exception) => exception switch
    {
        RequestException request => request,
        ScorerQueueFullException full => new(StatusCodes.Status503ServiceUnavailable, full.Message),
        ObjectDisposedException => new(StatusCodes.Status503ServiceUnavailable, "The service is shutting down: ask again later."),
        OperationCanceledException => new(StatusCodes.Status499ClientClosedRequest, "The request was cancelled."),
        InsufficientMemoryException or { InnerException: InsufficientMemoryException } => new(
            StatusCodes.Status503ServiceUnavailable, "There was not enough memory for the texts: send fewer or shorter ones, or ask again later."),
        _ => new(StatusCodes.Status500InternalServerError, "The texts could not be scored; the service's log says why."),
    };

    /// <summary>Answers requests that no endpoint took.</summary>
    public static Task WriteStatusAsync(StatusCodeContext status)
    {
        HttpContext context = status.HttpContext;
        int code = context.Response.StatusCode;
        return WriteAsync(context, new(code, code switch
        {
            StatusCodes.Status404NotFound =>
                $"There is nothing at '{context.Request.Path}': GET / is a page to try a model on, POST /score scores texts, " +
                "POST /v1/completions continues them, GET /health tells how the service is, and GET /openapi/v1.json what there is.",
            StatusCodes.Status405MethodNotAllowed =>
                $"'{context.Request.Path}' does not take {context.Request.Method}: use {context.Response.Headers.Allow}.",
            _ => "",
        }));
    }

    private static Task WriteAsync(HttpContext context, RequestException error)
    {
        if (context.Request.Path.StartsWithSegments("/v1"))
        {
            context.Response.StatusCode = error.StatusCode;
            return context.Response.WriteAsJsonAsync(ErrorResponse.Of(error));
        }

        string? detail = error.Message.Length > 0 ? error.Message : null;
        return TypedResults.Problem(detail, statusCode: error.StatusCode).ExecuteAsync(context);
    }
}
