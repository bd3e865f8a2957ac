using Microsoft.ML.MixtureOfSoftmaxes.Tests.Support;
using Microsoft.ML.MixtureOfSoftmaxes.Tokenization;

namespace Microsoft.ML.MixtureOfSoftmaxes.Tests.Tokenization.Streams;

[TestClass]
public sealed class TokenSegmentsTests
{
    private static readonly TokensInMemory s_source = new([0, 1, 2, 3, 4, 5, 6, 7, 8, 9]);

    [TestMethod]
    public void Segments_are_read_one_after_the_other_from_any_place_on()
    {
        (long Start, long Length)[] segments = [(7, 3), (2, 0), (0, 1), (3, 4)];
        int[] expected = [7, 8, 9, 0, 3, 4, 5, 6];
        var tokens = new TokenSegments(s_source, segments);
        Assert.AreSequenceEqual(expected, tokens.Ids());
        for (int start = 0; start <= expected.Length; start++)
        {
            for (int end = start; end <= expected.Length; end++)
            {
                int[] read = new int[end - start];
                tokens.CopyTo(read, start);
                Assert.AreSequenceEqual(expected[start..end], read);
            }
        }
    }

    [TestMethod]
    public void The_hash_is_that_of_the_ids_in_their_order()
    {
        Assert.AreEqual(new TokensInMemory([3, 4, 0, 1]).Hash(), new TokenSegments(s_source, [(3, 2), (0, 2)]).Hash());
        Assert.AreNotEqual(new TokensInMemory([0, 1, 3, 4]).Hash(), new TokenSegments(s_source, [(3, 2), (0, 2)]).Hash());

        // Of 1 as 01 00 00 00, by sha256sum.
        Assert.AreEqual("67abdd721024f0ff4e0b3f4c2fc13bc5bad42d0b7851d456d88d203d15aaa450", new TokensInMemory([1]).Hash());
    }

    [TestMethod]
    public void Every_order_of_shards_comes_up_about_as_often_and_each_shard_stays_whole()
    {
        const int Draws = 3000;
        var text = new TokenText(new TokensInMemory([1, 2, 3, 4, 5, 6]), Shards: [0, 1, 3], default);
        var counts = new Dictionary<string, int>();
        for (int epoch = 0; epoch < Draws; epoch++)
        {
            string order = string.Join(' ', text.Shuffled(SeededRandom.Create(1, SeededRandom.Purpose.Shards, epoch)).Ids());
            counts[order] = counts.GetValueOrDefault(order) + 1;
        }

        Assert.AreSequenceEqual(
            ["1 2 3 4 5 6", "1 4 5 6 2 3", "2 3 1 4 5 6", "2 3 4 5 6 1", "4 5 6 1 2 3", "4 5 6 2 3 1"],
            counts.Keys.Order(StringComparer.Ordinal));
        foreach (int count in counts.Values)
        {
            Assert.AreEqual(Draws / 6.0, count, 4.5 * Math.Sqrt(Draws * 5 / 36.0));
        }
    }
}
