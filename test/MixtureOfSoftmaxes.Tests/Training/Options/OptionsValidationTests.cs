using System.Reflection;
using Microsoft.ML.MixtureOfSoftmaxes.Tests.Support;

namespace Microsoft.ML.MixtureOfSoftmaxes.Tests.Training.Options;

[TestClass]
public sealed class OptionsValidationTests
{
    private static IEnumerable<(string Option, object Value, string Range)> OutOfRange =>
    [
        ("Head", (LanguageModelHead)9, "Softmax, MixtureOfSigSoftmaxes, Mixtape, Plif, DirectOutputConnection, MultiFacetSoftmax"),
        ("Optimizer", (LanguageModelOptimizer)9, "Sgd, Adam"),
        ("Precision", (Precision)9, "Float32, BFloat16, TensorFloat32"),
        ("MaximumLogitMemory", 0L, "at least 1"),
        ("LearningRateSchedule", (LearningRateSchedule)9, "Plateau, Constant, Cosine"),
        ("Distributed", (DistributedMode)9, "Auto, None, Mpi"),
        ("Experts", 0, "from 1 to 1000"),
        ("Experts", 1001, "from 1 to 1000"),
        ("MixtapeGateSize", 0, "from 1"),
        ("MixtapeFrequentShare", 0.0, "above 0 and at most 1"),
        ("MixtapeFrequentShare", 1.01, "above 0 and at most 1"),
        ("MixtapeFrequentShare", double.NaN, "above 0 and at most 1"),
        ("LatentRank", 0, "from 1 to 256"),
        ("LatentRank", 257, "from 1 to 256"),
        ("PlifPieces", 0, "from 1"),
        ("PlifRange", 0.0, "above 0"),
        ("PlifRange", double.PositiveInfinity, "above 0"),
        ("FacetPartitions", 0, "from 1 to 1000"),
        ("FacetPartitions", 1_001, "from 1 to 1000"),
        ("LowerExperts", 0, "from 1 to 1000"),
        ("LowerExperts", 1001, "from 1 to 1000"),
        ("LowerLayers", 0, "from 1 to 15"),
        ("LowerLayers", 16, "from 1 to 15"),
        ("PriorRegularization", -1e-9, "at least 0"),
        ("PriorRegularization", double.NaN, "at least 0"),
        ("EmbeddingSize", 0, "from 1"),
        ("HiddenSize", -5, "from 1"),
        ("LastHiddenSize", 0, "from 1"),
        ("LayerCount", 0, "from 1 to 16"),
        ("LayerCount", 17, "from 1 to 16"),
        ("WordDropout", -0.1, "at least 0 and below 1"),
        ("WordDropout", 1.0, "at least 0 and below 1"),
        ("InputDropout", double.NaN, "at least 0 and below 1"),
        ("HiddenDropout", 1.5, "at least 0 and below 1"),
        ("OutputDropout", 1.0, "at least 0 and below 1"),
        ("LatentDropout", 1.0, "at least 0 and below 1"),
        ("WeightDropout", 1.0, "at least 0 and below 1"),
        ("ActivationRegularization", -1.0, "at least 0"),
        ("TemporalActivationRegularization", double.PositiveInfinity, "at least 0"),
        ("BatchSize", 0, "from 1"),
        ("SequenceLength", 0, "from 1"),
        ("PassBatchSize", 0, "from 1"),
        ("SequenceLengthDeviation", -1.0, "at least 0"),
        ("SequenceLengthExcess", -1, "from 0"),
        ("WarmupSteps", -1, "at least 0"),
        ("AveragingWindow", 0, "at least 1"),
        ("FinetuneEpochs", -1, "at least 0"),
        ("FinetuneLearningRate", 0.0, "above 0"),
        ("EarlyStoppingEpochs", 0, "at least 1"),
        ("LearningRate", 0.0, "above 0"),
        ("LearningRate", double.NaN, "above 0"),
        ("LearningRateDecay", 0.5, "at least 1"),
        ("ClipNorm", 0.0, "above 0"),
        ("WeightDecay", -1e-9, "at least 0"),
        ("MaximumEpochs", 0, "at least 1"),
        ("MaximumTokens", 0L, "at least 1"),
        ("UnknownWord", " ", "a word"),
        ("EndOfSentence", "", "a word"),
        ("EndOfSentence", "<unk>", "other than UnknownWord"),
    ];

