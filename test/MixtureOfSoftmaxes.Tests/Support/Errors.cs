namespace Microsoft.ML.MixtureOfSoftmaxes.Tests.Support;

internal static class Errors
{
    /// <summary>Fails unless the action throws a <typeparamref name="TException"/> whose message holds every part.</summary>
    public static void AssertThrows<TException>(Action action, params string[] parts) where TException : Exception
    {
        TException error = Assert.Throws<TException>(action);
        foreach (string part in parts)
        {
            Assert.Contains(part, error.Message, StringComparison.Ordinal);
        }
    }
}
