using System.Runtime.InteropServices;

namespace Microsoft.ML.MixtureOfSoftmaxes.Interop;

/// <summary>Operations that were started together. Their handles stand in memory that does not move, and stays where they are not done.</summary>
internal sealed unsafe class MpiRequests
{
    private readonly Queue<nint> _open = [];

    /// <summary>Where MPI is to put the handle of the next one.</summary>
    public nint* Add()
    {
        var request = (nint*)NativeMemory.AllocZeroed((nuint)sizeof(nint));
        _open.Enqueue((nint)request);
        return request;
    }

    /// <summary>Whether all are done, tested in the order in which they were started.</summary>
    public bool AreDone(Func<nint, bool> isDone)
    {
        while (_open.TryPeek(out nint request) && isDone(request))
        {
            NativeMemory.Free((void*)_open.Dequeue());
        }

        return _open.Count == 0;
    }
}
