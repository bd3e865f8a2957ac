using Microsoft.ML.Data;
using Microsoft.ML.Internal.Utilities;
using Microsoft.ML.Runtime;

namespace Microsoft.ML.Transforms;

/// <summary>The distinct values of a column, numbered from 1 as keys; every other value, like a missing one, is key 0.</summary>
internal abstract class KeyMap(PrimitiveDataViewType itemType, int count)
{
    protected enum Format : byte
    {
        /// <summary>The number of terms, then their string ids.</summary>
        Text = 0,

        /// <summary>The description of a codec, the number of terms, then the terms as the codec writes them.</summary>
        Codec = 1,
    }

    public PrimitiveDataViewType ItemType => itemType;

    public int Count => count;

    /// <summary>A key type has at least one value, even if no term was seen.</summary>
    public KeyDataViewType KeyType { get; } = new(typeof(uint), Math.Max(count, 1));

    public static KeyMap Load(ModelLoadContext ctx)
    {
        var format = (Format)ctx.Reader.ReadByte();
        switch (format)
        {
            case Format.Text:
                var terms = new string[ctx.Reader.ReadCount(sizeof(int))];
                for (int i = 0; i < terms.Length; i++)
                    terms[i] = ctx.LoadNonEmptyString();
                return new TextKeyMap([.. terms.Select(term => term.AsMemory())]);
            case Format.Codec:
                ValueCodec codec = ValueCodecs.ReadDescriptionOrNull(ctx.Reader)
                    ?? throw new InvalidDataException("its terms have a type that is not known here");
                int count = ctx.Reader.ReadInt32();
                return GenericCall.Invoke<KeyMap>(Read<int>, codec.Type.RawType, ctx.Reader, codec, count);
            default:
                throw new InvalidDataException($"its terms have the unknown format {format}");
        }
    }

    public abstract void Save(ModelSaveContext ctx);

    /// <summary>Writes the terms for people to read.</summary>
    public abstract void WriteTerms(TextWriter writer);

    /// <summary>A getter of the keys of a column, scalar or vector, that holds values of <see cref="ItemType"/>.</summary>
    public abstract Delegate MakeGetter(DataViewRow input, DataViewSchema.Column source);

    /// <summary>Adds the terms as the values of the keys, converted to text if asked.</summary>
    public abstract void AddKeyValues(DataViewSchema.Annotations.Builder builder, bool asText);

    private static KeyMap Read<T>(BinaryReader reader, ValueCodec codec, int count)
        where T : IEquatable<T>, IComparable<T> =>
        new ValueKeyMap<T>((PrimitiveDataViewType)codec.Type, ((ValueCodec<T>)codec).Read(reader, count));
}

internal abstract class KeyMap<T> : KeyMap
    where T : notnull
{
    private readonly Dictionary<T, uint> _keys;

    protected KeyMap(PrimitiveDataViewType itemType, T[] terms, IEqualityComparer<T>? comparer)
        : base(itemType, terms.Length)
    {
        Terms = terms;
        _keys = new Dictionary<T, uint>(terms.Length, comparer);
        foreach (T term in terms)
        {
            if (!_keys.TryAdd(term, (uint)_keys.Count + 1))
                throw new InvalidDataException($"the term '{term}' occurs twice");
        }
    }

    protected T[] Terms { get; }

    public override Delegate MakeGetter(DataViewRow input, DataViewSchema.Column source)
    {
        if (source.Type is VectorDataViewType)
            return MakeVectorGetter(input, source);
        ValueGetter<T> getValue = input.GetGetter<T>(source);
        T value = default!;
        return (ValueGetter<uint>)((ref uint destination) =>
        {
            getValue(ref value);
            destination = KeyOf(value);
        });
    }

    public override void AddKeyValues(DataViewSchema.Annotations.Builder builder, bool asText)
    {
        if (asText)
            Add(TextDataViewType.Instance, [.. Terms.Select(term => TermText.Of(term).AsMemory())]);
        else
            Add(ItemType, Terms);

        void Add<TValue>(PrimitiveDataViewType type, TValue[] values) => builder.Add(
            AnnotationUtils.Kinds.KeyValues,
            new VectorDataViewType(type, Count),
            (ref VBuffer<TValue> destination) => new VBuffer<TValue>(Count, values).CopyTo(ref destination));
    }

    private ValueGetter<VBuffer<uint>> MakeVectorGetter(DataViewRow input, DataViewSchema.Column source)
    {
        ValueGetter<VBuffer<T>> getValues = input.GetGetter<VBuffer<T>>(source);
        VBuffer<T> values = default;
        uint keyOfDefault = KeyOf(default!);
        uint[] keys = [];
        return (ref VBuffer<uint> destination) =>
        {
            getValues(ref values);
            if (keys.Length < values.Length)
                keys = new uint[values.Length];
            ReadOnlySpan<T> explicitOnes = values.GetValues();
            ReadOnlySpan<int> indices = values.GetIndices();
            if (!values.IsDense)
                keys.AsSpan(0, values.Length).Fill(keyOfDefault);
            for (int i = 0; i < explicitOnes.Length; i++)
                keys[values.IsDense ? i : indices[i]] = KeyOf(explicitOnes[i]);
            VectorFill.Fill(ref destination, keys.AsSpan(0, values.Length), static key => key == 0);
        };
    }

    private uint KeyOf(T value) => _keys.GetValueOrDefault(value);
}
