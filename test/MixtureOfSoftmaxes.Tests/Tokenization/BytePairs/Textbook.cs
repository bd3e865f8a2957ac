using System.Text;
using Microsoft.ML.MixtureOfSoftmaxes.Tokenization;

namespace Microsoft.ML.MixtureOfSoftmaxes.Tests.Tokenization.BytePairs;

/// <summary>Byte-pair encoding as it is defined: every piece, every merge, one after the other.</summary>
internal static class Textbook
{
    public static List<int> Encode(IReadOnlyList<Pair> merges, string text) =>
    [
        .. Pieces(text).SelectMany(piece => merges.Index().Aggregate(
            piece, (tokens, merge) => Merge(tokens, merge.Item, BytePairEncoding.ByteCount + merge.Index))),
    ];

    /// <summary>The bytes of each piece.</summary>
    public static List<List<int>> Pieces(string text)
    {
        var pieces = new List<List<int>>();
        foreach (ReadOnlySpan<char> piece in new PieceSplitter(text))
        {
            pieces.Add([.. Encoding.UTF8.GetBytes(piece.ToString()).Select(value => (int)value)]);
        }

        return pieces;
    }

    /// <summary>The tokens with another one wherever the pair stands, from left to right.</summary>
    public static List<int> Merge(List<int> tokens, Pair pair, int token)
    {
        var merged = new List<int>();
        for (int i = 0; i < tokens.Count; i++)
        {
            if (i + 1 < tokens.Count && tokens[i] == pair.Left && tokens[i + 1] == pair.Right)
            {
                merged.Add(token);
                i++;
            }
            else
            {
                merged.Add(tokens[i]);
            }
        }

        return merged;
    }
}
