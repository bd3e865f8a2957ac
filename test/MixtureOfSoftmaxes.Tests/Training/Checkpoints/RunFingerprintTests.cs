using Microsoft.ML.MixtureOfSoftmaxes.Distribution;
using Microsoft.ML.MixtureOfSoftmaxes.Tests.Support;
using Microsoft.ML.MixtureOfSoftmaxes.Tokenization;
using Microsoft.ML.MixtureOfSoftmaxes.Training;
using Microsoft.ML.Runtime;

namespace Microsoft.ML.MixtureOfSoftmaxes.Tests.Training.Checkpoints;

/// <summary>Which differences make another run, and which only change its end or its telling.</summary>
[TestClass]
public sealed class RunFingerprintTests
{
    private static readonly string[] s_ends = ["MaximumEpochs", "MaximumTokens", "MaximumTime", "EarlyStoppingEpochs", "FinetuneEpochs"];
    private static readonly string[] s_telling =
    [
        "CheckpointFolder", "CheckpointInterval", "LogFile", "TensorBoardFolder", "TokenCacheFolder", "TokenCacheKey", "Distributed",
        "DistributedTimeout",
    ];

    private static readonly string[] s_endsOfTheCosine = ["MaximumEpochs", "MaximumTokens", "MaximumTime", "FinetuneEpochs"];

    private static RunFingerprint Fingerprint =>
        RunFingerprint.Of(new(), seed: 3, TinyModel.Vocabulary(), TokenSequences.Of(2, 3, 4), validation: [3, 2]);

    private static IEnumerable<(string Name, LearningRateSchedule Schedule)> Cases =>
        from schedule in Enum.GetValues<LearningRateSchedule>()
        from name in Fingerprint.Values.Keys
        where name != "Resume"
        select (name, schedule);

    [TestMethod]
    [DynamicData(nameof(Cases))]
    public void A_difference_is_refused_or_told_by_name_with_both_values(string name, LearningRateSchedule schedule)
    {
        RunFingerprint then = Fingerprint.With(name, "before"), now = Fingerprint.With(name, "after");
        bool isHarmless = s_telling.Contains(name)
            || (s_ends.Contains(name) && !(schedule == LearningRateSchedule.Cosine && s_endsOfTheCosine.Contains(name)));
        string description = $"{name} was 'before', is 'after'";
        if (isHarmless)
        {
            Assert.AreSequenceEqual([description], now.CheckGoesOn(then, schedule));
        }
        else
        {
            Errors.AssertThrows<InvalidOperationException>(
                () => now.CheckGoesOn(then, schedule), description, "CheckpointFolder");
        }
    }

    [TestMethod]
    public void Every_option_that_shapes_the_run_and_every_word_of_the_data_is_in_it()
    {
        string[] apart = ["ValidationSet", "Progress", "CancellationToken", "Scoring"];
        Assert.AreSequenceEqual(
            typeof(MixtureOfSoftmaxesTrainer.Options).GetProperties().Select(p => p.Name).Except(apart)
                .Concat(["Seed", "Vocabulary", "TrainingData", "ValidationData"]).Order(StringComparer.Ordinal),
            Fingerprint.Values.Keys.Order(StringComparer.Ordinal));
        Assert.AreNotEqual(Fingerprint.Values["TrainingData"], Data([2, 4, 3], [3, 2])["TrainingData"]);
        Assert.AreNotEqual(Fingerprint.Values["ValidationData"], Data([2, 3, 4], [3])["ValidationData"]);
        Assert.AreNotEqual(Fingerprint.Values["ValidationData"], Data([2, 3, 4], null)["ValidationData"]);

        static IReadOnlyDictionary<string, string> Data(int[] training, int[]? validation) =>
            RunFingerprint.Of(new(), 3, TinyModel.Vocabulary(), TokenSequences.Of(training), validation).Values;
    }

    [TestMethod]
    public void A_run_alone_hashes_its_data_for_checkpoints_and_for_nothing_else()
    {
        IHost host = ((IHostEnvironment)new MLContext(seed: 5)).Register("test");
        Assert.AreEqual(5, Start(new()).Seed);
        Assert.ThrowsExactly<NotSupportedException>(() => Start(new() { CheckpointFolder = "checkpoints" }));

        RunStart Start(MixtureOfSoftmaxesTrainer.Options options) => RunStart.Of(
            host, options, folder: null, TinyModel.Vocabulary(), new(new Unhashed(), [0], default), validation: [3, 2], Ranks.Alone);
    }

    [TestMethod]
    public void The_same_run_has_no_difference_but_that_it_resumes()
    {
        Assert.IsEmpty(Fingerprint.With("Resume", "True").CheckGoesOn(Fingerprint, LearningRateSchedule.Cosine));
    }
}

file sealed class Unhashed : TokenSequence
{
    public override long Length => 0;

    public override void CopyTo(Span<int> destination, long start) => throw new NotSupportedException();

    public override string Hash() => throw new NotSupportedException();
}

file static class Changes
{
    public static RunFingerprint With(this RunFingerprint fingerprint, string name, string value) =>
        new(new Dictionary<string, string>(fingerprint.Values) { [name] = value });
}
