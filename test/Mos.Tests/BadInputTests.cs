using Microsoft.ML;
using Microsoft.ML.MixtureOfSoftmaxes.Tests.Support;
using Mos.Tests.Support;

namespace Mos.Tests;

[TestClass]
public sealed class BadInputTests : IDisposable
{
    private readonly Workspace _files = new();

    [TestMethod]
    public void A_missing_file_fails_with_its_name()
    {
        CommandRun.Of("train", "--train", _files["no.txt"], "--model", _files["m.zip"]).FailedWith(1, _files["no.txt"]);
        CommandRun.Of("evaluate", "--model", _files["no.zip"], "--data", _files["no.txt"])
            .FailedWith(1, _files["no.zip"], "give the path");
        CommandRun.Of("score", "--model", _files["no.zip"], "--input", _files["no.txt"]).FailedWith(1, _files["no.zip"]);
    }

    [TestMethod]
    public void A_bad_model_fails_with_its_name_the_cause_and_the_remedy()
    {
        _files.Train("good.zip").Succeeded();
        foreach (BadModel bad in BadModel.Of(File.ReadAllBytes(_files["good.zip"])))
        {
            File.WriteAllBytes(_files["bad.zip"], bad.Bytes);
            CommandRun run = CommandRun.Of("evaluate", "--model", _files["bad.zip"], "--data", _files["valid.txt"]);
            run.FailedWith(1);
            bad.AssertExplained(_files["bad.zip"], run.ErrorLines.Single());
        }
    }

    [TestMethod]
    public void A_model_without_a_language_model_fails_with_its_name_and_what_is_needed()
    {
        _files.Train("good.zip").Succeeded();
        var ml = new MLContext();
        var chain = (IEnumerable<ITransformer>)ml.Model.Load(_files["good.zip"], out DataViewSchema schema);
        ml.Model.Save(chain.First(), schema, _files["tokenizer.zip"]);
        CommandRun.Of("evaluate", "--model", _files["tokenizer.zip"], "--data", _files["valid.txt"])
            .FailedWith(
                1, $"'{_files["tokenizer.zip"]}'", "no language model", "pass the model that a language-model trainer fitted");
    }

    [TestMethod]
    public void A_truncated_model_fails_with_its_name_wherever_it_is_cut()
    {
        _files.Train("whole.zip").Succeeded();
        byte[] whole = File.ReadAllBytes(_files["whole.zip"]);
        foreach (int length in (int[])[0, 100, whole.Length / 2, whole.Length - 1])
        {
            File.WriteAllBytes(_files["cut.zip"], whole[..length]);
            CommandRun.Of("evaluate", "--model", _files["cut.zip"], "--data", _files["valid.txt"])
                .FailedWith(1, _files["cut.zip"]);
        }
    }

    [TestMethod]
    public void Empty_text_fails_with_its_name_and_leaves_no_model()
    {
        string empty = _files.Write("empty.txt");
        CommandRun.Of("train", "--train", empty, "--model", _files["m.zip"]).FailedWith(1, empty, "empty");
        Assert.IsFalse(File.Exists(_files["m.zip"]));
        _files.Train("m.zip").Succeeded();
        CommandRun.Of("evaluate", "--model", _files["m.zip"], "--data", empty).FailedWith(1, empty, "empty");
        CommandRun.Of("train", "--train", _files["train.txt"], "--valid", empty, "--model", _files["m.zip"]).FailedWith(1, empty);
    }

    [TestMethod]
    public void Text_without_a_word_in_it_fails_as_such()
    {
        string blank = _files.Compress(_files.Write("blank.txt", "", " ", ""));
        CommandRun.Of("train", "--train", blank, "--model", _files["m.zip"]).FailedWith(1, "holds no word");
    }

    [TestMethod]
    public void A_folder_in_the_place_of_the_model_is_told_before_training()
    {
        Directory.CreateDirectory(_files["taken"]);
        _files.Train("taken").FailedWith(1, _files["taken"], "folder");
    }

    [TestMethod]
    public void A_device_that_is_not_there_is_told() => _files.Train("m.zip", "--device", "cuda:99").FailedWith(1, "99");

    [TestMethod]
    public void Verbose_adds_where_the_error_arose()
    {
        string[] command = ["evaluate", "--model", _files["no.zip"], "--data", _files["no.txt"]];
        Assert.HasCount(1, CommandRun.Of(command).ErrorLines);
        StringAssert.Contains(CommandRun.Of([.. command, "--verbose"]).Error, "   at Mos.");
    }

    public void Dispose() => _files.Dispose();
}
