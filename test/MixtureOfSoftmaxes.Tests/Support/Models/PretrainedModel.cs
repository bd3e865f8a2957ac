using Microsoft.ML.Data;
using Microsoft.ML.MixtureOfSoftmaxes.Modeling;
using Microsoft.ML.MixtureOfSoftmaxes.Tokenization;
using static TorchSharp.torch;

namespace Microsoft.ML.MixtureOfSoftmaxes.Tests.Support;

/// <summary>Tokenizers of files, and untrained models of their tokens.</summary>
internal static class PretrainedModel
{
    public static PretrainedTokenizingTransformer Tokenizer(TokenizerFiles files)
    {
        var ml = new MLContext();
        return ml.LanguageModeling.TokenizeWith("Tokens", "Text", files).Fit(ml.Texts());
    }

    /// <summary>A network with random weights behind the tokenizer, its vocabulary as the trainer makes it.</summary>
    public static ITransformer Untrained(TokenizerFiles files, ScoringOptions? scoring = null)
    {
        PretrainedTokenizingTransformer tokenizer = Tokenizer(files);
        DataViewSchema schema = tokenizer.GetOutputSchema(new MLContext().Texts().Schema);
        Vocabulary vocabulary = TokenStream.VocabularyOf(schema["Tokens"], tokenizer.UnknownToken ?? "<unk>", "<eos>");
        NetworkShape shape = Shapes.Small(LanguageModelHead.MixtureOfSoftmaxes) with { VocabularySize = vocabulary.Count };
        LanguageModelNetwork network = new LanguageModelNetwork(shape, CPU).Randomize(1, scale: 1.5);
        return new TransformerChain<ITransformer>(tokenizer, new LanguageModelTransformer(new("Tokens", scoring ?? new(), vocabulary, network)));
    }
}
