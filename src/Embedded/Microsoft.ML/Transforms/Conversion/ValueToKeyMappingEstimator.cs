using Microsoft.ML.Data;
using Microsoft.ML.Runtime;

namespace Microsoft.ML.Transforms;

/// <summary>Gives the distinct values of columns numbers from 1, their keys.</summary>
public sealed class ValueToKeyMappingEstimator : IEstimator<ValueToKeyMappingTransformer>
{
    private readonly IHost _host;
    private readonly (string OutputColumnName, string InputColumnName)[] _columns;
    private readonly int _maximumNumberOfKeys;
    private readonly KeyOrdinality _keyOrdinality;
    private readonly bool _keyValuesAsText;
    private readonly IDataView? _keyData;

    internal ValueToKeyMappingEstimator(
        IHostEnvironment env,
        (string OutputColumnName, string InputColumnName)[] columns,
        int maximumNumberOfKeys,
        KeyOrdinality keyOrdinality,
        bool addKeyValueAnnotationsAsText,
        IDataView? keyData)
    {
        _host = env.Register(nameof(ValueToKeyMappingEstimator));
        foreach ((string outputColumnName, _) in columns)
            _host.CheckNonEmpty(outputColumnName, nameof(outputColumnName));
        _host.CheckParam(maximumNumberOfKeys > 0, nameof(maximumNumberOfKeys), "Must be positive");
        _host.CheckParam(
            keyData is null || keyData.Schema.Count == 1, nameof(keyData),
            "If specified, this data view should contain only a single column containing the terms to map, but this had " +
            $"{keyData?.Schema.Count} columns.");
        _columns = columns;
        _maximumNumberOfKeys = maximumNumberOfKeys;
        _keyOrdinality = keyOrdinality;
        _keyValuesAsText = addKeyValueAnnotationsAsText;
        _keyData = keyData;
    }

    /// <summary>The order of the keys.</summary>
    public enum KeyOrdinality : byte
    {
        /// <summary>The first value met gets key 1.</summary>
        ByOccurrence = 0,

        /// <summary>The smallest value gets key 1; text is compared by its UTF-16 characters.</summary>
        ByValue = 1,
    }

    public ValueToKeyMappingTransformer Fit(IDataView input)
    {
        _host.CheckValue(input, nameof(input));
        DataViewSchema.Column[] sources = [.. _columns.Select(pair => input.Schema.GetColumnOrNull(pair.InputColumnName)
            ?? throw _host.ExceptSchemaMismatch("inputSchema", "input", pair.InputColumnName))];
        foreach (DataViewSchema.Column source in sources)
            CheckType(source.Name, $"{source.Type}", source.Type.GetItemType() is KeyDataViewType);

        KeyMap[] maps = _keyData is null
            ? Train(input, sources, _maximumNumberOfKeys)
            : [.. Enumerable.Repeat(Train(_keyData, [_keyData.Schema[0]], int.MaxValue)[0], sources.Length)];
        foreach ((DataViewSchema.Column source, KeyMap map) in sources.Zip(maps))
        {
            _host.CheckParam(
                map.ItemType.Equals(source.Type.GetItemType()), "keyData",
                $"Terms from input data type '{map.ItemType}' but mismatches column '{source.Name}' item type '{source.Type}'");
        }

        return new ValueToKeyMappingTransformer(_host, _columns, maps, _keyValuesAsText);
    }

    public SchemaShape GetOutputSchema(SchemaShape inputSchema)
    {
        _host.CheckValue(inputSchema, nameof(inputSchema));
        return inputSchema.With(_columns.Select(pair =>
        {
            SchemaShape.Column source = inputSchema.FindInput(_host, pair.InputColumnName);
            CheckType(source.Name, source.GetTypeString(), source.IsKey);
            var keyValues = new SchemaShape.Column(
                AnnotationUtils.Kinds.KeyValues, SchemaShape.Column.VectorKind.Vector,
                _keyValuesAsText ? TextDataViewType.Instance : source.ItemType, isKey: false);
            return new SchemaShape.Column(
                pair.OutputColumnName, source.Kind, NumberDataViewType.UInt32, isKey: true,
                new SchemaShape(source.Annotations(AnnotationUtils.Kinds.SlotNames).Append(keyValues)));
        }));
    }

    /// <summary>One pass over the data, ended early when every column has its number of keys.</summary>
    private KeyMap[] Train(IDataView data, DataViewSchema.Column[] sources, int maximumNumberOfKeys)
    {
        using IChannel channel = _host.Start("Training");
        using DataViewRowCursor cursor = data.GetRowCursor(sources.DistinctBy(c => c.Index));
        KeyMapBuilder[] builders = [.. sources.Select(source => KeyMapBuilder.Create(cursor, source, maximumNumberOfKeys))];
        while (builders.Any(b => b.WantsMore) && cursor.MoveNext())
        {
            _host.CheckAlive();
            foreach (KeyMapBuilder builder in builders)
                builder.ProcessRow();
        }

        KeyMap[] maps = [.. builders.Select(builder => builder.Finish(_keyOrdinality))];
        foreach ((DataViewSchema.Column source, KeyMap map) in sources.Zip(maps).Where(pair => pair.Second.Count == 0))
            channel.Warning($"The values of column '{source.Name}' give no keys: it has no rows, or missing values only.");
        return maps;
    }

    private void CheckType(string column, string type, bool isKey)
    {
        if (isKey)
            throw _host.ExceptSchemaMismatch("inputSchema", "input", column, "text, a number or another value, but no key", type);
    }
}
