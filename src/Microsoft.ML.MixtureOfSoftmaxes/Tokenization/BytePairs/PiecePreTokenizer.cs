using Microsoft.ML.Tokenizers;

namespace Microsoft.ML.MixtureOfSoftmaxes.Tokenization;

/// <summary>The pieces of a text, as <see cref="PieceSplitter"/> cuts them, for a <see cref="BpeTokenizer"/>.</summary>
internal sealed class PiecePreTokenizer : PreTokenizer
{
    public override IEnumerable<(int Offset, int Length)> PreTokenize(string text) => PreTokenize(text.AsSpan());

    public override IEnumerable<(int Offset, int Length)> PreTokenize(ReadOnlySpan<char> text)
    {
        var pieces = new List<(int Offset, int Length)>();
        int offset = 0;
        foreach (ReadOnlySpan<char> piece in new PieceSplitter(text))
        {
            pieces.Add((offset, piece.Length));
            offset += piece.Length;
        }

        return pieces;
    }
}
