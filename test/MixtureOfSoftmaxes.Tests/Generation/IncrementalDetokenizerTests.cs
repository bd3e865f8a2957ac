using System.Text;
using FsCheck;
using FsCheck.Fluent;
using Microsoft.ML.MixtureOfSoftmaxes.Generation;
using Microsoft.ML.MixtureOfSoftmaxes.Tests.Support;
using Microsoft.ML.MixtureOfSoftmaxes.Tests.Tokenization.BytePairs;
using Microsoft.ML.MixtureOfSoftmaxes.Tokenization;

namespace Microsoft.ML.MixtureOfSoftmaxes.Tests.Generation;

[TestClass]
public sealed class IncrementalDetokenizerTests
{
    // Of characters that name no byte, so that no token is called so.
    private const string Unknown = "‹unk›", Mark = "‹eos›";

    private static readonly string[] s_byteNames = [.. BytePairModel.Tokenizer("a").Tokens];

    [TestMethod]
    public void Any_text_cut_into_tokens_anywhere_comes_back_in_whole_characters() => AnyText.Holds(text =>
    {
        var random = new Random(text.Length);
        byte[] bytes = Encoding.UTF8.GetBytes(text);
        for (int most = 1; most <= 5; most++)
        {
            List<byte[]> tokens = [];
            for (int start = 0, length; start < bytes.Length; start += length)
            {
                length = Math.Min(random.Next(1, most + 1), bytes.Length - start);
                tokens.Add(bytes[start..(start + length)]);
            }

            string[] added = Add(tokens);
            Assert.AreEqual(text, string.Concat(added));
            Assert.DoesNotContain(part => part.Length > 0 && (char.IsLowSurrogate(part[0]) || char.IsHighSurrogate(part[^1])), added);
        }
    });

    [TestMethod]
    public void Any_bytes_are_what_UTF8_makes_of_them() => Prop.ForAll(ArbMap.Default.ArbFor<byte[]>(), bytes =>
        Assert.AreEqual(Encoding.UTF8.GetString(bytes), string.Concat(Add([.. bytes.Select(value => new[] { value })]))))
        .Check(Config.QuickThrowOnFailure.WithMaxTest(300));

    [TestMethod]
    public void A_character_comes_with_the_byte_that_completes_it()
    {
        Assert.AreSequenceEqual(["", "é"], Add([[0xc3], [0xa9]]));
        Assert.AreSequenceEqual(["", "", "", "👩"], Add([[0xf0], [0x9f], [0x91], [0xa9]]));
        Assert.AreSequenceEqual(["a", "éa", "é"], Add([[0x61, 0xc3], [0xa9, 0x61, 0xc3], [0xa9]]));
    }

    [TestMethod]
    public void What_is_not_completed_is_a_replacement_character()
    {
        Assert.AreSequenceEqual(["", "\ufffda"], Add([[0xc3], [0x61]]));
        Assert.AreSequenceEqual(["a\ufffd"], Add([[0x61, 0xc3]]), "at the end of the text");
        Assert.AreSequenceEqual(["\ufffd", "b"], Add([[0xa9], [0x62]]));
        Vocabulary vocabulary = OfBytes(["Ã", "©"]);
        var text = new IncrementalDetokenizer(vocabulary, "");
        Assert.AreEqual("", text.Add(2, isLast: false));
        Assert.AreEqual("\ufffd\n", text.Add(vocabulary.EndOfSentenceIndex, isLast: false), "at the end of a sentence");
        Assert.AreEqual("\ufffd", text.Add(3, isLast: false));
        Assert.AreEqual("", text.Add(2, isLast: false));
        Assert.AreEqual("\ufffd", text.Add(vocabulary.EndOfSentenceIndex, isLast: true));
    }

    [TestMethod]
    public void The_unknown_word_is_its_mark_among_byte_pairs()
    {
        Vocabulary vocabulary = OfBytes(["Ã"]);
        var text = new IncrementalDetokenizer(vocabulary, "");
        Assert.AreEqual("", text.Add(2, isLast: false));
        Assert.AreEqual("\ufffd" + Unknown, text.Add(vocabulary.UnknownIndex, isLast: true));
    }

    [TestMethod]
    [DataRow("", "a| b|\n|a| <unk>|")]
    [DataRow("x y", " a| b|\n|a| <unk>|")]
    [DataRow("x <eos>", " a| b|\n|a| <unk>|")]
    [DataRow("x ", "a| b|\n|a| <unk>|")]
    [DataRow("x\n", "a| b|\n|a| <unk>|")]
    public void Words_follow_a_space_and_sentences_a_line_feed(string prompt, string expected)
    {
        var text = new IncrementalDetokenizer(TinyModel.Vocabulary(), prompt);
        int[] words = [2, 3, 1, 2, 0, 1];
        Assert.AreEqual(expected, string.Join('|', words.Select((word, i) => text.Add(word, isLast: i == words.Length - 1))));
    }

    /// <summary>What tokens of these bytes add, the last the last of the text.</summary>
    private static string[] Add(List<byte[]> tokens)
    {
        string[] names = [.. tokens.Select(token => string.Concat(token.Select(value => s_byteNames[value])))];
        Vocabulary vocabulary = OfBytes(names.Distinct());
        var text = new IncrementalDetokenizer(vocabulary, "");
        return [.. names.Select((name, i) => text.Add(vocabulary.IndexOf(name), isLast: i == names.Length - 1))];
    }

    private static Vocabulary OfBytes(IEnumerable<string> names) => new([Unknown, Mark, .. names], Unknown, Mark, TokenEncoding.BytePairs);
}
