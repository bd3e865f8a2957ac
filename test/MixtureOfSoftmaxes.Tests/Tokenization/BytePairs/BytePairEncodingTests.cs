using System.Text;
using Microsoft.ML.MixtureOfSoftmaxes.Tokenization;

namespace Microsoft.ML.MixtureOfSoftmaxes.Tests.Tokenization.BytePairs;

/// <summary>ML.NET's tokenizer with our pieces and merges, against the definition.</summary>
[TestClass]
public sealed class BytePairEncodingTests
{
    [TestMethod]
    public void Any_string_has_the_tokens_that_its_own_merges_make() => AnyText.HoldsForAnyString(text =>
    {
        List<Pair> merges = Learn(60, text);
        AssertEncodes(new(merges), merges, text);
        AssertEncodes(new(merges), merges, string.Concat(text.Reverse()));
    });

    [TestMethod]
    public void One_encoding_has_the_same_tokens_for_every_string_it_is_given()
    {
        // Some pieces come again, so that they are found in its cache, others are too long for that.
        List<Pair> merges = Learn(300, Words(new(2), 200), "été 👩\u200D🔬 e\u0301\u0301 \ufffd\ufffd \0\0 aaaaaaaa");
        var encoding = new BytePairEncoding(merges);
        AnyText.HoldsForAnyString(text => AssertEncodes(encoding, merges, text));
    }

    [TestMethod]
    public void Half_a_surrogate_pair_is_a_replacement_character()
    {
        List<Pair> merges = Learn(10, "a\ufffd \ufffd👩 👩");
        var encoding = new BytePairEncoding(merges);
        AssertReplaced("", "");
        AssertReplaced("\ud83d", "\ufffd");
        AssertReplaced("\udc00", "\ufffd");
        AssertReplaced("\udc69\ud83d", "\ufffd\ufffd");
        AssertReplaced("a\ud83d\ud83d\udc69 \udc69b", "a\ufffd👩 \ufffdb");

        void AssertReplaced(string text, string replaced)
        {
            AssertEncodes(encoding, merges, text);
            Assert.AreSequenceEqual(Encode(encoding, replaced), Encode(encoding, text));
            Assert.AreEqual(replaced, Decode(encoding, text));
        }
    }

    [TestMethod]
    public void Several_threads_get_the_tokens_that_one_gets()
    {
        // More words than the tokenizer's cache has room for, each met first by whichever thread comes first.
        var random = new Random(1);
        string[] texts = [.. Enumerable.Range(0, 4_000).Select(_ => Words(random, 10))];
        List<Pair> merges = Learn(300, texts[..200]);
        var one = new BytePairEncoding(merges);
        List<uint>[] expected = [.. texts.Select(text => Encode(one, text))];

        var shared = new BytePairEncoding(merges);
        var found = new List<uint>[8, texts.Length];
        Thread[] threads = [.. Enumerable.Range(0, 8).Select(thread => new Thread(() =>
        {
            for (int i = 0; i < texts.Length; i++)
            {
                int place = (i + (thread / 2 * 1_000)) % texts.Length;
                found[thread, place] = Encode(shared, texts[place]);
            }
        }))];
        Array.ForEach(threads, thread => thread.Start());
        Array.ForEach(threads, thread => thread.Join());
        for (int thread = 0; thread < 8; thread++)
        {
            for (int i = 0; i < texts.Length; i++)
            {
                Assert.AreSequenceEqual(expected[i], found[thread, i], texts[i]);
            }
        }
    }

    private static string Words(Random random, int count) => string.Join(
        ' ', Enumerable.Range(0, count).Select(_ => new string([.. random.GetItems<char>("aabcé", random.Next(3, 8))])));

    private static void AssertEncodes(BytePairEncoding encoding, List<Pair> merges, string text)
    {
        Assert.AreSequenceEqual(Textbook.Encode(merges, text).Select(token => (uint)token + 1), Encode(encoding, text));
        Assert.AreEqual(Encoding.UTF8.GetString(Encoding.UTF8.GetBytes(text)), Decode(encoding, text));
    }

    private static List<uint> Encode(BytePairEncoding encoding, string text)
    {
        var keys = new List<uint>();
        encoding.Encode(text, keys);
        return keys;
    }

    private static string Decode(BytePairEncoding encoding, string text) =>
        encoding.Decode(Encode(encoding, text).Select(key => (int)key - 1));

    private static List<Pair> Learn(int count, params string[] texts)
    {
        var learner = new MergeLearner();
        foreach (string text in texts)
        {
            learner.Add(text);
        }

        return learner.Learn(count, minimumCount: 1);
    }
}
