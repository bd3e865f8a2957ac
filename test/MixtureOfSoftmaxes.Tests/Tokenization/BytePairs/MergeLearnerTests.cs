using Microsoft.ML.MixtureOfSoftmaxes.Tokenization;

namespace Microsoft.ML.MixtureOfSoftmaxes.Tests.Tokenization.BytePairs;

/// <summary>Against the definition, counted anew for every merge.</summary>
[TestClass]
public sealed class MergeLearnerTests
{
    [TestMethod]
    public void The_most_frequent_pair_is_merged_again_and_again() =>

        // ab occurs three times, then c follows it twice; cd and the rest occur once.
        Assert.AreSequenceEqual(["a b", "ab c"], new BytePairEncoding(Learn(100, 2, "abc", "abcd", "ab")).Merges);

    [TestMethod]
    public void Learning_follows_the_definition() => AnyText.Holds(text =>
    {
        foreach (int minimum in new[] { 1, 2, 3 })
        {
            Assert.AreSequenceEqual(Definition(text, 40, minimum), Learn(40, minimum, text));
        }
    });

    [TestMethod]
    public void No_two_merges_make_the_same_token() => AnyText.Holds(text =>
    {
        IReadOnlyList<string> names = new BytePairEncoding(Learn(1000, 1, text)).Names;
        Assert.HasCount(names.Count, names.Distinct(StringComparer.Ordinal));
    });

    private static List<Pair> Learn(int count, int minimum, params string[] texts)
    {
        var learner = new MergeLearner();
        foreach (string text in texts)
        {
            learner.Add(text);
        }

        return learner.Learn(count, minimum);
    }

    private static List<Pair> Definition(string text, int count, int minimum)
    {
        List<List<int>> pieces = Textbook.Pieces(text);
        var merges = new List<Pair>();
        while (merges.Count < count)
        {
            var best = pieces.SelectMany(piece => piece.Zip(piece.Skip(1), (left, right) => new Pair(left, right)))
                .CountBy(pair => pair).OrderByDescending(pair => pair.Value).ThenBy(pair => pair.Key).FirstOrDefault();
            if (best.Value < minimum)
            {
                break;
            }

            int token = BytePairEncoding.ByteCount + merges.Count;
            merges.Add(best.Key);
            pieces = [.. pieces.Select(piece => Textbook.Merge(piece, best.Key, token))];
        }

        return merges;
    }
}