    [TestMethod]
    [DynamicData(nameof(OutOfRange))]
    public void An_option_out_of_range_is_named_with_its_value_and_its_range(string option, object value, string range)
    {
        var options = new MixtureOfSoftmaxesTrainer.Options();
        Property(option).SetValue(options, value);
        string shown = FormattableString.Invariant($"{value}");
        Errors.AssertThrows<ArgumentException>(
            () => new MLContext().LanguageModeling.Trainers.MixtureOfSoftmaxes("Tokens", options), option, shown, range);
    }

    [TestMethod]
    public void Every_option_with_a_range_is_among_the_cases()
    {
        string[] ranged =
        [
            .. typeof(MixtureOfSoftmaxesTrainer.Options).GetProperties()
                .Where(property => (Nullable.GetUnderlyingType(property.PropertyType) ?? property.PropertyType) is { } type
                    && (type.IsEnum || type == typeof(int) || type == typeof(long) || type == typeof(double) || type == typeof(string)))
                .Select(property => property.Name),
        ];
        // Any path, column or key will do; what is wrong with one is found when it is used.
        string[] names = ["CheckpointFolder", "LogFile", "TensorBoardFolder", "TokenCacheFolder", "TokenCacheKey", "ShardColumnName"];
        Assert.AreSequenceEqual(
            ranged.Except(names).Order(StringComparer.Ordinal),
            OutOfRange.Select(c => c.Option).Distinct().Order(StringComparer.Ordinal));
    }

    [TestMethod]
    [DataRow("Experts", 1000)]
    [DataRow("LayerCount", 16)]
    [DataRow("WordDropout", 0.0)]
    [DataRow("WordDropout", 0.999)]
    [DataRow("LearningRateDecay", 1.0)]
    [DataRow("MixtapeFrequentShare", 1.0)]
    [DataRow("PlifPieces", 1)]
    [DataRow("FacetPartitions", 1)]
    [DataRow("FacetPartitions", 1_000)]
    [DataRow("LowerLayers", 15)]
    [DataRow("PriorRegularization", 0.0)]
    [DataRow("LatentRank", 256)]
    [DataRow("MaximumTokens", 1L)]
    [DataRow("MaximumEpochs", int.MaxValue)]
    [DataRow("WeightDecay", 0.0)]
    public void The_ends_of_a_range_are_in_it(string option, object value)
    {
        var options = new MixtureOfSoftmaxesTrainer.Options();
        Property(option).SetValue(options, value);
        Assert.IsNotNull(new MLContext().LanguageModeling.Trainers.MixtureOfSoftmaxes("Tokens", options));
    }

    [TestMethod]
    public void Scoring_columns_are_checked_when_the_trainer_is_made() => Errors.AssertThrows<ArgumentException>(
        () => new MLContext().LanguageModeling.Trainers.MixtureOfSoftmaxes(
            "Tokens", new() { Scoring = new() { PerplexityColumnName = "LogLikelihood" } }),
        "'LogLikelihood'");

    [TestMethod]
    [DataRow(1)]
    [DataRow(15)]
    public void A_mixtape_needs_a_power_of_two(int experts)
    {
        Errors.AssertThrows<ArgumentException>(
            () => Make(new() { Head = LanguageModelHead.Mixtape, Experts = experts }), "Experts", $"{experts}", "power of two from 2", "Mixtape");
        Assert.IsNotNull(Make(new() { Head = LanguageModelHead.MixtureOfSoftmaxes, Experts = experts }));
        Assert.IsNotNull(Make(new() { Head = LanguageModelHead.Mixtape, Experts = experts + 1 }));
    }

