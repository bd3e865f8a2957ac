using Microsoft.ML.MixtureOfSoftmaxes.Tokenization;

namespace Microsoft.ML.MixtureOfSoftmaxes.Onnx;

/// <summary>What makes the tokens of a model in ONNX, as its metadata say it; the words are those of the vocabulary.</summary>
/// <param name="InputColumnName">The text column.</param>
/// <param name="Merges">The merges of byte pairs in the order learnt; null for words.</param>
internal sealed record OnnxTokenizer(string InputColumnName, IReadOnlyList<string>? Merges = null)
{
    /// <summary>What the metadata say of a tokenizer; null for none, and for one of files, which stays in files.</summary>
    public static OnnxTokenizer? Of(ITextTokenizer? tokenizer) => tokenizer switch
    {
        VocabularyTokenizingTransformer => new(tokenizer.InputColumnName),
        BytePairTokenizingTransformer learnt => new(tokenizer.InputColumnName, learnt.Merges),
        _ => null,
    };

    /// <summary>The tokenizer of a vocabulary.</summary>
    /// <exception cref="FormatException">The merges are none.</exception>
    public ITransformer Create(string outputColumnName, Vocabulary vocabulary) => Merges is null
        ? new VocabularyTokenizingTransformer(outputColumnName, InputColumnName, vocabulary)
        : new BytePairTokenizingTransformer(outputColumnName, InputColumnName, BytePairEncoding.Parse([.. Merges]));
}
