using Microsoft.Extensions.DependencyInjection;
using Microsoft.ML.MixtureOfSoftmaxes.DependencyInjection;
using Microsoft.ML.MixtureOfSoftmaxes.Tests.Support;

namespace Microsoft.ML.MixtureOfSoftmaxes.Onnx.Tests;

/// <summary>The service over a model in ONNX.</summary>
[TestClass]
public sealed class OnnxServiceTests : IDisposable
{
    private static readonly string[] s_texts = ["a b c", "k j", ""];

    private readonly MLContext _ml = new();
    private readonly TemporaryFolder _folder = new();
    private readonly ITransformer _model = TinyModel.Untrained();
    private readonly ServiceProvider _provider;

    public OnnxServiceTests()
    {
        string path = _folder.PathOf("model.onnx");
        _ml.LanguageModeling.ExportToOnnx(_model, path);
        _provider = new ServiceCollection().AddMixtureOfSoftmaxes(options =>
        {
            options.ModelPath = path;
            options.LoadModel = (ml, file) => ml.LanguageModeling.LoadOnnx(file);
        }).BuildServiceProvider();
    }

    [TestMethod]
    public async Task It_scores_texts()
    {
        TextScore[] expected = [.. _ml.LanguageModeling.Score(_model, s_texts)];
        IReadOnlyList<TextScore> actual = await _provider.GetRequiredService<ILanguageModelScorer>().ScoreAsync(s_texts);
        for (int i = 0; i < s_texts.Length; i++)
        {
            Assert.AreEqual(expected[i].LogLikelihood, actual[i].LogLikelihood, 1e-3);
            Assert.AreEqual(expected[i].TokenCount, actual[i].TokenCount);
        }
    }

    [TestMethod]
    public async Task It_says_that_it_completes_nothing()
    {
        ILanguageModelCompleter completer = _provider.GetRequiredService<ILanguageModelCompleter>();
        ArgumentException error = await Assert.ThrowsExactlyAsync<ArgumentException>(async () =>
        {
            await foreach (CompletionToken _ in completer.CompleteAsync("a b", new CompletionOptions { Generation = new() }))
            {
            }
        });
        Assert.Contains("ONNX", error.Message);
    }

    public void Dispose()
    {
        _provider.Dispose();
        _folder.Dispose();
    }
}
