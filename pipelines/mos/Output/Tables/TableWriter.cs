using Mos.Input.Tables;

namespace Mos.Output.Tables;

/// <summary>Writes rows in one of the formats of <see cref="TableFormat"/>.</summary>
internal abstract class TableWriter : IDisposable
{
    private IReadOnlyList<TableColumn> _last = [];
    private int[] _places = [];

    /// <summary>The columns of the table, those of its first row.</summary>
    protected IReadOnlyList<TableColumn> Columns { get; private set; } = [];

    /// <summary>Writes what stands before the rows.</summary>
    public virtual void Begin(IReadOnlyList<TableColumn> columns)
    {
        Columns = columns;
        _last = columns;
        _places = [.. Enumerable.Range(0, columns.Count)];
    }

    public abstract void Write(TableRow row);

    /// <summary>Writes what is left when all rows have come.</summary>
    public virtual void End()
    {
    }

    public virtual void Dispose()
    {
    }

    /// <summary>A value for each column of the table; null for one that the row has not.</summary>
    /// <exception cref="InvalidDataException">The row has a column that the table has not.</exception>
    protected object?[] Align(TableRow row)
    {
        if (row.Columns != _last)
        {
            string[] names = [.. Columns.Select(column => column.Name)];
            string[] own = [.. row.Columns.Select(column => column.Name)];
            if (own.Except(names).FirstOrDefault() is string stranger)
            {
                throw new InvalidDataException(
                    $"{row.Place} has a column '{stranger}' that the first row has not, so the table has no place for it; JSON lines (--format " +
                    "jsonl) may have other columns in each row.");
            }

            _places = Array.ConvertAll(names, name => Array.IndexOf(own, name));
            _last = row.Columns;
        }

        return Array.ConvertAll(_places, place => place < 0 ? null : row.Values[place]);
    }
}
