using System.Runtime.ExceptionServices;
using Microsoft.ML.Data;
using Microsoft.ML.MixtureOfSoftmaxes.Columns;
using Microsoft.ML.MixtureOfSoftmaxes.Interop;
using Microsoft.ML.MixtureOfSoftmaxes.Tokenization;

namespace Microsoft.ML.MixtureOfSoftmaxes.Scoring;

/// <summary>
/// A cursor that reads rows ahead, scores them together, and then gives them out one by one in their order. What is active of the
/// input is held for the rows in work, so memory does not grow with the data.
/// </summary>
internal sealed class BatchedCursor : DataViewRowCursor
{
    /// <summary>The most rows of a batch.</summary>
    public const int MaxRows = 1024;

    /// <summary>A batch ends once its rows have this many tokens, even if it has fewer rows than <see cref="MaxRows"/>.</summary>
    public const int MaxTokens = 1 << 16;

    private readonly AddedScores _columns;
    private readonly DataViewRowCursor _input;
    private readonly Func<InputRow> _read;
    private readonly BatchScorer _scorer;
    private readonly bool[] _active;
    private readonly ScoringLog _log;
    private readonly Cancellation _cancellation;
    private readonly Delegate?[] _getters;
    private readonly RowBuffer _buffer;
    private readonly List<List<InputRow>> _batches = [];

    private RowScore[] _scores = [];
    private int _current = -1;
    private bool _started;
    private bool _inputEnded;
    private ExceptionDispatchInfo? _fault;

    public BatchedCursor(
        AddedScores columns, DataViewRowCursor input, Func<InputRow> read, BatchScorer scorer, bool[] active, ScoringLog log,
        Cancellation cancellation)
    {
        _columns = columns;
        _input = input;
        _read = read;
        _scorer = scorer;
        _active = active;
        _log = log;
        _cancellation = cancellation;
        _log.Open();
        _buffer = new(input, MaxRows * columns.Ranks.Count);
        _getters = columns.CreateGetters(active, () => _scores[Current()]);
    }

    public override long Position => _started && _current >= 0 ? _buffer.Position(_current) : -1;

    public override long Batch => _started && _current >= 0 ? _buffer.Batch(_current) : _input.Batch;

    public override DataViewSchema Schema => _columns.OutputSchema;

    public override bool MoveNext()
    {
        _started = true;
        if (++_current < _scores.Length || ReadAhead())
        {
            return true;
        }

        _current = -1;
        _scores = [];
        return false;
    }

    public override bool IsColumnActive(DataViewSchema.Column column) => _columns.IsAdded(column, out int index)
        ? _active[index]
        : _input.IsColumnActive(_columns.InputSchema[index]);

    public override ValueGetter<DataViewRowId> GetIdGetter() => (ref DataViewRowId id) => id = _buffer.Id(Current());

    public override ValueGetter<TValue> GetGetter<TValue>(DataViewSchema.Column column)
    {
        Delegate getter = (_columns.IsAdded(column, out int index) ? _getters[index] : _buffer.Getter(_columns.InputSchema[index], Current))
            ?? throw Getters.Inactive(column);
        return getter as ValueGetter<TValue> ?? throw Getters.WrongType<TValue>(column);
    }

    protected override void Dispose(bool disposing)
    {
        if (disposing)
        {
            _scorer.Dispose();
            _input.Dispose();
        }

        base.Dispose(disposing);
    }

    private int Current() => _current >= 0
        ? _current
        : throw new InvalidOperationException("The cursor stands at no row: call MoveNext, and read only while it returns true.");

    private bool ReadAhead()
    {
        _fault?.Throw();
        _batches.Clear();
        (int rows, int tokens) = (0, 0);
        UnknownShare unknown = default;
        while (_batches.Count < _columns.Ranks.Count && _fault is null && ReadBatch(rows) is { Count: > 0 } batch)
        {
            _batches.Add(batch);
            rows += batch.Count;
            tokens += batch.Sum(row => row.Words.Length + 1);
            batch.ForEach(row => unknown += UnknownShare.Of(row.Words, _columns.Vocabulary));
        }

        if (_batches.Count == 0)
        {
            _log.Close();
            return false;
        }

        _scores = RankScorers.Score(_columns.Ranks, _scorer, _batches);
        _log.Add(rows, tokens, unknown);
        _current = 0;
        return true;
    }

    /// <summary>The next rows, which are scored together; none at the end.</summary>
    /// <param name="slot">Where the first one is kept.</param>
    private List<InputRow> ReadBatch(int slot)
    {
        var rows = new List<InputRow>();
        int tokens = 0;
        while (!_inputEnded && rows.Count < MaxRows && tokens < MaxTokens)
        {
            _cancellation.ThrowIfRequested();
            try
            {
                if (!_input.MoveNext())
                {
                    _inputEnded = true;
                    break;
                }

                _buffer.Capture(slot + rows.Count);
                rows.Add(_read());
            }
            catch (Exception e) when (slot + rows.Count > 0 && e is not OperationCanceledException)
            {
                // The rows before it are good, and come first.
                _fault = ExceptionDispatchInfo.Capture(e);
                break;
            }

            tokens += rows[^1].Words.Length + 1 + (rows[^1].Context?.Length ?? 0);
        }

        return rows;
    }
}
