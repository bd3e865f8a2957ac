using Microsoft.ML.Data;
using Microsoft.ML.Internal.Utilities;

namespace Microsoft.ML.Transforms;

/// <summary>Collects the distinct values of one column, up to a number of them, in the order of their occurrence.</summary>
internal abstract class KeyMapBuilder
{
    /// <summary>Whether a further value would still be taken in.</summary>
    public abstract bool WantsMore { get; }

    public static KeyMapBuilder Create(DataViewRow row, DataViewSchema.Column source, int maximumNumberOfKeys)
    {
        var itemType = (PrimitiveDataViewType)source.Type.GetItemType();
        return itemType is TextDataViewType
            ? new TextBuilder(row, source, maximumNumberOfKeys)
            : GenericCall.Invoke<KeyMapBuilder>(CreateOfValues<int>, itemType.RawType, row, source, itemType, maximumNumberOfKeys);
    }

    /// <summary>Takes in the values of the current row.</summary>
    public abstract void ProcessRow();

    public abstract KeyMap Finish(ValueToKeyMappingEstimator.KeyOrdinality ordinality);

    private static KeyMapBuilder CreateOfValues<T>(
        DataViewRow row, DataViewSchema.Column source, PrimitiveDataViewType itemType, int maximumNumberOfKeys)
        where T : IEquatable<T>, IComparable<T> => new ValueBuilder<T>(row, source, itemType, maximumNumberOfKeys);

    private abstract class Builder<T> : KeyMapBuilder
    {
        private readonly int _maximumNumberOfKeys;
        private readonly HashSet<T> _seen;
        private readonly IComparer<T> _order;
        private readonly List<T> _terms = [];
        private readonly Action _processRow;

        protected Builder(
            DataViewRow row,
            DataViewSchema.Column source,
            int maximumNumberOfKeys,
            IEqualityComparer<T>? equality,
            IComparer<T> order)
        {
            _maximumNumberOfKeys = maximumNumberOfKeys;
            _seen = new HashSet<T>(equality);
            _order = order;
            _processRow = source.Type is VectorDataViewType ? MakeVectorProcessor(row, source) : MakeProcessor(row, source);
        }

        public override bool WantsMore => _terms.Count < _maximumNumberOfKeys;

        public override void ProcessRow() => _processRow();

        public override KeyMap Finish(ValueToKeyMappingEstimator.KeyOrdinality ordinality)
        {
            T[] terms = ordinality == ValueToKeyMappingEstimator.KeyOrdinality.ByValue ? [.. _terms.Order(_order)] : [.. _terms];
            return MakeMap(terms);
        }

        protected abstract bool IsMissing(T value);

        /// <summary>The value, independent of what the row does next.</summary>
        protected abstract T Own(T value);

        protected abstract KeyMap MakeMap(T[] terms);

        private Action MakeProcessor(DataViewRow row, DataViewSchema.Column source)
        {
            ValueGetter<T> getValue = row.GetGetter<T>(source);
            T value = default!;
            return () =>
            {
                getValue(ref value);
                Add(value);
            };
        }

        private Action MakeVectorProcessor(DataViewRow row, DataViewSchema.Column source)
        {
            ValueGetter<VBuffer<T>> getValues = row.GetGetter<VBuffer<T>>(source);
            VBuffer<T> values = default;
            return () =>
            {
                getValues(ref values);
                if (values.IsDense)
                {
                    foreach (T value in values.GetValues())
                        Add(value);
                    return;
                }

                // The value left out of a sparse vector takes its place in the order of occurrence, as in a dense one.
                foreach (T value in values.DenseValues())
                    Add(value);
            };
        }

        private void Add(T value)
        {
            if (!WantsMore || IsMissing(value) || _seen.Contains(value))
                return;
            value = Own(value);
            _seen.Add(value);
            _terms.Add(value);
        }
    }

    private sealed class TextBuilder(DataViewRow row, DataViewSchema.Column source, int maximumNumberOfKeys)
        : Builder<ReadOnlyMemory<char>>(row, source, maximumNumberOfKeys, TextComparer.Instance, TextComparer.Instance)
    {
        protected override bool IsMissing(ReadOnlyMemory<char> value) => value.IsEmpty;

        protected override ReadOnlyMemory<char> Own(ReadOnlyMemory<char> value) => value.ToString().AsMemory();

        protected override KeyMap MakeMap(ReadOnlyMemory<char>[] terms) => new TextKeyMap(terms);
    }

    private sealed class ValueBuilder<T>(
        DataViewRow row, DataViewSchema.Column source, PrimitiveDataViewType itemType, int maximumNumberOfKeys)
        : Builder<T>(row, source, maximumNumberOfKeys, null, Comparer<T>.Default)
        where T : IEquatable<T>, IComparable<T>
    {
        protected override bool IsMissing(T value) => value is float.NaN or double.NaN;

        protected override T Own(T value) => value;

        protected override KeyMap MakeMap(T[] terms) => new ValueKeyMap<T>(itemType, terms);
    }
}
