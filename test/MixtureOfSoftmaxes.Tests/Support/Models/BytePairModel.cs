using Microsoft.ML.Data;
using Microsoft.ML.MixtureOfSoftmaxes.Modeling;
using Microsoft.ML.MixtureOfSoftmaxes.Tokenization;
using static TorchSharp.torch;

namespace Microsoft.ML.MixtureOfSoftmaxes.Tests.Support;

/// <summary>Small models of byte pairs: one trained on the tiny language, shared by all tests, and untrained ones.</summary>
internal static class BytePairModel
{
    private static readonly Lazy<ITransformer> s_trained = new(() =>
    {
        var ml = new MLContext(seed: 1);
        return ml.LanguageModeling.TokenizeIntoBytePairs("Tokens", "Text", new() { VocabularySize = 270 })
            .Append(ml.LanguageModeling.Trainers.MixtureOfSoftmaxes("Tokens", TinyModel.LearningOptions()))
            .Fit(ml.Texts(TinyModel.TrainingSentences));
    });

    /// <summary>A chain of a tokenizer of "Text" into "Tokens" and a model of the tiny language.</summary>
    public static ITransformer Trained => s_trained.Value;

    /// <summary>Token i is byte i; then come the unknown word and the mark.</summary>
    public static ITransformer Bytes(ScoringOptions? scoring = null) => Untrained(Tokenizer("a"), scoring);

    public static BytePairTokenizingTransformer Tokenizer(params string[] texts)
    {
        var ml = new MLContext();
        return ml.LanguageModeling.TokenizeIntoBytePairs("Tokens", "Text").Fit(ml.Texts(texts));
    }

    /// <summary>A network with random weights behind the tokenizer.</summary>
    public static ITransformer Untrained(BytePairTokenizingTransformer tokenizer, ScoringOptions? scoring = null)
    {
        var vocabulary = new Vocabulary([.. tokenizer.Tokens, "<unk>", "<eos>"], "<unk>", "<eos>", TokenEncoding.BytePairs);
        NetworkShape shape = Shapes.Small(LanguageModelHead.MixtureOfSoftmaxes) with { VocabularySize = vocabulary.Count };
        var network = new LanguageModelNetwork(shape, CPU).Randomize(1, scale: 1.5);
        return new TransformerChain<ITransformer>(tokenizer, new LanguageModelTransformer(new("Tokens", scoring ?? new(), vocabulary, network)));
    }
}
