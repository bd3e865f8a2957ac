using System.Text;
using Microsoft.ML.MixtureOfSoftmaxes.Tokenization.BytePairs;

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
    public void Encoding_applies_the_merges_in_their_order() => AnyText.Holds(text =>
    {
        List<Pair> merges = Learn(30, 1, text);
        var encoding = new BytePairEncoding(merges);
        string other = string.Concat(text.Reverse().Where(c => !char.IsSurrogate(c))) + text;
        var keys = new List<uint>();
        encoding.Encode(other, keys);
        IEnumerable<int> expected = Pieces(other).SelectMany(piece => merges.Index().Aggregate(
            piece, (tokens, merge) => Replace(tokens, merge.Item, BytePairEncoding.ByteCount + merge.Index)));
        Assert.AreSequenceEqual(expected.Select(token => (uint)token + 1), keys);
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
        List<List<int>> pieces = Pieces(text);
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
            pieces = [.. pieces.Select(piece => Replace(piece, best.Key, token))];
        }

        return merges;
    }

    private static List<int> Replace(List<int> tokens, Pair pair, int token)
    {
        var replaced = new List<int>();
        for (int i = 0; i < tokens.Count; i++)
        {
            if (i + 1 < tokens.Count && tokens[i] == pair.Left && tokens[i + 1] == pair.Right)
            {
                replaced.Add(token);
                i++;
            }
            else
            {
                replaced.Add(tokens[i]);
            }
        }

        return replaced;
    }

    private static List<List<int>> Pieces(string text)
    {
        var pieces = new List<List<int>>();
        foreach (ReadOnlySpan<char> piece in new PieceSplitter(text))
        {
            pieces.Add([.. Encoding.UTF8.GetBytes(piece.ToString()).Select(value => (int)value)]);
        }

        return pieces;
    }
}
