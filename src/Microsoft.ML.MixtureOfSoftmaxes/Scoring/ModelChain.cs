using Microsoft.ML.Data;
using Microsoft.ML.MixtureOfSoftmaxes.Tokenization;

namespace Microsoft.ML.MixtureOfSoftmaxes.Scoring;

/// <summary>Finds the language model in a fitted pipeline.</summary>
internal static class ModelChain
{
    public static LanguageModelTransformer Find(ITransformer model)
    {
        ArgumentNullException.ThrowIfNull(model);
        return FindAll(model).LastOrDefault() ?? throw None();
    }

    /// <summary>The pipeline with its language models replaced, everything else as it was.</summary>
    public static ITransformer Replace(ITransformer model, Func<LanguageModelTransformer, LanguageModelTransformer> replace)
    {
        ArgumentNullException.ThrowIfNull(model);
        if (!FindAll(model).Any())
        {
            throw None();
        }

        return Rebuild(model);

        ITransformer Rebuild(ITransformer part) => part switch
        {
            LanguageModelTransformer found => replace(found),
            IEnumerable<ITransformer> chain => new TransformerChain<ITransformer>([.. chain.Select(Rebuild)]),
            _ => part,
        };
    }

    /// <summary>The byte-pair tokenizer in the pipeline whose tokens are those of a language model; null if there is none.</summary>
    public static BytePairTokenizingTransformer? FindTokenizer(ITransformer model, Vocabulary vocabulary)
    {
        string[] tokens = [.. vocabulary.Words.Except([vocabulary.UnknownWord, vocabulary.EndOfSentence])];
        return Parts(model).OfType<BytePairTokenizingTransformer>().LastOrDefault(tokenizer => tokenizer.Tokens.SequenceEqual(tokens));
    }

    private static IEnumerable<LanguageModelTransformer> FindAll(ITransformer model) => Parts(model).OfType<LanguageModelTransformer>();

    private static IEnumerable<ITransformer> Parts(ITransformer model) =>
        model is IEnumerable<ITransformer> chain ? chain.SelectMany(Parts) : [model];

    private static ArgumentException None() =>
        new("There is no language model in it: pass the model that a language-model trainer fitted, or a chain with one.");
}
