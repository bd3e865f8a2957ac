using Microsoft.ML.MixtureOfSoftmaxes.Tests.Support;
using Microsoft.ML.MixtureOfSoftmaxes.Tests.Training;

namespace Microsoft.ML.MixtureOfSoftmaxes.Tests.Gpu;

/// <summary>Whole runs on a GPU: a model, checkpoints, and errors.</summary>
[TestClass]
[TestCategory(FirstGpu.Category)]
public sealed class TrainingOnGpuTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    [TestInitialize]
    public void Require() => FirstGpu.Require();

    public void Dispose() => _folder.Dispose();

    [TestMethod]
    [DataRow(null)]
    [DataRow(Precision.Float32)]
    [DataRow(Precision.BFloat16)]
    public void It_learns_the_tiny_language_as_well_as_on_the_CPU(Precision? precision)
    {
        MixtureOfSoftmaxesTrainer.Options options = TinyModel.LearningOptions();
        options.Precision = precision;
        ITransformer model = TinyModel.Train(FirstGpu.Context(), options);
        Assert.AreEqual(PerplexityOf(TinyModel.Trained), PerplexityOf(model), 0.02 * PerplexityOf(TinyModel.Trained));
    }

    [TestMethod]
    public void A_run_that_was_stopped_goes_on_from_its_checkpoint()
    {
        MixtureOfSoftmaxesTrainer.Options options = ShortRun.Options();
        options.CheckpointFolder = _folder.PathOf("checkpoints");
        options.MaximumEpochs = 1;
        ShortRun.Fit(options, FirstGpu.Context()).Dispose();
        options.Resume = true;
        options.MaximumEpochs = 3;
        using LanguageModelTransformer model = ShortRun.Fit(options, FirstGpu.Context());
        Assert.AreEqual(3, model.Training!.Epochs);
        Assert.AreEqual(PerplexityAt(3), model.Training.ValidationPerplexity!.Value, 0.05 * PerplexityAt(3));
    }

    [TestMethod]
    public void A_run_that_diverges_says_so_and_its_checkpoint_is_finite()
    {
        MixtureOfSoftmaxesTrainer.Options options = ShortRun.Options();
        options.LearningRate = options.ClipNorm = 1e30;
        options.CheckpointFolder = _folder.PathOf("checkpoints");
        options.CheckpointInterval = TimeSpan.FromTicks(1);
        Errors.AssertThrows<ArithmeticException>(() => ShortRun.Fit(options, FirstGpu.Context()), "diverged", "LearningRate");
    }

    [TestMethod]
    public void More_than_there_is_memory_for_says_what_to_lower()
    {
        // Four terabytes for one weight.
        MixtureOfSoftmaxesTrainer.Options options = TinyModel.Options();
        options.LastHiddenSize = options.HiddenSize = 1 << 19;
        Errors.AssertThrows<InsufficientMemoryException>(() => TinyModel.Train(FirstGpu.Context(), options), "Memory ran out", "BatchSize");
    }

    private static double PerplexityOf(ITransformer model)
    {
        var ml = new MLContext();
        return ml.LanguageModeling.Evaluate(model.Transform(ml.Texts(TinyModel.ValidationSentences))).Perplexity;
    }

    private static double PerplexityAt(int epochs)
    {
        MixtureOfSoftmaxesTrainer.Options options = ShortRun.Options();
        options.MaximumEpochs = epochs;
        using LanguageModelTransformer model = ShortRun.Fit(options, FirstGpu.Context());
        return model.Training!.ValidationPerplexity!.Value;
    }
}
