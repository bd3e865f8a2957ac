namespace Microsoft.ML.Runtime;

/// <summary>
/// Accepts progress and checks it. A context passes progress on to nobody, so there is no one to pull the current state or
/// to send checkpoints to; what users are to see goes through <see cref="IChannel.Info(MessageSensitivity, string)"/>.
/// </summary>
internal sealed class ProgressChannel : IProgressChannel
{
    private ProgressHeader _header = new();
    private bool _disposed;

    public ProgressChannel(string name) => Contracts.CheckNonEmpty(name, nameof(name));

    public IProgressChannel StartProgressChannel(string name) => new ProgressChannel(name);

    public void SetHeader(ProgressHeader header, Action<IProgressEntry> fillAction)
    {
        Contracts.CheckValue(header, nameof(header));
        _header = header;
    }

    public void Checkpoint(params double?[] values)
    {
        Contracts.Check(!_disposed, "Can't report checkpoints after disposing");
        int expected = _header.MetricNames.Count + (2 * _header.UnitNames.Count);
        Contracts.Check(values is null || values.Length <= expected, "Too many values provided in Checkpoint");
    }

    public void Dispose() => _disposed = true;
}
