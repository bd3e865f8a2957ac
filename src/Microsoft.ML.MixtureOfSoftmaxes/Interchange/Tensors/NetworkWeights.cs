using Microsoft.ML.MixtureOfSoftmaxes.Modeling;
using Microsoft.ML.MixtureOfSoftmaxes.Scoring;
using TorchSharp;
using static TorchSharp.torch;

namespace Microsoft.ML.MixtureOfSoftmaxes.Interchange;

/// <summary>Tensors of a file to a network of the sizes that they should have.</summary>
internal static class NetworkWeights
{
    // Of the smallest type that weights come in.
    private const int LeastBytes = 2;

    /// <param name="file">The tensors.</param>
    /// <param name="shape">The sizes.</param>
    /// <param name="device">Where the network computes.</param>
    /// <param name="endOfSentence">The position of the mark, to try the network.</param>
    /// <param name="nameOf">The name in the file of a parameter of the network.</param>
    /// <exception cref="InvalidDataException">
    /// A tensor is missing, of another shape or of no floating-point numbers, or the network gives no distributions.
    /// </exception>
    public static LanguageModelNetwork Load(
        TensorFile file, NetworkShape shape, Device device, int endOfSentence, Func<string, string> nameOf)
    {
        // Before any memory is taken for what a file only claims to hold.
        if (shape.ParameterCount * LeastBytes > file.Length)
        {
            throw new InvalidDataException($"It has {file.Length:N0} bytes, too few for a network of {shape.ParameterCount:N0} parameters, {shape}.");
        }

        var network = new LanguageModelNetwork(shape, device);
        try
        {
            using IDisposable noGrad = no_grad();
            foreach ((string name, Tensor target) in network.state_dict())
            {
                using DisposeScope scope = NewDisposeScope();
                Fill(target, nameOf(name), file);
            }

            NetworkCheck.Check(network, endOfSentence);
            return network;
        }
        catch (Exception e) when (e is FormatException or EndOfStreamException)
        {
            network.Dispose();
            throw new InvalidDataException(e.Message, e);
        }
        catch
        {
            network.Dispose();
            throw;
        }
    }

    private static void Fill(Tensor target, string name, TensorFile file)
    {
        if (!file.Tensors.TryGetValue(name, out StoredTensor? stored))
        {
            throw new InvalidDataException($"Tensor '{name}' is not there.");
        }

        if (!target.shape.AsSpan().SequenceEqual(stored.Shape))
        {
            throw new InvalidDataException(
                $"Tensor '{name}' has the shape {StoredTensor.Show(stored.Shape)}, and {StoredTensor.Show(target.shape)} is that of the others.");
        }

        if (stored.Type is not (ScalarType.Float32 or ScalarType.Float64 or ScalarType.Float16 or ScalarType.BFloat16))
        {
            throw new InvalidDataException($"Tensor '{name}' is of type {stored.Type}, and weights are floating-point numbers.");
        }

        target.copy_(stored.Read());
    }
}
