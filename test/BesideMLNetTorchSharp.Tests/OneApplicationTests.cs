using Microsoft.ML;
using Microsoft.ML.Data;
using Microsoft.ML.TorchSharp;
using Microsoft.ML.TorchSharp.NasBert;
using TorchSharp;

namespace BesideMLNetTorchSharp.Tests;

/// <summary>A language model of ours and a text classifier of ML.NET's in one application, on one TorchSharp.</summary>
[TestClass]
public sealed class OneApplicationTests
{
    private readonly string _folder = Directory.CreateTempSubdirectory(nameof(OneApplicationTests)).FullName;
    private readonly MLContext _ml = new(seed: 1);
    private readonly IDataView _reviews;

    public OneApplicationTests() => _reviews = _ml.Data.LoadFromEnumerable(Enumerable.Range(0, 16).Select(i => i % 2 == 0
        ? new Review { Text = $"a fine film {i}", Sentiment = "good" }
        : new Review { Text = $"a dull film {i}", Sentiment = "bad" }));

    [TestCleanup]
    public void DeleteFolder() => Directory.Delete(_folder, recursive: true);

    [TestMethod]
    public void Ours_is_fitted_and_scores_in_an_application_that_builds_theirs()
    {
        Assert.IsInstanceOfType<IEstimator<ITransformer>>(TextClassifier());
        IDataView scored = LanguageModel().Fit(_reviews).Transform(_reviews);
        foreach (float perplexity in scored.GetColumn<float>("Perplexity"))
        {
            Assert.IsTrue(float.IsFinite(perplexity) && perplexity > 1, $"{perplexity}");
        }
    }

    /// <summary>
    /// All its trainers of text build their networks the same way: they dispose what TorchSharp's initialisers return, which on
    /// this version is the weights themselves. The pre-trained weights are random here, so nothing is downloaded.
    /// </summary>
    [TestMethod]
    public void Theirs_is_not_fitted_on_this_TorchSharp()
    {
        // Here ML.NET looks for pre-trained weights before it downloads them.
        _ml.TempFilePath = _folder;
        RandomWeights.Save(Path.Combine(_folder, "mlnet", "NasBert2000000.tsm"), classes: 2);

        var pipeline = LanguageModel().Append(_ml.Transforms.Conversion.MapValueToKey("Label", nameof(Review.Sentiment)))
            .Append(TextClassifier());
        var error = Assert.ThrowsExactly<InvalidOperationException>(() => pipeline.Fit(_reviews));
        StringAssert.Contains(error.Message, "Tensor invalid");
        StringAssert.Contains(error.StackTrace, "Microsoft.ML.TorchSharp.NasBert");

        using torch.Tensor weights = torch.ones(2);
        Assert.AreSame(weights, torch.nn.init.zeros_(weights));
    }

    private IEstimator<ITransformer> LanguageModel() => _ml.LanguageModeling.TokenizeIntoVocabulary("Tokens", nameof(Review.Text))
        .Append(_ml.LanguageModeling.Trainers.MixtureOfSoftmaxes("Tokens", new()
        {
            Experts = 2,
            EmbeddingSize = 8,
            HiddenSize = 8,
            LayerCount = 1,
            MaximumEpochs = 1,
        }));

    private TextClassificationTrainer TextClassifier() => _ml.MulticlassClassification.Trainers.TextClassification(
        sentence1ColumnName: nameof(Review.Text), batchSize: 8, maxEpochs: 1);

    private sealed class Review
    {
        public string Text { get; set; } = "";

        public string Sentiment { get; set; } = "";
    }
}
