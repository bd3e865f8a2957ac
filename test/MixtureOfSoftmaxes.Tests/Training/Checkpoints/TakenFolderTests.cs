using Microsoft.ML.MixtureOfSoftmaxes.Tests.Support;
using Microsoft.ML.MixtureOfSoftmaxes.Training;

namespace Microsoft.ML.MixtureOfSoftmaxes.Tests.Training.Checkpoints;

/// <summary>One run at a time has a checkpoint folder, and a folder of no use is known before anything is read.</summary>
[TestClass]
public sealed class TakenFolderTests : IDisposable
{
    private readonly TemporaryFolder _temporary = new();
    private readonly MixtureOfSoftmaxesTrainer.Options _options = ShortRun.Options();

    public TakenFolderTests() => (_options.CheckpointFolder, _options.MaximumTokens) = (_temporary.PathOf("checkpoints"), 50);

    public void Dispose() => _temporary.Dispose();

    [TestMethod]
    public void A_second_run_in_the_folder_is_told_of_the_first_whether_it_resumes_or_not()
    {
        int refused = 0;
        _options.Progress = new Recorder(progress =>
        {
            MixtureOfSoftmaxesTrainer.Options second = ShortRun.Options();
            (second.CheckpointFolder, second.Resume) = (_options.CheckpointFolder, progress.Step % 2 == 0);
            AssertRefusedUnread<IOException>(second, $"'{_options.CheckpointFolder}'", "in use by another run");
            refused++;
        });
        ShortRun.Fit(_options).Dispose();
        Assert.IsGreaterThan(1, refused);
        Assert.IsEmpty(Directory.GetFiles(_options.CheckpointFolder!), "the lock goes with the run");
        CheckpointFolder.Take(Resuming())!.Dispose();
    }

    [TestMethod]
    public void A_run_that_fails_lets_go_of_the_folder()
    {
        ShortRun.Fit(_options).Dispose();
        _options.LearningRate = 6;
        _options.Resume = true;
        Assert.Throws<InvalidOperationException>(() => ShortRun.Fit(_options));
        CheckpointFolder.Take(Resuming())!.Dispose();
    }

    [TestMethod]
    public void What_a_killed_run_left_of_its_lock_is_in_no_ones_way()
    {
        Directory.CreateDirectory(_options.CheckpointFolder!);
        File.WriteAllText(Path.Combine(_options.CheckpointFolder!, "lock"), "");
        ShortRun.Fit(_options).Dispose();
    }

    [TestMethod]
    [OSCondition(OperatingSystems.Linux)]
    public void A_folder_that_cannot_be_written_is_an_error_before_anything_is_read()
    {
        _options.CheckpointFolder = "/proc/checkpoints"; // not even root may
        AssertRefusedUnread<IOException>(_options, "'/proc/checkpoints'", "cannot be written", "CheckpointFolder");
        _options.CheckpointFolder = "/proc/self";
        AssertRefusedUnread<IOException>(_options, "'/proc/self'", "cannot be written");
    }

    [TestMethod]
    public void A_folder_with_an_earlier_run_is_an_error_before_anything_is_read()
    {
        ShortRun.Fit(_options).Dispose();
        AssertRefusedUnread<InvalidOperationException>(_options, _options.CheckpointFolder!, "Resume");
    }

    private MixtureOfSoftmaxesTrainer.Options Resuming()
    {
        _options.Resume = true;
        return _options;
    }

    private static void AssertRefusedUnread<TException>(MixtureOfSoftmaxesTrainer.Options options, params string[] parts)
        where TException : Exception
    {
        IDataView unread = new MLContext().Data.FilterByCustomPredicate<Row>(
            ShortRun.Training, _ => throw new InvalidTimeZoneException("The data were read."));
        Errors.AssertThrows<TException>(() => ShortRun.Fit(options, data: unread), parts);
    }

    private sealed class Row
    {
        public string Text { get; set; } = "";
    }
}
