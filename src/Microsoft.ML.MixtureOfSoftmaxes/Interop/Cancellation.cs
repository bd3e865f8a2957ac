using Microsoft.ML.Runtime;

namespace Microsoft.ML.MixtureOfSoftmaxes.Interop;

/// <summary>
/// The two ways in which a caller ends work before it is done: a token, and <c>MLContext.CancelExecution</c>, which AutoML calls. The
/// latter cancels a context and all that it registered or will register, for good.
/// </summary>
/// <param name="host">Null where there is no context. ML.NET holds its hosts weakly, so whoever goes by one keeps it.</param>
/// <param name="token">The caller's.</param>
internal readonly struct Cancellation(IHostEnvironment? host, CancellationToken token = default)
{
    /// <summary>For work that is asked of a context.</summary>
    public static Cancellation Of(IHostEnvironment env, string name, CancellationToken token = default) => new(Register(env, name), token);

    /// <summary>
    /// For a pass of a model, which goes by what happens to the context it was made with while it runs, and by nothing where that was
    /// cancelled before: AutoML cancels the context of every model that it returns, and the model is to score all the same.
    /// </summary>
    public static Cancellation OfPass(IHost? host) => new(host is ICancelable { IsCanceled: true } ? null : host);

    /// <summary>A host that does not draw from the random numbers of the context, which later components get the same without it.</summary>
    public static IHost Register(IHostEnvironment env, string name) => env.Register(name, seed: 0);

    /// <exception cref="OperationCanceledException">Either of the two has happened.</exception>
    public void ThrowIfRequested()
    {
        token.ThrowIfCancellationRequested();
        host?.CheckAlive();
    }
}
