using Microsoft.AspNetCore.Diagnostics;
using Microsoft.ML.MixtureOfSoftmaxes.DependencyInjection;

namespace MosService;

/// <summary>
/// Answers with problem details (RFC 9457) on errors: what is wrong, and what helps. Of messages that are not written for clients, which
/// may name files and types, nothing is told.
/// </summary>
internal sealed class ScoringErrors : IExceptionHandler
{
    public async ValueTask<bool> TryHandleAsync(HttpContext context, Exception exception, CancellationToken cancellationToken)
    {
        (int status, string detail) = exception switch
        {
            RequestException request => (request.StatusCode, request.Message),
            ScorerQueueFullException full => (StatusCodes.Status503ServiceUnavailable, full.Message),
            ObjectDisposedException => (StatusCodes.Status503ServiceUnavailable, "The service is shutting down: ask again later."),
            OperationCanceledException => (StatusCodes.Status499ClientClosedRequest, "The request was cancelled."),
            _ => (StatusCodes.Status500InternalServerError, "The texts could not be scored; the service's log says why."),
        };
        if (exception is ScorerQueueFullException)
        {
            context.Response.Headers.RetryAfter = "1";
        }

        await WriteAsync(context, status, detail);
        return true;
    }

    /// <summary>Answers requests that no endpoint took.</summary>
    public static Task WriteStatusAsync(StatusCodeContext status)
    {
        HttpRequest request = status.HttpContext.Request;
        return WriteAsync(status.HttpContext, status.HttpContext.Response.StatusCode, status.HttpContext.Response.StatusCode switch
        {
            StatusCodes.Status404NotFound =>
                $"There is nothing at '{request.Path}': POST /score scores texts, and GET /health tells how the service is.",
            StatusCodes.Status405MethodNotAllowed =>
                $"'{request.Path}' does not take {request.Method}: use {status.HttpContext.Response.Headers.Allow}.",
            _ => null,
        });
    }

    private static Task WriteAsync(HttpContext context, int status, string? detail) =>
        TypedResults.Problem(detail, statusCode: status).ExecuteAsync(context);
}
