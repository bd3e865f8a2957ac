using TorchSharp;
using static TorchSharp.torch;

namespace Microsoft.ML.MixtureOfSoftmaxes.Modeling;

/// <summary>
/// A token stream laid out in B columns that are read side by side: column b predicts the tokens from b L on, L its length. The
/// first word of the stream is conditioned on the end-of-sentence mark.
/// </summary>
internal sealed class TokenGrid : IDisposable
{
    private readonly Tensor _inputs_l_b;
    private readonly Tensor _targets_l_b;

    /// <param name="stream">Token ids in reading order.</param>
    /// <param name="endOfSentence">The id before the first token, and in the places past the end.</param>
    /// <param name="columns">B.</param>
    /// <param name="length">L; a grid longer than the stream is filled up, a shorter one leaves the tail out.</param>
    /// <param name="device">Where the ids live.</param>
    public TokenGrid(ReadOnlySpan<int> stream, int endOfSentence, int columns, int length, Device device)
    {
        long[] inputs = new long[(long)length * columns];
        long[] targets = new long[inputs.Length];
        for (int b = 0; b < columns; b++)
        {
            for (int t = 0; t < length; t++)
            {
                int position = (b * length) + t;
                int cell = (t * columns) + b;
                inputs[cell] = position == 0 || position > stream.Length ? endOfSentence : stream[position - 1];
                targets[cell] = position < stream.Length ? stream[position] : endOfSentence;
            }
        }

        Length = length;
        Columns = columns;
        _inputs_l_b = tensor(inputs, [length, columns], device: device).DetachFromDisposeScope();
        _targets_l_b = tensor(targets, [length, columns], device: device).DetachFromDisposeScope();
    }

    public int Length { get; }

    public int Columns { get; }

    /// <summary>The words [T, B] read in time steps start to start + T, and the true next words [T B].</summary>
    public (Tensor Words, Tensor Targets) Window(int start, int steps) => Window(start, steps, 0, Columns);

    /// <summary>The same for <paramref name="columns"/> columns from <paramref name="column"/> on.</summary>
    public (Tensor Words, Tensor Targets) Window(int start, int steps, int column, int columns)
    {
        using DisposeScope scope = NewDisposeScope();
        Tensor words = _inputs_l_b.narrow(0, start, steps).narrow(1, column, columns);
        Tensor targets = _targets_l_b.narrow(0, start, steps).narrow(1, column, columns).flatten();
        return scope.MoveToOuter(words, targets);
    }

    public void Dispose()
    {
        _inputs_l_b.Dispose();
        _targets_l_b.Dispose();
    }
}
