using Microsoft.ML.Data;
using Microsoft.ML.MixtureOfSoftmaxes.Tokenization;

namespace Microsoft.ML.MixtureOfSoftmaxes.Scoring;

/// <summary>Finds the language model in a fitted pipeline.</summary>
internal static class ModelChain
{
    public static LanguageModelTransformer Find(ITransformer model) => Find<LanguageModelTransformer>(model);

    /// <summary>The last language model of a kind.</summary>
    /// <exception cref="ArgumentException">There is none.</exception>
    public static T Find<T>(ITransformer model) where T : IScoringTransformer
    {
        ArgumentNullException.ThrowIfNull(model);
        return Parts(model).OfType<T>().LastOrDefault() ?? throw None(model);
    }

    /// <summary>The pipeline with its language models of a kind replaced, everything else as it was.</summary>
    /// <exception cref="ArgumentException">There is none.</exception>
    public static ITransformer Replace<T>(ITransformer model, Func<T, IScoringTransformer> replace) where T : IScoringTransformer
    {
        Find<T>(model);
        return Rebuild(model);

        ITransformer Rebuild(ITransformer part) => part switch
        {
            T found => replace(found),
            IEnumerable<ITransformer> chain => new TransformerChain<ITransformer>([.. chain.Select(Rebuild)]),
            _ => part,
        };
    }

    /// <summary>What makes the tokens of a language model in the pipeline; null if there is nothing of this library.</summary>
    public static ITextTokenizer? FindTokenizerOf(ITransformer model, IScoringModel found) =>
        Parts(model).OfType<ITextTokenizer>().LastOrDefault(maker => maker.OutputColumnName == found.TokensColumnName);

    /// <summary>
    /// The pipeline with the tokenizer of each language model used for another text column as well, whose tokens are what the rows continue.
    /// </summary>
    public static ITransformer AddContext(ITransformer model, string contextColumnName, string contextTokensColumnName)
    {
        ArgumentException.ThrowIfNullOrEmpty(contextColumnName);
        ArgumentException.ThrowIfNullOrEmpty(contextTokensColumnName);
        ITransformer changed = Replace<IScoringTransformer>(model, found => found.WithScoring(found.Model.Scoring with
        {
            ContextTokensColumnName = contextTokensColumnName,
            IsGreedyColumnName = found.Model.Scoring.IsGreedyColumnName ?? "IsGreedy",
        }));
        var parts = new List<ITransformer>();
        foreach (ITransformer part in Parts(changed))
        {
            if (part is IScoringTransformer { Model: var found })
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
    /// <exception cref="InvalidOperationException">Its tokens are not words, and there is no tokenizer that makes them.</exception>
    public static ITransformer After(ITransformer model, string context)
    {
        int[] tokens = Prompts(model, Find<IScoringTransformer>(model)).Read(context);
        return tokens.Length > 0
            ? Replace<IScoringTransformer>(model, found => found.WithGiven(tokens))
            : throw new ArgumentException("The context is empty. Score the text without a context, or give it one.");
    }

    /// <summary>What makes tokens of prompts and contexts for a language model in the pipeline.</summary>
    public static PromptReader Prompts(ITransformer model, IScoringTransformer found) =>
        new(found.Model.Vocabulary, FindTokenizer(model, found.Model.Vocabulary));

    /// <summary>The tokenizer in the pipeline whose tokens are those of a language model; null if there is none, or they are words.</summary>
    public static ISubwordTokenizer? FindTokenizer(ITransformer model, Vocabulary vocabulary)
    {
        string[] marks = [vocabulary.UnknownWord, vocabulary.EndOfSentence];
        return Parts(model).OfType<ISubwordTokenizer>().LastOrDefault(
            tokenizer => vocabulary.Words.SequenceEqual([.. tokenizer.Tokens, .. marks.Except(tokenizer.Tokens)]));
    }

    /// <summary>The files of the tokenizer in a pipeline.</summary>
    public static TokenizerFiles FindTokenizerFiles(ITransformer model)
    {
        ArgumentNullException.ThrowIfNull(model);
        return Parts(model).OfType<ISubwordTokenizer>().LastOrDefault() switch
        {
            BytePairTokenizingTransformer learnt => BytePairFiles.Of(learnt),
            PretrainedTokenizingTransformer pretrained => pretrained.Files,
            _ => throw new ArgumentException(
                "There is no tokenizer with files in it: pass a model of byte pairs or of a pretrained tokenizer, or that tokenizer."),
        };
    }

    private static IEnumerable<ITransformer> Parts(ITransformer model) =>
        model is IEnumerable<ITransformer> chain ? chain.SelectMany(Parts) : [model];

    private static ArgumentException None(ITransformer model) => new(
        Parts(model).Any(part => part is IScoringTransformer)
            ? "The language model in it was exported to ONNX, and such a one scores text and no more: pass the model that it was exported from."
            : "There is no language model in it: pass the model that a language-model trainer fitted, or a chain with one.");
}
