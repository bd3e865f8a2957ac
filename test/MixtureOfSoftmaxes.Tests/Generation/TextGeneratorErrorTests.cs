using Microsoft.ML.MixtureOfSoftmaxes.Tests.Support;
using static TorchSharp.torch;

namespace Microsoft.ML.MixtureOfSoftmaxes.Tests.Generation;

[TestClass]
public sealed class TextGeneratorErrorTests
{
    private readonly MLContext _ml = new();
    private readonly LanguageModelTransformer _model = TinyModel.UntrainedScorer();

    [TestCleanup]
    public void Free() => _model.Dispose();

    [TestMethod]
    public void A_model_that_is_disposed_is_told()
    {
        TextGenerator generator = _ml.LanguageModeling.CreateTextGenerator(_model);
        _model.Dispose();
        Errors.AssertThrows<ObjectDisposedException>(() => generator.Generate().First(), "language model");
        Errors.AssertThrows<ObjectDisposedException>(() => generator.Search(), "language model");
    }

    [TestMethod]
    public void Weights_that_are_not_numbers_are_told()
    {
        using (no_grad())
        {
            _model.Network.DecoderBias.select(0, 3).fill_(double.NaN).Dispose();
        }

        TextGenerator generator = _ml.LanguageModeling.CreateTextGenerator(_model);
        Errors.AssertThrows<ArithmeticException>(() => generator.Generate().First(), "not numbers");
        Errors.AssertThrows<ArithmeticException>(() => generator.Search(), "not numbers");
    }

    [TestMethod]
    public void A_model_in_a_chain_is_found_and_its_absence_told()
    {
        using var words = _ml.LanguageModeling.CreateTextGenerator(TinyModel.Trained, new() { Seed = 1 }).Generate("w1").GetEnumerator();
        Assert.IsTrue(words.MoveNext());
        ITransformer tokenizer = ((IEnumerable<ITransformer>)TinyModel.Trained).First();
        Errors.AssertThrows<ArgumentException>(() => _ml.LanguageModeling.CreateTextGenerator(tokenizer), "no language model");
        Assert.Throws<ArgumentNullException>(() => _ml.LanguageModeling.CreateTextGenerator(_model).Generate(null!));
    }

    private static IEnumerable<(GenerationOptions Options, string[] Parts)> OutOfRange =>
    [
        (new() { Temperature = -0.1 }, ["Temperature is -0.1", "at least 0"]),
        (new() { Temperature = double.NaN }, ["Temperature is NaN", "at least 0"]),
        (new() { TopK = 0 }, ["TopK is 0", "at least 1"]),
        (new() { TopP = 0 }, ["TopP is 0", "above 0 and at most 1"]),
        (new() { TopP = 1.01 }, ["TopP is 1.01", "above 0 and at most 1"]),
        (new() { TopP = double.NaN }, ["TopP is NaN", "above 0 and at most 1"]),
        (new() { MinP = -0.5 }, ["MinP is -0.5", "from 0 to 1"]),
        (new() { MinP = 2 }, ["MinP is 2", "from 0 to 1"]),
        (new() { MaximumTokens = 0 }, ["MaximumTokens is 0", "at least 1"]),
    ];

    [TestMethod]
    [DynamicData(nameof(OutOfRange))]
    public void An_option_out_of_range_is_named_with_its_value_and_its_range(GenerationOptions options, string[] parts) =>
        Errors.AssertThrows<ArgumentException>(() => _ml.LanguageModeling.CreateTextGenerator(_model, options), parts);
}
