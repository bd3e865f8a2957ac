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

    private static IEnumerable<LanguageModelTransformer> FindAll(ITransformer model) => Parts(model).OfType<LanguageModelTransformer>();

    private static IEnumerable<ITransformer> Parts(ITransformer model) =>
        model is IEnumerable<ITransformer> chain ? chain.SelectMany(Parts) : [model];

    private static ArgumentException None() =>
        new("There is no language model in it: pass the model that a language-model trainer fitted, or a chain with one.");
}
