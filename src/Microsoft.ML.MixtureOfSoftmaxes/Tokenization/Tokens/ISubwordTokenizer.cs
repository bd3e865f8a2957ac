namespace Microsoft.ML.MixtureOfSoftmaxes.Tokenization;

/// <summary>A transformer that makes tokens of text that are not its words.</summary>
internal interface ISubwordTokenizer : ITextTokenizer
{
    /// <summary>The names of all tokens, in the order of their keys.</summary>
    IReadOnlyList<string> Tokens { get; }

    /// <summary>The names of the tokens of a text.</summary>
    IEnumerable<string> Tokenize(string text);
}
