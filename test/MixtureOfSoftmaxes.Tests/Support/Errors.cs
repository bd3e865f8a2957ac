using System.Reflection;

namespace Microsoft.ML.MixtureOfSoftmaxes.Tests.Support;

internal static class Errors
{
    /// <summary>
    /// Fails unless the action throws a <typeparamref name="TException"/> whose message holds every part. The official ML.NET wraps
    /// what a component's loader throws; there the cause counts.
    /// </summary>
    public static void AssertThrows<TException>(Action action, params string[] parts) where TException : Exception
    {
        TException error = Assert.IsInstanceOfType<TException>(Cause(Assert.Throws<Exception>(action)));
        foreach (string part in parts)
        {
            Assert.Contains(part, error.Message, StringComparison.Ordinal);
        }
    }

    private static Exception Cause(Exception exception)
    {
        Exception cause = exception;
        for (Exception? wrapper = exception; wrapper is not null; wrapper = wrapper.InnerException)
        {
            cause = wrapper is TargetInvocationException && wrapper.InnerException is not null ? wrapper.InnerException : cause;
        }

        return cause;
    }
}
