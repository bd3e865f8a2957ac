using Microsoft.ML.Runtime;

namespace Microsoft.ML.MixtureOfSoftmaxes.Interop;

/// <summary>What the user set on the <see cref="MLContext"/>, as a component sees it through its host environment.</summary>
internal readonly record struct HostSettings(int? Seed, int? GpuDeviceId, bool FallbackToCpu)
{
    public static HostSettings Of(IHostEnvironment env)
    {
        ArgumentNullException.ThrowIfNull(env);
        var settings = (IHostEnvironmentInternal)env;
        return new(settings.Seed, settings.GpuDeviceId, settings.FallbackToCpu);
    }
}
