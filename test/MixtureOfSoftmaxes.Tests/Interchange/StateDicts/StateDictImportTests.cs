using System.Text.Json;
using Microsoft.ML.MixtureOfSoftmaxes.Tests.Support;

namespace Microsoft.ML.MixtureOfSoftmaxes.Tests.Interchange.StateDicts;

/// <summary>State dicts that make_state_dicts.py wrote with PyTorch score what that script computed.</summary>
[TestClass]
public sealed class StateDictImportTests
{
    private static readonly Golden s_golden = JsonSerializer.Deserialize<Golden>(
        File.ReadAllText(StateDictFiles.PathOf("scores.json")), JsonSerializerOptions.Web)!;

    private readonly MLContext _ml = new();

    [TestMethod]
    [DataRow("mos", "mos.pt", LanguageModelHead.MixtureOfSoftmaxes)]
    [DataRow("awd-lstm", "awd-lstm.pt", LanguageModelHead.Softmax)]
    [DataRow("flat", "flat.pt", LanguageModelHead.Softmax)]
    [DataRow("half", "half.pt", LanguageModelHead.MixtureOfSoftmaxes)]
    [DataRow("parameters", "parameters.pt", LanguageModelHead.MixtureOfSoftmaxes)]
    [DataRow("double", "double.pt", LanguageModelHead.MixtureOfSoftmaxes)]
    [DataRow("safetensors", "mos.safetensors", LanguageModelHead.MixtureOfSoftmaxes)]
    [DataRow("doc", "doc.pt", LanguageModelHead.DirectOutputConnection)]
    [DataRow("doc-both", "doc-both.pt", LanguageModelHead.DirectOutputConnection)]
    public void A_state_dict_scores_as_the_network_that_it_is_of(string name, string file, LanguageModelHead head)
    {
        ITransformer model = StateDictFiles.Import(_ml, file);
        Assert.AreEqual(head, _ml.LanguageModeling.GetLanguageModel(model).Head);
        IReadOnlyList<TextScore> scores = _ml.LanguageModeling.Score(model, s_golden.Texts);
        Assert.HasCount(s_golden.Texts.Length, scores);
        foreach ((TextScore score, double[] expected) in scores.Zip(s_golden.Scores[name]))
        {
            Assert.HasCount(expected.Length, score.Tokens);
            for (int i = 0; i < expected.Length; i++)
            {
                Assert.AreEqual(expected[i], score.Tokens[i].LogLikelihood, 1e-5, $"token {i}");
            }
        }
    }

    [TestMethod]
    public void What_is_imported_is_an_ordinary_model()
    {
        ITransformer model = StateDictFiles.Import(_ml, "mos.pt");
        ITransformer loaded = ModelZip.Load(ModelZip.Save(model));
        Assert.AreSequenceEqual(
            _ml.Score(model, s_golden.Texts).Select(row => row.LogLikelihood), _ml.Score(loaded, s_golden.Texts).Select(row => row.LogLikelihood));
        ITransformer adaptive = _ml.LanguageModeling.AdaptDynamically(model, _ml.Texts("the cat sat", "a dog saw the cat ."));
        Assert.IsTrue(_ml.Score(adaptive, s_golden.Texts).All(row => float.IsFinite(row.LogLikelihood)));
        GeneratedWord[] words = [.. _ml.LanguageModeling.CreateTextGenerator(model, seed: 1, maximumTokens: 5).Generate("the cat")];
        Assert.IsGreaterThan(0, words.Length);
    }

    [TestMethod]
    public void The_prefix_of_marks_and_columns_are_options()
    {
        using var folder = new TemporaryFolder();
        string words = folder.PathOf("words.txt");
        File.WriteAllText(words, File.ReadAllText(StateDictFiles.PathOf("words.txt")).Replace("<eos>", "</s>").Replace("<unk>", "UNK"));
        ITransformer model = _ml.LanguageModeling.ImportStateDict(
            StateDictFiles.PathOf("mos.pt"), words,
            new() { UnknownWord = "UNK", EndOfSentence = "</s>", TextColumnName = "Row", TokensColumnName = "Ids" });
        TextScore score = _ml.LanguageModeling.Score(model, ["unheard"], "Row").Single();
        Assert.AreSequenceEqual(["UNK", "</s>"], score.Tokens.Select(token => token.Token));
    }

    private sealed record Golden(string[] Texts, Dictionary<string, double[][]> Scores);
}
