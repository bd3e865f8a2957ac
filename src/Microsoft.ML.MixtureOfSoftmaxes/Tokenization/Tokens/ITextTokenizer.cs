namespace Microsoft.ML.MixtureOfSoftmaxes.Tokenization;

/// <summary>A transformer that makes the tokens of a text column.</summary>
internal interface ITextTokenizer : ITransformer
{
    /// <summary>The token column that it adds.</summary>
    string OutputColumnName { get; }

    /// <summary>The text column.</summary>
    string InputColumnName { get; }

    /// <summary>The same tokenizer for other columns.</summary>
    ITransformer ForColumns(string outputColumnName, string inputColumnName);
}
