using Microsoft.ML;
using Microsoft.ML.Data;
using Microsoft.ML.MixtureOfSoftmaxes;
using Microsoft.ML.MixtureOfSoftmaxes.Evaluation;
using Mos.Input;
using Mos.Input.Tables;
using Mos.Output.Tables;

namespace Mos.Output;

/// <summary>Writes scored rows as a table: the scores, then the columns of the table that was read.</summary>
/// <param name="scored">Scores of <see cref="TextRow"/>s.</param>
/// <param name="names">The score columns, in their order.</param>
/// <param name="kept">The one column of the table that is written; null for all but those that a score column hides.</param>
internal sealed class ScoreTable(IDataView scored, IReadOnlyList<string> names, string? kept)
{
    private readonly DataViewSchema.Column[] _columns = [.. names.Select(name => scored.Schema[name])];

    /// <summary>The scoring options that name the columns of experts.</summary>
    public required ScoringOptions Scoring { get; init; }

    /// <summary>How many experts scored what has been written, and what was skipped; null where nothing may be.</summary>
    public ExpertUse? ExpertUse { get; private set; }

    /// <summary>Receives the names of columns of the table that score columns hide, once.</summary>
    public Action<IReadOnlyList<string>>? Hidden { get; init; }

    public void Write(TableWriter writer, CancellationToken cancellation)
    {
        DataViewSchema.Column table = scored.Schema[nameof(TextRow.Row)];
        DataViewSchema.Column[] experts = ExpertMeter.Columns(scored.Schema, Scoring);
        using DataViewRowCursor cursor = scored.GetRowCursor([.. _columns, table, .. experts]);
        ExpertMeter? meter = experts.Length > 0 ? new(cursor, experts) : null;
        Func<object?>[] cells = Array.ConvertAll(_columns, column => ScoreCell.Open(cursor, column));
        ValueGetter<TableRow> getter = cursor.GetGetter<TableRow>(table);
        IReadOnlyList<TableColumn> scores = Array.ConvertAll(_columns, ScoreCell.Column), all = scores;
        IReadOnlyList<TableColumn>? last = null;
        TableRow row = null!;
        int[] places = [];
        while (cursor.MoveNext())
        {
            cancellation.ThrowIfCancellationRequested();
            getter(ref row);
            meter?.Add();
            if (row.Columns != last)
            {
                places = Places(row);
                all = [.. scores, .. places.Select(place => row.Columns[place])];
                if (last is null)
                {
                    Begin(row);
                }

                last = row.Columns;
            }

            writer.Write(row with { Columns = all, Values = [.. cells.Select(cell => cell()), .. places.Select(place => row.Values[place])] });
        }

        ExpertUse = meter?.Use;
        if (last is null)
        {
            writer.Begin(scores);
        }

        void Begin(TableRow first)
        {
            writer.Begin(all);
            string[] hidden = kept is null ? [.. first.Columns.Select(column => column.Name).Intersect(names)] : [];
            if (hidden.Length > 0)
            {
                Hidden?.Invoke(hidden);
            }
        }
    }

    /// <summary>Where the columns that are kept stand in a row.</summary>
    private int[] Places(TableRow row)
    {
        if (kept is not null)
        {
            row.Find(kept);
        }

        return
        [
            .. row.Columns.Index().Where(column => kept is null ? !names.Contains(column.Item.Name) : column.Item.Name == kept)
                .Select(column => column.Index),
        ];
    }
}
