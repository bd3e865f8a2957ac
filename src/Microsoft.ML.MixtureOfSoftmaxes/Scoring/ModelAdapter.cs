using Microsoft.ML.MixtureOfSoftmaxes.Interop;
using Microsoft.ML.MixtureOfSoftmaxes.Modeling;
using Microsoft.ML.MixtureOfSoftmaxes.Tokenization;
using Microsoft.ML.Runtime;

namespace Microsoft.ML.MixtureOfSoftmaxes.Scoring;

/// <summary>Makes models that adapt to what they read (dynamic evaluation).</summary>
internal static class ModelAdapter
{
    private const string PassName = "Gathering gradient statistics";

    /// <summary>The chain with its language model replaced by one that adapts; see the catalog for the parameters.</summary>
    public static ITransformer Adapt(
        MLContext context, ITransformer model, IDataView trainingData, DynamicEvaluationOptions options, IProgress<double>? progress,
        CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(model);
        ArgumentNullException.ThrowIfNull(trainingData);
        options.Validate();
        return ModelChain.Replace<LanguageModelTransformer>(
            model, found => AdaptModel(context, found, model.Transform(trainingData), options, progress, cancellationToken));
    }

    private static LanguageModelTransformer AdaptModel(
        IHostEnvironment env, LanguageModelTransformer model, IDataView tokens, DynamicEvaluationOptions options, IProgress<double>? handler,
        CancellationToken cancellationToken)
    {
        IHost host = Cancellation.Register(env, nameof(DynamicEvaluation));
        var cancellation = new Cancellation(host, cancellationToken);
        int[] stream = TokenStream.Read(tokens, model.TokensColumnName, model.Vocabulary, "training data", cancellation);
        long read = 0;
        using (IChannel messages = host.Start(PassName))
        {
            UnknownShare.Of(stream, model.Vocabulary).Warn(messages, "training data", UnknownShare.ScoringRemedy);
        }

        using IProgressChannel channel = host.StartProgressChannel(PassName);
        channel.SetHeader(new ProgressHeader("tokens"), entry => entry.SetProgress(0, read, stream.Length));
        GradientStatistics statistics = DeviceErrors.Run(model.Network.Device, () => GradientStatistics.Collect(
            model.Network, stream, model.Vocabulary.EndOfSentenceIndex, options, Report, cancellation));
        return model.WithAdaptation(new(options, statistics));

        void Report(long done)
        {
            read = done;
            handler?.Report((double)done / stream.Length);
        }
    }
}
