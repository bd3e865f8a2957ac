using Microsoft.ML.MixtureOfSoftmaxes.Tests.Support;

namespace Microsoft.ML.MixtureOfSoftmaxes.Tests.Scoring;

/// <summary>
/// What docs/scoring.md says that scores of texts are used for, on the tiny language: from w1 to w2 mostly, to w4 sometimes, else never.
/// </summary>
[TestClass]
public sealed class ContinuationUsesTests
{
    private readonly MLContext _ml = new();

    [TestMethod]
    public void An_n_best_list_is_ranked_anew_by_the_score_of_its_maker_and_the_model()
    {
        // The recogniser all but tells apart what sounds alike; the language knows which follows.
        (string Text, double Score)[] hypotheses = [("w3 w5", -1.0), ("w3 w4", -1.2), ("w6 w5", -1.1)];
        const double Weight = 0.5;
        IReadOnlyList<TextScore> scores = _ml.LanguageModeling.Score(TinyModel.Trained, "w1 w2", hypotheses.Select(hypothesis => hypothesis.Text));
        string[] ranked =
        [
            .. hypotheses.Zip(scores).OrderByDescending(pair => pair.First.Score + (Weight * pair.Second.LogLikelihood))
                .Select(pair => pair.First.Text),
        ];
        Assert.AreEqual("w3 w4", ranked[0]);
    }

    [TestMethod]
    public void Of_minimal_pairs_the_model_prefers_the_right_one_with_an_interval()
    {
        // What the language says against the same sentence with one word that never follows there.
        string[] right = [.. TinyModel.ValidationSentences.Where(sentence => sentence.Length > 0).Distinct().Take(60)];
        string[] wrong = [.. right.Select(Wrong)];
        IReadOnlyList<TextScore> scores = _ml.LanguageModeling.Score(TinyModel.Trained, [.. right, .. wrong], includeTokens: false);
        int preferred = Enumerable.Range(0, right.Length).Count(i => scores[i].LogLikelihood > scores[right.Length + i].LogLikelihood);
        (double low, double high) = Wilson(preferred, right.Length);
        Assert.IsGreaterThan(0.9, low);
        Assert.IsTrue(low <= (double)preferred / right.Length && (double)preferred / right.Length <= high);

        static string Wrong(string sentence)
        {
            string[] words = sentence.Split(' ');
            words[^1] = words[^1] == "w1" ? "w2" : "w1";
            return string.Join(' ', words);
        }
    }

    [TestMethod]
    public void The_interval_is_Wilsons()
    {
        // Newcombe (1998), table I: 81 of 263, and 0 of 20.
        (double low, double high) = Wilson(81, 263);
        Assert.AreEqual(0.2553, low, 5e-5);
        Assert.AreEqual(0.3662, high, 5e-5);
        Assert.AreEqual(0.1611, Wilson(0, 20).High, 5e-5);
    }

    [TestMethod]
    public void The_answer_is_the_choice_of_the_best_mean_log_probability_whatever_its_length()
    {
        ITransformer model = _ml.LanguageModeling.ChangeScoring(TinyModel.Trained, scoring => scoring with { CountEndOfSentence = false });
        string[] choices = ["w5", "w3 w6 w2", "w6 w2"];
        IReadOnlyList<TextScore> scores = _ml.LanguageModeling.Score(model, "w1 w2", choices);
        Assert.AreEqual("w5", choices[Best(score => score.LogLikelihood)], "the sum favours the short");
        Assert.AreEqual("w3 w6 w2", choices[Best(score => score.LogLikelihood / score.TokenCount)]);

        int Best(Func<TextScore, double> by) => Enumerable.Range(0, choices.Length).MaxBy(i => by(scores[i]));
    }

    private static (double Low, double High) Wilson(int successes, int trials, double z = 1.959964)
    {
        double p = (double)successes / trials, square = z * z / trials;
        double half = Math.Sqrt((p * (1 - p) * square) + (square * square / 4));
        return ((p + (square / 2) - half) / (1 + square), (p + (square / 2) + half) / (1 + square));
    }
}
