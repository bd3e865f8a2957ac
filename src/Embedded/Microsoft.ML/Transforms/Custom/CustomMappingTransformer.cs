using Microsoft.ML.Data;
using Microsoft.ML.Internal.Utilities;
using Microsoft.ML.Runtime;

namespace Microsoft.ML.Transforms;

/// <summary>Computes columns by code of the application, once for each row.</summary>
public sealed class CustomMappingTransformer<TSrc, TDst> : ITransformer
    where TSrc : class, new()
    where TDst : class, new()
{
    private readonly IHost _host;
    private readonly Action<TSrc, TDst> _mapAction;
    private readonly string? _contractName;
    private readonly SchemaDefinition? _inputSchemaDefinition;

    internal CustomMappingTransformer(
        IHostEnvironment env,
        Action<TSrc, TDst> mapAction,
        string? contractName,
        SchemaDefinition? inputSchemaDefinition = null,
        SchemaDefinition? outputSchemaDefinition = null)
    {
        _host = env.Register("CustomMappingTransformer");
        _host.CheckValue(mapAction, nameof(mapAction));
        _mapAction = mapAction;
        _contractName = contractName;
        _inputSchemaDefinition = inputSchemaDefinition;
        InputColumns = MemberColumn.Bind(typeof(TSrc), SchemaDefinition.Direction.Write, inputSchemaDefinition);
        OutputColumns = MemberColumn.Bind(typeof(TDst), SchemaDefinition.Direction.Write, outputSchemaDefinition);
    }

    bool ITransformer.IsRowToRowMapper => true;

    internal MemberColumn[] InputColumns { get; }

    internal MemberColumn[] OutputColumns { get; }

    public DataViewSchema GetOutputSchema(DataViewSchema inputSchema)
    {
        _host.CheckValue(inputSchema, nameof(inputSchema));
        return new ColumnBindings(inputSchema, new Mapper(this, inputSchema).GetOutputColumns()).Schema;
    }

    public IDataView Transform(IDataView input)
    {
        _host.CheckValue(input, nameof(input));
        return new MappedDataView(_host, input, new Mapper(this, input.Schema));
    }

    IRowToRowMapper ITransformer.GetRowToRowMapper(DataViewSchema inputSchema)
    {
        _host.CheckValue(inputSchema, nameof(inputSchema));
        return new RowToRowMapper(_host, inputSchema, new Mapper(this, inputSchema));
    }

    void ICanSaveModel.Save(ModelSaveContext ctx) => CustomMappingModel.Save(
        ctx,
        _contractName ?? throw _host.Except("Empty contract name for a transform: the transform cannot be saved"),
        _mapAction.Method.DeclaringType!.Assembly.FullName!);

    private sealed class Mapper(CustomMappingTransformer<TSrc, TDst> parent, DataViewSchema inputSchema) : IRowMapper
    {
        private readonly ObjectReader<TSrc> _reader =
            new(parent._host, inputSchema, ignoreMissingColumns: false, parent._inputSchemaDefinition);

        public DataViewSchema.DetachedColumn[] GetOutputColumns() => [.. parent.OutputColumns.Select(member => member.Column)];

        public ITransformer GetTransformer() => parent;

        public void Save(ModelSaveContext ctx) => ((ICanSaveModel)parent).Save(ctx);

        public Func<int, bool> GetDependencies(Func<int, bool> activeOutput)
        {
            bool active = parent.OutputColumns.Where((_, i) => activeOutput(i)).Any();
            HashSet<int> needed = active ? [.. _reader.Columns.Select(c => c.Index)] : [];
            return needed.Contains;
        }

        public Delegate?[] CreateGetters(DataViewRow input, Func<int, bool> activeOutput, out Action? disposer)
        {
            disposer = null;
            var getters = new Delegate?[parent.OutputColumns.Length];
            if (!Enumerable.Range(0, getters.Length).Any(activeOutput))
                return getters;

            Action<TSrc> fill = _reader.MakeFiller(input);
            var source = new TSrc();
            var destination = new TDst();
            long position = -1;
            for (int i = 0; i < getters.Length; i++)
            {
                if (!activeOutput(i))
                    continue;
                MemberColumn member = parent.OutputColumns[i];
                getters[i] = GenericCall.Invoke<Delegate>(
                    After<int>, member.Column.Type.RawType, (Action)Refresh, member.MakeGetter(() => destination));
            }

            return getters;

            void Refresh()
            {
                if (position == input.Position)
                    return;
                fill(source);
                parent._mapAction(source, destination);
                position = input.Position;
            }
        }

        private static Delegate After<T>(Action refresh, Delegate getter)
        {
            var get = (ValueGetter<T>)getter;
            return (ValueGetter<T>)((ref T value) =>
            {
                refresh();
                get(ref value);
            });
        }
    }
}
