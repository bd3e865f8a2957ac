using Microsoft.AspNetCore.Diagnostics;
using Microsoft.ML.MixtureOfSoftmaxes.DependencyInjection;

namespace MosService;

/// <summary>Answers with problem details (RFC 9457) on errors: what is wrong, and whether trying again helps.</summary>
internal sealed class ScoringErrors(IProblemDetailsService problems) : IExceptionHandler
{
    public async ValueTask<bool> TryHandleAsync(HttpContext context, Exception exception, CancellationToken cancellationToken)
    {
        context.Response.StatusCode = exception switch
        {
            BadHttpRequestException bad => bad.StatusCode,
            ArgumentException => StatusCodes.Status400BadRequest,
            ScorerQueueFullException or ObjectDisposedException => StatusCodes.Status503ServiceUnavailable,
            OperationCanceledException => StatusCodes.Status499ClientClosedRequest,
            _ => StatusCodes.Status500InternalServerError,
        };
        if (exception is ScorerQueueFullException)
        {
            context.Response.Headers.RetryAfter = "1";
        }

        return await problems.TryWriteAsync(new()
        {
            HttpContext = context,
            Exception = exception,
            ProblemDetails = { Status = context.Response.StatusCode, Detail = (exception.InnerException ?? exception).Message },
        });
    }
}
