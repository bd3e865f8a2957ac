using Microsoft.ML.MixtureOfSoftmaxes.Evaluation;
using Microsoft.ML.MixtureOfSoftmaxes.Interop;
using Microsoft.ML.MixtureOfSoftmaxes.Modeling;
using Microsoft.ML.MixtureOfSoftmaxes.Scoring;
using Microsoft.ML.MixtureOfSoftmaxes.Tokenization;
using Microsoft.ML.Runtime;

namespace Microsoft.ML.MixtureOfSoftmaxes.Analysis;

/// <summary>Compares models on the same text, one after the other.</summary>
internal sealed class ModelComparer
{
    private readonly (string Name, LanguageModelTransformer Model)[] _models;
    private readonly AnalyzedText _text;
    private readonly ContextSample _contexts;
    private readonly ModelComparisonOptions _options;
    private readonly IProgress<AnalysisProgress>? _progress;
    private readonly Cancellation _cancellation;

    /// <exception cref="ArgumentException">There is no model, two have one name, or they do not compare.</exception>
    /// <exception cref="InvalidOperationException">The data has fewer than two rows, or no word.</exception>
    public ModelComparer(
        IHostEnvironment env, IReadOnlyList<(string Name, ITransformer Model)> models, IDataView data, ModelComparisonOptions options,
        IProgress<AnalysisProgress>? progress, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(models);
        ArgumentNullException.ThrowIfNull(data);
        IHost host = Cancellation.Register(env, nameof(ModelComparer));
        _cancellation = new(host, cancellationToken);
        options.Validate();
        Comparability.CheckNames([.. models.Select(model => model.Name)]);
        _models = [.. models.Select(model => (model.Name, ModelChain.Find(model.Model)))];
        Array.ForEach(_models, Comparability.CheckContext);
        _text = AnalyzedText.Read(models[0].Model, data, _cancellation);
        foreach (((string Name, ITransformer Model) given, int i) in models.Select((model, i) => (model, i)).Skip(1))
        {
            Comparability.Check(_models[0], _models[i]);
            Comparability.CheckReading(_models[0].Name, _text, given.Name, AnalyzedText.Read(given.Model, data, _cancellation));
        }

        if (_text.Rows.Count < 2)
        {
            throw new InvalidOperationException("The data has one row; confidence intervals need more, as they come from resampling rows.");
        }

        using (IChannel channel = host.Start("Comparing"))
        {
            UnknownShare.Of(_text.Stream, _models[0].Model.Vocabulary).Warn(channel, "text", UnknownShare.ScoringRemedy);
        }

        _contexts = new(_text, options.Contexts);
        _options = options;
        _progress = progress;
    }

    public ModelComparison Compare()
    {
        ScoredText[] scores = [.. _models.Select(model => ScoredText.Of(model.Name, model.Model, _text, _progress, _cancellation))];
        double[][] losses = [.. scores.Select(model => model.LogLikelihoods.Select(row => -row.Sum(score => (double)score)).ToArray())];
        int[] tokens = [.. _text.Rows.Select(row => row.Length + 1)];
        CorpusSums[][] blocks = [.. losses.Select(model => Blocks(model, tokens))];
        var bootstrap = new PairedBootstrap(
            [.. blocks.Select(model => model.Select(block => block.Loss).ToArray())], [.. blocks[0].Select(block => block.Tokens)], _options,
            _cancellation);
        var bands = new FrequencyBands(_text.Stream, _models[0].Model.Words.Count);
        var examples = new Examples(
            _models[0].Model.Words, _text, [.. scores.Select(model => model.LogLikelihoods)], _options.Examples);
        (IReadOnlyList<ComparedRow> worst, IReadOnlyList<ComparedRow> best) = examples.Rows();
        double[] crossEntropies = [.. losses.Select(model => model.Sum() / _text.Stream.Length)];
        long unknown = _text.Rows.Sum(row => row.Count(word => word == _models[0].Model.Vocabulary.UnknownIndex));
        return new([.. _models.Select(Describe)], bands.All, examples.Disagreements(), worst, best);

        ComparedModel Describe((string Name, LanguageModelTransformer Model) model, int i)
        {
            NetworkShape shape = model.Model.Network.Shape;
            return new()
            {
                Name = model.Name,
                Head = shape.Head,
                EmbeddingSize = shape.EmbeddingSize,
                Experts = shape.HasExperts ? shape.Experts : 1,
                ParameterCount = shape.ParameterCount,
                Metrics = new LanguageModelMetrics(crossEntropies[i], _text.Stream.Length, unknown, _text.Rows.Count)
                {
                    PerplexityInterval = bootstrap.Perplexity(i),
                },
                PerplexityInterval = bootstrap.Perplexity(i),
                Ratio = Math.Exp(crossEntropies[i] - crossEntropies[0]),
                RatioInterval = bootstrap.Ratio(i, 0),
                SecondsPerToken = scores[i].Time.TotalSeconds / _text.Stream.Length,
                PeakMemoryBytes = scores[i].PeakMemoryBytes,
                PairwiseDivergence = Divergence(model),
                BandPerplexities = bands.Perplexities(_text.Stream, scores[i].LogLikelihoods.SelectMany(row => row)),
                Rank = _options.MeasureRank ? Rank(model) : null,
            };
        }
    }

    private CorpusSums[] Blocks(double[] losses, int[] tokens)
    {
        var rows = new RowBlocks();
        foreach ((double loss, int count) in losses.Zip(tokens))
        {
            rows.Add(new(loss, count, default));
        }

        return rows.Of(_models[0].Model.Scoring.Context, _options.BlockLength);
    }

    private double Divergence((string Name, LanguageModelTransformer Model) model) => DeviceErrors.Run(
        model.Model.Network.Device,
        () => PairwiseDivergence.Measure(
            model.Model.Network,
            _contexts,
            done => _progress?.Report(new(model.Name, AnalysisStage.Distributions, (double)done / _contexts.Count)),
            _cancellation));

    private RankAnalysis Rank((string Name, LanguageModelTransformer Model) model) => new RankAnalyzer(
        model.Name, model.Model, new() { Contexts = _options.Contexts }, _progress).Analyze(_contexts, _cancellation);
}
