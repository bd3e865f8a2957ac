namespace Microsoft.ML.MixtureOfSoftmaxes.Tokenization;

/// <summary>Two neighbouring tokens, which a merge makes one.</summary>
internal readonly record struct Pair(int Left, int Right) : IComparable<Pair>
{
    public int CompareTo(Pair other) => (Left, Right).CompareTo((other.Left, other.Right));

    /// <summary>Puts <paramref name="token"/> where the pair stands, from left to right, and returns the new length.</summary>
    public int Merge(Span<int> tokens, int token)
    {
        int length = 0;
        for (int i = 0; i < tokens.Length; i++)
        {
            bool isPair = i + 1 < tokens.Length && tokens[i] == Left && tokens[i + 1] == Right;
            tokens[length++] = isPair ? token : tokens[i];
            i += isPair ? 1 : 0;
        }

        return length;
    }
}
