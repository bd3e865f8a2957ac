using Microsoft.ML.Data;
using Microsoft.ML.Runtime;

namespace Microsoft.ML;

/// <summary>Loads data from objects and turns it back into them; takes, shuffles, splits and caches rows.</summary>
public sealed class DataOperationsCatalog : IInternalCatalog
{
    private readonly IHostEnvironment _env;

    internal DataOperationsCatalog(IHostEnvironment env) => _env = env;

    IHostEnvironment IInternalCatalog.Environment => _env;

    /// <summary>A view of the objects; the sequence is enumerated anew for every pass.</summary>
    public IDataView LoadFromEnumerable<TRow>(IEnumerable<TRow> data, SchemaDefinition? schemaDefinition = null)
        where TRow : class
    {
        _env.CheckValue(data, nameof(data));
        return new EnumerableDataView<TRow>(_env, data, schemaDefinition);
    }

    /// <summary>A view of the objects whose columns have the types and annotations of <paramref name="schema"/>.</summary>
    public IDataView LoadFromEnumerable<TRow>(IEnumerable<TRow> data, DataViewSchema schema)
        where TRow : class
    {
        _env.CheckValue(data, nameof(data));
        _env.CheckValue(schema, nameof(schema));
        return new EnumerableDataView<TRow>(_env, data, SchemaDefinition.Create(typeof(TRow), schema));
    }

    /// <summary>The rows as objects, read lazily; with <paramref name="reuseRowObject"/> always the same one.</summary>
    public IEnumerable<TRow> CreateEnumerable<TRow>(
        IDataView data, bool reuseRowObject, bool ignoreMissingColumns = false, SchemaDefinition? schemaDefinition = null)
        where TRow : class, new()
    {
        _env.CheckValue(data, nameof(data));
        return new ObjectReader<TRow>(_env, data.Schema, ignoreMissingColumns, schemaDefinition).Read(data, reuseRowObject);
    }

    /// <summary>Keeps in memory the given columns at once, and every other one from its first use on.</summary>
    public IDataView Cache(IDataView input, params string[] columnsToPrefetch)
    {
        _env.CheckValue(input, nameof(input));
        return new CacheDataView(_env, input, (columnsToPrefetch ?? []).Select(name => input.Schema.GetColumnOrNull(name)
            ?? throw _env.ExceptSchemaMismatch(nameof(columnsToPrefetch), "prefetch", name)));
    }

    /// <summary>Random order, drawn from a pool that moves along the input; the seed is the context's unless given.</summary>
    public IDataView ShuffleRows(IDataView input, int? seed = null, int shufflePoolSize = 1000, bool shuffleSource = true)
    {
        _env.CheckValue(input, nameof(input));
        _env.CheckParam(shufflePoolSize > 0, nameof(shufflePoolSize), "Must be positive");
        return new ShuffledView(_env, input, seed, shufflePoolSize, shuffleSource);
    }

    /// <summary>All rows but the first ones.</summary>
    public IDataView SkipRows(IDataView input, long count)
    {
        _env.CheckValue(input, nameof(input));
        _env.CheckParam(count > 0, nameof(count), "Must be greater than zero.");
        return new RowRangeView(_env, input, skip: count, take: long.MaxValue);
    }

    /// <summary>The first rows.</summary>
    public IDataView TakeRows(IDataView input, long count)
    {
        _env.CheckValue(input, nameof(input));
        _env.CheckParam(count > 0, nameof(count), "Must be greater than zero.");
        return new RowRangeView(_env, input, skip: 0, take: count);
    }

    /// <summary>
    /// Splits the rows at random, each into the test set with the given probability. Rows of equal value in a sampling key
    /// column, a key, text or number, stay together. The seed is the context's unless given.
    /// </summary>
    public TrainTestData TrainTestSplit(
        IDataView data, double testFraction = 0.1, string? samplingKeyColumnName = null, int? seed = null)
    {
        _env.CheckValue(data, nameof(data));
        _env.CheckParam(testFraction is > 0 and < 1, nameof(testFraction), "Must be between 0 and 1 exclusive");
        SplitFraction fraction = Fraction(data, samplingKeyColumnName, seed);
        return new TrainTestData(
            trainSet: new SplitView(_env, data, fraction, number => number < 0 || number >= testFraction),
            testSet: new SplitView(_env, data, fraction, number => number >= 0 && number < testFraction));
    }

    /// <summary>As many splits as folds; every row is in the test set of one of them.</summary>
    public IReadOnlyList<TrainTestData> CrossValidationSplit(
        IDataView data, int numberOfFolds = 5, string? samplingKeyColumnName = null, int? seed = null)
    {
        _env.CheckValue(data, nameof(data));
        _env.CheckParam(numberOfFolds > 1, nameof(numberOfFolds), "Must be more than 1");
        SplitFraction fraction = Fraction(data, samplingKeyColumnName, seed);
        return [.. Enumerable.Range(0, numberOfFolds).Select(fold =>
        {
            double min = (double)fold / numberOfFolds;
            double max = (double)(fold + 1) / numberOfFolds;
            return new TrainTestData(
                trainSet: new SplitView(_env, data, fraction, number => number < min || number > max),
                testSet: new SplitView(_env, data, fraction, number => number >= min && number <= max));
        })];
    }

    private SplitFraction Fraction(IDataView data, string? samplingKeyColumnName, int? seed)
    {
        seed ??= ((IHostEnvironmentInternal)_env).Seed;
        return samplingKeyColumnName is null
            ? SplitFraction.Random(seed)
            : SplitFraction.OfColumn(_env, data, samplingKeyColumnName, seed);
    }

    /// <summary>The two parts of a split.</summary>
    public struct TrainTestData
    {
        public readonly IDataView TrainSet;
        public readonly IDataView TestSet;

        internal TrainTestData(IDataView trainSet, IDataView testSet)
        {
            TrainSet = trainSet;
            TestSet = testSet;
        }
    }
}
