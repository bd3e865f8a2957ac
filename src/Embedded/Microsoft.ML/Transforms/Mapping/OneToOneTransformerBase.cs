using Microsoft.ML.Runtime;

namespace Microsoft.ML.Data;

/// <summary>A transformer whose every new column comes from one column of the input.</summary>
public abstract class OneToOneTransformerBase : RowToRowTransformerBase
{
    internal readonly (string outputColumnName, string inputColumnName)[] ColumnPairs;

    private protected OneToOneTransformerBase(IHost host, params (string outputColumnName, string inputColumnName)[] columns)
        : base(host)
    {
        foreach ((string outputColumnName, string inputColumnName) in columns)
        {
            host.CheckNonEmpty(outputColumnName, nameof(outputColumnName));
            host.CheckNonEmpty(inputColumnName, nameof(inputColumnName));
        }

        host.CheckParam(
            columns.DistinctBy(c => c.outputColumnName).Count() == columns.Length, nameof(columns),
            "Name of a result column specified multiple times");
        ColumnPairs = columns;
    }

    private protected OneToOneTransformerBase(IHost host, ModelLoadContext ctx)
        : base(host)
    {
        // *** Binary format ***
        // int: number of columns
        // of each: string id of the output column, string id of the input column
        ColumnPairs = new (string, string)[ctx.Reader.ReadCount()];
        for (int i = 0; i < ColumnPairs.Length; i++)
            ColumnPairs[i] = (ctx.LoadNonEmptyString(), ctx.LoadNonEmptyString());
    }

    private protected void SaveColumns(ModelSaveContext ctx)
    {
        ctx.Writer.Write(ColumnPairs.Length);
        foreach ((string outputColumnName, string inputColumnName) in ColumnPairs)
        {
            ctx.SaveNonEmptyString(outputColumnName);
            ctx.SaveNonEmptyString(inputColumnName);
        }
    }

    /// <summary>Throws if the type of an input column does not serve.</summary>
    private protected virtual void CheckInputColumn(DataViewSchema.Column column)
    {
    }

    private protected abstract class OneToOneMapperBase : MapperBase
    {
        /// <summary>Of each new column the input column it comes from.</summary>
        protected readonly DataViewSchema.Column[] Sources;
        private readonly OneToOneTransformerBase _parent;

        protected OneToOneMapperBase(OneToOneTransformerBase parent, DataViewSchema inputSchema)
            : base(parent.Host, inputSchema, parent)
        {
            _parent = parent;
            Sources = [.. parent.ColumnPairs.Select(pair => inputSchema.GetColumnOrNull(pair.inputColumnName)
                ?? throw parent.Host.ExceptSchemaMismatch(nameof(inputSchema), "input", pair.inputColumnName))];
            foreach (DataViewSchema.Column source in Sources)
                parent.CheckInputColumn(source);
        }

        protected sealed override DataViewSchema.DetachedColumn[] GetOutputColumnsCore() =>
            [.. Sources.Select((source, i) => OutputColumn(i, _parent.ColumnPairs[i].outputColumnName, source))];

        protected abstract DataViewSchema.DetachedColumn OutputColumn(int index, string name, DataViewSchema.Column source);

        protected sealed override Delegate MakeGetter(
            DataViewRow input, int iinfo, Func<int, bool> activeOutput, out Action? disposer)
        {
            disposer = null;
            return MakeGetter(input, iinfo, Sources[iinfo]);
        }

        protected abstract Delegate MakeGetter(DataViewRow input, int index, DataViewSchema.Column source);

        private protected sealed override Func<int, bool> GetDependenciesCore(Func<int, bool> activeOutput)
        {
            HashSet<int> needed = [.. Sources.Where((_, i) => activeOutput(i)).Select(source => source.Index)];
            return needed.Contains;
        }

        private protected sealed override void SaveModel(ModelSaveContext ctx) => _parent.SaveModel(ctx);
    }
}
