using Microsoft.ML;
using Microsoft.ML.Data;
using Microsoft.ML.Internal.Utilities;
using Microsoft.ML.Runtime;

[assembly: LoadableClass(
    typeof(ColumnConcatenatingTransformer), null, typeof(SignatureLoadModel),
    "Concat Transform", ColumnConcatenatingTransformer.LoaderSignature)]

namespace Microsoft.ML.Data;

/// <summary>Concatenates columns of one item type into a vector.</summary>
public sealed class ColumnConcatenatingTransformer : RowToRowTransformerBase
{
    internal const string LoaderSignature = "ConcatTransform";

    private static readonly VersionInfo Version = new(
        "CONCAT F", 0x00010003, 0x00010003, 0x00010003, LoaderAssemblies.Data, LoaderSignature, loaderSignatureAlt: "ConcatFunction");

    private readonly Concatenation[] _columns;

    internal ColumnConcatenatingTransformer(IHostEnvironment env, string outputColumnName, string[] inputColumnNames)
        : base(env.Register(nameof(ColumnConcatenatingTransformer))) =>
        _columns = [new(outputColumnName, [.. inputColumnNames.Select(name => (name, (string?)null))])];

    private ColumnConcatenatingTransformer(IHost host, ModelLoadContext ctx)
        : base(host)
    {
        // *** Binary format ***
        // int: number of columns
        // of each:
        //   string id of the output column
        //   int: number of inputs
        //   of each: string id of the input column, string id of what to call it in slot names (-1 for its own name)
        _columns = new Concatenation[ctx.Reader.ReadCount()];
        for (int i = 0; i < _columns.Length; i++)
        {
            string output = ctx.LoadNonEmptyString();
            var sources = new (string, string?)[ctx.Reader.ReadCount()];
            for (int j = 0; j < sources.Length; j++)
                sources[j] = (ctx.LoadNonEmptyString(), ctx.LoadStringOrNull());
            _columns[i] = new(output, sources);
        }
    }

    private protected override void SaveModel(ModelSaveContext ctx)
    {
        ctx.CheckAtModel();
        ctx.SetVersionInfo(Version);
        ctx.Writer.Write(_columns.Length);
        foreach (Concatenation column in _columns)
        {
            ctx.SaveNonEmptyString(column.Output);
            ctx.Writer.Write(column.Sources.Length);
            foreach ((string name, string? alias) in column.Sources)
            {
                ctx.SaveNonEmptyString(name);
                ctx.SaveStringOrNull(alias);
            }
        }
    }

    private protected override IRowMapper MakeRowMapper(DataViewSchema schema) => new Mapper(this, schema);

    private static ColumnConcatenatingTransformer Create(IHostEnvironment env, ModelLoadContext ctx)
    {
        ctx.CheckAtModel(Version);
        return new(env.Register(nameof(ColumnConcatenatingTransformer)), ctx);
    }

    private sealed record Concatenation(string Output, (string Name, string? Alias)[] Sources);

    private sealed class Mapper : MapperBase
    {
        private readonly ColumnConcatenatingTransformer _parent;
        private readonly BoundConcatenation[] _columns;

        public Mapper(ColumnConcatenatingTransformer parent, DataViewSchema inputSchema)
            : base(parent.Host, inputSchema, parent)
        {
            _parent = parent;
            _columns = [.. parent._columns.Select(column => new BoundConcatenation(
                Host,
                column.Output,
                [.. column.Sources.Select(s => inputSchema.GetColumnOrNull(s.Name)
                    ?? throw Host.ExceptSchemaMismatch(nameof(inputSchema), "input", s.Name))],
                [.. column.Sources.Select(s => s.Alias)]))];
        }

        protected override DataViewSchema.DetachedColumn[] GetOutputColumnsCore() => [.. _columns.Select(c => c.OutputColumn)];

        protected override Delegate MakeGetter(DataViewRow input, int iinfo, Func<int, bool> activeOutput, out Action? disposer)
        {
            disposer = null;
            return _columns[iinfo].MakeGetter(input);
        }

        private protected override Func<int, bool> GetDependenciesCore(Func<int, bool> activeOutput)
        {
            HashSet<int> needed = [.. _columns.Where((_, i) => activeOutput(i)).SelectMany(c => c.Sources).Select(c => c.Index)];
            return needed.Contains;
        }

        private protected override void SaveModel(ModelSaveContext ctx) => _parent.SaveModel(ctx);
    }
}
