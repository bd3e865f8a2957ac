namespace Microsoft.ML.MixtureOfSoftmaxes.Tokenization;

/// <summary>What the names of tokens stand for.</summary>
internal enum TokenEncoding
{
    /// <summary>Each name is a word, and spaces join words to text.</summary>
    Words,

    /// <summary>Each name stands for bytes, a character for each, and the bytes put together are the text in UTF-8.</summary>
    BytePairs,
}
