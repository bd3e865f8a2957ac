using Microsoft.ML.Runtime;

namespace Microsoft.ML.Data;

/// <summary>The rows of text files, read anew by every cursor.</summary>
internal sealed class TextDataView(
    IHost host, IMultiStreamSource source, TextLoader.Options options, TextColumn[] columns, DataViewSchema schema) : IDataView
{
    public bool CanShuffle => false;

    public DataViewSchema Schema => schema;

    public long? GetRowCount() => null;

    public DataViewRowCursor GetRowCursor(IEnumerable<DataViewSchema.Column> columnsNeeded, Random? rand = null)
    {
        HashSet<int> active = [.. columnsNeeded.Select(c => c.Index)];
        return new Cursor(host, source, options, schema, [.. columns.Select((c, i) => active.Contains(i) ? c : null)]);
    }

    public DataViewRowCursor[] GetRowCursorSet(IEnumerable<DataViewSchema.Column> columnsNeeded, int n, Random? rand = null) =>
        [GetRowCursor(columnsNeeded, rand)];

    private sealed class Cursor : RootCursorBase
    {
        private const int RowsPerBatch = 64;

        private readonly DataViewSchema _schema;
        private readonly FieldSplitter _fields;
        private readonly int _fieldsNeeded;
        private readonly TextColumnParser?[] _parsers;
        private readonly GetterTable _getters;
        private readonly ParseReport _report;
        private readonly IEnumerator<TextLine> _lines;

        public Cursor(
            IHost host, IMultiStreamSource source, TextLoader.Options options, DataViewSchema schema, TextColumn?[] active)
            : base(host)
        {
            _schema = schema;
            _fields = new FieldSplitter(options);
            int limit = active.SelectMany(c => c?.Segments ?? []).Select(s => s.Limit).DefaultIfEmpty(1).Max();
            _fieldsNeeded = options.InputSize is int size and > 0 ? Math.Min(limit, size) : limit;
            var values = new TextValues(options);
            _parsers = [.. active.Select(c => c is null ? null : TextColumnParser.Create(c, values, options.MissingRealsAsNaNs))];
            _getters = new GetterTable(schema, c => _parsers[c.Index]?.MakeGetter(CheckOnRow));
            _report = new ParseReport(host.Start("ParseStats"));
            bool hasHeader = options.HasHeader && string.IsNullOrWhiteSpace(options.HeaderFile);
            IEnumerable<TextLine> lines = LineReader.Read(source, options, hasHeader);
            _lines = (options.MaxRows is long max ? lines.Take((int)Math.Min(max, int.MaxValue)) : lines).GetEnumerator();
        }

        public override long Batch => Math.Max(0, Position) / RowsPerBatch;

        public override DataViewSchema Schema => _schema;

        public override bool IsColumnActive(DataViewSchema.Column column) => _getters.IsActive(column);

        public override ValueGetter<TValue> GetGetter<TValue>(DataViewSchema.Column column) => _getters.Get<TValue>(column);

        public override ValueGetter<DataViewRowId> GetIdGetter() =>
            (ref DataViewRowId id) =>
            {
                CheckOnRow();
                id = new DataViewRowId((ulong)Position, 0);
            };

        protected override bool MoveNextCore()
        {
            if (!_lines.MoveNext())
                return false;
            TextLine line = _lines.Current;
            _fields.Split(line.Text, _fieldsNeeded);
            if (_fields.BadQuoting)
                _report.BadQuoting(line);
            foreach (TextColumnParser? parser in _parsers)
                parser?.Parse(_fields, line, _report);
            _report.Row();
            return true;
        }

        protected override void Release()
        {
            _lines.Dispose();
            _report.Dispose();
        }
    }
}
