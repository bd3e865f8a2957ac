using Microsoft.ML.MixtureOfSoftmaxes.Tests.Support;
using Microsoft.ML.MixtureOfSoftmaxes.Tokenization;
using Microsoft.ML.MixtureOfSoftmaxes.Training;

namespace Microsoft.ML.MixtureOfSoftmaxes.Tests.Training.Data;

[TestClass]
public sealed class PartialShuffleTests
{
    private static readonly TokensInMemory s_stream = new([0, 1, 2, 10, 11, 12, 20, 21, 22, 98, 99]);

    [TestMethod]
    public void Each_column_is_cut_at_a_place_of_its_own_and_the_tail_stays() => Assert.AreSequenceEqual(
        [0, 1, 2, 11, 12, 10, 22, 20, 21, 98, 99], PartialShuffle.Apply(s_stream, columns: 3, new Cuts(0, 1, 2)).Ids());

    [TestMethod]
    public void Every_rotation_of_a_column_comes_up_about_as_often()
    {
        const int Draws = 3000;
        var counts = new Dictionary<string, int>();
        for (int epoch = 0; epoch < Draws; epoch++)
        {
            int[] shuffled = PartialShuffle.Apply(s_stream, columns: 3, SeededRandom.Create(1, SeededRandom.Purpose.Shuffle, epoch)).Ids();
            string second = string.Join(' ', shuffled[3..6]);
            counts[second] = counts.GetValueOrDefault(second) + 1;
        }

        Assert.AreSequenceEqual(["10 11 12", "11 12 10", "12 10 11"], counts.Keys.Order(StringComparer.Ordinal));
        foreach (int count in counts.Values)
        {
            Assert.AreEqual(Draws / 3.0, count, 4.5 * Math.Sqrt(Draws * 2 / 9.0));
        }
    }

    private sealed class Cuts(params int[] cuts) : Random
    {
        private int _next;

        public override int Next(int maxValue)
        {
            Assert.AreEqual(3, maxValue, "every place of the column may be the cut");
            return cuts[_next++];
        }
    }
}
