using Microsoft.ML.Data;
using Microsoft.ML.MixtureOfSoftmaxes.Scoring;
using Microsoft.ML.MixtureOfSoftmaxes.Tests.Support;

namespace Microsoft.ML.MixtureOfSoftmaxes.Tests.Scoring.Columns;

[TestClass]
public sealed class BatchedCursorTests
{
    private const int RowCount = 2500;

    private readonly HandMadeView _source = new HandMadeView(RowCount) { CanShuffle = true }
        .AddTokens("Tokens", TinyModel.Words, row => new VBuffer<uint>(1, [(uint)(row % Shapes.Vocabulary) + 1]))
        .Add("Number", NumberDataViewType.Int64, row => row * 10);

    private readonly LanguageModelTransformer _model = TinyModel.UntrainedScorer();

    private IDataView Scored => _model.Transform(_source);

    [TestCleanup]
    public void Free() => _model.Dispose();

    [TestMethod]
    public void More_rows_than_are_read_ahead_keep_order_positions_ids_and_scores()
    {
        float[] expected = [.. new MLContext().Score(_model, OneRowEach()).Select(row => row.LogLikelihood)];
        using DataViewRowCursor cursor = Scored.GetRowCursor(Scored.Schema);
        ValueGetter<float> scoreGetter = cursor.GetGetter<float>(cursor.Schema["LogLikelihood"]);
        ValueGetter<long> numberGetter = cursor.GetGetter<long>(cursor.Schema["Number"]);
        ValueGetter<VBuffer<uint>> tokensGetter = cursor.GetGetter<VBuffer<uint>>(cursor.Schema["Tokens"]);
        ValueGetter<DataViewRowId> idGetter = cursor.GetIdGetter();
        float score = 0;
        long number = 0;
        VBuffer<uint> tokens = default;
        DataViewRowId id = default;
        for (int row = 0; row < RowCount; row++)
        {
            Assert.IsTrue(cursor.MoveNext());
            scoreGetter(ref score);
            numberGetter(ref number);
            tokensGetter(ref tokens);
            idGetter(ref id);
            Assert.AreEqual(row, cursor.Position);
            Assert.AreEqual(0, cursor.Batch);
            Assert.AreEqual(HandMadeView.IdOf(row), id);
            Assert.AreEqual(row * 10, number);
            Assert.AreEqual((uint)(row % Shapes.Vocabulary) + 1, tokens.DenseValues().Single());
            Assert.AreEqual(expected[row % Shapes.Vocabulary], score, 1e-5f);
        }

        Assert.IsFalse(cursor.MoveNext());
    }

    [TestMethod]
    [DataRow(0)]
    [DataRow(5)]
    [DataRow(BatchedCursor.MaxRows)]
    [DataRow(BatchedCursor.MaxRows + 5)]
    public void Rows_before_one_that_cannot_be_read_come_out_and_then_the_error(int bad)
    {
        HandMadeView source = new HandMadeView(RowCount).AddTokens("Tokens", TinyModel.Words, row => row == bad
            ? throw new InvalidDataException($"row {row} is bad")
            : new VBuffer<uint>(1, [(uint)(row % Shapes.Vocabulary) + 1]));
        float[] expected = [.. Scored.GetColumn<float>("LogLikelihood").Take(bad)];
        IDataView scored = _model.Transform(source);
        using DataViewRowCursor cursor = scored.GetRowCursor([scored.Schema["LogLikelihood"]]);
        ValueGetter<float> getter = cursor.GetGetter<float>(cursor.Schema["LogLikelihood"]);
        float score = 0;
        foreach (float value in expected)
        {
            Assert.IsTrue(cursor.MoveNext());
            getter(ref score);
            Assert.AreEqual(value, score, 1e-5f);
        }

        Errors.AssertThrows<InvalidDataException>(() => cursor.MoveNext(), $"row {bad} is bad");
    }

    [TestMethod]
    public void Before_the_first_and_after_the_last_row_there_is_nothing_to_read()
    {
        using DataViewRowCursor cursor = Scored.GetRowCursor(Scored.Schema);
        ValueGetter<float> scoreGetter = cursor.GetGetter<float>(cursor.Schema["LogLikelihood"]);
        ValueGetter<long> numberGetter = cursor.GetGetter<long>(cursor.Schema["Number"]);
        ValueGetter<DataViewRowId> idGetter = cursor.GetIdGetter();
        AssertNothingToRead();
        while (cursor.MoveNext())
        {
        }

        AssertNothingToRead();
        Assert.IsFalse(cursor.MoveNext());
        AssertNothingToRead();

        void AssertNothingToRead()
        {
            float score = 0;
            long number = 0;
            DataViewRowId id = default;
            Assert.AreEqual(-1, cursor.Position);
            Errors.AssertThrows<InvalidOperationException>(() => scoreGetter(ref score), "MoveNext");
            Errors.AssertThrows<InvalidOperationException>(() => numberGetter(ref number), "MoveNext");
            Errors.AssertThrows<InvalidOperationException>(() => idGetter(ref id), "MoveNext");
        }
    }

