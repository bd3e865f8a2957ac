using Microsoft.ML.Data;
using Microsoft.ML.MixtureOfSoftmaxes.Tests.Support;

namespace Microsoft.ML.MixtureOfSoftmaxes.Tests.Columns;

/// <summary>Where an added column stands, and which one it hides: as with ML.NET's own transformers.</summary>
[TestClass]
public sealed class ColumnOrderTests
{
    private static readonly string[] s_names = ["Text", "Perplexity", "Number", "Perplexity", "Last"];

    private readonly MLContext _ml = new();

    [TestMethod]
    [DataRow("Text")]
    [DataRow("Perplexity", DisplayName = "the name of two columns")]
    [DataRow("Number")]
    [DataRow("Last")]
    [DataRow("New")]
    public void An_added_column_stands_where_one_of_MLNET_does(string output)
    {
        IDataView source = Source();
        var tokenizer = new VocabularyTokenizingTransformer(output, "Text", TinyModel.Vocabulary());
        DataViewSchema theirs = _ml.Transforms.CopyColumns(output, "Number").Fit(source).Transform(source).Schema;
        DataViewSchema ours = tokenizer.Transform(source).Schema;
        Assert.AreSequenceEqual(Describe(theirs), Describe(ours));
        Assert.AreSequenceEqual(Describe(theirs), Describe(tokenizer.GetOutputSchema(source.Schema)));
        Assert.AreSequenceEqual(Describe(theirs), Describe(tokenizer.GetRowToRowMapper(source.Schema).OutputSchema));
    }

    [TestMethod]
    public void Score_columns_stand_each_behind_the_one_it_hides()
    {
        Assert.AreSequenceEqual(
            [
                "Text", "(Perplexity)", "Number", "(Perplexity)", "Perplexity", "(Last)", "Last", "Tokens", "TokenCount", "OutOfVocabularyCount",
                "BitsPerCharacter",
            ],
            Describe(Scored().Schema));
    }

    [TestMethod]
    public void Hidden_columns_and_those_that_hide_them_have_each_its_own_values()
    {
        IDataView scored = Scored();
        DataViewSchema.Column[] asked = [scored.Schema[1], scored.Schema[3], scored.Schema[4], scored.Schema[5], scored.Schema[6]];
        using DataViewRowCursor cursor = scored.GetRowCursor(asked);
        Func<float>[] read = [.. asked.Select(column => Open(cursor, column))];
        Assert.IsFalse(cursor.IsColumnActive(scored.Schema[2]));
        for (int row = 0; cursor.MoveNext(); row++)
        {
            float[] values = [.. read.Select(value => value())];
            Assert.AreSequenceEqual([row + 0.1f, row + 0.3f, row + 0.4f], [values[0], values[1], values[3]]);
            Assert.AreEqual(Math.Exp(-values[4] / 2), values[2], 1e-3, "of a word and the end, by the log-likelihood, here called Last");
        }
    }

    [TestMethod]
    public void A_row_mapper_has_them_too_and_knows_what_they_depend_on()
    {
        IDataView source = Source();
        IRowToRowMapper mapper = Model().GetRowToRowMapper(source.Schema);
        DataViewSchema.Column hidden = mapper.OutputSchema[3], hiding = mapper.OutputSchema[4];
        Assert.AreSequenceEqual([3], mapper.GetDependencies([hidden]).Select(column => column.Index));
        Assert.AreSequenceEqual([0], mapper.GetDependencies([hiding]).Select(column => column.Index));
        using DataViewRowCursor cursor = source.GetRowCursor(mapper.GetDependencies([hidden, hiding]));
        using DataViewRow row = mapper.GetRow(cursor, [hidden, hiding]);
        Assert.IsTrue(cursor.MoveNext());
        Assert.AreEqual(0.3f, Open(row, hidden)());
        Assert.AreEqual(_ml.Score(TinyModel.Untrained(), "a")[0].Perplexity, Open(row, hiding)(), 1e-3f);
    }

    private static ITransformer Model() =>
        TinyModel.Untrained(new() { LogLikelihoodColumnName = "Last" });

    private static IDataView Scored() => Model().Transform(Source());

    private static HandMadeView Source()
    {
        var source = new HandMadeView(3);
        for (int i = 0; i < s_names.Length; i++)
        {
            float fraction = i / 10f;
            _ = i == 0
                ? source.Add(s_names[i], TextDataViewType.Instance, _ => "a".AsMemory())
                : source.Add(s_names[i], NumberDataViewType.Single, row => row + fraction);
        }

        return source;
    }

    private static IEnumerable<string> Describe(DataViewSchema schema) =>
        schema.Select(column => column.IsHidden ? $"({column.Name})" : column.Name);

    private static Func<float> Open(DataViewRow row, DataViewSchema.Column column)
    {
        ValueGetter<float> getter = row.GetGetter<float>(column);
        float value = 0;
        return () =>
        {
            getter(ref value);
            return value;
        };
    }
}
