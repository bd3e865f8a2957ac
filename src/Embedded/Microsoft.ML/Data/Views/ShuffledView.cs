using Microsoft.ML.Runtime;

namespace Microsoft.ML.Data;

/// <summary>
/// The rows of a view in random order: each is drawn from a pool of the next rows of the input, which is itself shuffled
/// where it can and may be. Without a generator from the caller the order is the same for every cursor.
/// </summary>
internal sealed class ShuffledView : IDataView
{
    private readonly IHost _host;
    private readonly IDataView _input;
    private readonly int _poolSize;
    private readonly bool _shuffleSource;
    private readonly int _seed;

    public ShuffledView(IHostEnvironment env, IDataView input, int? seed, int poolSize, bool shuffleSource)
    {
        _host = env.Register("Shuffle");
        _input = input;
        _poolSize = poolSize;
        _shuffleSource = shuffleSource;
        _seed = seed ?? _host.Rand.NextSigned();
    }

    public bool CanShuffle => true;

    public DataViewSchema Schema => _input.Schema;

    public long? GetRowCount() => _input.GetRowCount();

    public DataViewRowCursor GetRowCursor(IEnumerable<DataViewSchema.Column> columnsNeeded, Random? rand = null)
    {
        rand ??= RandomUtils.Create(_seed);
        DataViewRowCursor input = _input.GetRowCursor(columnsNeeded, _shuffleSource ? RandomUtils.Create(rand) : null);
        return _poolSize == 1 ? input : new Cursor(_host, input, _poolSize, rand);
    }

    public DataViewRowCursor[] GetRowCursorSet(IEnumerable<DataViewSchema.Column> columnsNeeded, int n, Random? rand = null) =>
        [GetRowCursor(columnsNeeded, rand)];

    /// <summary>
    /// The pool is a ring of slots. A draw swaps the drawn row to the front; the front slot is left when the cursor moves on,
    /// and then takes the next row of the input.
    /// </summary>
    private sealed class Cursor : RootCursorBase
    {
        private readonly DataViewRowCursor _input;
        private readonly Random _rand;
        private readonly int[] _slots;
        private readonly List<Action<int>> _writers = [];
        private readonly GetterTable _getters;
        private readonly ColumnStore<DataViewRowId> _ids =
            (ColumnStore<DataViewRowId>)ColumnStore.Create(RowIdDataViewType.Instance);
        private int _front;
        private int _count;
        private bool _exhausted;

        public Cursor(IHost host, DataViewRowCursor input, int poolSize, Random rand)
            : base(host)
        {
            _input = input;
            _rand = rand;
            _slots = [.. Enumerable.Range(0, poolSize)];
            _writers.Add(_ids.MakeWriter(input.GetIdGetter()));
            _getters = new GetterTable(input.Schema, MakeGetter);
        }

        public override long Batch => 0;

        public override DataViewSchema Schema => _input.Schema;

        public override bool IsColumnActive(DataViewSchema.Column column) => _getters.IsActive(column);

        public override ValueGetter<TValue> GetGetter<TValue>(DataViewSchema.Column column) => _getters.Get<TValue>(column);

        public override ValueGetter<DataViewRowId> GetIdGetter() => (ValueGetter<DataViewRowId>)_ids.MakeGetter(CurrentSlot);

        protected override bool MoveNextCore()
        {
            if (Position >= 0)
            {
                _front = (_front + 1) % _slots.Length;
                _count--;
            }

            while (_count < _slots.Length && !_exhausted)
            {
                _exhausted = !_input.MoveNext();
                if (!_exhausted)
                    Write(_slots[(_front + _count++) % _slots.Length]);
            }

            if (_count == 0)
                return false;
            int drawn = (_front + _rand.Next(_count)) % _slots.Length;
            (_slots[_front], _slots[drawn]) = (_slots[drawn], _slots[_front]);
            return true;
        }

        protected override void Release() => _input.Dispose();

        private Delegate? MakeGetter(DataViewSchema.Column column)
        {
            if (!_input.IsColumnActive(column))
                return null;
            ColumnStore store = ColumnStore.Create(column.Type);
            _writers.Add(store.MakeWriter(_input, column));
            return store.MakeGetter(CurrentSlot);
        }

        private void Write(int slot)
        {
            foreach (Action<int> write in _writers)
                write(slot);
        }

        private int CurrentSlot()
        {
            CheckOnRow();
            return _slots[_front];
        }
    }
}
