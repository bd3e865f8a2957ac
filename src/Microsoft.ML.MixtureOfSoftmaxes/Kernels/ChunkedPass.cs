using Microsoft.ML.MixtureOfSoftmaxes.Interop;

namespace Microsoft.ML.MixtureOfSoftmaxes.Kernels;

/// <summary>A pass over many items, some at a time; where memory runs out, half as many are tried, down to one.</summary>
/// <param name="size">How many at a time.</param>
/// <param name="isFixed">Whether the result depends on the size, so that it stays.</param>
internal sealed class ChunkedPass(long size, bool isFixed = false)
{
    private bool _isAdding;

    /// <summary>How many at a time; once memory ran out, what is left of it.</summary>
    public long Size { get; private set; } = size;

    /// <summary>Whether memory ran out.</summary>
    public bool HasShrunk { get; private set; }

    /// <summary>Says that from here on the chunk in work adds to what all share: it cannot be tried again.</summary>
    public void BeginAdding() => _isAdding = true;

    /// <param name="count">The items.</param>
    /// <param name="visit">Takes the first item of a chunk and how many there are.</param>
    /// <param name="free">Frees what larger chunks kept; null if they kept nothing.</param>
    public void Run(long count, Action<long, long> visit, Action? free = null)
    {
        for (long start = 0; start < count;)
        {
            long chunk = Math.Min(Size, count - start);
            _isAdding = isFixed;
            try
            {
                visit(start, chunk);
                start += chunk;
            }
            catch (Exception e) when (chunk > 1 && !_isAdding && OutOfMemory.Is(e))
            {
                free?.Invoke();
                (Size, HasShrunk) = ((chunk + 1) / 2, true);
            }
        }
    }
}
