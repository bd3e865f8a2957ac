using Microsoft.ML.MixtureOfSoftmaxes.Scoring;
using Microsoft.ML.MixtureOfSoftmaxes.Tokenization;

namespace Microsoft.ML.MixtureOfSoftmaxes.Interchange;

/// <summary>What leaves for Python: a language model and the tokenizer before it.</summary>
/// <param name="Model">The language model.</param>
/// <param name="TextColumnName">The text that the tokenizer reads.</param>
/// <param name="UnknownWord">What the tokenizer makes of a word that it does not know.</param>
/// <param name="Merges">Those of byte pairs; null for words.</param>
internal sealed record ExportedModel(LanguageModelTransformer Model, string TextColumnName, string UnknownWord, IReadOnlyList<string>? Merges)
{
    /// <exception cref="ArgumentException">
    /// There is no language model in it, none behind a tokenizer that Python is told of, or one that adapts to what it reads.
    /// </exception>
    public static ExportedModel Find(ITransformer model)
    {
        LanguageModelTransformer found = ModelChain.Find(model);
        if (found.DynamicEvaluation is not null)
        {
            throw new ArgumentException(
                "The model adapts to what it reads (dynamic evaluation), and in Python it would stay as it is: export the model as it was before " +
                "AdaptDynamically.");
        }

        ITextTokenizer? tokenizer = ModelChain.FindTokenizerOf(model, ((IScoringTransformer)found).Model);
        return tokenizer switch
        {
            VocabularyTokenizingTransformer words when Fits(words.Words) => new(found, tokenizer.InputColumnName, words.UnknownWord, null),
            BytePairTokenizingTransformer pairs when Fits(pairs.Tokens) => new(found, tokenizer.InputColumnName, found.UnknownWord, pairs.Merges),
            _ => throw new ArgumentException(
                $"There is no tokenizer of words or byte pairs in it that makes column '{found.TokensColumnName}', so Python could not make the " +
                "tokens that the model reads: pass the chain that holds it."),
        };

        // The marks that are not among a tokenizer's own tokens come last in a model's vocabulary.
        bool Fits(IReadOnlyList<string> tokens) => found.Words.Take(tokens.Count).SequenceEqual(tokens);
    }
}