    [TestMethod]
    public void Experts_of_several_layers_need_the_layers_and_leave_one_to_the_last()
    {
        MixtureOfSoftmaxesTrainer.Options Of(int experts, int layers, int lowerLayers = 1, int? lowerExperts = null) => new()
        {
            Head = LanguageModelHead.DirectOutputConnection,
            Experts = experts,
            LayerCount = layers,
            LowerLayers = lowerLayers,
            LowerExperts = lowerExperts,
        };
        Errors.AssertThrows<ArgumentException>(() => Make(Of(8, layers: 1)), "LayerCount is 1", "at least 2", "DirectOutputConnection");
        Errors.AssertThrows<ArgumentException>(() => Make(Of(8, layers: 3, lowerLayers: 3)), "LowerLayers is 3", "from 1 to 2");
        Errors.AssertThrows<ArgumentException>(() => Make(Of(2, layers: 3, lowerLayers: 2)), "Experts is 2", "at least 3");
        Errors.AssertThrows<ArgumentException>(() => Make(Of(8, layers: 3, lowerLayers: 2, lowerExperts: 4)), "LowerExperts is 4", "from 1 to 3");
        Errors.AssertThrows<ArgumentException>(
            () => Make(new() { Head = LanguageModelHead.DirectOutputConnection, LatentRank = 5 }), "LatentRank is 5", "null");
        Assert.IsNotNull(Make(Of(7, layers: 3, lowerLayers: 2, lowerExperts: 3)));
    }

    [TestMethod]
    [DataRow(20, 1, 5)]
    [DataRow(8, 1, 2)]
    [DataRow(2, 1, 1)]
    [DataRow(20, 2, 2)]
    public void By_default_a_quarter_of_the_experts_is_of_lower_layers(int experts, int lowerLayers, int expected) => Assert.AreEqual(
        expected,
        new MixtureOfSoftmaxesTrainer.Options
        {
            Head = LanguageModelHead.DirectOutputConnection,
            Experts = experts,
            LowerLayers = lowerLayers,
        }.Shape(100).LowerExperts);

    [TestMethod]
    public void Times_must_be_above_zero()
    {
        Errors.AssertThrows<ArgumentException>(() => Make(new() { MaximumTime = TimeSpan.Zero }), "MaximumTime is 00:00:00", "above zero");
        Errors.AssertThrows<ArgumentException>(
            () => Make(new() { CheckpointInterval = TimeSpan.Zero }), "CheckpointInterval is 00:00:00", "above zero");
        Errors.AssertThrows<ArgumentException>(
            () => Make(new() { DistributedTimeout = TimeSpan.Zero }), "DistributedTimeout is 00:00:00", "above zero");
    }

    [TestMethod]
    public void What_goes_by_the_validation_loss_needs_a_validation_set()
    {
        Errors.AssertThrows<ArgumentException>(() => Make(new() { AveragingWindow = 5 }), "AveragingWindow", "ValidationSet");
        Errors.AssertThrows<ArgumentException>(() => Make(new() { FinetuneEpochs = 1 }), "FinetuneEpochs", "ValidationSet");
        Errors.AssertThrows<ArgumentException>(() => Make(new() { EarlyStoppingEpochs = 1 }), "EarlyStoppingEpochs", "ValidationSet");
    }

    [TestMethod]
    public void Resuming_needs_a_folder_of_checkpoints() =>
        Errors.AssertThrows<ArgumentException>(() => Make(new() { Resume = true }), "Resume", "CheckpointFolder");

    private static MixtureOfSoftmaxesTrainer Make(MixtureOfSoftmaxesTrainer.Options options) =>
        new MLContext().LanguageModeling.Trainers.MixtureOfSoftmaxes("Tokens", options);

    private static PropertyInfo Property(string option) => typeof(MixtureOfSoftmaxesTrainer.Options).GetProperty(option)!;
}
