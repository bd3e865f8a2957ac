using System.Runtime.InteropServices;

namespace Microsoft.ML.MixtureOfSoftmaxes.Scoring;

/// <summary>Batches of rows, and their scores, as bytes that go from one rank to another. Ranks are machines of one kind.</summary>
internal static class BatchMessage
{
    public static byte[] Of(IReadOnlyList<InputRow> rows, TokenDetail detail)
    {
        var stream = new MemoryStream();
        using var writer = new BinaryWriter(stream);
        writer.Write(detail.Ranks);
        writer.Write(detail.TopCount);
        writer.Write(detail.Experts);
        writer.Write(rows.Count);
        foreach (InputRow row in rows)
        {
            Write(writer, row.Words);
            writer.Write(row.Context is not null);
            Write(writer, row.Context ?? []);
        }

        return stream.ToArray();
    }

    public static (InputRow[] Rows, TokenDetail Detail) ReadRows(byte[] bytes)
    {
        using var reader = new BinaryReader(new MemoryStream(bytes));
        var detail = new TokenDetail(reader.ReadBoolean(), reader.ReadInt32(), Experts: reader.ReadBoolean());
        var rows = new InputRow[reader.ReadInt32()];
        for (int row = 0; row < rows.Length; row++)
        {
            int[] words = Read<int>(reader);
            bool hasContext = reader.ReadBoolean();
            int[] context = Read<int>(reader);
            rows[row] = new(words, StartsText: true, hasContext ? context : null);
        }

        return (rows, detail);
    }

    public static byte[] Of(IReadOnlyList<SequenceScores> scores)
    {
        var stream = new MemoryStream();
        using var writer = new BinaryWriter(stream);
        foreach (SequenceScores row in scores)
        {
            Write(writer, row.LogLikelihoods);
            Write(writer, row.Ranks);
            Write(writer, row.TopWords);
            Write(writer, row.TopLogLikelihoods);
            Write(writer, row.Experts);
            Write(writer, row.SkippedPriors);
        }

        return stream.ToArray();
    }

    public static SequenceScores[] ReadScores(byte[] bytes, int rows, TokenDetail detail)
    {
        using var reader = new BinaryReader(new MemoryStream(bytes));
        return [.. Enumerable.Range(0, rows).Select(_ => ReadRow())];

        SequenceScores ReadRow()
        {
            float[] logLikelihoods = Read<float>(reader);
            var scores = new SequenceScores(logLikelihoods.Length, detail);
            logLikelihoods.CopyTo(scores.LogLikelihoods, 0);
            Read<int>(reader).CopyTo(scores.Ranks, 0);
            Read<int>(reader).CopyTo(scores.TopWords, 0);
            Read<float>(reader).CopyTo(scores.TopLogLikelihoods, 0);
            Read<int>(reader).CopyTo(scores.Experts, 0);
            Read<float>(reader).CopyTo(scores.SkippedPriors, 0);
            return scores;
        }
    }

    private static void Write<T>(BinaryWriter writer, T[] values)
        where T : unmanaged
    {
        writer.Write(values.Length);
        writer.Write(MemoryMarshal.AsBytes<T>(values));
    }

    private static T[] Read<T>(BinaryReader reader)
        where T : unmanaged
    {
        var values = new T[reader.ReadInt32()];
        reader.BaseStream.ReadExactly(MemoryMarshal.AsBytes(values.AsSpan()));
        return values;
    }
}
