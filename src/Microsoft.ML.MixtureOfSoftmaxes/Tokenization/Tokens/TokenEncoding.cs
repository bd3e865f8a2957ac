namespace Microsoft.ML.MixtureOfSoftmaxes.Tokenization;

/// <summary>What the names of tokens stand for.</summary>
internal enum TokenEncoding
{
    /// <summary>Each name is a word, and spaces join words to text.</summary>
    Words,

    /// <summary>Each name stands for bytes, a character for each, and the bytes put together are the text in UTF-8.</summary>
    BytePairs,

    /// <summary>As <see cref="BytePairs"/>, but made by a tokenizer of files: the names do not tell which bytes it joins.</summary>
    BytePairsOfFiles,

    /// <summary>In each name ▁ stands for a space, and <c>&lt;0x41&gt;</c> for a byte; put together they are the text.</summary>
    SentencePieces,

    /// <summary>As <see cref="SentencePieces"/>, but a text begins with a space of the tokenizer's own.</summary>
    PrefixedSentencePieces,

    /// <summary>A name with ## before it goes on with the word of the token before; spaces join the others.</summary>
    WordPieces,
}
