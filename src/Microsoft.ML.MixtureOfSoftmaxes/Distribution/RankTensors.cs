using System.Security.Cryptography;
using Microsoft.ML.MixtureOfSoftmaxes.Interop;
using Microsoft.ML.MixtureOfSoftmaxes.Kernels;
using static TorchSharp.torch;

namespace Microsoft.ML.MixtureOfSoftmaxes.Distribution;

/// <summary>
/// Sums of float32 tensors over the ranks: on the CPU by MPI, on the memory of the tensors themselves, all of them under way at once; on GPUs by
/// NCCL.
/// </summary>
internal sealed class RankTensors(Ranks ranks, MpiWorld? world)
{
    private Nccl? _nccl;

    /// <summary>Sums each tensor over the ranks, in place. Every rank has the same tensors, in the same order.</summary>
    public void Sum(IEnumerable<Tensor> tensors)
    {
        if (world is null)
        {
            return;
        }

        using IDisposable noGrad = no_grad();
        var requests = new MpiRequests();
        List<(Tensor Tensor, Tensor Contiguous)> copies = [];
        foreach (Tensor tensor in tensors)
        {
            Tensor contiguous = tensor;
            if (!tensor.is_contiguous())
            {
                contiguous = tensor.contiguous();
                copies.Add((tensor, contiguous));
            }

            Start(contiguous, requests);
        }

        ranks.Wait(requests);
        foreach ((Tensor tensor, Tensor contiguous) in copies)
        {
            tensor.copy_(contiguous);
            contiguous.Dispose();
        }
    }

    /// <summary>Holds the ranks to the same bits of these tensors.</summary>
    /// <param name="tensors">This rank's.</param>
    /// <param name="describe">Says what is wrong, given the first rank where it is.</param>
    /// <exception cref="InvalidOperationException">They differ; the message is the same on all.</exception>
    public void CheckSame(IEnumerable<Tensor> tensors, Func<int, string> describe)
    {
        if (world is not null)
        {
            ranks.CheckSame(Hash(tensors), describe);
        }
    }

    private unsafe void Start(Tensor tensor, MpiRequests requests)
    {
        if (tensor.device_type == TorchSharp.DeviceType.CPU)
        {
            world!.StartSum(tensor.Memory(), tensor.numel(), isDouble: false, requests);
            return;
        }

        _nccl ??= new(ranks.Rank, ranks.Count, id => ranks.Broadcast(id));
        _nccl.SumInPlace(tensor);
    }

    private static string Hash(IEnumerable<Tensor> tensors)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        foreach (Tensor tensor in tensors)
        {
            using Tensor host = tensor.detach().cpu().contiguous();
            for (long start = 0, chunk = 1 << 28; start < host.numel(); start += chunk)
            {
                using Tensor flat = host.view(-1);
                using Tensor part = flat.narrow(0, start, Math.Min(chunk, host.numel() - start));
                hash.AppendData(part.bytes);
            }
        }

        return Convert.ToHexString(hash.GetHashAndReset());
    }
}
