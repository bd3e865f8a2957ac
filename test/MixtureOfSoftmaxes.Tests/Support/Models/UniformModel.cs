using Microsoft.ML.Data;
using Microsoft.ML.MixtureOfSoftmaxes.Modeling;
using Microsoft.ML.MixtureOfSoftmaxes.Scoring;
using static TorchSharp.torch;

namespace Microsoft.ML.MixtureOfSoftmaxes.Tests.Support;

/// <summary>Models to which all tokens are equally likely, so that every figure has a closed form.</summary>
internal static class UniformModel
{
    /// <summary>Of the words a to k and the two marks: 13 tokens.</summary>
    public static ITransformer OfWords(ScoringOptions? scoring = null) => Make(TinyModel.Untrained(scoring));

    /// <summary>Of the 256 bytes and the two marks: 258 tokens.</summary>
    public static ITransformer OfBytes(ScoringOptions? scoring = null) => Make(BytePairModel.Bytes(scoring ?? new()));

    // Of zeros alone come logits of zero.
    private static ITransformer Make(ITransformer model)
    {
        using (no_grad())
        {
            foreach (var parameter in ModelChain.Find(model).Network.parameters())
            {
                parameter.zero_();
            }
        }

        return model;
    }
}
