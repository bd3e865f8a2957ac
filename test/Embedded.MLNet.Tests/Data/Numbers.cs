using Microsoft.ML;
using Microsoft.ML.Data;

namespace Embedded.MLNet.Tests.Data;

/// <summary>Rows numbered from 0, and what is left of them in a view.</summary>
internal static class Numbers
{
    public static IDataView To(MLContext context, int count) => context.Data.LoadFromEnumerable(
        Enumerable.Range(0, count).Select(i => new Row { Id = i, Name = $"t{i % 7}", Half = i * 0.5f }));

    public static int[] Ids(this IDataView data) => [.. data.GetColumn<int>("Id")];

    public static string IdText(this IDataView data) => string.Join(",", data.Ids());

    internal sealed class Row
    {
        public int Id;
        public string? Name;
        public float Half;
    }
}
