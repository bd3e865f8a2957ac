using System.Diagnostics.CodeAnalysis;

namespace Microsoft.ML.Runtime;

/// <summary>
/// The root environment of a context, and the host of every component registered in it: hosts share the listener and the
/// component catalog of the root, and take over its seed, device and temporary path when they are registered.
/// </summary>
internal sealed class HostEnvironment : IHost, IHostEnvironmentInternal, ICancelable
{
    private readonly HostEnvironment? _master;
    private readonly Action<string, ChannelMessage> _listener;
    private readonly string? _name;
    private readonly Dictionary<string, object?> _options = [];
    private readonly List<WeakReference<HostEnvironment>> _children = [];
    private readonly Lock _lock = new();

    /// <param name="seed">Makes every random choice reproducible; null for choices that differ from run to run.</param>
    /// <param name="listener">Gets the full name of the source of each message, and the message.</param>
    public HostEnvironment(int? seed, Action<string, ChannelMessage> listener)
    {
        _listener = listener;
        Seed = seed;
        Rand = seed is int value ? RandomUtils.Create(value) : RandomUtils.Create(new Random());
        ComponentCatalog = new ComponentCatalog();
        TempFilePath = Path.GetTempPath();
    }

    private HostEnvironment(HostEnvironment master, string name, Random rand)
    {
        _master = master;
        _listener = master._listener;
        _name = name;
        Rand = rand;
        Seed = master.Seed;
        ComponentCatalog = master.ComponentCatalog;
        TempFilePath = master.TempFilePath;
        GpuDeviceId = master.GpuDeviceId;
        FallbackToCpu = master.FallbackToCpu;
        IsCanceled = master.IsCanceled;
    }

    public int? Seed { get; }

    public Random Rand { get; }

    public ComponentCatalog ComponentCatalog { get; }

    public string TempFilePath { get; set; }

    public bool FallbackToCpu { get; set; }

    public int? GpuDeviceId { get; set; }

    public bool IsCanceled { get; private set; }

    public string ContextDescription => "HostEnvironment";

    /// <summary>
    /// The name messages carry; the root has none. Like the official library it skips the host between a host and the parent
    /// it names, so that listeners see the same sources.
    /// </summary>
    private string? FullName => Join(ParentFullName, _name);

    private string? ParentFullName => _master?._master?.FullName;

    public IHost Register(string name, int? seed = null, bool? verbose = null)
    {
        Contracts.CheckNonEmpty(name, nameof(name));
        lock (_lock)
        {
            Random rand = seed is int value ? RandomUtils.Create(value) : RandomUtils.Create(Rand);
            var host = new HostEnvironment(this, name, rand);
            _children.RemoveAll(child => !child.TryGetTarget(out _));
            _children.Add(new WeakReference<HostEnvironment>(host));
            return host;
        }
    }

    public IChannel Start(string name) => new Channel(Source(name), _listener);

    public IPipe<TMessage> StartPipe<TMessage>(string name) => new Pipe<TMessage>(Source(name));

    public IProgressChannel StartProgressChannel(string name) => new ProgressChannel(name);

    public TException Process<TException>(TException ex)
        where TException : Exception => MessageSource.Mark(ex, "Environment");

    public void CancelExecution()
    {
        lock (_lock)
        {
            IsCanceled = true;
            foreach (WeakReference<HostEnvironment> child in _children)
            {
                if (child.TryGetTarget(out HostEnvironment? host))
                    host.CancelExecution();
            }
        }
    }

    public bool TryAddOption<T>(string name, T value) => _options.TryAdd(CheckOptionName(name), value);

    public void SetOption<T>(string name, T value) => _options[CheckOptionName(name)] = value;

    public bool TryGetOption<T>(string name, [MaybeNullWhen(false)] out T value)
    {
        bool found = _options.TryGetValue(CheckOptionName(name), out object? option) && option is T;
        value = found ? (T)option! : default;
        return found;
    }

    /// <summary>The option; one that is not there is added with the default value of its type.</summary>
    public T? GetOptionOrDefault<T>(string name)
    {
        TryAddOption<T?>(name, default);
        return (T?)_options[name];
    }

    public bool RemoveOption(string name) => _options.Remove(CheckOptionName(name));

    private MessageSource Source(string name) => new(Join(FullName, name)!, name, _name, ParentFullName);

    private static string? Join(string? parent, string? name) => string.IsNullOrEmpty(parent) ? name : $"{parent}; {name}";

    private static string CheckOptionName(string name) =>
        string.IsNullOrWhiteSpace(name) ? throw new ArgumentNullException(nameof(name)) : name;
}
