using Microsoft.ML.MixtureOfSoftmaxes.Columns;
using Microsoft.ML.MixtureOfSoftmaxes.Interop;

namespace Microsoft.ML.MixtureOfSoftmaxes.Tokenization;

/// <summary>Reads a token column once, row by row, and counts what it has read.</summary>
/// <param name="data">The data.</param>
/// <param name="columnName">The token column.</param>
/// <param name="shardColumnName">A new shard begins where its value changes; null for one shard.</param>
/// <param name="vocabulary">What ids stand for.</param>
/// <param name="role">What the data is to its reader, for errors.</param>
internal sealed class TokenRows(IDataView data, string columnName, string? shardColumnName, Vocabulary vocabulary, string role)
{
    private readonly List<long> _shards = [];
    private long _rows, _unknown;

    /// <summary>Tokens read so far, ends of rows included.</summary>
    public long Tokens { get; private set; }

    public long[] Shards => [.. _shards];

    public UnknownShare Unknown => new(_unknown, Tokens - _rows);

    /// <summary>Hands out the ids of each row, the end-of-sentence mark behind them.</summary>
    /// <exception cref="InvalidOperationException">The data has no row with a word in it.</exception>
    public void Read(Action<ReadOnlySpan<int>> write, Cancellation cancellation)
    {
        DataViewSchema.Column column = InputColumn.Tokens(data.Schema, columnName);
        DataViewSchema.Column? shards = shardColumnName is null ? null : InputColumn.Identity(data.Schema, shardColumnName);
        using DataViewRowCursor cursor = data.GetRowCursor(shards is { } beside ? [column, beside] : [column]);
        Func<int[]> read = new TokenReader(column, vocabulary).Open(cursor);
        Func<bool> begins = shards is { } watched ? ValueChange.Watch(cursor, watched) : () => _rows == 0;
        while (cursor.MoveNext())
        {
            cancellation.ThrowIfRequested();
            int[] row = [.. read(), vocabulary.EndOfSentenceIndex];
            if (begins())
            {
                _shards.Add(Tokens);
            }

            write(row);
            _rows++;
            Tokens += row.Length;
            _unknown += row.AsSpan().Count(vocabulary.UnknownIndex);
        }

        if (Tokens == _rows)
        {
            throw new InvalidOperationException(
                $"The {role} holds no word in column '{columnName}' ({_rows} rows): check that it is not empty.");
        }
    }
}
