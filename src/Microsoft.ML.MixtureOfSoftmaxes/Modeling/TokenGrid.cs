using Microsoft.ML.MixtureOfSoftmaxes.Tokenization;
using TorchSharp;
using static TorchSharp.torch;

namespace Microsoft.ML.MixtureOfSoftmaxes.Modeling;

/// <summary>
/// A token stream laid out in B columns that are read side by side: column b predicts the tokens from b L on, L its length. The
/// first word of the stream is conditioned on the end-of-sentence mark. Only the windows asked for are laid out.
/// </summary>
/// <param name="stream">Token ids in reading order.</param>
/// <param name="endOfSentence">The id before the first token, and in the places past the end.</param>
/// <param name="columns">B.</param>
/// <param name="length">L; a grid longer than the stream is filled up, a shorter one leaves the tail out.</param>
/// <param name="device">Where the ids are wanted.</param>
internal sealed class TokenGrid(TokenSequence stream, int endOfSentence, int columns, int length, Device device)
{
    public TokenGrid(int[] stream, int endOfSentence, int columns, int length, Device device)
        : this(new TokensInMemory(stream), endOfSentence, columns, length, device)
    {
    }

    public int Length => length;

    public int Columns => columns;

    /// <summary>The words [T, B] read in time steps start to start + T, and the true next words [T B].</summary>
    public (Tensor Words, Tensor Targets) Window(int start, int steps) => Window(start, steps, 0, Columns);

    /// <summary>The same for <paramref name="count"/> columns from <paramref name="column"/> on.</summary>
    public (Tensor Words, Tensor Targets) Window(int start, int steps, int column, int count)
    {
        long[] words = new long[steps * count], targets = new long[steps * count];
        int[] read = new int[steps + 1];
        for (int b = 0; b < count; b++)
        {
            Read(((long)(column + b) * length) + start, read);
            for (int t = 0; t < steps; t++)
            {
                words[(t * count) + b] = read[t];
                targets[(t * count) + b] = read[t + 1];
            }
        }

        return (OnDevice(words, steps, count), OnDevice(targets, steps * count));
    }

    // From pinned memory a copy does not wait for what the GPU has in work.
    private Tensor OnDevice(long[] ids, params long[] shape)
    {
        if (device.type == DeviceType.CPU)
        {
            return tensor(ids, shape);
        }

        using Tensor onCpu = tensor(ids, shape), pinned = onCpu.pin_memory();
        return pinned.to(device, non_blocking: true);
    }

    /// <summary>The tokens from that before <paramref name="position"/> on.</summary>
    private void Read(long position, Span<int> tokens)
    {
        tokens.Fill(endOfSentence);
        int before = position == 0 ? 1 : 0;
        long first = position - 1 + before;
        int count = (int)Math.Clamp(stream.Length - first, 0, tokens.Length - before);
        if (count > 0)
        {
            stream.CopyTo(tokens.Slice(before, count), first);
        }
    }
}
