using Microsoft.ML.MixtureOfSoftmaxes.Tests.Support;
using static TorchSharp.torch;

namespace Microsoft.ML.MixtureOfSoftmaxes.Tests.Generation;

[TestClass]
public sealed class TextGeneratorStreamTests
{
    private readonly MLContext _ml = new();
    private readonly LanguageModelTransformer _model = TinyModel.UntrainedScorer();

    [TestCleanup]
    public void Free() => _model.Dispose();

    [TestMethod]
    public void The_same_seed_gives_the_same_text_and_another_seed_another()
    {
        var options = new GenerationOptions { Seed = 7, MaximumTokens = 30, StopAtEndOfSentence = false };
        Assert.AreSequenceEqual(Generate(options), Generate(options));
        Assert.AreNotEqual(Text(Generate(options)), Text(Generate(options with { Seed = 8 })));
        IEnumerable<GeneratedWord> words = _ml.LanguageModeling.CreateTextGenerator(_model, options).Generate();
        Assert.AreSequenceEqual(words.ToArray(), words.ToArray(), "enumerated twice");
    }

    [TestMethod]
    public void Without_a_seed_of_its_own_the_contexts_seed_counts()
    {
        var options = new GenerationOptions { MaximumTokens = 30, StopAtEndOfSentence = false };
        string fromContext = Text([.. new MLContext(seed: 7).LanguageModeling.CreateTextGenerator(_model, options).Generate()]);
        Assert.AreEqual(Text(Generate(options with { Seed = 7 })), fromContext);
        Assert.AreNotEqual(Text(Generate(options)), Text(Generate(options)), "without any seed");
    }

    [TestMethod]
    public async Task Words_come_the_same_asynchronously()
    {
        var options = new GenerationOptions { Seed = 2, MaximumTokens = 20, StopAtEndOfSentence = false };
        List<GeneratedWord> words = [];
        await foreach (GeneratedWord word in _ml.LanguageModeling.CreateTextGenerator(_model, options).GenerateAsync("a b"))
        {
            words.Add(word);
        }

        Assert.AreSequenceEqual(Generate(options, "a b"), words);
    }

    [TestMethod]
    public async Task Cancelling_ends_the_text_between_two_words()
    {
        TextGenerator generator = _ml.LanguageModeling.CreateTextGenerator(_model, new() { StopAtEndOfSentence = false });
        using var source = new CancellationTokenSource();
        int words = 0;
        Assert.Throws<OperationCanceledException>(() =>
        {
            foreach (GeneratedWord word in generator.Generate("a", source.Token))
            {
                words++;
                source.Cancel();
            }
        });
        Assert.AreEqual(1, words);
        await Assert.ThrowsAsync<OperationCanceledException>(async () =>
        {
            await foreach (GeneratedWord word in generator.GenerateAsync("a", source.Token))
            {
                words++;
            }
        });
        Assert.AreEqual(1, words);
        Assert.Throws<OperationCanceledException>(() => generator.Search("a", cancellationToken: source.Token));
    }

    [TestMethod]
    public void Nothing_is_left_of_texts_that_were_not_read_to_their_end()
    {
        TextGenerator generator = _ml.LanguageModeling.CreateTextGenerator(_model, new() { StopAtEndOfSentence = false });
        long before = ProcessMemory.Now().Tensors;
        _ = generator.Generate("a b").First();
        _ = generator.Search("a b");
        using IEnumerator<GeneratedWord> words = generator.Generate("a").GetEnumerator();
        Assert.AreEqual(before, Tensor.TotalCount, "before the first word");
        using (NewDisposeScope())
        {
            words.MoveNext();
        }

        Assert.IsTrue(words.MoveNext(), "the state outlives the caller's scopes");
        words.Dispose();
        Assert.AreEqual(before, Tensor.TotalCount);
    }

    private static string Text(GeneratedWord[] words) => string.Join(' ', words.Select(word => word.Word));

    private GeneratedWord[] Generate(GenerationOptions options, string prompt = "") =>
        [.. _ml.LanguageModeling.CreateTextGenerator(_model, options).Generate(prompt)];
}
