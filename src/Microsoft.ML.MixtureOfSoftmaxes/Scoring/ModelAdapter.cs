using Microsoft.ML.MixtureOfSoftmaxes.Tokenization;
using Microsoft.ML.Runtime;

namespace Microsoft.ML.MixtureOfSoftmaxes.Scoring;

/// <summary>Makes models that adapt to what they read.</summary>
internal static class ModelAdapter
{
    /// <param name="env">Told how far the pass over the training data is.</param>
    /// <param name="model">The model.</param>
    /// <param name="trainingData">Has the model's token column.</param>
    /// <param name="options">How it adapts.</param>
    /// <param name="cancellation">Ends the pass.</param>
    public static LanguageModelTransformer Adapt(
        IHostEnvironment env, LanguageModelTransformer model, IDataView trainingData, DynamicEvaluationOptions options,
        CancellationToken cancellation)
    {
        const string Name = "Gathering gradient statistics";
        int[] stream = TokenStream.Read(trainingData, model.TokensColumnName, model.Vocabulary, "training data");
        long tokens = 0;
        using IProgressChannel progress = env.Register(nameof(DynamicEvaluation)).StartProgressChannel(Name);
        progress.SetHeader(new ProgressHeader("tokens"), entry => entry.SetProgress(0, tokens, stream.Length));
        GradientStatistics statistics = GradientStatistics.Collect(
            model.Network, stream, model.Vocabulary.EndOfSentenceIndex, options, done => tokens = done, cancellation);
        return model.WithAdaptation(new(options, statistics));
    }
}