    [TestMethod]
    public void An_inactive_column_and_a_wrong_type_are_errors_that_name_the_column()
    {
        using DataViewRowCursor cursor = Scored.GetRowCursor([Scored.Schema["LogLikelihood"]]);
        Assert.IsTrue(cursor.IsColumnActive(cursor.Schema["LogLikelihood"]));
        Assert.IsFalse(cursor.IsColumnActive(cursor.Schema["Perplexity"]));
        Assert.IsFalse(cursor.IsColumnActive(cursor.Schema["Number"]));
        Errors.AssertThrows<InvalidOperationException>(
            () => cursor.GetGetter<float>(cursor.Schema["Perplexity"]), "'Perplexity'", "not active");
        Errors.AssertThrows<InvalidOperationException>(() => cursor.GetGetter<long>(cursor.Schema["Number"]), "'Number'", "not active");
        Errors.AssertThrows<InvalidOperationException>(
            () => cursor.GetGetter<double>(cursor.Schema["LogLikelihood"]), "'LogLikelihood'", nameof(Double));
        Errors.AssertThrows<InvalidOperationException>(() => cursor.GetGetter<VBuffer<float>>(cursor.Schema["Tokens"]), "'Tokens'");
    }

    [TestMethod]
    public void Without_a_score_column_nothing_is_scored_and_rows_pass_one_by_one()
    {
        using DataViewRowCursor cursor = Scored.GetRowCursor([Scored.Schema["Number"]]);
        Assert.AreSequenceEqual([1], _source.Cursors[^1].Active);
        Assert.IsTrue(cursor.MoveNext());
        Assert.AreEqual(0, _source.Cursors[^1].Position);
    }

    [TestMethod]
    public void A_cursor_set_scores_every_row_once()
    {
        DataViewRowCursor[] cursors = Scored.GetRowCursorSet(Scored.Schema, 3);
        Dictionary<long, float> expected = ScoresByNumber([Scored.GetRowCursor(Scored.Schema)]);
        Dictionary<long, float> actual = ScoresByNumber(cursors);
        Assert.HasCount(3, cursors);
        Assert.HasCount(RowCount, actual);
        foreach ((long number, float score) in expected)
        {
            Assert.AreEqual(score, actual[number], 1e-5f);
        }

        Assert.IsTrue(_source.Cursors.All(cursor => cursor.IsDisposed));
    }

    [TestMethod]
    public void A_stream_is_read_in_one_pass_and_in_order()
    {
        IDataView stream = _model.WithScoring(new() { Context = ScoringContext.Stream }).Transform(_source);
        Assert.IsFalse(stream.CanShuffle);
        Assert.HasCount(1, stream.GetRowCursorSet(stream.Schema, 4));
        using DataViewRowCursor cursor = stream.GetRowCursor(stream.Schema, new Random(1));
        Assert.IsNull(_source.Cursors[^1].Random);
        Assert.IsTrue(Scored.CanShuffle);
    }

    [TestMethod]
    public void The_added_columns_have_the_documented_types()
    {
        Assert.AreSequenceEqual(
            ["Tokens", "Number", "LogLikelihood", "TokenCount", "OutOfVocabularyCount", "Perplexity", "BitsPerCharacter"],
            Scored.Schema.Select(column => column.Name));
        Assert.AreSequenceEqual(
            ["Single", "Int32", "Int32", "Single", "Single"], Scored.Schema.Skip(2).Select(column => column.Type.ToString()));
        Assert.AreEqual(RowCount, Scored.GetRowCount());
    }

    /// <summary>Each word of the vocabulary as a row, scored by itself.</summary>
    private static HandMadeView OneRowEach() => new HandMadeView(Shapes.Vocabulary)
        .AddTokens("Tokens", TinyModel.Words, row => new VBuffer<uint>(1, [(uint)row + 1]));

    private static Dictionary<long, float> ScoresByNumber(DataViewRowCursor[] cursors)
    {
        var scores = new Dictionary<long, float>();
        foreach (DataViewRowCursor cursor in cursors)
        {
            using (cursor)
            {
                ValueGetter<float> scoreGetter = cursor.GetGetter<float>(cursor.Schema["LogLikelihood"]);
                ValueGetter<long> numberGetter = cursor.GetGetter<long>(cursor.Schema["Number"]);
                float score = 0;
                long number = 0;
                while (cursor.MoveNext())
                {
                    scoreGetter(ref score);
                    numberGetter(ref number);
                    scores.Add(number, score);
                }
            }
        }

        return scores;
    }
}
