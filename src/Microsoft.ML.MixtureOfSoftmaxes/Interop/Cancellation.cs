using Microsoft.ML.Runtime;

namespace Microsoft.ML.MixtureOfSoftmaxes.Interop;

/// <summary>
/// The two ways in which a caller ends work before it is done: a token, and <c>MLContext.CancelExecution</c>, which AutoML calls. The
/// latter cancels the hosts that there are at the time, for good; those registered later know nothing of it. So an estimator goes by the
/// host that it was made with, as ML.NET's own do, and a pass over data by one that is registered as it begins: AutoML cancels the
/// context of every model that it returns, and the model is to score all the same.
/// </summary>
/// <param name="host">Null where there is no context. ML.NET holds its hosts weakly, so whoever goes by one keeps it.</param>
/// <param name="token">The caller's.</param>
internal readonly struct Cancellation(IHostEnvironment? host, CancellationToken token = default)
{
    /// <summary>For a pass over data that begins now.</summary>
    public static Cancellation Begin(IHostEnvironment env, string name, CancellationToken token = default) =>
        new(Register(env, name), token);

    /// <summary>A host that does not draw from the random numbers of the context, which later components get the same without it.</summary>
    public static IHost Register(IHostEnvironment env, string name) => env.Register(name, seed: 0);

    /// <exception cref="OperationCanceledException">Either of the two has happened.</exception>
    public void ThrowIfRequested()
    {
        token.ThrowIfCancellationRequested();
        host?.CheckAlive();
    }
}
