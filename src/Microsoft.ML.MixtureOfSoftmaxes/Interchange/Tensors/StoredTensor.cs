using static TorchSharp.torch;

namespace Microsoft.ML.MixtureOfSoftmaxes.Interchange;

/// <summary>A tensor of a file, whose values are not read yet.</summary>
/// <param name="Type">The type of its numbers.</param>
/// <param name="Shape">Its shape.</param>
/// <param name="Read">Reads the values, on the CPU, in the file's type.</param>
internal sealed record StoredTensor(ScalarType Type, long[] Shape, Func<Tensor> Read)
{
    /// <summary>A shape as it is spoken of.</summary>
    public static string Show(long[] shape) => $"[{string.Join(", ", shape)}]";
}
