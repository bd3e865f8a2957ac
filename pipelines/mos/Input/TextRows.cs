using System.Collections;
using Microsoft.ML.MixtureOfSoftmaxes.Columns;
using Mos.Input.Tables;

namespace Mos.Input;

/// <summary>The rows of files, pipes and standard input, each in its format, read lazily as by <see cref="TextSource"/>.</summary>
/// <param name="files">The files and their formats.</param>
/// <param name="columns">Which columns of tables are read.</param>
/// <param name="keepsPipes">Whether what a pipe holds is kept in memory, for readers after the first.</param>
internal sealed class TextRows((string Path, TableFormat Format)[] files, TextColumns columns, bool keepsPipes) : IEnumerable<TextRow>
{
    private readonly TextSource _source = new(keepsPipes);

    public IEnumerator<TextRow> GetEnumerator() =>
        files.Index().SelectMany(file => Read(file.Index, file.Item.Path, file.Item.Format)).GetEnumerator();

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();

    /// <summary>The rows of one file.</summary>
    public IEnumerable<TextRow> Read(int index, string path, TableFormat format) =>
        TableReader.Read(format, _source, path).Select(row => new TextRow
        {
            Text = format == TableFormat.Text ? row.Text(nameof(TextRow.Text)) : row.Text(columns.Text),
            Context = columns.Context is null ? "" : row.Text(columns.Context),
            File = path,
            FileIndex = index,
            Row = row,
        });
}
