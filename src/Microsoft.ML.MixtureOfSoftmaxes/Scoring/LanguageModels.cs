using Microsoft.ML.Data;

namespace Microsoft.ML.MixtureOfSoftmaxes.Scoring;

/// <summary>Finds the language model in a fitted pipeline.</summary>
internal static class LanguageModels
{
    public static LanguageModelTransformer Find(ITransformer model) => FindAll(model).LastOrDefault() ?? throw None();

    /// <summary>The pipeline with its language models replaced, everything else as it was.</summary>
    public static ITransformer Replace(ITransformer model, Func<LanguageModelTransformer, LanguageModelTransformer> replace)
    {
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

    private static IEnumerable<LanguageModelTransformer> FindAll(ITransformer model) => model switch
    {
        LanguageModelTransformer found => [found],
        IEnumerable<ITransformer> chain => chain.SelectMany(FindAll),
        _ => [],
    };

    private static ArgumentException None() =>
        new("There is no language model in it: pass the model that a language-model trainer fitted, or a chain with one.");
}
