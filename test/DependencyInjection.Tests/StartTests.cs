using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;
using Microsoft.ML.MixtureOfSoftmaxes.DependencyInjection.Tests.Support;
using Microsoft.ML.MixtureOfSoftmaxes.Tests.Support;

namespace Microsoft.ML.MixtureOfSoftmaxes.DependencyInjection.Tests;

[TestClass]
public sealed class StartTests
{
    [TestMethod]
    public void A_missing_file_is_named() => Errors.AssertThrows<InvalidDataException>(
        () => Start("/nowhere/model.zip"), "There is no model file '/nowhere/model.zip'", "give the path of a saved model");

    [TestMethod]
    public void A_bad_file_is_named_with_the_cause_and_the_remedy()
    {
        using var file = new ModelFile();
        foreach (BadModel bad in BadModel.Of(ModelFile.Bytes(seed: 1)))
        {
            file.Write(bad.Bytes);
            bad.AssertExplained(file.Path, Assert.ThrowsExactly<InvalidDataException>(() => Start(file.Path), bad.Name).Message);
        }
    }

    [TestMethod]
    public void A_file_without_a_language_model_is_refused() => AssertRefused(
        ModelZip.Save(new VocabularyTokenizingTransformer("Tokens", "Text", TinyModel.Vocabulary())), "no language model");

    [TestMethod]
    [DataRow(double.NaN)]
    [DataRow(double.PositiveInfinity)]
    [DataRow(3e38)]
    public void Weights_that_give_no_probabilities_are_refused(double weight) =>
        AssertRefused(ModelFile.BytesWithWeight(weight), "so it has no probabilities");

    [TestMethod]
    public void A_model_of_another_text_column_says_what_it_misses()
    {
        using var file = new ModelFile();
        Errors.AssertThrows<InvalidDataException>(
            () => Start(file.Path, options => options.TextColumnName = "Sentence"), "'Text'", "Sentence");
    }

    [TestMethod]
    public void Options_out_of_range_are_named()
    {
        AssertInvalid(options => options.ModelPath = " ", "ModelPath");
        AssertInvalid(options => options.TextColumnName = "", "TextColumnName");
        AssertInvalid(options => options.BatchSize = 0, "BatchSize");
        AssertInvalid(options => options.BatchCharacters = 0, "BatchCharacters");
        AssertInvalid(options => options.QueueCapacity = -1, "QueueCapacity");
        AssertInvalid(options => options.MaximumTextLength = 0, "MaximumTextLength");
        AssertInvalid(options => options.Linger = TimeSpan.FromSeconds(-1), "Linger");
        AssertInvalid(options => options.Linger = TimeSpan.FromSeconds(2), "Linger");
        AssertInvalid(options => options.ReloadInterval = TimeSpan.Zero, "ReloadInterval");
        AssertInvalid(options => options.ReloadInterval = TimeSpan.FromDays(1), "ReloadInterval");
    }

    [TestMethod]
    public void All_options_out_of_range_are_named_together_each_with_its_value_and_range()
    {
        var error = Assert.ThrowsExactly<OptionsValidationException>(() => Start(" ", options =>
        {
            options.BatchSize = 0;
            options.Linger = TimeSpan.FromSeconds(2);
        }));
        Assert.AreSequenceEqual(
            [
                "ModelPath is ' '; it must be the path of a model file.",
                "BatchSize is 0; it must be at least 1.",
                "Linger is 00:00:02; it must be from 0 to 1 s.",
            ],
            error.Failures);
    }

    [TestMethod]
    public async Task All_callers_share_one_scorer()
    {
        using var file = new ModelFile();
        await using ServiceProvider provider = Scorers.Provide(file.Path);
        using IServiceScope scope = provider.CreateScope();
        Assert.AreSame(provider.Scorer(), scope.ServiceProvider.Scorer());
        Assert.AreEqual(TinyModel.Words.Length, provider.Scorer().Status.VocabularySize);
    }

    private static void AssertRefused(byte[] bytes, string reason)
    {
        using var file = new ModelFile();
        file.Write(bytes);
        Errors.AssertThrows<InvalidDataException>(() => Start(file.Path), file.Path, reason);
    }

    private static void AssertInvalid(Action<LanguageModelScorerOptions> configure, string name) =>
        Errors.AssertThrows<OptionsValidationException>(() => Start("model.zip", configure), name);

    private static void Start(string path, Action<LanguageModelScorerOptions>? configure = null)
    {
        using ServiceProvider provider = Scorers.Provide(path, configure);
        provider.Scorer();
    }
}
