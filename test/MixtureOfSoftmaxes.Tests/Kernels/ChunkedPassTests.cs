using Microsoft.ML.MixtureOfSoftmaxes.Kernels;

namespace Microsoft.ML.MixtureOfSoftmaxes.Tests.Kernels;

/// <summary>Memory that runs out is an exception that a visit throws, as libtorch words it.</summary>
[TestClass]
public sealed class ChunkedPassTests
{
    private const string CudaText = "CUDA out of memory. Tried to allocate 2.00 GiB.\nException raised from malloc";

    private readonly List<(long Start, long Count)> _done = [];
    private int _freed;

    [TestMethod]
    public void Without_a_failure_chunks_have_the_size_asked_for()
    {
        var pass = new ChunkedPass(4);
        Run(pass, 10, fits: long.MaxValue);
        Assert.AreSequenceEqual([(0, 4), (4, 4), (8, 2)], _done);
        Assert.IsFalse(pass.HasShrunk);
        Assert.AreEqual(0, _freed);
    }

    [TestMethod]
    public void Where_memory_runs_out_the_chunk_is_halved_until_it_fits_and_nothing_is_left_out()
    {
        var pass = new ChunkedPass(8);
        Run(pass, 11, fits: 2);
        Assert.AreSequenceEqual([(0, 2), (2, 2), (4, 2), (6, 2), (8, 2), (10, 1)], _done);
        Assert.IsTrue(pass.HasShrunk);
        Assert.AreEqual(2, pass.Size);
        Assert.AreEqual(2, _freed, "what larger chunks kept goes first");
    }

    [TestMethod]
    public void One_that_does_not_fit_by_itself_is_an_error()
    {
        InvalidOperationException error = Assert.ThrowsExactly<InvalidOperationException>(() => Run(new(8), 11, fits: 0));
        Assert.AreEqual(CudaText, error.Message);
        Assert.IsEmpty(_done);
    }

    [TestMethod]
    public void A_chunk_that_has_begun_to_add_is_not_tried_again()
    {
        var pass = new ChunkedPass(8);
        Assert.ThrowsExactly<InvalidOperationException>(() => pass.Run(
            10,
            (_, _) =>
            {
                pass.BeginAdding();
                throw new InvalidOperationException(CudaText);
            },
            () => _freed++));
        Assert.AreEqual(0, _freed);
    }

    [TestMethod]
    public void Other_errors_are_none_of_its_business() => Assert.ThrowsExactly<InvalidOperationException>(
        () => new ChunkedPass(8).Run(10, (_, _) => throw new InvalidOperationException("CUDA error: an illegal memory access"), () => _freed++));

    private void Run(ChunkedPass pass, long count, long fits) => pass.Run(
        count,
        (start, chunk) =>
        {
            if (chunk > fits)
            {
                throw new InvalidOperationException(CudaText);
            }

            _done.Add((start, chunk));
        },
        () => _freed++);
}
