using Microsoft.ML.Internal.Utilities;
using Microsoft.ML.Runtime;

namespace Microsoft.ML.Data;

/// <summary>Holds a column's value of the current line.</summary>
internal abstract class TextColumnParser(TextColumn column)
{
    protected TextColumn Column { get; } = column;

    public static TextColumnParser Create(TextColumn column, TextValues values, bool missingAsNaN) =>
        GenericCall.Invoke<TextColumnParser>(Create<int>, column.Type.GetItemType().RawType, column, values, missingAsNaN);

    /// <summary>Parses the fields of the column; bad values go to the report.</summary>
    public abstract void Parse(FieldSplitter fields, TextLine line, ParseReport report);

    public abstract Delegate MakeGetter(Action checkOnRow);

    private static TextColumnParser Create<T>(TextColumn column, TextValues values, bool missingAsNaN)
    {
        var item = (PrimitiveDataViewType)column.Type.GetItemType();
        FieldParser<T> parse = values.ParserOf<T>(item);

        // Only for real numbers is an empty field parsed at all: the parser then knows what a missing one is.
        T missing = default!;
        if (missingAsNaN && item is NumberDataViewType && TextValues.HasMissingValue(item))
            parse(default, out missing);
        return column.Type is VectorDataViewType
            ? new TextVectorParser<T>(column, parse, missing)
            : new TextScalarParser<T>(column, parse, missing);
    }
}

internal sealed class TextScalarParser<T>(TextColumn column, FieldParser<T> parse, T missing) : TextColumnParser(column)
{
    private readonly int _field = column.Segments[0].Min;
    private T _value = default!;

    public override void Parse(FieldSplitter fields, TextLine line, ParseReport report)
    {
        if (_field >= fields.Count || fields[_field].IsEmpty)
            _value = missing;
        else if (!parse(fields[_field], out _value))
            report.BadValue(Column, slot: null, fields[_field], line);
    }

    public override Delegate MakeGetter(Action checkOnRow) => (ValueGetter<T>)((ref T value) =>
    {
        checkOnRow();
        value = _value;
    });
}

internal sealed class TextVectorParser<T>(TextColumn column, FieldParser<T> parse, T missing) : TextColumnParser(column)
{
    private readonly bool _keepMissing = !EqualityComparer<T>.Default.Equals(missing, default);
    private readonly List<int> _indices = [];
    private readonly List<T> _values = [];
    private int _length;

    public override void Parse(FieldSplitter fields, TextLine line, ParseReport report)
    {
        _indices.Clear();
        _values.Clear();
        _length = 0;
        foreach ((int min, int limit) in Column.Segments)
        {
            int end = limit == TextColumn.EndOfLine ? Math.Max(min, fields.Count) : limit;
            for (int field = min; field < end; field++)
                ParseItem(fields, field, _length + field - min, line, report);
            _length += end - min;
        }
    }

    /// <summary>Fills a sparse vector where at most half of the fields are not empty.</summary>
    public override Delegate MakeGetter(Action checkOnRow) => (ValueGetter<VBuffer<T>>)((ref VBuffer<T> value) =>
    {
        checkOnRow();
        bool sparse = _indices.Count < _length && _indices.Count <= _length / 2;
        VBufferEditor<T> editor = VBufferEditor.Create(ref value, _length, sparse ? _indices.Count : _length);
        if (!sparse)
            editor.Values.Clear();
        for (int i = 0; i < _indices.Count; i++)
        {
            editor.Values[sparse ? i : _indices[i]] = _values[i];
            if (sparse)
                editor.Indices[i] = _indices[i];
        }

        value = editor.Commit();
    });

    private void ParseItem(FieldSplitter fields, int field, int slot, TextLine line, ParseReport report)
    {
        T value = missing;
        bool isMissing = field >= fields.Count || fields[field].IsEmpty;
        if (isMissing && !_keepMissing)
            return;
        if (!isMissing && !parse(fields[field], out value))
            report.BadValue(Column, slot, fields[field], line);
        _indices.Add(slot);
        _values.Add(value);
    }
}
