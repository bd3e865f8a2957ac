namespace Microsoft.ML;

/// <summary>Where a component writes its model.</summary>
public sealed class ModelSaveContext : IDisposable
{
    public void Dispose()
    {
    }
}
