using Microsoft.ML.Data;
using Microsoft.ML.MixtureOfSoftmaxes.Tests.Support;
using Microsoft.ML.Runtime;

namespace Microsoft.ML.MixtureOfSoftmaxes.Tests.Tokenization.Streams;

/// <summary>Warnings of texts whose words are mostly unknown.</summary>
[TestClass]
public sealed class UnknownShareTests
{
    // Five times "a", and four other words.
    private static readonly string[] s_training = ["a b a c", "a d a e a"];

    private readonly MLContext _ml = new(seed: 1);
    private readonly List<string> _warnings = [];

    public UnknownShareTests() => _ml.Log += (_, message) =>
    {
        if (message.Kind == ChannelMessageKind.Warning)
        {
            _warnings.Add(message.RawMessage);
        }
    };

    [TestMethod]
    public void Training_warns_of_a_vocabulary_that_lacks_most_words_of_the_text()
    {
        Fit(minimumCount: 5);
        Assert.IsEmpty(_warnings, "4 of 9 words are unknown");
        Fit(minimumCount: 6);
        AssertWarned("9 of the 9 words of the training data are unknown", "MinimumCount", "MaximumSize");
    }

    [TestMethod]
    public void Training_warns_of_validation_text_in_other_words()
    {
        Fit(minimumCount: 1, "x y a");
        AssertWarned("2 of the 3 words of the validation data are unknown", "trained on");
        Fit(minimumCount: 1, "x a");
        Assert.HasCount(1, _warnings);
    }

    [TestMethod]
    public void Scoring_warns_once_at_the_end_whatever_counts()
    {
        ITransformer model = Fit(minimumCount: 1);
        string[] texts = ["a x y", "", .. Enumerable.Repeat("x", 2_000)];
        _ml.LanguageModeling.Evaluate(model.Transform(_ml.Texts(texts)));
        AssertWarned("2,002 of the 2,003 words of the text are unknown", "trained on", "vocabulary");
        _warnings.Clear();
        _ml.LanguageModeling.Score(model, texts);
        AssertWarned("2,002 of the 2,003 words of the text are unknown");
        _warnings.Clear();
        ITransformer known = _ml.LanguageModeling.ChangeScoring(model, scoring => scoring with { CountUnknownWords = false });
        _ml.LanguageModeling.Evaluate(known.Transform(_ml.Texts(texts)));
        AssertWarned("2,002 of the 2,003 words of the text are unknown");
    }

    [TestMethod]
    public void Several_cursors_over_one_view_warn_once_of_their_words_together()
    {
        IDataView scored = Fit(minimumCount: 1).Transform(_ml.Texts([.. Enumerable.Repeat("a", 30), .. Enumerable.Repeat("x", 31)]));
        foreach (DataViewRowCursor cursor in scored.GetRowCursorSet([scored.Schema["LogLikelihood"]], 3))
        {
            using (cursor)
            {
                while (cursor.MoveNext())
                {
                }
            }
        }

        AssertWarned("31 of the 61 words of the text are unknown");
    }

    [TestMethod]
    public void Text_without_words_and_half_of_the_words_unknown_are_not_warned_of()
    {
        ITransformer model = Fit(minimumCount: 1);
        _ml.LanguageModeling.Score(model, ["", ""]);
        _ml.LanguageModeling.Score(model, ["a x", "y b"]);
        Assert.IsEmpty(_warnings);
    }

    [TestMethod]
    public void A_comparison_and_gradient_statistics_warn_too()
    {
        ITransformer model = Fit(minimumCount: 1);
        _ml.LanguageModeling.Compare([("one", model)], _ml.Texts("x y a", "x y"), new() { Contexts = 4 });
        AssertWarned("4 of the 5 words of the text are unknown");
        _warnings.Clear();
        _ml.LanguageModeling.AdaptDynamically(model, _ml.Texts("x y a"));
        AssertWarned("2 of the 3 words of the training data are unknown");
    }

    private ITransformer Fit(int minimumCount, params string[] validation)
    {
        var tokenizer = _ml.LanguageModeling.TokenizeIntoVocabulary("Tokens", "Text", minimumCount).Fit(_ml.Texts(s_training));
        MixtureOfSoftmaxesTrainer.Options options = TinyModel.Options();
        options.MaximumEpochs = 1;
        options.ValidationSet = validation.Length == 0 ? null : tokenizer.Transform(_ml.Texts(validation));
        return tokenizer.Append(_ml.LanguageModeling.Trainers.MixtureOfSoftmaxes("Tokens", options)
            .Fit(tokenizer.Transform(_ml.Texts(s_training))));
    }

    private void AssertWarned(params string[] parts)
    {
        string warning = Assert.ContainsSingle(_warnings);
        foreach (string part in parts)
        {
            Assert.Contains(part, warning);
        }
    }
}
