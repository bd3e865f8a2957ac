using System.Diagnostics;
using Microsoft.ML.MixtureOfSoftmaxes.DependencyInjection.Tests.Support;
using Microsoft.ML.MixtureOfSoftmaxes.Tests.Support;

namespace Microsoft.ML.MixtureOfSoftmaxes.DependencyInjection.Tests.Service;

/// <summary>The web service as a process of its own.</summary>
[TestClass]
public sealed class ProgramTests
{
    [TestMethod]
    public void Without_a_model_it_says_how_it_is_used() => AssertEnds(2, "--model FILE");

    [TestMethod]
    public void A_limit_out_of_range_is_named() => AssertEnds(2, "BatchSize is 0", "--model", "m.zip", "--scorer:BatchSize", "0");

    [TestMethod]
    [DataRow("--scorer:ReloadInterval", "90", "ReloadInterval is '90'")]
    [DataRow("--scorer:QueueCapacity", "1,000", "QueueCapacity is '1,000'")]
    public void A_value_that_cannot_be_read_is_named(string option, string value, string message) =>
        AssertEnds(2, message, "--model", "m.zip", option, value);

    [TestMethod]
    public void A_model_that_is_not_there_is_named() => AssertEnds(1, "'/nowhere/m.zip'", "--model", "/nowhere/m.zip");

    [TestMethod]
    public void A_model_that_is_bad_is_named_on_the_first_line_with_the_cause_and_the_remedy()
    {
        using var file = new ModelFile();
        foreach (BadModel bad in BadModel.Of(ModelFile.Bytes(seed: 1)).Where(bad => bad.Name is "newer" or "cut short"))
        {
            file.Write(bad.Bytes);
            string error = AssertEnds(1, "mos-service: ", "--model", file.Path);
            bad.AssertExplained(file.Path, error.TrimEnd());
        }
    }

    private static string AssertEnds(int exitCode, string message, params string[] args)
    {
        var start = new ProcessStartInfo("dotnet", [Path.Combine(AppContext.BaseDirectory, "mos-service.dll"), .. args])
        {
            RedirectStandardError = true,
        };
        using Process process = Process.Start(start)!;
        string error = process.StandardError.ReadToEnd();
        process.WaitForExit();
        Assert.AreEqual(exitCode, process.ExitCode, error);
        Assert.Contains(message, error);
        return error;
    }
}
