using Microsoft.ML.Data;
using Microsoft.ML.MixtureOfSoftmaxes.Modeling;
using Microsoft.ML.MixtureOfSoftmaxes.Scoring;
using Microsoft.ML.MixtureOfSoftmaxes.Tests.Support;

namespace Microsoft.ML.MixtureOfSoftmaxes.Tests.Scoring.Reading;

[TestClass]
public sealed class DocumentContextTests
{
    private readonly MLContext _ml = new();

    [TestMethod]
    public void Each_run_of_one_id_scores_as_a_stream_of_its_own()
    {
        (string Id, string Text)[] rows =
            [("x", "a b"), ("x", ""), ("x", "c"), ("y", "a"), ("z", "d e"), ("z", "what"), ("x", "c"), ("x", "a b")];
        float[] expected = [.. Stream("a b", "", "c"), .. Stream("a"), .. Stream("d e", "what"), .. Stream("c", "a b")];
        AssertClose(expected, Documents(rows.Select(row => row.Id), rows.Select(row => row.Text)));
    }

    [TestMethod]
    [DataRow(1, DisplayName = "a document a row")]
    [DataRow(3, DisplayName = "short documents")]
    [DataRow(700, DisplayName = "documents over the end of a read-ahead")]
    [DataRow(5000, DisplayName = "one document over several")]
    public void Documents_of_any_length_go_on_over_batches(int length)
    {
        string[] texts = [.. Enumerable.Range(0, 2600).Select(i => TinyModel.Words[2 + (i * i % 11)])];
        using LanguageModelNetwork network = Shapes.Network();
        using var scorer = new SequenceScorer(network, endOfSentence: 1);
        float[] expected = [.. texts.Chunk(length).SelectMany(ScoreText)];
        AssertClose(expected, Documents(texts.Select((_, i) => $"{i / length}"), texts));

        // Rows of one word and the mark: two tokens each.
        IEnumerable<float> ScoreText(string[] words)
        {
            int[] stream = [.. words.SelectMany(word => new[] { Array.IndexOf(TinyModel.Words, word), 1 })];
            SequenceScorer.StreamPosition? position = null;
            float[] scores = scorer.ScoreStream(stream, ref position).LogLikelihoods;
            position!.Dispose();
            return scores.Chunk(2).Select(row => row.Sum());
        }
    }

    [TestMethod]
    public void Keys_and_integers_tell_documents_apart_as_text_does()
    {
        string[] texts = ["a b", "c", "d", "e f", "g"];
        int[] ids = [7, 7, 3, 3, 7];
        float[] expected = Documents(ids.Select(id => $"{id}"), texts);
        Check(NumberDataViewType.SByte, id => (sbyte)id);
        Check(NumberDataViewType.Byte, id => (byte)id);
        Check(NumberDataViewType.Int16, id => (short)id);
        Check(NumberDataViewType.UInt16, id => (ushort)id);
        Check(NumberDataViewType.Int32, id => id);
        Check(NumberDataViewType.UInt32, id => (uint)id);
        Check(NumberDataViewType.Int64, id => (long)id);
        Check(NumberDataViewType.UInt64, id => (ulong)id);
        Check(new KeyDataViewType(typeof(uint), 10), id => (uint)id);

        void Check<T>(DataViewType type, Func<int, T> convert)
        {
            IDataView data = new HandMadeView(texts.Length)
                .Add("Text", TextDataViewType.Instance, row => texts[row].AsMemory())
                .Add("Id", type, row => convert(ids[row]));
            AssertClose(expected, [.. _ml.Score(Model(), data).Select(row => row.LogLikelihood)]);
        }
    }

    [TestMethod]
    public void The_lines_of_files_can_be_documents_by_file()
    {
        using var folder = new TemporaryFolder();
        string[] paths = [folder.PathOf("1.txt"), folder.PathOf("2.txt")];
        File.WriteAllLines(paths[0], ["a b", "c"]);
        File.WriteAllLines(paths[1], ["d", "e f"]);
        ITransformer model = TinyModel.Untrained(new() { Context = ScoringContext.Document, DocumentColumnName = "File" });
        float[] scores = [.. _ml.Score(model, _ml.LanguageModeling.LoadTextLines(paths)).Select(row => row.LogLikelihood)];
        AssertClose([.. Stream("a b", "c"), .. Stream("d", "e f")], scores);
    }

    [TestMethod]
    public void Documents_are_read_in_order_and_not_row_by_row()
    {
        LanguageModelTransformer model = _ml.LanguageModeling.GetLanguageModel(Model());
        IDataView data = new HandMadeView(2) { CanShuffle = true }
            .AddTokens("Tokens", TinyModel.Words, _ => new VBuffer<uint>(1, [3]))
            .Add("Id", NumberDataViewType.Int32, row => (int)row);
        Assert.IsFalse(model.IsRowToRowMapper);
        Errors.AssertThrows<InvalidOperationException>(() => model.GetRowToRowMapper(data.Schema), "document", "row context");
        Assert.IsFalse(model.Transform(data).CanShuffle);
        Assert.HasCount(1, model.Transform(data).GetRowCursorSet(model.Transform(data).Schema, 4));
    }

    [TestMethod]
    public void A_document_column_that_will_not_do_is_named()
    {
        using LanguageModelTransformer model = TinyModel.UntrainedScorer();
        Errors.AssertThrows<ArgumentException>(() => model.WithScoring(new() { Context = ScoringContext.Document }), "DocumentColumnName");
        Errors.AssertThrows<ArgumentOutOfRangeException>(() => Model().Transform(_ml.Texts("a")), "'Id'", "Text");
        IDataView real = new HandMadeView(1)
            .Add("Text", TextDataViewType.Instance, _ => "a".AsMemory())
            .Add("Id", NumberDataViewType.Single, _ => 1f);
        Errors.AssertThrows<ArgumentOutOfRangeException>(() => Model().Transform(real), "'Id'", "Single", "key");
    }

    private static ITransformer Model() => TinyModel.Untrained(new() { Context = ScoringContext.Document, DocumentColumnName = "Id" });

    private float[] Documents(IEnumerable<string> ids, IEnumerable<string> texts) =>
    [
        .. _ml.Score(Model(), _ml.Data.LoadFromEnumerable(ids.Zip(texts, (id, text) => new Row { Id = id, Text = text })))
            .Select(row => row.LogLikelihood),
    ];

    private float[] Stream(params string[] texts) =>
        [.. _ml.Score(TinyModel.Untrained(new() { Context = ScoringContext.Stream }), texts).Select(row => row.LogLikelihood)];

    private static void AssertClose(float[] expected, float[] actual) => Numbers.AssertClose(
        [.. expected.Select(value => (double)value)], [.. actual.Select(value => (double)value)], 1e-5, "log-likelihood");

    private sealed class Row
    {
        public string Id { get; set; } = "";

        public string Text { get; set; } = "";
    }
}
