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

    /// <summary>
    /// The pipeline with the tokenizer of each language model used for another text column as well, whose tokens are what the rows continue.
    /// </summary>
    public static ITransformer AddContext(ITransformer model, string contextColumnName, string contextTokensColumnName)
    {
        ArgumentException.ThrowIfNullOrEmpty(contextColumnName);
        ArgumentException.ThrowIfNullOrEmpty(contextTokensColumnName);
        ITransformer changed = Replace(model, found => found.WithScoring(found.Scoring with
        {
            ContextTokensColumnName = contextTokensColumnName,
            IsGreedyColumnName = found.Scoring.IsGreedyColumnName ?? "IsGreedy",
        }));
        var parts = new List<ITransformer>();
        foreach (ITransformer part in Parts(changed))
        {
            if (part is LanguageModelTransformer found)
            {
                ITextTokenizer tokenizer = FindTokenizerOf(model, found)
                    ?? throw new ArgumentException(
                        $"There is no tokenizer of this library in it that makes column '{found.TokensColumnName}', so none can make tokens of " +
                        $"'{contextColumnName}': pass the chain that holds it, or make the tokens and name them by ContextTokensColumnName.");
                parts.Add(tokenizer.ForColumns(contextTokensColumnName, contextColumnName));
            }

            parts.Add(part);
        }

        return new TransformerChain<ITransformer>([.. parts]);
    }

    /// <summary>The pipeline, every row of which continues one text.</summary>
    /// <exception cref="ArgumentException">The text has no token.</exception>
    /// <exception cref="InvalidOperationException">Its tokens are byte pairs, and there is no tokenizer that makes them.</exception>
    public static ITransformer After(ITransformer model, string context)
    {
        LanguageModelTransformer languageModel = Find(model);
        int[] tokens = Prompts(model, languageModel).Read(context);
        return tokens.Length > 0
            ? Replace(model, found => found.WithGiven(tokens))
            : throw new ArgumentException("The context is empty. Score the text without a context, or give it one.");
    }

    /// <summary>What makes the tokens of a language model in the pipeline; null if there is nothing of this library.</summary>
    public static ITextTokenizer? FindTokenizerOf(ITransformer model, LanguageModelTransformer found) =>
        Parts(model).OfType<ITextTokenizer>().LastOrDefault(maker => maker.OutputColumnName == found.TokensColumnName);

    /// <summary>What makes tokens of prompts and contexts for a language model in the pipeline.</summary>
    public static PromptReader Prompts(ITransformer model, LanguageModelTransformer found) =>
        new(found.Vocabulary, FindTokenizer(model, found.Vocabulary));

    /// <summary>The byte-pair tokenizer in the pipeline whose tokens are those of a language model; null if there is none.</summary>
    private static BytePairTokenizingTransformer? FindTokenizer(ITransformer model, Vocabulary vocabulary)
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
