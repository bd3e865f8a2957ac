using Microsoft.ML.MixtureOfSoftmaxes.Tokenization;

namespace Microsoft.ML.MixtureOfSoftmaxes.Tests.Tokenization.BytePairs;

[TestClass]
public sealed class PieceSplitterTests
{
    [TestMethod]
    [DataRow("", "")]
    [DataRow(" ", " ")]
    [DataRow("the cat", "the| cat")]
    [DataRow(" the  cat ", " the| | cat| ")]
    [DataRow("a\t b\n\nc  \n d", "a|\t| b|\n\n|c|  \n| d")]
    [DataRow("in 1984, (almost) 50%", "in| 1984|,| (|almost|)| 50|%")]
    [DataRow("don't", "don|'|t")]
    [DataRow("été e\u0301te\u0301", "été| e\u0301te\u0301")]
    [DataRow("𝒳𝒴1 👩\u200D🔬!", "𝒳𝒴|1| 👩\u200D🔬!")]
    [DataRow("a\u00A0b", "a|\u00A0|b")]
    public void Pieces_are_runs_of_one_kind_with_the_space_before_them(string text, string pieces) =>
        Assert.AreEqual(pieces, string.Join('|', Split(text)));

    [TestMethod]
    public void Half_a_surrogate_pair_is_a_piece() => Assert.AreEqual("a|\ud800|b", string.Join('|', Split("a\ud800b")));

    [TestMethod]
    public void The_pieces_put_together_are_the_text() => AnyText.Holds(text =>
    {
        List<string> pieces = Split(text);
        Assert.AreEqual(text, string.Concat(pieces));
        Assert.DoesNotContain("", pieces);
    });

    [TestMethod]
    [DataRow("a", 64)]
    [DataRow(" ", 64)]
    [DataRow("𝒳", 32)]
    public void Long_runs_are_cut_between_characters(string character, int most)
    {
        string text = string.Concat(Enumerable.Repeat(character, 1000));
        List<string> pieces = Split(text);
        Assert.AreEqual(text, string.Concat(pieces));
        Assert.AreEqual(most * character.Length, pieces.Max(piece => piece.Length));
    }

    private static List<string> Split(string text)
    {
        var pieces = new List<string>();
        foreach (ReadOnlySpan<char> piece in new PieceSplitter(text))
        {
            pieces.Add(piece.ToString());
        }

        return pieces;
    }
}
