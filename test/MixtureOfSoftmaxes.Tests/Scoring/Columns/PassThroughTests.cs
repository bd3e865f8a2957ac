using Microsoft.ML.Data;
using Microsoft.ML.MixtureOfSoftmaxes.Tests.Support;

namespace Microsoft.ML.MixtureOfSoftmaxes.Tests.Scoring.Columns;

/// <summary>What is of the input must come through the read-ahead as it is.</summary>
[TestClass]
public sealed class PassThroughTests
{
    private readonly MLContext _ml = new();

    [TestMethod]
    public void Columns_of_every_kind_come_through_unchanged()
    {
        WideRow[] rows = [.. Enumerable.Range(0, 50).Select(WideRow.Of)];
        IDataView scored = TinyModel.Untrained().Transform(_ml.Data.LoadFromEnumerable(rows));
        WideRow[] read = [.. _ml.Data.CreateEnumerable<WideRow>(scored, reuseRowObject: false)];
        Assert.HasCount(rows.Length, read);
        for (int i = 0; i < rows.Length; i++)
        {
            Assert.AreEqual(rows[i].Scalars(), read[i].Scalars());
            Assert.AreEqual(rows[i].Key + 1, read[i].Key, "objects hold keys from 0 on the way in, from 1 on the way out");
            Assert.AreSequenceEqual(rows[i].Variable, read[i].Variable);
            Assert.AreSequenceEqual(rows[i].Fixed, read[i].Fixed);
            Assert.AreSequenceEqual(rows[i].Words, read[i].Words);
        }
    }

    [TestMethod]
    public void A_reader_that_writes_into_its_vector_does_not_touch_other_rows()
    {
        WideRow[] rows = [.. Enumerable.Range(0, 3).Select(WideRow.Of)];
        IDataView scored = TinyModel.Untrained().Transform(_ml.Data.LoadFromEnumerable(rows));
        using DataViewRowCursor cursor = scored.GetRowCursor([scored.Schema["Fixed"], scored.Schema["LogLikelihood"]]);
        ValueGetter<VBuffer<double>> getter = cursor.GetGetter<VBuffer<double>>(scored.Schema["Fixed"]);
        VBuffer<double> values = default;
        foreach (WideRow row in rows)
        {
            Assert.IsTrue(cursor.MoveNext());
            for (int i = 0; i < 2; i++)
            {
                getter(ref values);
                Assert.AreSequenceEqual(row.Fixed, values.DenseValues());
                VBufferEditor.CreateFromBuffer(ref values).Values.Fill(-1);
            }
        }
    }

    private sealed class WideRow
    {
        public string Text { get; set; } = "";

        public bool Flag { get; set; }

        public sbyte I1 { get; set; }

        public byte U1 { get; set; }

        public short I2 { get; set; }

        public ushort U2 { get; set; }

        public int I4 { get; set; }

        public uint U4 { get; set; }

        public long I8 { get; set; }

        public ulong U8 { get; set; }

        public float R4 { get; set; }

        public double R8 { get; set; }

        [KeyType(100)]
        public uint Key { get; set; }

        public DateTime Time { get; set; }

        public DateTimeOffset Moment { get; set; }

        public TimeSpan Span { get; set; }

        public float[] Variable { get; set; } = [];

        [VectorType(3)]
        public double[] Fixed { get; set; } = [];

        public string[] Words { get; set; } = [];

        public object Scalars() => (Text, Flag, I1, U1, I2, U2, I4, (U4, I8, U8, R4, R8, Time, Moment, Span));

        public static WideRow Of(int i) => new()
        {
            Text = new string('a', i % 3),
            Flag = i % 2 == 0,
            I1 = (sbyte)-i,
            U1 = (byte)i,
            I2 = (short)(-300 * i),
            U2 = (ushort)(600 * i),
            I4 = -100_000 * i,
            U4 = 80_000_000u * (uint)i,
            I8 = (1L << 40) * -i,
            U8 = (1UL << 50) * (ulong)i,
            R4 = i / 3f,
            R8 = i / 7d,
            Key = (uint)(i % 100),
            Time = new DateTime(2000, 1, 1).AddDays(i),
            Moment = new DateTimeOffset(2000, 1, 1, i % 24, 0, 0, TimeSpan.FromHours(2)),
            Span = TimeSpan.FromSeconds(i),
            Variable = [.. Enumerable.Range(0, i % 4).Select(x => x + (i / 2f))],
            Fixed = [i, 0, -i],
            Words = [.. Enumerable.Repeat($"word{i}", i % 3)],
        };
    }
}
