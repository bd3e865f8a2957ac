using System.Collections;
using Microsoft.ML.MixtureOfSoftmaxes.Columns;
using Microsoft.ML.MixtureOfSoftmaxes.Persistence;
using Parquet;
using Parquet.Schema;
using Parquet.Serialization;

namespace Mos.Input.Tables;

/// <summary>Reads Parquet, a row group at a time.</summary>
internal static class ParquetTable
{
    /// <exception cref="InvalidDataException">It is no Parquet, is damaged, or comes through a pipe.</exception>
    public static IEnumerable<TableRow> Read(string path)
    {
        if (path == TextSource.StandardInput || SpecialFile.Is(path))
        {
            throw new InvalidDataException($"'{path}' is a pipe, and Parquet is read from its end: write it to a file first.");
        }

        using FileStream stream = File.OpenRead(path);
        (TableColumn[] columns, int groups) = Try(path, () => OpenAsync(stream));
        long row = 0;
        for (int group = 0; group < groups; group++)
        {
            int current = group;
            foreach (IDictionary<string, object> values in Try(path, () => ReadAsync(stream, current)))
            {
                object?[] cells = Array.ConvertAll(columns, column => Plain(values.TryGetValue(column.Name, out object? value) ? value : null));
                yield return new(columns, cells, $"'{path}', row {++row},");
            }
        }
    }

    // The library has text in lists and maps as memory.
    private static object? Plain(object? value) => value switch
    {
        ReadOnlyMemory<char> text => text.ToString(),
        byte[] => value,
        IDictionary parts => parts.Cast<DictionaryEntry>().ToDictionary(part => Cell.Text(Plain(part.Key)), part => Plain(part.Value)),
        IList items => items.Cast<object?>().Select(Plain).ToList(),
        _ => value,
    };

    private static async Task<(TableColumn[] Columns, int Groups)> OpenAsync(Stream stream)
    {
        await using ParquetReader reader = await ParquetReader.CreateAsync(stream, leaveStreamOpen: true);
        return ([.. reader.Schema.Fields.Select(field => new TableColumn(field.Name, field as DataField))], reader.RowGroupCount);
    }

    private static async Task<IReadOnlyCollection<IDictionary<string, object>>> ReadAsync(Stream stream, int group) =>
        [.. (await ParquetSerializer.DeserializeUntypedAsync(stream, rowGroupIndex: group)).Data];

    private static T Try<T>(string path, Func<Task<T>> read)
    {
        try
        {
            return read().GetAwaiter().GetResult();
        }
        catch (Exception e) when (e is not OutOfMemoryException)
        {
            // Of a damaged file anything can come.
            throw new InvalidDataException($"File '{path}' cannot be read as Parquet: {e.GetBaseException().Message}", e);
        }
    }
}
