using Microsoft.ML.MixtureOfSoftmaxes.Tests.Support;
using Microsoft.ML.MixtureOfSoftmaxes.Tokenization;

namespace Microsoft.ML.MixtureOfSoftmaxes.Tests.Tokenization.Words;

[TestClass]
public sealed class VocabularyTests
{
    [TestMethod]
    public void Words_have_their_positions_and_others_that_of_the_unknown_word()
    {
        var vocabulary = new Vocabulary(["a", "<eos>", "b", "<unk>"], "<unk>", "<eos>");
        Assert.AreEqual(2, vocabulary.IndexOf("b"));
        Assert.AreEqual(3, vocabulary.IndexOf("c"));
        Assert.AreEqual(3, vocabulary.UnknownIndex);
        Assert.AreEqual(1, vocabulary.EndOfSentenceIndex);
        Assert.AreEqual(4, vocabulary.Count);
    }

    [TestMethod]
    public void A_word_twice_or_a_mark_missing_is_an_error_that_names_it()
    {
        Errors.AssertThrows<ArgumentException>(() => _ = new Vocabulary(["<unk>", "<eos>", "a", "a"], "<unk>", "<eos>"), "'a'", "twice");
        Errors.AssertThrows<ArgumentException>(() => _ = new Vocabulary(["<unk>", "a"], "<unk>", "<eos>"), "end-of-sentence", "'<eos>'");
        Errors.AssertThrows<ArgumentException>(() => _ = new Vocabulary(["<eos>", "a"], "<unk>", "<eos>"), "unknown word", "'<unk>'");
    }
}
