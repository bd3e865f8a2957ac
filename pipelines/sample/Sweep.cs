using System.Diagnostics;
using Microsoft.ML;
using Microsoft.ML.MixtureOfSoftmaxes.Analysis;
using Microsoft.ML.MixtureOfSoftmaxes.Modeling;
using Microsoft.ML.MixtureOfSoftmaxes.Scoring;

namespace Sample;

/// <summary>How far each head stays from the truth as the sizes vary, one at a time.</summary>
internal static class Sweep
{
    private const int Words = 200, EmbeddingSize = 12, Experts = 8;

    private static readonly LanguageModelHead[] s_heads =
        [LanguageModelHead.Softmax, LanguageModelHead.MixtureOfContexts, LanguageModelHead.MixtureOfSoftmaxes];

    public static void Run()
    {
        Console.WriteLine("The share closed is of softmax's divergence from the truth at the same V and d. Figures are in nats.");
        Console.WriteLine();
        Console.WriteLine("|   V |  d |  K | head               | parameters | cross-entropy | entropy |    KL | share closed | rank | seconds |");
        Console.WriteLine("| --: | -: | -: | :----------------- | ---------: | ------------: | ------: | ----: | -----------: | ---: | ------: |");
        var experiment = new Experiment(new MLContext(seed: 1), Words);
        foreach (int d in (int[])[4, 8, 12, 24, 48, 96])
        {
            Heads(experiment, d, [.. s_heads.Select(head => (head, Experts))]);
        }

        Heads(
            experiment, EmbeddingSize,
            [(LanguageModelHead.Softmax, 1), .. ((int[])[2, 4, 8, 16]).Select(k => (LanguageModelHead.MixtureOfSoftmaxes, k))]);
        foreach (int words in (int[])[50, 100, 400])
        {
            Heads(new Experiment(new MLContext(seed: 1), words), EmbeddingSize, [.. s_heads.Select(head => (head, Experts))]);
        }
    }

    /// <summary>A row for each; the first is the one that the others are held against.</summary>
    private static void Heads(Experiment experiment, int embeddingSize, (LanguageModelHead Head, int Experts)[] heads)
    {
        TruthDivergence? first = null;
        foreach ((LanguageModelHead head, int experts) in heads)
        {
            var clock = Stopwatch.StartNew();
            var ml = new MLContext(seed: 1);
            ITransformer model = experiment.Fit(head, embeddingSize, experts);
            TruthDivergence divergence = experiment.Divergence(model);
            RankAnalysis rank = ml.LanguageModeling.AnalyzeRank(model, experiment.View(experiment.Test));
            using LanguageModelTransformer languageModel = ml.LanguageModeling.GetLanguageModel(model);
            first ??= divergence;
            Console.WriteLine(FormattableString.Invariant(
                $"| {languageModel.Words.Count,3} | {embeddingSize,2} | {(head == LanguageModelHead.Softmax ? 1 : experts),2} | {head,-18} ") +
                FormattableString.Invariant($"| {languageModel.ParameterCount,10:N0} | {divergence.CrossEntropy,13:F3} | {divergence.Entropy,7:F3} ") +
                FormattableString.Invariant($"| {divergence.Divergence,5:F3} | {divergence.GapClosed(first),12:P0} | {rank.Rank,4} | {clock.Elapsed.TotalSeconds,7:F1} |"));
        }
    }
}
