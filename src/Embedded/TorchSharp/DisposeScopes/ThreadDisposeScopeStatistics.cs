namespace TorchSharp;

/// <summary>Counts of the tensors that one thread made and disposed.</summary>
public class ThreadDisposeScopeStatistics
{
    public long CreatedOutsideScopeCount { get; internal set; }

    public long CreatedInScopeCount { get; internal set; }

    public long DisposedInScopeCount { get; internal set; }

    public long DetachedFromScopeCount { get; internal set; }

    public long ThreadTotalLiveCount =>
        CreatedInScopeCount + CreatedOutsideScopeCount - DisposedInScopeCount - DisposedOutsideScopeCount;

    internal long DisposedOutsideScopeCount { get; set; }

    public void Reset()
    {
        CreatedOutsideScopeCount = CreatedInScopeCount = DetachedFromScopeCount = 0;
        DisposedInScopeCount = DisposedOutsideScopeCount = 0;
    }
}
