using System.Diagnostics;
using System.Globalization;
using Microsoft.ML;
using Microsoft.ML.MixtureOfSoftmaxes;

namespace Sample;

/// <summary>How far each head remains from the true distributions as the sizes vary, one at a time.</summary>
internal static class Divergences
{
    private static readonly MLContext s_ml = new(seed: 1);

    private static readonly (LanguageModelHead Head, int Experts)[] s_heads =
    [
        (LanguageModelHead.Softmax, 1),
        (LanguageModelHead.MixtureOfContexts, Experiment.Experts),
        (LanguageModelHead.MixtureOfSoftmaxes, Experiment.Experts),
    ];

    public static void Run()
    {
        Console.WriteLine("The share closed is of softmax's divergence from the truth at the same V and d. Figures are in nats.");
        Console.WriteLine();
        Console.WriteLine(
            "|   V |  d |  K | head               | parameters | cross-entropy | entropy |    KL | share closed " +
            "| rank | seconds |");
        Console.WriteLine(
            "| --: | -: | -: | :----------------- | ---------: | ------------: | ------: | ----: | -----------: " +
            "| ---: | ------: |");
        var experiment = new Experiment(s_ml);
        (LanguageModelHead, int)[] mixtures = [.. ((int[])[2, 4, 16]).Select(k => (LanguageModelHead.MixtureOfSoftmaxes, k))];
        Heads(experiment, Experiment.EmbeddingSize, [.. s_heads, .. mixtures]);
        foreach (int d in (int[])[4, 24, 48])
        {
            Heads(experiment, d, s_heads);
        }

        foreach (int words in (int[])[50, 400])
        {
            Heads(new Experiment(s_ml, words), Experiment.EmbeddingSize, s_heads);
        }
    }

    /// <summary>Writes a row for each head. The share closed is of the divergence of the first.</summary>
    private static void Heads(Experiment experiment, int embeddingSize, (LanguageModelHead Head, int Experts)[] heads)
    {
        TruthDivergence? first = null;
        foreach ((LanguageModelHead head, int experts) in heads)
        {
            var clock = Stopwatch.StartNew();
            ITransformer model = experiment.Fit(head, embeddingSize, experts);
            TruthDivergence divergence = experiment.Divergence(model);
            RankAnalysis rank = s_ml.LanguageModeling.AnalyzeRank(model, experiment.View(experiment.Test));
            using LanguageModelTransformer languageModel = s_ml.LanguageModeling.GetLanguageModel(model);
            first ??= divergence;
            Console.WriteLine(string.Create(
                CultureInfo.InvariantCulture,
                $"| {languageModel.Words.Count,3} | {embeddingSize,2} | {experts,2} | {head,-18} " +
                $"| {languageModel.ParameterCount,10:N0} | {divergence.CrossEntropy,13:F3} | {divergence.Entropy,7:F3} " +
                $"| {divergence.Divergence,5:F3} | {Percent.Of(divergence.GapClosed(first)),12} | {rank.Rank,4} " +
                $"| {clock.Elapsed.TotalSeconds,7:F1} |"));
        }
    }
}
