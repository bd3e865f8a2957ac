using Microsoft.ML;
using Microsoft.ML.Data;
using Microsoft.ML.Runtime;
using Microsoft.ML.Transforms;

[assembly: LoadableClass(
    typeof(ColumnSelectingTransformer), null, typeof(SignatureLoadModel),
    "Select Columns Transform", ColumnSelectingTransformer.LoaderSignature)]

namespace Microsoft.ML.Transforms;

/// <summary>Keeps the named columns, in the order of the names, or drops them.</summary>
public sealed class ColumnSelectingTransformer : ITransformer
{
    internal const string LoaderSignature = "SelectColumnsTransform";

    private static readonly VersionInfo Version =
        new("SELCOLST", 0x00010001, 0x00010001, 0x00010001, LoaderAssemblies.Data, LoaderSignature);

    private readonly IHost _host;
    private readonly string[] _columns;
    private readonly bool _keepColumns;
    private readonly bool _keepHidden;
    private readonly bool _ignoreMissing;

    /// <param name="env">The environment.</param>
    /// <param name="keepColumns">Whether to keep the columns, or to drop them.</param>
    /// <param name="columns">Their names.</param>
    /// <param name="keepHidden">Whether to keep columns that a kept one hides, too; none is dropped without being named.</param>
    internal ColumnSelectingTransformer(IHostEnvironment env, bool keepColumns, string[] columns, bool keepHidden = false)
    {
        _host = env.Register(nameof(ColumnSelectingTransformer));
        _host.Check(columns is { Length: > 0 }, "There must be at least one column to keep or to drop");
        _columns = columns;
        _keepColumns = keepColumns;
        _keepHidden = keepHidden;
    }

    private ColumnSelectingTransformer(IHost host, ModelLoadContext ctx)
    {
        // *** Binary format ***
        // bool: whether to keep the columns, then whether to keep hidden ones, then whether to ignore missing ones
        // int: number of columns
        // of each: string id of the name
        _host = host;
        _keepColumns = ctx.Reader.ReadBoolByte();
        _keepHidden = ctx.Reader.ReadBoolByte();
        _ignoreMissing = ctx.Reader.ReadBoolByte();
        _columns = new string[ctx.Reader.ReadCount()];
        for (int i = 0; i < _columns.Length; i++)
            _columns[i] = ctx.LoadNonEmptyString();
    }

    bool ITransformer.IsRowToRowMapper => true;

    public DataViewSchema GetOutputSchema(DataViewSchema inputSchema)
    {
        _host.CheckValue(inputSchema, nameof(inputSchema));
        return Select(inputSchema).Schema;
    }

    public IDataView Transform(IDataView input)
    {
        _host.CheckValue(input, nameof(input));
        return new SelectedColumnsView(_host, input, Select(input.Schema));
    }

    IRowToRowMapper ITransformer.GetRowToRowMapper(DataViewSchema inputSchema)
    {
        _host.CheckValue(inputSchema, nameof(inputSchema));
        return Select(inputSchema);
    }

    void ICanSaveModel.Save(ModelSaveContext ctx)
    {
        ctx.CheckAtModel();
        ctx.SetVersionInfo(Version);
        ctx.Writer.WriteBoolByte(_keepColumns);
        ctx.Writer.WriteBoolByte(_keepHidden);
        ctx.Writer.WriteBoolByte(_ignoreMissing);
        ctx.Writer.Write(_columns.Length);
        foreach (string column in _columns)
            ctx.SaveNonEmptyString(column);
    }

    /// <summary>The shape of the output; throws if a column is missing.</summary>
    internal SchemaShape GetOutputSchema(SchemaShape inputSchema)
    {
        CheckPresent(inputSchema.Select(c => c.Name), nameof(inputSchema));
        return new SchemaShape(inputSchema.Where(c => _columns.Contains(c.Name) == _keepColumns));
    }

    private static ColumnSelectingTransformer Create(IHostEnvironment env, ModelLoadContext ctx)
    {
        ctx.CheckAtModel(Version);
        return new(env.Register(nameof(ColumnSelectingTransformer)), ctx);
    }

    private ColumnSelection Select(DataViewSchema inputSchema)
    {
        CheckPresent(inputSchema.Select(c => c.Name), nameof(inputSchema));
        IEnumerable<DataViewSchema.Column> selected = _keepColumns
            ? _columns.SelectMany(name => inputSchema.Where(c => c.Name == name && (_keepHidden || !c.IsHidden)))
            : inputSchema.Where(c => !_columns.Contains(c.Name));
        return new ColumnSelection(inputSchema, [.. selected]);
    }

    private void CheckPresent(IEnumerable<string> names, string paramName)
    {
        string[] missing = _ignoreMissing ? [] : [.. _columns.Except(names)];
        if (missing.Length > 0)
            throw _host.ExceptSchemaMismatch(paramName, "input", string.Join(",", missing));
    }
}
