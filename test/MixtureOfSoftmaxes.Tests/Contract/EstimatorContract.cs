using System.Reflection;
using Microsoft.ML.Data;
using Microsoft.ML.MixtureOfSoftmaxes.Tests.Support;
using Microsoft.ML.MixtureOfSoftmaxes.Tokenization;

namespace Microsoft.ML.MixtureOfSoftmaxes.Tests.Contract;

/// <summary>
/// What ML.NET expects of any estimator and of what it fits: promises about schemas are kept, data that will not do is refused before it
/// is read, a saved transformer is the same transformer, and rows are the same however they are read.
/// </summary>
internal sealed class EstimatorContract<TTransformer>(MLContext ml, IEstimator<TTransformer> estimator, IDataView valid)
    where TTransformer : class, ITransformer
{
    private static readonly MethodInfo s_shapeOf = typeof(SchemaShape).GetMethod("Create", BindingFlags.NonPublic | BindingFlags.Static)!;

    public void CheckRefuses(HandMadeView invalid, TTransformer fitted)
    {
        Errors.AssertThrows<ArgumentOutOfRangeException>(() => estimator.GetOutputSchema(ShapeOf(invalid.Schema)));
        Errors.AssertThrows<ArgumentOutOfRangeException>(() => estimator.Fit(invalid));
        Errors.AssertThrows<ArgumentOutOfRangeException>(() => fitted.GetOutputSchema(invalid.Schema));
        Errors.AssertThrows<ArgumentOutOfRangeException>(() => fitted.Transform(invalid));
        Assert.IsEmpty(invalid.Cursors, "it was read before it was refused");
    }

    /// <summary>The fitted transformer, for more.</summary>
    public TTransformer Check()
    {
        SchemaShape promised = estimator.GetOutputSchema(ShapeOf(valid.Schema));
        TTransformer transformer = estimator.Fit(valid);
        using var stream = new MemoryStream();
        ml.Model.Save(transformer, valid.Schema, stream);
        ITransformer loaded = new MLContext().Model.Load(stream, out DataViewSchema inputSchema);
        Assert.AreSequenceEqual(valid.Schema.Select(DescribeSaved), inputSchema.Select(Describe));
        CheckSame(promised, ShapeOf(transformer.GetOutputSchema(valid.Schema)));
        foreach (ITransformer either in new[] { transformer, loaded })
        {
            CheckSame(transformer.GetOutputSchema(valid.Schema), either.GetOutputSchema(valid.Schema));
            CheckSame(transformer.GetOutputSchema(valid.Schema), either.Transform(valid).Schema);
            CheckMapper(either);
        }

        Dictionary<DataViewRowId, object[][]> rows = ReadAll(transformer.Transform(valid));
        CheckSame(rows, ReadAll(loaded.Transform(valid)), "loaded");
        CheckCursors(transformer.Transform(valid), rows);
        (loaded as IDisposable)?.Dispose();
        return transformer;
    }

    private void CheckMapper(ITransformer transformer)
    {
        if (!transformer.IsRowToRowMapper)
        {
            Assert.Throws<InvalidOperationException>(() => transformer.GetRowToRowMapper(valid.Schema));
            return;
        }

        IRowToRowMapper mapper = transformer.GetRowToRowMapper(valid.Schema);
        Assert.AreSame(valid.Schema, mapper.InputSchema);
        CheckSame(transformer.GetOutputSchema(valid.Schema), mapper.OutputSchema);
        IDataView output = transformer.Transform(valid);
        Dictionary<DataViewRowId, object[][]> rows = ReadAll(output);
        DataViewSchema.Column[] all = [.. mapper.OutputSchema];
        using DataViewRowCursor cursor = valid.GetRowCursor(mapper.GetDependencies(all));
        using DataViewRow row = mapper.GetRow(cursor, all);
        ValueGetter<DataViewRowId> idGetter = row.GetIdGetter();
        DataViewRowId id = default;
        for (int i = 0; i < 5 && cursor.MoveNext(); i++)
        {
            idGetter(ref id);
            RowReading.AssertSame(rows[id], row.ReadRow(all), $"row {id} of the mapper");
        }
    }

    /// <summary>Each column alone, in another order of rows where there is one, and by several cursors.</summary>
    private static void CheckCursors(IDataView view, Dictionary<DataViewRowId, object[][]> rows)
    {
        foreach (DataViewSchema.Column column in view.Schema)
        {
            using DataViewRowCursor cursor = view.GetRowCursor([column]);
            Assert.IsTrue(cursor.IsColumnActive(column), column.Name);
            CheckSame(rows.ToDictionary(row => row.Key, row => row.Value[column.Index..(column.Index + 1)]), cursor.ReadAll([column]), column.Name);
        }

        DataViewSchema.Column[] all = [.. view.Schema];
        using (DataViewRowCursor shuffled = view.GetRowCursor(all, new Random(1)))
        {
            Dictionary<DataViewRowId, object[][]> read = shuffled.ReadAll(all);
            Assert.AreNotEqual(view.CanShuffle, rows.Keys.SequenceEqual(read.Keys), "rows are in another order where they can be, and only there");
            CheckSame(rows, read, "shuffled");
        }

        DataViewRowCursor[] cursors = view.GetRowCursorSet(all, 3);
        CheckSame(rows, cursors.SelectMany(cursor => cursor.ReadAll(all)).ToDictionary(), "several cursors");
        Array.ForEach(cursors, cursor => cursor.Dispose());
    }

    private static Dictionary<DataViewRowId, object[][]> ReadAll(IDataView view)
    {
        using DataViewRowCursor cursor = view.GetRowCursor(view.Schema);
        return cursor.ReadAll([.. view.Schema]);
    }

    private static void CheckSame(
        Dictionary<DataViewRowId, object[][]> expected, Dictionary<DataViewRowId, object[][]> actual, string where)
    {
        CollectionAssert.AreEquivalent(expected.Keys, actual.Keys, where);
        foreach ((DataViewRowId id, object[][] row) in expected)
        {
            RowReading.AssertSame(row, actual[id], $"{where}, row {id}");
        }
    }

    private static void CheckSame(DataViewSchema expected, DataViewSchema actual) => Assert.AreSequenceEqual(
        expected.Select(Describe), actual.Select(Describe));

    private static string Describe(DataViewSchema.Column column) => Describe(column, column.Annotations.Schema);

    // What makes the tokens of a column is no data, so a file has it not.
    private static string DescribeSaved(DataViewSchema.Column column) =>
        Describe(column, column.Annotations.Schema.Where(annotation => annotation.Type is not TextSplitterType));

    private static string Describe(DataViewSchema.Column column, IEnumerable<DataViewSchema.Column> annotations) =>
        $"{column.Name} {column.IsHidden} {column.Type} [{string.Join(", ", annotations.Select(Describe))}]";

    private static void CheckSame(SchemaShape expected, SchemaShape actual) => Assert.AreSequenceEqual(
        expected.Select(Describe).Order(StringComparer.Ordinal), actual.Select(Describe).Order(StringComparer.Ordinal));

    private static string Describe(SchemaShape.Column column) => $"{column.Name} {column.Kind} {column.ItemType} {column.IsKey} " +
        $"[{string.Join(", ", column.Annotations.Select(Describe).Order(StringComparer.Ordinal))}]";

    private static SchemaShape ShapeOf(DataViewSchema schema) => (SchemaShape)s_shapeOf.Invoke(null, [schema])!;
}
