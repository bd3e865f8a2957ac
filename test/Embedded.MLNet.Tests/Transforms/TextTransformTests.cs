using Microsoft.ML;
using Microsoft.ML.Data;
using Microsoft.ML.Transforms.Text;

namespace Embedded.MLNet.Tests.Transforms;

[TestClass]
public class TextTransformTests
{
    private static readonly MLContext Context = new(seed: 1);

    [TestMethod]
    [DataRow("the cat sat", "the|cat|sat")]
    [DataRow("  two  spaces ", "two|spaces")]
    [DataRow("a\ttab, a comma", "a\ttab,|a|comma")]
    [DataRow("", "")]
    [DataRow("   ", "")]
    public void Words_are_split_at_spaces_and_never_empty(string text, string expected) =>
        Assert.AreEqual(expected, Transform(Context.Transforms.Text.TokenizeIntoWords("Out", "Text"), text));

    [TestMethod]
    public void Words_are_split_at_every_given_separator_and_trimmed_of_spaces() => Assert.AreEqual(
        "a|b c|d", Transform(Context.Transforms.Text.TokenizeIntoWords("Out", "Text", [',', ';']), "a, b c;,d "));

    [TestMethod]
    public void The_words_of_a_vector_of_texts_follow_each_other() => Assert.AreEqual(
        "a|b|c", Transform(Context.Transforms.Text.TokenizeIntoWords("Out", "Texts"), ["a b", "", " c"]));

    [TestMethod]
    public void A_tokenizer_needs_a_separator() => Assert.ThrowsExactly<ArgumentOutOfRangeException>(
        () => Context.Transforms.Text.TokenizeIntoWords("Out", "Text", []));

    [TestMethod]
    [DataRow("The CAT sat, 42 times!", "the cat sat, 42 times!")]
    [DataRow("Déjà Vu, ǅ Ñandú", "deja vu, ǆ nandu")]
    [DataRow("e\u0301t\u0065\u0301", "ete")]
    [DataRow("Ж Ё ΐ Ὰ", "ж е ι ὰ")]
    [DataRow("", "")]
    public void By_default_text_becomes_lower_case_without_diacritics(string text, string expected) =>
        Assert.AreEqual(expected, Transform(Context.Transforms.Text.NormalizeText("Out", "Text"), text));

    [TestMethod]
    [DataRow(TextNormalizingEstimator.CaseMode.Upper, true, true, true, "Ça, 42 «½»!", "ÇA, 42 «½»!")]
    [DataRow(TextNormalizingEstimator.CaseMode.None, true, false, true, "Ça, 42 «½»!", "Ça 42 ½")]
    [DataRow(TextNormalizingEstimator.CaseMode.None, false, true, false, "Ça, 42 «½»!", "Ca,  «»!")]
    [DataRow(TextNormalizingEstimator.CaseMode.Lower, false, false, false, "?!42", "")]
    public void Text_is_normalized_as_asked(
        TextNormalizingEstimator.CaseMode caseMode, bool diacritics, bool punctuations, bool numbers, string text, string expected) =>
        Assert.AreEqual(
            expected,
            Transform(Context.Transforms.Text.NormalizeText("Out", "Text", caseMode, diacritics, punctuations, numbers), text));

    [TestMethod]
    public void Texts_of_a_vector_that_become_empty_are_left_out() => Assert.AreEqual(
        "a|b", Transform(Context.Transforms.Text.NormalizeText("Out", "Texts", keepPunctuations: false), ["A", "...", "", "B."]));

    [TestMethod]
    public void Every_letter_that_decomposes_into_a_letter_and_marks_loses_them()
    {
        // Latin, Greek and Cyrillic up to U+04FF, against the canonical decompositions of the Unicode standard for a few of each.
        foreach ((char accented, char letter) in "ǖuǼÆơoȩeΆΑϔϒЙИӳу".Chunk(2).Select(pair => (pair[0], pair[1])))
            Assert.AreEqual(letter, Diacritics.Remove(accented), $"{accented}");
        foreach (char plain in "aßøłđıжıΩ日\u0385")
            Assert.AreEqual(plain, Diacritics.Remove(plain), $"{plain}");
    }

    [TestMethod]
    public void A_column_that_is_no_text_is_named_with_what_it_is()
    {
        IDataView data = Context.Data.LoadFromEnumerable([new { Number = 1f }]);
        foreach (IEstimator<ITransformer> estimator in new IEstimator<ITransformer>[]
        {
            Context.Transforms.Text.TokenizeIntoWords("Out", "Number"), Context.Transforms.Text.NormalizeText("Out", "Number"),
        })
        {
            var e = Assert.ThrowsExactly<ArgumentOutOfRangeException>(() => estimator.Fit(data));
            StringAssert.Contains(e.Message, "input column 'Number': expected String or Vector of String, got Single");
            e = Assert.ThrowsExactly<ArgumentOutOfRangeException>(() => estimator.GetOutputSchema(SchemaShape.Create(data.Schema)));
            StringAssert.Contains(e.Message, "input column 'Number': expected String or Vector of String, got Single");
        }
    }

    [TestMethod]
    public void A_missing_column_is_named()
    {
        IDataView data = Context.Data.LoadFromEnumerable([new { Number = 1f }]);
        var e = Assert.ThrowsExactly<ArgumentOutOfRangeException>(
            () => Context.Transforms.Text.TokenizeIntoWords("Out", "Absent").Fit(data));
        StringAssert.Contains(e.Message, "Could not find input column 'Absent'");
    }

    [TestMethod]
    public void The_shape_promised_before_fitting_is_that_of_the_output()
    {
        IDataView data = Context.Data.LoadFromEnumerable([new { Text = "a", Texts = new[] { "b" } }]);
        IEstimator<ITransformer> estimator = Context.Transforms.Text.NormalizeText("NormalText", "Text")
            .Append(Context.Transforms.Text.NormalizeText("Texts"))
            .Append(Context.Transforms.Text.TokenizeIntoWords("Words", "NormalText"));
        SchemaShape promised = estimator.GetOutputSchema(SchemaShape.Create(data.Schema));
        SchemaShape given = SchemaShape.Create(estimator.Fit(data).GetOutputSchema(data.Schema));
        CollectionAssert.AreEquivalent(
            given.Select(c => $"{c.Name} {c.GetTypeString()}").ToArray(),
            promised.Select(c => $"{c.Name} {c.GetTypeString()}").ToArray());
    }

    private static string Transform(IEstimator<ITransformer> estimator, string text) =>
        Transform(estimator, Context.Data.LoadFromEnumerable([new { Text = text }]));

    private static string Transform(IEstimator<ITransformer> estimator, string[] texts) =>
        Transform(estimator, Context.Data.LoadFromEnumerable([new { Texts = texts }]));

    private static string Transform(IEstimator<ITransformer> estimator, IDataView data) =>
        ViewText.Column(estimator.Fit(data).Transform(data), "Out").Single();
}
