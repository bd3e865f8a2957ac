using Microsoft.ML.MixtureOfSoftmaxes.Distribution;
using Microsoft.ML.MixtureOfSoftmaxes.Interop;
using Microsoft.ML.MixtureOfSoftmaxes.Modeling;
using Microsoft.ML.MixtureOfSoftmaxes.Scoring;
using TorchSharp;
using static TorchSharp.torch;

namespace Microsoft.ML.MixtureOfSoftmaxes.Analysis;

/// <summary>Measures the rank of one model.</summary>
/// <param name="name">The name of the model, for messages; empty where there is only one.</param>
/// <param name="model">The model.</param>
/// <param name="options">How many contexts were asked for.</param>
/// <param name="progress">Receives a report after every block; may be null.</param>
internal sealed class RankAnalyzer(
    string name, LanguageModelTransformer model, RankAnalysisOptions options, IProgress<AnalysisProgress>? progress)
{
    private readonly LanguageModelNetwork _network = model.Network;
    private readonly Ranks _ranks = model.Ranks;
    private readonly PriorMeter _priors = new();

    /// <summary>The rank of the one language model in a chain.</summary>
    public static RankAnalysis Analyze(
        ITransformer model, IDataView data, RankAnalysisOptions options, IProgress<AnalysisProgress>? progress,
        Cancellation cancellation)
    {
        options.Validate();
        var contexts = new ContextSample(AnalyzedText.Read(model, data, cancellation), options.Contexts);
        return new RankAnalyzer("", ModelChain.Find(model), options, progress).Analyze(contexts, cancellation);
    }

    /// <exception cref="InvalidOperationException">The contexts are too few or all alike, or the model is not finite.</exception>
    /// <exception cref="InsufficientMemoryException">The matrix does not fit.</exception>
    public RankAnalysis Analyze(ContextSample contexts, Cancellation cancellation) =>
        DeviceErrors.Run(_network.Device, () => Measure(contexts, cancellation));

    private RankAnalysis Measure(ContextSample contexts, Cancellation cancellation)
    {
        NetworkShape shape = _network.Shape;
        int n = contexts.Count, v = shape.VocabularySize;
        Check(n, v, shape.EmbeddingSize);
        using IDisposable noGrad = no_grad();
        using DisposeScope scope = NewDisposeScope();
        (double[] values, double[] logitValues, int softmaxes) = Decompose(contexts, n, v, cancellation);
        double threshold = NumericalRank.Threshold(values[0], n, v, NumericalRank.DoubleEpsilon);
        double singleThreshold = NumericalRank.Threshold(values[0], n, v, NumericalRank.SingleEpsilon);
        double logitThreshold = NumericalRank.Threshold(logitValues[0], (long)n * softmaxes, v, NumericalRank.DoubleEpsilon);
        return new RankAnalysis
        {
            Head = shape.Head,
            EmbeddingSize = shape.EmbeddingSize,
            Softmaxes = softmaxes,
            Partitions = shape.VocabularyPartitions,
            ContextCount = n,
            VocabularySize = v,
            SingularValues = values,
            Rank = NumericalRank.Of(values, threshold),
            Threshold = threshold,
            RankInSinglePrecision = NumericalRank.Of(values, singleThreshold),
            EffectiveRank = NumericalRank.Effective(values),
            LogitRank = shape.Head == LanguageModelHead.Mixtape ? null : NumericalRank.Of(logitValues, logitThreshold),
            Priors = _priors.Result,
        };
    }

    /// <summary>
    /// On all ranks but the first: computes the distributions of every so many blocks for it, which are the same bits on any rank.
    /// </summary>
    public static void Serve(ITransformer model, IDataView data, RankAnalysisOptions options, Cancellation cancellation)
    {
        LanguageModelTransformer found = ModelChain.Find(model);
        using IDisposable noGrad = no_grad();
        using DisposeScope scope = NewDisposeScope();
        Tensor weight_v_d = found.Network.Embedding.to(ScalarType.Float64), bias_v = found.Network.DecoderBias.to(ScalarType.Float64);
        int block = 0;
        new ContextSample(AnalyzedText.Read(model, data, cancellation), options.Contexts).Visit(
            found.Network,
            MixtureDistribution.RowsPerBlock(weight_v_d),
            (_, single) =>
            {
                if (block++ % found.Ranks.Count == found.Ranks.Rank)
                {
                    Tensor block_n_v = MixtureDistribution.LogProbabilities(Widen(single), weight_v_d, bias_v).cpu();
                    found.Ranks.Send(block_n_v.bytes.ToArray(), 0);
                }
            },
            cancellation);
        _ = found.Ranks.Receive(0, mayTakeLong: true); // that it has its result
    }

    /// <summary>The singular values of A and of the logits, and K.</summary>
    private (double[] Values, double[] LogitValues, int Softmaxes) Decompose(
        ContextSample contexts, int n, int v, Cancellation cancellation)
    {
        Tensor weight_v_d = _network.Embedding.to(ScalarType.Float64);
        Tensor bias_v = _network.DecoderBias.to(ScalarType.Float64);
        Tensor a_n_v = empty(n, v, ScalarType.Float64);
        using var logits = new LogitFactors(weight_v_d, bias_v, _network.Shape.VocabularyPartitions);
        int softmaxes = 1, block = 0;
        contexts.Visit(
            _network,
            MixtureDistribution.RowsPerBlock(weight_v_d),
            (first, single) =>
            {
                Mixture mixture = Widen(single);
                softmaxes = mixture.Experts;
                Tensor block_n_v = a_n_v.narrow(0, first, mixture.Count);
                int owner = block++ % _ranks.Count;
                if (owner == 0)
                {
                    block_n_v.copy_(MixtureDistribution.LogProbabilities(mixture, weight_v_d, bias_v));
                }
                else
                {
                    _ranks.Receive(owner).CopyTo(block_n_v.bytes);
                }

                logits.Add(mixture);
                _priors.Add(mixture);
                progress?.Report(new(name, AnalysisStage.Distributions, (double)(first + mixture.Count) / n));
            },
            cancellation);
        progress?.Report(new(name, AnalysisStage.SingularValues, 0));
        CheckValues(a_n_v);
        double[] values = linalg.svdvals(a_n_v).data<double>().ToArray();
        cancellation.ThrowIfRequested();
        double[] logitValues = logits.SingularValues();
        progress?.Report(new(name, AnalysisStage.SingularValues, 1));
        return (values, logitValues, softmaxes);
    }

    // The priors are normalised anew, because in float32 they sum to 1 only up to rounding.
    private static Mixture Widen(Mixture mixture) => mixture with
    {
        Contexts = mixture.Contexts.to(ScalarType.Float64),
        LogPriors = mixture.LogPriors?.to(ScalarType.Float64).log_softmax(1),
        Gates = mixture.Gates?.To(ScalarType.Float64),
        Increase = mixture.Increase is PiecewiseLinear f ? f with { Slopes = f.Slopes.to(ScalarType.Float64) } : null,
    };

    private void Check(int n, int v, int d)
    {
        if (n <= d + 2)
        {
            throw new InvalidOperationException(
                $"{n:N0} contexts cannot show the rank of a model with embedding size {d:N0}, which one softmax limits to {d + 2:N0}: " +
                (n < options.Contexts ? "the data has no more; give more data." : $"raise {nameof(options.Contexts)} above that."));
        }

        if (!_network.IsFinite)
        {
            throw NotFinite();
        }

        // The matrix, its copy in work, and blocks.
        long needed = 2L * n * v * sizeof(double), available = GC.GetGCMemoryInfo().TotalAvailableMemoryBytes;
        if (needed > available)
        {
            throw new InsufficientMemoryException(
                $"The singular values of {n:N0} contexts by {v:N0} words need {needed >> 20:N0} MiB; there are {available >> 20:N0} MiB. " +
                $"Lower {nameof(options.Contexts)}.");
        }
    }

    /// <summary>
    /// Rows that differ by no more than the rounding of the float32 numbers they come from are one distribution; what a decomposition
    /// makes of the rounding is no rank.
    /// </summary>
    private void CheckValues(Tensor a_n_v)
    {
        if (!a_n_v.isfinite().all().item<bool>())
        {
            throw NotFinite();
        }

        Tensor max_v = a_n_v.amax([0]), min_v = a_n_v.amin([0]);
        double spread = (max_v - min_v).max().item<double>(), largest = -min_v.min().item<double>();
        if (spread <= NumericalRank.SingleEpsilon * largest)
        {
            throw new InvalidOperationException(
                $"The next-word distribution is the same after all {a_n_v.shape[0]:N0} contexts, so there is no rank to measure: is the " +
                "model trained?");
        }
    }

    private InvalidOperationException NotFinite() => new(
        $"The model{(name.Length == 0 ? "" : $" '{name}'")} has weights or probabilities that are not finite, so it has no rank: train it " +
        "anew, or take an earlier checkpoint.");
}
