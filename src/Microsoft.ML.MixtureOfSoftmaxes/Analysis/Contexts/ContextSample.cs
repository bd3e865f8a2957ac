using Microsoft.ML.MixtureOfSoftmaxes.Interop;
using Microsoft.ML.MixtureOfSoftmaxes.Kernels;
using Microsoft.ML.MixtureOfSoftmaxes.Modeling;
using TorchSharp;
using static TorchSharp.torch;

namespace Microsoft.ML.MixtureOfSoftmaxes.Analysis;

/// <summary>
/// Contexts spread over a text: it is cut into columns of equal length, which are read side by side from their first words on, as
/// validation does; each step gives a context a column. A column starts without memory of the words before it but the last.
/// </summary>
internal sealed class ContextSample
{
    private const int Columns = 16;
    private const int StepsPerPass = 32;

    private readonly int[] _stream;
    private readonly int _endOfSentence;
    private readonly int _columns;
    private readonly int _length;

    /// <param name="text">At least one token.</param>
    /// <param name="maxContexts">How many contexts are wanted; a text with fewer gives those it has, but for the rest of the columns.</param>
    public ContextSample(AnalyzedText text, int maxContexts)
    {
        _stream = text.Stream;
        _endOfSentence = text.EndOfSentence;
        _columns = Math.Min(Columns, Math.Min(maxContexts, _stream.Length));
        _length = _stream.Length / _columns;
        Count = (int)Math.Min(maxContexts, (long)_length * _columns);
    }

    /// <summary>N.</summary>
    public int Count { get; }

    /// <summary>Where in the stream the word after context <paramref name="n"/> stands.</summary>
    public int Position(int n) => (n % _columns * _length) + (n / _columns);

    /// <summary>Hands the mixtures that a network makes of the contexts over block by block: the first one's number, and the block.</summary>
    /// <param name="network">Dropout is off.</param>
    /// <param name="maxRows">Mixtures in a block; it is freed when the visit ends.</param>
    /// <param name="visit">Takes them in order.</param>
    /// <param name="cancellation">Checked before each pass through the network.</param>
    public void Visit(LanguageModelNetwork network, long maxRows, Action<int, Mixture> visit, Cancellation cancellation)
    {
        using IDisposable noGrad = no_grad();
        var grid = new TokenGrid(_stream, _endOfSentence, _columns, _length, network.Device);
        int steps = (Count + _columns - 1) / _columns;
        using RecurrentState state = network.InitialState(_columns);
        var pass = new ChunkedPass(StepsPerPass);
        network.Read(
            grid, steps, pass, state,
            (step, encoding, _) =>
            {
                pass.BeginAdding();
                int first = step * _columns;
                long count = Math.Min(encoding.Mixture.Count, Count - first);
                for (long row = 0; row < count; row += maxRows)
                {
                    using DisposeScope block = NewDisposeScope();
                    visit(first + (int)row, encoding.Mixture.Rows(row, Math.Min(maxRows, count - row)));
                }
            },
            cancellation: cancellation);
    }
}
