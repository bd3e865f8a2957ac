using Microsoft.ML.MixtureOfSoftmaxes.Tests.Support;
using Microsoft.ML.MixtureOfSoftmaxes.Training;
using Microsoft.ML.MixtureOfSoftmaxes.Training.Checkpoints;

namespace Microsoft.ML.MixtureOfSoftmaxes.Tests.Training.Checkpoints;

/// <summary>Which differences make another run, and which only change its end or its telling.</summary>
[TestClass]
public sealed class RunFingerprintTests
{
    private static readonly string[] s_ends = ["MaximumEpochs", "MaximumTokens", "MaximumTime", "EarlyStoppingEpochs", "FinetuneEpochs"];
    private static readonly string[] s_telling = ["CheckpointFolder", "CheckpointInterval", "LogFile"];
    private static readonly string[] s_endsOfTheCosine = ["MaximumEpochs", "MaximumTokens", "FinetuneEpochs"];

    private static Dictionary<string, string> Fingerprint =>
        RunFingerprint.Of(new(), seed: 3, TinyModel.Vocabulary(), training: [2, 3, 4], validation: [3, 2]);

    private static IEnumerable<(string Name, LearningRateSchedule Schedule)> Cases =>
        from schedule in Enum.GetValues<LearningRateSchedule>()
        from name in Fingerprint.Keys
        where name != "Resume"
        select (name, schedule);

    [TestMethod]
    [DynamicData(nameof(Cases))]
    public void A_difference_is_refused_or_told_by_name_with_both_values(string name, LearningRateSchedule schedule)
    {
        Dictionary<string, string> then = Fingerprint, now = Fingerprint;
        (then[name], now[name]) = ("before", "after");
        bool isHarmless = s_telling.Contains(name)
            || (s_ends.Contains(name) && !(schedule == LearningRateSchedule.Cosine && s_endsOfTheCosine.Contains(name)));
        string description = $"{name} was 'before', is 'after'";
        if (isHarmless)
        {
            Assert.AreSequenceEqual([description], RunFingerprint.CheckSame(then, now, schedule));
        }
        else
        {
            Errors.AssertThrows<InvalidOperationException>(
                () => RunFingerprint.CheckSame(then, now, schedule), description, "CheckpointFolder");
        }
    }

    [TestMethod]
    public void Every_option_that_shapes_the_run_and_every_word_of_the_data_is_in_it()
    {
        string[] apart = ["ValidationSet", "Progress", "Cancellation", "Scoring"];
        Assert.AreSequenceEqual(
            typeof(MixtureOfSoftmaxesTrainer.Options).GetProperties().Select(p => p.Name).Except(apart)
                .Concat(["Seed", "Vocabulary", "TrainingData", "ValidationData"]).Order(StringComparer.Ordinal),
            Fingerprint.Keys.Order(StringComparer.Ordinal));
        Assert.AreNotEqual(Fingerprint["TrainingData"], Data([2, 4, 3], [3, 2])["TrainingData"]);
        Assert.AreNotEqual(Fingerprint["ValidationData"], Data([2, 3, 4], [3])["ValidationData"]);
        Assert.AreNotEqual(Fingerprint["ValidationData"], Data([2, 3, 4], null)["ValidationData"]);

        static Dictionary<string, string> Data(int[] training, int[]? validation) =>
            RunFingerprint.Of(new(), 3, TinyModel.Vocabulary(), training, validation);
    }

    [TestMethod]
    public void The_same_run_has_no_difference_but_that_it_resumes()
    {
        Dictionary<string, string> resumed = Fingerprint;
        resumed["Resume"] = "True";
        Assert.IsEmpty(RunFingerprint.CheckSame(Fingerprint, resumed, LearningRateSchedule.Cosine));
    }
}
