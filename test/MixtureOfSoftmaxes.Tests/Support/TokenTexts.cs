using Microsoft.ML.MixtureOfSoftmaxes.Tokenization;

namespace Microsoft.ML.MixtureOfSoftmaxes.Tests.Support;

/// <summary>Texts of ids that are written down, and ids of sequences read back.</summary>
internal static class TokenTexts
{
    public static TokenText Of(params int[] ids) => new(new TokensInMemory(ids), [0], default);

    public static int[] Ids(this TokenSequence tokens)
    {
        int[] ids = new int[tokens.Length];
        tokens.CopyTo(ids, 0);
        return ids;
    }
}
