using System.Text.Json;
using Microsoft.ML.MixtureOfSoftmaxes.Tests.Support;

namespace Microsoft.ML.MixtureOfSoftmaxes.Tests.Interchange.Python;

/// <summary>What Python makes of an export is what the model makes of the same texts.</summary>
[TestClass]
public sealed class PythonScoresTests
{
    private static readonly Lazy<Dictionary<string, Answer>> s_answers = new(Ask);

    public static IEnumerable<object[]> Names => ExportSamples.Models.Keys.Select(name => new object[] { name });

    [TestMethod]
    [DynamicData(nameof(Names))]
    public void Log_likelihoods_of_tokens_are_the_models(string name)
    {
        Answer answer = s_answers.Value[name];
        IReadOnlyList<TextScore> expected = new MLContext().LanguageModeling.Score(ExportSamples.Models[name], ExportSamples.TextsOf(name));
        Assert.HasCount(expected.Count, answer.Scores);
        foreach ((TextScore ours, TokenOfPython[] theirs) in expected.Zip(answer.Scores))
        {
            Assert.AreSequenceEqual(ours.Tokens.Select(token => token.Token), theirs.Select(token => token.Token));
            foreach ((TokenScore our, TokenOfPython their) in ours.Tokens.Zip(theirs))
            {
                Assert.AreEqual(our.LogLikelihood, their.LogLikelihood, 1e-5, our.Token);
            }
        }

        double perplexity = Math.Exp(-expected.Sum(text => text.LogLikelihood) / expected.Sum(text => text.TokenCount));
        Assert.AreEqual(perplexity, answer.Perplexity, 1e-5 * perplexity);
    }

    [TestMethod]
    [DynamicData(nameof(Names))]
    public void Greedy_decoding_gives_the_same_text(string name)
    {
        string prompt = ExportSamples.TextsOf(name)[0];
        TextGenerator generator = new MLContext().LanguageModeling.CreateTextGenerator(
            ExportSamples.Models[name], temperature: 0, maximumTokens: 12);
        string text = string.Concat(generator.Generate(prompt).Where(word => !word.IsEndOfSentence).Select(word => word.Text));
        Assert.AreEqual(prompt + text, s_answers.Value[name].Greedy);
    }

    [TestMethod]
    [DynamicData(nameof(Names))]
    public void A_seed_gives_the_same_text_again(string name)
    {
        string[] drawn = s_answers.Value[name].Drawn;
        Assert.AreEqual(drawn[0], drawn[1]);
        Assert.StartsWith(ExportSamples.TextsOf(name)[0], drawn[0]);
    }

    // One process for all models, as PyTorch takes seconds to start.
    private static Dictionary<string, Answer> Ask()
    {
        using var folder = new TemporaryFolder();
        var ml = new MLContext();
        foreach ((string name, ITransformer model) in ExportSamples.Models)
        {
            ml.LanguageModeling.ExportToPython(model, folder.PathOf(name));
        }

        string request = JsonSerializer.Serialize(new
        {
            folders = ExportSamples.Models.Keys.ToDictionary(name => name, folder.PathOf),
            texts = ExportSamples.Models.Keys.ToDictionary(name => name, ExportSamples.TextsOf),
        });
        string script = Path.Combine(AppContext.BaseDirectory, "Interchange", "Python", "score_exports.py");
        return JsonSerializer.Deserialize<Dictionary<string, Answer>>(Support.Python.Output(script, request), JsonSerializerOptions.Web)!;
    }

    private sealed record Answer(TokenOfPython[][] Scores, double Perplexity, string Greedy, string[] Drawn);

    private sealed record TokenOfPython(string Token, double LogLikelihood);
}
