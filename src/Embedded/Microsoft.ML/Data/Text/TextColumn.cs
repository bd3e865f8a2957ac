using Microsoft.ML.Runtime;

namespace Microsoft.ML.Data;

/// <summary>A column bound to the fields of a line: ranges from a first field up to, not including, a limit.</summary>
internal sealed record TextColumn(string Name, DataViewType Type, (int Min, int Limit)[] Segments)
{
    /// <summary>The limit of a range that ends where the line ends.</summary>
    public const int EndOfLine = int.MaxValue;

    public static TextColumn[] Bind(IHost host, TextLoader.Options options, TextSample sample)
    {
        var columns = new TextColumn?[options.Columns!.Length];

        // Columns of all other fields come last, when it is known which fields are taken.
        IEnumerable<int> order = Enumerable.Range(0, columns.Length).OrderBy(i => options.Columns[i].Source.Any(r => r.AllOther));
        foreach (int i in order)
        {
            TextLoader.Column column = options.Columns[i];
            host.CheckParam(!string.IsNullOrWhiteSpace(column.Name), nameof(column.Name), "A column needs a name");
            host.CheckParam(
                column.Source is { Length: > 0 },
                nameof(column.Source),
                $"Must specify some source column indices for '{column.Name}'");
            int[] ends = [.. column.Source.Select(range => EndOf(host, column.Name, range, options, sample))];
            bool isVector = column.Source.Length > 1 || column.Source[0] is { ForceVector: true } or { AllOther: true }
                || ends[0] > column.Source[0].Min + 1;
            IEnumerable<(int, int)> taken = columns.SelectMany(c => c?.Segments ?? []);
            (int Min, int Limit)[] segments = [.. column.Source.SelectMany((range, r) =>
                range.AllOther ? Gaps(range.Min, ends[r], taken) : [(range.Min, ends[r])])];
            host.CheckParam(segments.Length > 0, nameof(column.Source), $"No field is left for '{column.Name}'.");
            CheckDisjoint(host, column.Name, segments);
            columns[i] = new TextColumn(column.Name.Trim(), TypeOf(host, column, isVector, segments), segments);
        }

        return columns!;
    }

    public DataViewSchema.DetachedColumn ToDetached(TextSample sample)
    {
        if (sample.FieldNames.Length == 0 || Type is not VectorDataViewType { IsKnownSize: true, Size: var size })
            return new DataViewSchema.DetachedColumn(Name, Type);
        ReadOnlyMemory<char>[] names = [.. Segments
            .SelectMany(segment => Enumerable.Range(segment.Min, segment.Limit - segment.Min))
            .Select(field => (field < sample.FieldNames.Length ? sample.FieldNames[field] : "").AsMemory())];
        if (names.All(name => name.IsEmpty))
            return new DataViewSchema.DetachedColumn(Name, Type);
        var annotations = new DataViewSchema.Annotations.Builder();
        var buffer = new VBuffer<ReadOnlyMemory<char>>(size, names);
        annotations.Add(
            AnnotationUtils.Kinds.SlotNames,
            new VectorDataViewType(TextDataViewType.Instance, size),
            (ref VBuffer<ReadOnlyMemory<char>> value) => buffer.CopyTo(ref value));
        return new DataViewSchema.DetachedColumn(Name, Type, annotations.ToAnnotations());
    }

    private static int EndOf(IHost host, string name, TextLoader.Range range, TextLoader.Options options, TextSample sample)
    {
        host.CheckParam(
            range.Min >= 0 && !(range.Max < range.Min), nameof(range.Min), $"Bad range of fields for column '{name}'.");
        if (range.Max is int max)
            return max + 1;
        if (range.VariableEnd && !range.AutoEnd)
            return EndOfLine;
        if (!range.AutoEnd)
            return range.Min + 1;
        int fieldCount = options.InputSize is int size and > 0 ? size : CountFields(host, sample);
        host.CheckParam(
            range.Min < fieldCount,
            nameof(range.Min),
            $"Column #{range.Min} not found in the dataset (it only has {fieldCount} columns)");
        return fieldCount;
    }

    private static int CountFields(IHost host, TextSample sample)
    {
        host.CheckParam(
            sample.FieldCounts.Length > 0,
            nameof(TextLoader.Column.Source),
            "Can't determine the number of source columns without valid data");
        host.CheckParam(
            sample.FieldCounts.Distinct().Count() == 1,
            nameof(TextLoader.Column.Source),
            $"The size of input lines is not consistent: {string.Join(", ", sample.FieldCounts.Distinct().Order())} fields");
        return sample.FieldCounts[0];
    }

    private static IEnumerable<(int Min, int Limit)> Gaps(int min, int limit, IEnumerable<(int Min, int Limit)> taken)
    {
        foreach ((int takenMin, int takenLimit) in taken.Order())
        {
            if (min < Math.Min(takenMin, limit))
                yield return (min, Math.Min(takenMin, limit));
            min = Math.Max(min, takenLimit);
        }

        if (min < limit)
            yield return (min, limit);
    }

    private static void CheckDisjoint(IHost host, string name, (int Min, int Limit)[] segments)
    {
        (int Min, int Limit)[] sorted = [.. segments.Order()];
        for (int i = 1; i < sorted.Length; i++)
        {
            host.CheckParam(
                sorted[i - 1].Limit <= sorted[i].Min,
                nameof(TextLoader.Column.Source),
                $"Intervals specified for column '{name}' overlap");
        }
    }

    private static DataViewType TypeOf(IHost host, TextLoader.Column column, bool isVector, (int Min, int Limit)[] segments)
    {
        PrimitiveDataViewType item = ColumnTypeExtensions.PrimitiveTypeFromKind(column.DataKind);
        if (column.KeyCount is { } keys)
        {
            host.CheckParam(
                KeyDataViewType.IsValidDataType(item.RawType),
                nameof(column.DataKind),
                $"Column '{column.Name}' cannot hold keys as {column.DataKind}; use Byte, UInt16, UInt32 or UInt64");
            item = keys.Count is ulong count
                ? new KeyDataViewType(item.RawType, count)
                : KeyDataViewType.OfAllValues(item.RawType);
        }

        if (!isVector)
            return item;
        return segments.Any(s => s.Limit == EndOfLine)
            ? new VectorDataViewType(item)
            : new VectorDataViewType(item, segments.Sum(s => s.Limit - s.Min));
    }
}
