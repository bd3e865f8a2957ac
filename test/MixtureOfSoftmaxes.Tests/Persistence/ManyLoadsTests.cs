using Microsoft.ML.MixtureOfSoftmaxes.Modeling;
using Microsoft.ML.MixtureOfSoftmaxes.Tests.Support;
using static TorchSharp.torch;

namespace Microsoft.ML.MixtureOfSoftmaxes.Tests.Persistence;

[TestClass]
public sealed class ManyLoadsTests
{
    private static readonly int s_loads = LongTests.Choose(100, 500);

    // 8.5 MB of weights: 50 loads that left half of them behind would be seen.
    private static readonly NetworkShape s_shape = Shapes.Small(LanguageModelHead.MixtureOfSoftmaxes) with
    {
        EmbeddingSize = 100,
        HiddenSize = 400,
        LastHiddenSize = 400,
    };

    [TestMethod]
    [DataRow(true)]
    [DataRow(false)]
    public void Memory_does_not_grow_with_the_loads(bool disposes)
    {
        var ml = new MLContext();
        using var folder = new TemporaryFolder();
        string path = folder.PathOf("model.zip");
        using (var model = new LanguageModelTransformer(new("Tokens", new(), TinyModel.Vocabulary(), new LanguageModelNetwork(s_shape, CPU))))
        {
            File.WriteAllBytes(path, ModelZip.Save(model));
        }

        float expected = LoadAndScore();
        ProcessMemory before = default;
        for (int load = 0; load < s_loads; load++)
        {
            if (load == s_loads / 2)
            {
                before = ProcessMemory.Now();
            }

            Assert.AreEqual(expected, LoadAndScore());
        }

        // Allocators keep some of what is free, and the collector lets some models wait.
        Assert.IsLessThan(before.Megabytes + 200, ProcessMemory.Now().Megabytes);

        float LoadAndScore()
        {
            ITransformer loaded = ml.LanguageModeling.Load(path, out _);
            float score = ml.Data.CreateEnumerable<ScoredRow>(loaded.Transform(TinyTokens()), reuseRowObject: false).Single().LogLikelihood;
            if (disposes)
            {
                ml.LanguageModeling.GetLanguageModel(loaded).Dispose();
            }

            return score;
        }
    }

    private static IDataView TinyTokens() =>
        new HandMadeView(1).AddTokens("Tokens", TinyModel.Words, _ => new(3, [3, 4, 5]));
}
