using System.Diagnostics.CodeAnalysis;
using Microsoft.ML.Data;
using Microsoft.ML.Runtime;

namespace Microsoft.ML;

/// <summary>The entrance to everything: catalogs of operations, and the environment components run in.</summary>
public sealed class MLContext : IHostEnvironmentInternal
{
    private readonly HostEnvironment _env;

    /// <param name="seed">Makes every random choice reproducible; null for choices that differ from run to run.</param>
    public MLContext(int? seed = null)
    {
        _env = new HostEnvironment(seed, (source, message) =>
            Log?.Invoke(this, new LoggingEventArgs(message.Message, message.Kind, source)));
        Data = new DataOperationsCatalog(_env);
        Model = new ModelOperationsCatalog(_env);
        Transforms = new TransformsCatalog(_env);
    }

    /// <summary>Raised for every message of a component, on the thread the component runs on.</summary>
    public event EventHandler<LoggingEventArgs>? Log;

    public DataOperationsCatalog Data { get; }

    public ModelOperationsCatalog Model { get; }

    public TransformsCatalog Transforms { get; }

    public ComponentCatalog ComponentCatalog => _env.ComponentCatalog;

    /// <summary>Where components put temporary files; the system's temporary folder by default.</summary>
    public string TempFilePath
    {
        get => _env.TempFilePath;
        set => _env.TempFilePath = value;
    }

    /// <summary>Whether components run on the CPU where the asked GPU is not there; an error by default.</summary>
    public bool FallbackToCpu
    {
        get => _env.FallbackToCpu;
        set => _env.FallbackToCpu = value;
    }

    /// <summary>The GPU to run on, from 0; null, the default, means the CPU. Set it before a component is created.</summary>
    public int? GpuDeviceId
    {
        get => _env.GpuDeviceId;
        set => _env.GpuDeviceId = value;
    }

    int? IHostEnvironmentInternal.Seed => _env.Seed;

    string IExceptionContext.ContextDescription => _env.ContextDescription;

    public bool TryAddOption<T>(string name, T value) => _env.TryAddOption(name, value);

    public void SetOption<T>(string name, T value) => _env.SetOption(name, value);

    public bool TryGetOption<T>(string name, [MaybeNullWhen(false)] out T value) => _env.TryGetOption(name, out value);

    public T? GetOptionOrDefault<T>(string name) => _env.GetOptionOrDefault<T>(name);

    public bool RemoveOption(string name) => _env.RemoveOption(name);

    IHost IHostEnvironment.Register(string name, int? seed, bool? verbose) => _env.Register(name, seed, verbose);

    IChannel IChannelProvider.Start(string name) => _env.Start(name);

    IPipe<TMessage> IChannelProvider.StartPipe<TMessage>(string name) => _env.StartPipe<TMessage>(name);

    IProgressChannel IProgressChannelProvider.StartProgressChannel(string name) => _env.StartProgressChannel(name);

    TException IExceptionContext.Process<TException>(TException ex) => _env.Process(ex);

    /// <summary>Makes running components stop at their next check; this context then is of no more use.</summary>
    internal void CancelExecution() => _env.CancelExecution();
}
