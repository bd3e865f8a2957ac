namespace Microsoft.ML.MixtureOfSoftmaxes.Tests.Support;

/// <summary>Handles progress on the thread that reports it; <see cref="Progress{T}"/> would do so later and elsewhere.</summary>
internal sealed class Direct<T>(Action<T> act) : IProgress<T>
{
    public void Report(T value) => act(value);
}
