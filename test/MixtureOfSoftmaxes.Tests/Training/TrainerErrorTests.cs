using Microsoft.ML.Data;
using Microsoft.ML.MixtureOfSoftmaxes.Tests.Support;

namespace Microsoft.ML.MixtureOfSoftmaxes.Tests.Training;

[TestClass]
public sealed class TrainerErrorTests
{
    private readonly MLContext _ml = new(seed: 1);

    private MixtureOfSoftmaxesTrainer Trainer => _ml.LanguageModeling.Trainers.MixtureOfSoftmaxes("Tokens", TinyModel.Options());

    [TestMethod]
    public void A_missing_column_is_named_beside_those_that_are_there() =>
        Errors.AssertThrows<ArgumentOutOfRangeException>(() => Trainer.Fit(_ml.Texts("a")), "'Tokens'", "Text");

    [TestMethod]
    public void A_column_that_holds_no_keys_is_named_with_the_remedy()
    {
        var numbers = new VectorDataViewType(NumberDataViewType.Single);
        IDataView data = new HandMadeView(1).Add<VBuffer<float>>("Tokens", numbers, _ => default);
        Errors.AssertThrows<ArgumentOutOfRangeException>(() => Trainer.Fit(data), "'Tokens'", "Single", "MapValueToKey");
    }

    [TestMethod]
    [DataRow(0)]
    [DataRow(4)]
    public void Data_without_a_word_is_an_error_that_says_which_data(int emptyRows)
    {
        IDataView empty = new HandMadeView(emptyRows).AddTokens("Tokens", TinyModel.Words, _ => default);
        IDataView some = new HandMadeView(1).AddTokens("Tokens", TinyModel.Words, _ => new VBuffer<uint>(1, [3]));
        Errors.AssertThrows<InvalidOperationException>(() => Trainer.Fit(empty), "training data", "'Tokens'", $"{emptyRows} rows");
        MixtureOfSoftmaxesTrainer.Options options = TinyModel.Options();
        options.ValidationSet = empty;
        Errors.AssertThrows<InvalidOperationException>(
            () => _ml.LanguageModeling.Trainers.MixtureOfSoftmaxes("Tokens", options).Fit(some), "validation data", "'Tokens'");
    }

    [TestMethod]
    public void A_validation_set_without_the_token_column_is_an_error()
    {
        MixtureOfSoftmaxesTrainer.Options options = TinyModel.Options();
        options.ValidationSet = _ml.Texts("w1");
        Errors.AssertThrows<ArgumentOutOfRangeException>(() => TinyModel.Train(_ml, options), "ValidationSet", "'Tokens'", "tokenizer.Transform");
    }

    [TestMethod]
    public void Divergence_is_named_with_the_options_to_lower()
    {
        MixtureOfSoftmaxesTrainer.Options options = TinyModel.Options();
        options.LearningRate = options.ClipNorm = 1e30;
        Errors.AssertThrows<ArithmeticException>(() => TinyModel.Train(_ml, options), "diverged", "LearningRate", "ClipNorm");
    }

    [TestMethod]
    public void Divergence_in_the_last_step_does_not_pass_for_a_model()
    {
        MixtureOfSoftmaxesTrainer.Options options = TinyModel.Options();
        options.LearningRate = options.ClipNorm = 1e38;
        options.MaximumTokens = 1;
        options.ValidationSet = TinyModel.Tokens(TinyModel.ValidationSentences);
        Errors.AssertThrows<ArithmeticException>(() => TinyModel.Train(_ml, options), "validation", "diverged", "LearningRate");
    }

    [TestMethod]
    public void A_gpu_that_is_not_there_is_an_error_unless_the_cpu_will_do()
    {
        MixtureOfSoftmaxesTrainer.Options options = TinyModel.Options();
        options.MaximumTokens = 1;
        var strict = new MLContext(seed: 1) { GpuDeviceId = 9999 };
        Errors.AssertThrows<InvalidOperationException>(() => TinyModel.Train(strict, options), "GpuDeviceId is 9999", "FallbackToCpu");
        var lenient = new MLContext(seed: 1) { GpuDeviceId = 9999, FallbackToCpu = true };
        Assert.IsNotNull(TinyModel.Train(lenient, options));
    }

    [TestMethod]
    public void Memory_that_runs_out_says_what_to_lower()
    {
        const string overcommit = "/proc/sys/vm/overcommit_memory";
        if (!File.Exists(overcommit) || File.ReadAllText(overcommit).Trim() == "1")
        {
            Assert.Inconclusive("This system hands out memory that it does not have.");
        }

        // Four terabytes for one weight.
        MixtureOfSoftmaxesTrainer.Options options = TinyModel.Options();
        options.LastHiddenSize = options.HiddenSize = 1 << 19;
        Errors.AssertThrows<InsufficientMemoryException>(() => TinyModel.Train(_ml, options), "Memory ran out", "BatchSize");
    }
}
