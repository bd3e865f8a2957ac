using Microsoft.ML.MixtureOfSoftmaxes.Persistence;

namespace Microsoft.ML.MixtureOfSoftmaxes.Tests.Support;

internal static class Errors
{
    /// <summary>
    /// Fails unless the action throws a <typeparamref name="TException"/> whose message holds every part. ML.NET wraps what a
    /// component's loader throws; there the cause counts.
    /// </summary>
    public static void AssertThrows<TException>(Action action, params string[] parts) where TException : Exception
    {
        TException error = Assert.IsInstanceOfType<TException>(ModelLoader.CauseOf(Assert.Throws<Exception>(action)));
        foreach (string part in parts)
        {
            Assert.Contains(part, error.Message, StringComparison.Ordinal);
        }
    }
}
