using Microsoft.ML.Data;
using Microsoft.ML.MixtureOfSoftmaxes.Tests.Support;

namespace Microsoft.ML.MixtureOfSoftmaxes.Tests.Catalog;

/// <summary>The code of docs/peers.md, and that it gives what that page says.</summary>
[TestClass]
public sealed class PeersTests
{
    private readonly MLContext _ml = new();

    [TestMethod]
    public void Full_scores_add_up_to_the_score_of_the_sentence()
    {
        ITransformer model = TinyModel.Trained;
        var lines = new List<(double Log10, bool IsUnknown, string Token)>();
        foreach (TokenScore token in _ml.LanguageModeling.Score(model, ["w1 w2 nonsense"])[0].Tokens)
        {
            lines.Add((token.LogLikelihood / Math.Log(10), token.IsUnknown, token.Token));
        }

        Assert.AreSequenceEqual([false, false, true, false], lines.Select(line => line.IsUnknown));
        double sum = _ml.Score(model, "w1 w2 nonsense")[0].LogLikelihood;
        Assert.AreEqual(Math.Exp(sum), Math.Pow(10, lines.Sum(line => line.Log10)), 1e-6);
    }

    [TestMethod]
    public void A_batch_of_strings_gives_a_perplexity_each_and_the_whole_has_that_of_the_sums()
    {
        ITransformer model = TinyModel.Trained;
        string[] texts = [.. TinyModel.ValidationSentences.Take(10)];
        double[] perplexities = [.. _ml.LanguageModeling.Score(model, texts).Select(score => score.Perplexity)];
        LanguageModelMetrics metrics = _ml.LanguageModeling.Evaluate(model.Transform(_ml.Texts(texts)));
        int[] tokens = [.. texts.Select(text => text.Split(' ').Length + 1)];
        double crossEntropy = perplexities.Zip(tokens, (perplexity, count) => Math.Log(perplexity) * count).Sum() / tokens.Sum();
        Assert.AreEqual(crossEntropy, metrics.CrossEntropy, 1e-5);
        Assert.IsGreaterThan(metrics.Perplexity, perplexities.Average(), "the mean of perplexities is larger");
    }

    [TestMethod]
    public void A_stream_gives_the_words_and_their_log_likelihoods()
    {
        ITransformer stream = _ml.LanguageModeling.ChangeScoring(TinyModel.Trained, scoring => scoring with
        {
            Context = ScoringContext.Stream,
            TokensColumnName = "Words",
            TokenLogLikelihoodsColumnName = "WordLogLikelihoods",
        });
        IDataView scored = stream.Transform(_ml.Texts("w1 w2", "w1"));
        Assert.AreSequenceEqual(
            ["w1", "w2", "<eos>", "w1", "<eos>"],
            scored.GetColumn<ReadOnlyMemory<char>[]>("Words").SelectMany(words => words).Select(word => word.ToString()));
        Assert.AreEqual(
            scored.GetColumn<float>("LogLikelihood").Sum(),
            scored.GetColumn<float[]>("WordLogLikelihoods").SelectMany(row => row).Sum(), 1e-4f);
    }
}
