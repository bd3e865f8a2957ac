using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace MosService;

/// <summary>The health report as JSON, with what each check knows.</summary>
internal static class HealthReports
{
    public static Task WriteAsync(HttpContext context, HealthReport report) => context.Response.WriteAsJsonAsync(new
    {
        Status = $"{report.Status}",
        Checks = report.Entries.ToDictionary(
            check => check.Key,
            check => new { Status = $"{check.Value.Status}", check.Value.Description, check.Value.Data }),
    });
}
