using System.Numerics;
using Microsoft.ML;
using Microsoft.ML.Data;
using Microsoft.ML.Internal.Utilities;
using Microsoft.ML.Runtime;
using Microsoft.ML.Transforms;

[assembly: LoadableClass(
    typeof(KeyToValueMappingTransformer), null, typeof(SignatureLoadModel),
    "Key To Value Transform", KeyToValueMappingTransformer.LoaderSignature)]

namespace Microsoft.ML.Transforms;

/// <summary>
/// Maps keys back to the values that the annotation KeyValues of their column has for them; a missing key becomes empty text,
/// not a number, or the default of another type.
/// </summary>
public sealed class KeyToValueMappingTransformer : OneToOneTransformerBase
{
    internal const string LoaderSignature = "KeyToValueTransform";

    private static readonly VersionInfo Version =
        new("KEY2VALT", 0x00010001, 0x00010001, 0x00010001, LoaderAssemblies.Data, LoaderSignature);

    internal KeyToValueMappingTransformer(
        IHostEnvironment env, params (string OutputColumnName, string InputColumnName)[] columns)
        : base(env.Register(nameof(KeyToValueMappingTransformer)), columns)
    {
    }

    private KeyToValueMappingTransformer(IHost host, ModelLoadContext ctx)
        : base(host, ctx)
    {
    }

    private protected override void SaveModel(ModelSaveContext ctx)
    {
        ctx.CheckAtModel();
        ctx.SetVersionInfo(Version);
        SaveColumns(ctx);
    }

    private protected override void CheckInputColumn(DataViewSchema.Column column)
    {
        if (column.Type.GetItemType() is not KeyDataViewType key)
            throw Host.ExceptSchemaMismatch("inputSchema", "input", column.Name, "Key", $"{column.Type}");
        Host.Check(
            KeyValuesType(column) is { } values && (ulong)values.Size == key.Count,
            $"Column '{column.Name}' of type {column.Type} has no annotation {AnnotationUtils.Kinds.KeyValues} with a value for " +
            "every key, so its keys cannot be mapped to values.");
    }

    private protected override IRowMapper MakeRowMapper(DataViewSchema schema) => new Mapper(this, schema);

    private static KeyToValueMappingTransformer Create(IHostEnvironment env, ModelLoadContext ctx)
    {
        ctx.CheckAtModel(Version);
        return new(env.Register(nameof(KeyToValueMappingTransformer)), ctx);
    }

    private static VectorDataViewType? KeyValuesType(DataViewSchema.Column column) =>
        column.Annotations.Schema.GetColumnOrNull(AnnotationUtils.Kinds.KeyValues)?.Type as VectorDataViewType;

    private sealed class Mapper(KeyToValueMappingTransformer parent, DataViewSchema inputSchema)
        : OneToOneMapperBase(parent, inputSchema)
    {
        protected override DataViewSchema.DetachedColumn OutputColumn(int index, string name, DataViewSchema.Column source)
        {
            PrimitiveDataViewType valueType = KeyValuesType(source)!.ItemType;
            var builder = new DataViewSchema.Annotations.Builder();
            builder.Add(source.Annotations, kind => kind == AnnotationUtils.Kinds.SlotNames);
            return new DataViewSchema.DetachedColumn(
                name,
                source.Type is VectorDataViewType vector ? new VectorDataViewType(valueType, vector.Dimensions) : valueType,
                builder.ToAnnotations());
        }

        protected override Delegate MakeGetter(DataViewRow input, int index, DataViewSchema.Column source) =>
            GenericCall.Invoke<Delegate>(
                source.Type is VectorDataViewType ? MakeVectorGetter<uint, int> : MakeScalarGetter<uint, int>,
                [source.Type.GetItemType().RawType, KeyValuesType(source)!.ItemType.RawType],
                input, source);

        private static Delegate MakeScalarGetter<TKey, TValue>(DataViewRow input, DataViewSchema.Column source)
            where TKey : IBinaryInteger<TKey>
        {
            TValue[] values = ValuesWithMissing<TValue>(source);
            ValueGetter<TKey> getKey = input.GetGetter<TKey>(source);
            TKey key = default!;
            return (ValueGetter<TValue>)((ref TValue destination) =>
            {
                getKey(ref key);
                destination = values[IndexOf(key, values.Length)];
            });
        }

        private static Delegate MakeVectorGetter<TKey, TValue>(DataViewRow input, DataViewSchema.Column source)
            where TKey : IBinaryInteger<TKey>
        {
            TValue[] values = ValuesWithMissing<TValue>(source);
            ValueGetter<VBuffer<TKey>> getKeys = input.GetGetter<VBuffer<TKey>>(source);
            VBuffer<TKey> keys = default;
            Func<TValue, bool> isDefault = value => value is ReadOnlyMemory<char> text
                ? text.IsEmpty
                : EqualityComparer<TValue>.Default.Equals(value, default);
            return (ValueGetter<VBuffer<TValue>>)((ref VBuffer<TValue> destination) =>
            {
                getKeys(ref keys);
                ReadOnlySpan<TKey> explicitOnes = keys.GetValues();

                // Where a missing key gives the default value, what a sparse vector leaves out stays left out.
                bool sparse = !keys.IsDense && isDefault(values[0]);
                VBufferEditor<TValue> editor = VBufferEditor.Create(
                    ref destination, keys.Length, sparse ? explicitOnes.Length : keys.Length);
                if (!keys.IsDense && !sparse)
                    editor.Values.Fill(values[0]);
                int count = 0;
                for (int i = 0; i < explicitOnes.Length; i++)
                {
                    TValue value = values[IndexOf(explicitOnes[i], values.Length)];
                    int index = keys.IsDense ? i : keys.GetIndices()[i];
                    if (!sparse)
                    {
                        editor.Values[index] = value;
                    }
                    else if (!isDefault(value))
                    {
                        editor.Values[count] = value;
                        editor.Indices[count++] = index;
                    }
                }

                destination = sparse ? editor.CommitTruncated(count) : editor.Commit();
            });
        }

        /// <summary>The values, at the index of their key; that of the missing key comes first.</summary>
        private static TValue[] ValuesWithMissing<TValue>(DataViewSchema.Column source)
        {
            VBuffer<TValue> values = default;
            source.Annotations.GetValue(AnnotationUtils.Kinds.KeyValues, ref values);
            object? missing = typeof(TValue) == typeof(float) ? float.NaN : typeof(TValue) == typeof(double) ? double.NaN : null;
            return [missing is null ? default! : (TValue)missing, .. values.DenseValues()];
        }

        private static int IndexOf<TKey>(TKey key, int limit)
            where TKey : IBinaryInteger<TKey>
        {
            ulong index = ulong.CreateTruncating(key);
            return index < (ulong)limit ? (int)index : 0;
        }
    }
}
