using Microsoft.ML.Internal.Utilities;
using Microsoft.ML.Runtime;

namespace Microsoft.ML.Data;

/// <summary>One new column of a concatenation, for one input schema.</summary>
internal sealed class BoundConcatenation
{
    private readonly string?[] _aliases;
    private readonly PrimitiveDataViewType _itemType;

    public BoundConcatenation(IExceptionContext context, string output, DataViewSchema.Column[] sources, string?[] aliases)
    {
        Sources = sources;
        _aliases = aliases;
        _itemType = (PrimitiveDataViewType)sources[0].Type.GetItemType();
        foreach (DataViewSchema.Column source in sources)
        {
            if (!source.Type.GetItemType().Equals(_itemType))
                throw context.ExceptSchemaMismatch("inputSchema", "input", source.Name, $"{_itemType}", $"{source.Type}");
        }

        OutputColumn = IsIdentity
            ? new DataViewSchema.DetachedColumn(output, sources[0].Type, sources[0].Annotations)
            : new DataViewSchema.DetachedColumn(output, new VectorDataViewType(_itemType, Size), MakeAnnotations());
    }

    public DataViewSchema.Column[] Sources { get; }

    public DataViewSchema.DetachedColumn OutputColumn { get; }

    private bool IsIdentity => Sources is [{ Type: VectorDataViewType }];

    /// <summary>The length of the result, 0 where that of any input varies.</summary>
    private int Size => Sources.Any(s => s.Type.GetValueCount() == 0) ? 0 : Sources.Sum(s => s.Type.GetValueCount());

    public Delegate MakeGetter(DataViewRow input) => IsIdentity
        ? GenericCall.Invoke<Delegate>(MakeIdentityGetter<int>, OutputColumn.Type.RawType, input)
        : GenericCall.Invoke<Delegate>(MakeGetter<int>, _itemType.RawType, input);

    private Delegate MakeIdentityGetter<T>(DataViewRow input) => input.GetGetter<T>(Sources[0]);

    private ValueGetter<VBuffer<T>> MakeGetter<T>(DataViewRow input)
    {
        ValueGetter<VBuffer<T>>[] getters = [.. Sources.Select(source => MakePartGetter<T>(input, source))];
        var parts = new VBuffer<T>[getters.Length];
        return (ref VBuffer<T> destination) =>
        {
            int length = 0;
            int count = 0;
            for (int i = 0; i < parts.Length; i++)
            {
                getters[i](ref parts[i]);
                length = checked(length + parts[i].Length);
                count += parts[i].GetValues().Length;
            }

            bool sparse = count <= length / 2;
            VBufferEditor<T> editor = VBufferEditor.Create(ref destination, length, sparse ? count : length);
            int offset = 0;
            int written = 0;
            foreach (VBuffer<T> part in parts)
            {
                if (sparse)
                {
                    part.GetValues().CopyTo(editor.Values[written..]);
                    for (int i = 0; i < part.GetValues().Length; i++)
                        editor.Indices[written++] = offset + (part.IsDense ? i : part.GetIndices()[i]);
                }
                else
                {
                    part.CopyTo(editor.Values, offset);
                }

                offset += part.Length;
            }

            destination = editor.Commit();
        };
    }

    private static ValueGetter<VBuffer<T>> MakePartGetter<T>(DataViewRow input, DataViewSchema.Column source)
    {
        if (source.Type is VectorDataViewType)
            return input.GetGetter<VBuffer<T>>(source);
        ValueGetter<T> getValue = input.GetGetter<T>(source);
        return (ref VBuffer<T> destination) =>
        {
            VBufferEditor<T> editor = VBufferEditor.Create(ref destination, 1);
            getValue(ref editor.Values[0]);
            destination = editor.Commit();
        };
    }

    private DataViewSchema.Annotations? MakeAnnotations()
    {
        if (Size == 0 || !Sources.Any(source => source.Type is not VectorDataViewType vector || source.HasSlotNames(vector.Size)))
            return null;
        var builder = new DataViewSchema.Annotations.Builder();
        builder.Add(
            AnnotationUtils.Kinds.SlotNames,
            new VectorDataViewType(TextDataViewType.Instance, Size),
            (ref VBuffer<ReadOnlyMemory<char>> names) =>
                VectorFill.Fill(ref names, [.. Sources.SelectMany(SlotNames)], static name => name.IsEmpty));
        return builder.ToAnnotations();
    }

    /// <summary>
    /// The name of a scalar; "name.slot" for the named slots of a vector, just "slot" where its alias is its name.
    /// </summary>
    private IEnumerable<ReadOnlyMemory<char>> SlotNames(DataViewSchema.Column source, int index)
    {
        string name = _aliases[index] ?? source.Name;
        if (source.Type is not VectorDataViewType vector)
            return [name.AsMemory()];
        if (!source.HasSlotNames(vector.Size))
            return new ReadOnlyMemory<char>[vector.Size];
        VBuffer<ReadOnlyMemory<char>> slots = default;
        source.Annotations.GetValue(AnnotationUtils.Kinds.SlotNames, ref slots);
        string prefix = _aliases[index] == source.Name ? "" : $"{name}.";
        return slots.DenseValues().Select(slot => slot.IsEmpty ? slot : $"{prefix}{slot}".AsMemory());
    }
}
