using System.Diagnostics.CodeAnalysis;

namespace Microsoft.ML.Runtime;

/// <summary>Checks that throw what the official library throws, through the context that knows the throwing component.</summary>
internal static class Contracts
{
    public static void Check([DoesNotReturnIf(false)] bool f, string msg)
    {
        if (!f)
            throw Except(msg);
    }

    public static void Check(this IExceptionContext? ctx, [DoesNotReturnIf(false)] bool f, string msg)
    {
        if (!f)
            throw ctx.Except(msg);
    }

    public static void CheckParam([DoesNotReturnIf(false)] bool f, string paramName, string msg)
    {
        if (!f)
            throw ExceptParam(paramName, msg);
    }

    public static void CheckParam(this IExceptionContext? ctx, [DoesNotReturnIf(false)] bool f, string paramName, string msg)
    {
        if (!f)
            throw ctx.ExceptParam(paramName, msg);
    }

    public static void CheckValue([NotNull] object? val, string paramName) => CheckValue(null, val, paramName);

    public static void CheckValue(this IExceptionContext? ctx, [NotNull] object? val, string paramName)
    {
        if (val is null)
            throw Process(new ArgumentNullException(paramName), ctx);
    }

    public static void CheckNonEmpty([NotNull] string? s, string paramName) => CheckNonEmpty(null, s, paramName);

    public static void CheckNonEmpty(this IExceptionContext? ctx, [NotNull] string? s, string paramName)
    {
        if (string.IsNullOrEmpty(s))
            throw ctx.ExceptParam(paramName, $"{paramName} cannot be null or empty");
    }

    public static void CheckDecode(this IExceptionContext? ctx, [DoesNotReturnIf(false)] bool f, string msg)
    {
        if (!f)
            throw ctx.ExceptDecode(msg);
    }

    public static void CheckAlive(this IHostEnvironment env)
    {
        if (env is ICancelable { IsCanceled: true })
            throw Process(new OperationCanceledException("Operation was canceled."), env);
    }

    public static Exception Except(string msg) => Process(new InvalidOperationException(msg), null);

    public static Exception Except(this IExceptionContext? ctx, string msg) => Process(new InvalidOperationException(msg), ctx);

    public static Exception ExceptParam(string paramName, string msg) => ExceptParam(null, paramName, msg);

    public static Exception ExceptParam(this IExceptionContext? ctx, string paramName, string msg) =>
        Process(new ArgumentOutOfRangeException(paramName, msg), ctx);

    public static Exception ExceptDecode(this IExceptionContext? ctx, string msg, Exception? inner = null) =>
        Process(new FormatException(msg, inner), ctx);

    public static Exception ExceptIO(this IExceptionContext? ctx, string msg, Exception? inner = null) =>
        Process(new IOException(msg, inner), ctx);

    /// <summary>The column is not there.</summary>
    public static Exception ExceptSchemaMismatch(
        this IExceptionContext? ctx, string paramName, string columnRole, string columnName) =>
        ctx.ExceptParam(paramName, $"Could not find {columnRole} column '{columnName}'");

    /// <summary>The column is there, but of another type.</summary>
    public static Exception ExceptSchemaMismatch(
        this IExceptionContext? ctx,
        string paramName,
        string columnRole,
        string columnName,
        string expectedType,
        string actualType) =>
        ctx.ExceptParam(
            paramName, $"Schema mismatch for {columnRole} column '{columnName}': expected {expectedType}, got {actualType}");

    private static TException Process<TException>(TException ex, IExceptionContext? ctx)
        where TException : Exception => ctx is null ? ex : ctx.Process(ex);
}
