using Microsoft.Extensions.DependencyInjection;
using Microsoft.ML.MixtureOfSoftmaxes.DependencyInjection.Tests.Support;
using Microsoft.ML.MixtureOfSoftmaxes.Tests.Support;

namespace Microsoft.ML.MixtureOfSoftmaxes.DependencyInjection.Tests.Models;

[TestClass]
public sealed class ReloadTests
{
    private const string Text = "a b x c";

    [TestMethod]
    public async Task A_new_file_takes_over_and_no_caller_notices()
    {
        using var file = new ModelFile(seed: 1);
        await using ServiceProvider provider = Following(file);
        ILanguageModelScorer scorer = provider.Scorer();
        TextScore[] expected = [.. new[] { 1, 2 }.Select(seed => ModelFile.Expected(seed, Text)[0])];
        using var stop = new CancellationTokenSource();
        Task[] callers =
        [
            .. Enumerable.Range(0, 8).Select(_ => Task.Run(async () =>
            {
                while (!stop.IsCancellationRequested)
                {
                    TextScore score = await scorer.ScoreAsync(Text);
                    Assert.IsTrue(expected.Any(e => Scorers.IsClose(e, score)), $"{score} is neither model's.");
                }
            })),
        ];

        for (int replacement = 0; replacement < LongTests.Choose(12, 60); replacement++)
        {
            int seed = 2 - (replacement % 2);
            DateTimeOffset before = scorer.Status.ModelLoaded;
            file.Write(ModelFile.Bytes(seed));
            await Scorers.Eventually(() => scorer.Status.ModelLoaded > before, "the new file is loaded");
            Scorers.AssertClose(expected[seed - 1], await scorer.ScoreAsync(Text));
        }

        await stop.CancelAsync();
        await Task.WhenAll(callers);
    }

    [TestMethod]
    [DataRow("garbage", "model.zip")]
    [DataRow("half", "model.zip")]
    [DataRow("gone", "model.zip")]
    [DataRow("NaN", "so it has no probabilities")]
    [DataRow("absurd", "so it has no probabilities")]
    [DataRow("newer", "is in format 9.1")]
    [DataRow("made to fill the disk", "would unpack to")]
    public async Task A_file_that_cannot_be_used_leaves_the_old_model_in_place(string damage, string reason)
    {
        using var file = new ModelFile(seed: 1);
        await using ServiceProvider provider = Following(file);
        ILanguageModelScorer scorer = provider.Scorer();
        using var measurements = new Measurements(provider);

        Damage(file, damage);
        await Scorers.Eventually(() => scorer.Status.ReloadError is not null, "the damaged file is refused");
        Assert.Contains(reason, scorer.Status.ReloadError!);
        Scorers.AssertClose(ModelFile.Expected(1, Text)[0], await scorer.ScoreAsync(Text));
        await Task.Delay(150);
        Assert.AreEqual(1, measurements.Sum("mos.scorer.reloads failed"), "It is tried once, not at each look.");

        file.Write(ModelFile.Bytes(seed: 2));
        await Scorers.Eventually(() => scorer.Status.ReloadError is null, "the good file is loaded");
        Scorers.AssertClose(ModelFile.Expected(2, Text)[0], await scorer.ScoreAsync(Text));
    }

    [TestMethod]
    public async Task The_log_and_the_status_say_what_is_wrong_with_a_file_and_what_to_do()
    {
        using var file = new ModelFile(seed: 1);
        var log = new LogLines();
        await using ServiceProvider provider = Scorers.Provide(
            file.Path, options => options.ReloadInterval = TimeSpan.FromMilliseconds(20), log);
        ILanguageModelScorer scorer = provider.Scorer();
        foreach (BadModel bad in BadModel.Of(ModelFile.Bytes(seed: 1)))
        {
            int before = log.Lines.Length;
            file.Write(bad.Bytes);
            await Scorers.Eventually(() => log.Lines.Length > before, $"'{bad.Name}' is refused");
            bad.AssertExplained(file.Path, scorer.Status.ReloadError!);
            bad.AssertExplained(file.Path, log.Lines[before]);
        }
    }

    [TestMethod]
    public async Task A_file_still_being_written_is_left_alone()
    {
        using var file = new ModelFile(seed: 1);
        await using ServiceProvider provider = Scorers.Provide(
            file.Path, options => options.ReloadInterval = TimeSpan.FromSeconds(1));
        ILanguageModelScorer scorer = provider.Scorer();
        byte[] bytes = ModelFile.Bytes(seed: 2);
        using (FileStream stream = new(file.Path, FileMode.Create, FileAccess.Write, FileShare.Read))
        {
            foreach (byte[] part in bytes.Chunk((bytes.Length / 30) + 1))
            {
                stream.Write(part);
                stream.Flush();
                await Task.Delay(100);
                Assert.IsNull(scorer.Status.ReloadError);
            }
        }

        Scorers.AssertClose(ModelFile.Expected(1, Text)[0], await scorer.ScoreAsync(Text));
        TextScore expected = ModelFile.Expected(2, Text)[0];
        await Scorers.Eventually(
            () => Scorers.IsClose(expected, scorer.ScoreAsync(Text).AsTask().GetAwaiter().GetResult()),
            "the finished file serves");
    }

    [TestMethod]
    public async Task Without_an_interval_the_first_model_stays()
    {
        using var file = new ModelFile(seed: 1);
        await using ServiceProvider provider = Scorers.Provide(file.Path, options => options.ReloadInterval = null);
        ILanguageModelScorer scorer = provider.Scorer();
        file.Write(ModelFile.Bytes(seed: 2));
        await Task.Delay(200);
        Scorers.AssertClose(ModelFile.Expected(1, Text)[0], await scorer.ScoreAsync(Text));
    }

    private static ServiceProvider Following(ModelFile file) =>
        Scorers.Provide(file.Path, options => options.ReloadInterval = TimeSpan.FromMilliseconds(20));

    private static void Damage(ModelFile file, string damage)
    {
        byte[] good = ModelFile.Bytes(seed: 2);
        switch (damage)
        {
            case "garbage":
                file.Write([1, 2, 3, 4]);
                break;
            case "half":
                file.Write(good[..(good.Length / 2)]);
                break;
            case "gone":
                File.Delete(file.Path);
                break;
            case "NaN":
                file.Write(ModelFile.BytesWithWeight(double.NaN));
                break;
            case "absurd":
                file.Write(ModelFile.BytesWithWeight(3e38));
                break;
            default:
                file.Write(BadModel.Of(good).Single(bad => bad.Name == damage).Bytes);
                break;
        }
    }
}
