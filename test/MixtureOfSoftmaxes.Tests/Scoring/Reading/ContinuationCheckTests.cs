using Microsoft.ML.MixtureOfSoftmaxes.Scoring;
using Microsoft.ML.MixtureOfSoftmaxes.Tests.Support;
using Microsoft.ML.MixtureOfSoftmaxes.Tests.Tokenization.BytePairs;
using Microsoft.ML.MixtureOfSoftmaxes.Tokenization;

namespace Microsoft.ML.MixtureOfSoftmaxes.Tests.Scoring.Reading;

/// <summary>Byte-pair texts are continuations where the tokens of both are those of the whole text.</summary>
[TestClass]
public sealed class ContinuationCheckTests
{
    // Merges within and across what the random texts repeat.
    private static readonly BytePairTokenizingTransformer s_tokenizer =
        BytePairModel.Tokenizer("aab bba aabb c c 11 1 é éa", " aab aabb  abab\n\n", "cc cac aéaé 111 1\t\t");

    private static readonly Vocabulary s_vocabulary = new([.. s_tokenizer.Tokens, "<unk>", "<eos>"], "<unk>", "<eos>", TokenEncoding.BytePairs);

    [TestMethod]
    public void A_text_cut_anywhere_is_refused_exactly_where_its_tokens_are_cut()
    {
        int cut = 0, whole = 0;
        AnyText.Holds(text =>
        {
            int[] tokens = Tokens(text);
            for (int i = 1; i < text.Length; i++)
            {
                if (char.IsLowSurrogate(text[i]))
                {
                    continue;
                }

                int[] context = Tokens(text[..i]), words = Tokens(text[i..]);
                bool isWhole = tokens.AsSpan().SequenceEqual([.. context, .. words]);
                (cut, whole) = isWhole ? (cut, whole + 1) : (cut + 1, whole);
                Assert.AreEqual(isWhole, new ContinuationCheck(s_vocabulary).Fault(context, words) is null, $"'{text[..i]}' | '{text[i..]}'");
            }
        });
        Assert.IsGreaterThan(100, cut);
        Assert.IsGreaterThan(100, whole);
    }

    [TestMethod]
    public void After_the_end_of_a_sentence_any_text_begins()
    {
        var check = new ContinuationCheck(s_vocabulary);
        int[] context = [.. Tokens("aa"), s_vocabulary.EndOfSentenceIndex];
        Assert.IsNull(check.Fault(context, Tokens("b")));
        Assert.IsNotNull(check.Fault(Tokens("aa"), Tokens("b")), "which is one token without it");
    }

    private static int[] Tokens(string text) => [.. s_tokenizer.Tokenize(text).Select(token => s_vocabulary.IndexOf(token))];
}
