using Microsoft.ML.MixtureOfSoftmaxes.Tests.Support;

namespace Microsoft.ML.MixtureOfSoftmaxes.Tests.Training.Checkpoints;

/// <summary>
/// A run that goes on from a damaged checkpoint ends with an error, or as it would have from the whole one. With MOS_LONG_TESTS=1
/// twenty times as many are tried.
/// </summary>
[TestClass]
public sealed class CheckpointMutantTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [TestMethod]
    public void A_damaged_checkpoint_is_refused_or_goes_on_as_the_whole_one()
    {
        string expected = ShortRun.Hash(Options());
        MixtureOfSoftmaxesTrainer.Options options = Options();
        options.CheckpointFolder = _folder.PathOf("checkpoints");
        options.Resume = true;
        options.MaximumTokens = 900; // In fine-tuning, where there are files of all kinds.
        ShortRun.Fit(options).Dispose();
        options.MaximumTokens = null;
        string checkpoint = Directory.GetDirectories(options.CheckpointFolder).Single();
        Dictionary<string, byte[]> whole = Directory.GetFiles(checkpoint).ToDictionary(file => Path.GetFileName(file)!, File.ReadAllBytes);
        Assert.HasCount(7, whole);
        string[] files = [.. whole.Keys.Order(StringComparer.Ordinal)];
        var random = new Random(1);
        var mutants = new Mutants(seed: 1);
        int refused = 0, count = Mutants.Count(60);
        for (int i = 0; i < count; i++)
        {
            Directory.Delete(options.CheckpointFolder, recursive: true);
            Directory.CreateDirectory(checkpoint);
            foreach ((string file, byte[] content) in Mutate(whole, files, random, mutants))
            {
                File.WriteAllBytes(Path.Combine(checkpoint, file), content);
            }

            try
            {
                Assert.AreEqual(expected, ShortRun.Hash(options), $"mutant {i}");
            }
            catch (FormatException e)
            {
                Assert.Contains(checkpoint, e.Message);
                refused++;
            }
        }

        Assert.IsGreaterThan(count / 2, refused);
    }

    private static Dictionary<string, byte[]> Mutate(Dictionary<string, byte[]> whole, string[] files, Random random, Mutants mutants)
    {
        var changed = new Dictionary<string, byte[]>(whole);
        string one = files[random.Next(files.Length)], other = files[random.Next(files.Length)];
        switch (random.Next(6))
        {
            case 0:
                changed.Remove(one);
                break;
            case 1:
                (changed[one], changed[other]) = (changed[other], changed[one]);
                break;
            case 2:
                changed["state.json"] = mutants.Number(changed["state.json"]);
                break;
            default:
                changed[one] = mutants.Bytes(changed[one]);
                break;
        }

        return changed;
    }

    private static MixtureOfSoftmaxesTrainer.Options Options()
    {
        MixtureOfSoftmaxesTrainer.Options options = ShortRun.Options();
        (options.Optimizer, options.LearningRate, options.MaximumEpochs, options.FinetuneEpochs) = (LanguageModelOptimizer.Adam, 0.01, 1, 2);
        return options;
    }
}
