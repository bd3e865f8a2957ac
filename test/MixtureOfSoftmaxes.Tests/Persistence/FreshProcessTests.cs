using System.Diagnostics;
using System.Reflection;
using Microsoft.ML.MixtureOfSoftmaxes.Tests.Support;

namespace Microsoft.ML.MixtureOfSoftmaxes.Tests.Persistence;

[TestClass]
public sealed class FreshProcessTests
{
    private static readonly string s_program = Path.Combine(AppContext.BaseDirectory, "LoadAndScore.dll");

    [TestMethod]
    public void A_process_that_never_heard_of_the_library_loads_our_types_and_scores_the_same_bit_for_bit()
    {
        using var folder = new TemporaryFolder();
        string path = folder.PathOf("model.zip");
        var ml = new MLContext();
        ml.Model.Save(TinyModel.Trained, ml.Texts().Schema, path);
        string[] texts = [.. TinyModel.ValidationSentences.Take(30), "", "unheard of"];
        string[] output = LoadAndScore(path, texts);
        Assert.AreSequenceEqual(
            [typeof(VocabularyTokenizingTransformer).FullName!, typeof(LanguageModelTransformer).FullName!], output[..2]);
        Assert.AreSequenceEqual(
            ml.Score(TinyModel.Trained, texts).Select(row => BitConverter.SingleToUInt32Bits(row.LogLikelihood).ToString("x8")),
            output[2..]);
    }

    [TestMethod]
    public void A_tokenizer_of_files_comes_back_in_another_process()
    {
        using var folder = new TemporaryFolder();
        string[] texts = ["the cats", "", "  The cat, unable  ", "été the xyz"];
        var ml = new MLContext();
        foreach (TokenizerFiles files in TokenizerSamples.All)
        {
            ITransformer model = PretrainedModel.Untrained(files);
            string path = folder.PathOf("model.zip");
            ml.Model.Save(model, ml.Texts().Schema, path);
            string[] output = LoadAndScore(path, texts);
            Assert.AreEqual(typeof(PretrainedTokenizingTransformer).FullName, output[0]);
            Assert.AreSequenceEqual(
                ml.Score(model, texts).Select(row => BitConverter.SingleToUInt32Bits(row.LogLikelihood).ToString("x8")), output[2..]);
        }
    }

    [TestMethod]
    public void The_program_it_runs_names_nothing_of_the_library()
    {
        // Else the runtime would have loaded the library before the model is read.
        string[] referenced = [.. Assembly.LoadFile(s_program).GetReferencedAssemblies().Select(name => name.Name!)];
        Assert.IsTrue(referenced.Any(name => name.StartsWith("Microsoft.ML", StringComparison.Ordinal)));
        Assert.DoesNotContain("Microsoft.ML.MixtureOfSoftmaxes", referenced);
    }

    private static string[] LoadAndScore(string modelPath, string[] texts)
    {
        var start = new ProcessStartInfo(Environment.GetEnvironmentVariable("DOTNET_HOST_PATH") ?? "dotnet")
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            ArgumentList = { "exec", s_program, modelPath },
        };
        using Process process = Process.Start(start)!;
        Task<string> errors = process.StandardError.ReadToEndAsync();
        foreach (string text in texts)
        {
            process.StandardInput.WriteLine(text);
        }

        process.StandardInput.Close();
        string output = process.StandardOutput.ReadToEnd();
        Assert.IsTrue(process.WaitForExit(TimeSpan.FromSeconds(60)));
        Assert.AreEqual(0, process.ExitCode, errors.Result);
        return output.Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
    }
}
