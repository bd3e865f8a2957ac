using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using Microsoft.ML.MixtureOfSoftmaxes.DependencyInjection.Tests.Support;
using Microsoft.ML.MixtureOfSoftmaxes.Tests.Support;

namespace Microsoft.ML.MixtureOfSoftmaxes.DependencyInjection.Tests.Service;

/// <summary>The web service as a process of its own: what keeps it from starting is told in one line.</summary>
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

    [TestMethod]
    [DataRow("scorer:QueueCapacity", "abc")]
    [DataRow("scorer:IncludeTokens", "yes")]
    public void A_setting_of_another_type_is_named(string name, string value)
    {
        string error = AssertEnds(2, $"'{value}'", "--model", "m.zip", $"--{name}", value);
        Assert.Contains(name.Split(':')[1], error);
    }

    [TestMethod]
    public void A_setting_that_is_not_there_is_named_with_those_that_are() => AssertEnds(
        2,
        "There is no setting scorer:Foo; scorer has ModelPath, TextColumnName, GpuDeviceId, GpuDeviceIds, FallbackToCpu, IncludeTokens, BatchSize, " +
        "BatchCharacters, Linger, QueueCapacity, MaximumTextLength, ReloadInterval.",
        "--model", "m.zip", "--scorer:batchsize", "2", "--scorer:Foo", "1");

    [TestMethod]
    [DataRow("MaximumStops", "0")]
    [DataRow("maximumtokens", "-1")]
    [DataRow("MaximumChoices", "1,000")]
    [DataRow("MaximumLogProbs", "")]
    public void A_limit_of_completions_that_is_no_limit_is_named(string name, string value) => AssertEnds(
        2, $"completions:{name} is '{value}'; it must be an integer, at least 1.", "--model", "m.zip", $"--completions:{name}", value);

    [TestMethod]
    public void A_limit_of_completions_that_is_not_there_is_named_with_those_that_are() => AssertEnds(
        2, "There is no setting completions:Foo; completions has MaximumTokens, MaximumChoices, MaximumLogProbs, MaximumStops.",
        "--model", "m.zip", "--completions:Foo", "1");

    [TestMethod]
    [DataRow("nonsense", "'nonsense'")]
    [DataRow("http://127.0.0.1:99999", "'http://127.0.0.1:99999'")]
    [DataRow("ftp://127.0.0.1", "'http://' and 'https://'")]
    public void An_address_at_which_it_cannot_listen_is_named(string urls, string message)
    {
        using var file = new ModelFile();
        string error = AssertEnds(2, message, "--model", file.Path, "--urls", urls);
        Assert.Contains("Check --urls", error);
    }

    [TestMethod]
    public void A_port_in_use_is_named()
    {
        using var file = new ModelFile();
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        AssertEnds(2, "address already in use", "--model", file.Path, "--urls", $"http://{listener.LocalEndpoint}");
    }

    [TestMethod]
    [DataRow("""{"scorer": """, "appsettings.json'. ")]
    [DataRow("""{"scorer": {"QueueCapacity": "many"}}""", "'many'")]
    [DataRow("""{"Logging": {"LogLevel": {"Default": "loud"}}}""", "'loud' is not supported")]
    public void A_file_of_settings_that_cannot_be_used_is_named(string settings, string message)
    {
        using var folder = new TemporaryFolder();
        File.WriteAllText(folder.PathOf("appsettings.json"), settings);
        AssertEnds(2, message, "--model", "m.zip", "--contentRoot", folder.PathOf(""));
    }

    private static string AssertEnds(int exitCode, string message, params string[] args)
    {
        var start = new ProcessStartInfo("dotnet", [Path.Combine(AppContext.BaseDirectory, "mos-service.dll"), .. args])
        {
            RedirectStandardError = true,
            RedirectStandardOutput = true,
        };
        using Process process = Process.Start(start)!;
        Task<string> output = process.StandardOutput.ReadToEndAsync();
        string error = process.StandardError.ReadToEnd();
        process.WaitForExit();
        Assert.AreEqual(exitCode, process.ExitCode, error);
        Assert.Contains(message, error);
        Assert.HasCount(1, error.TrimEnd().Split('\n'), error);
        Assert.DoesNotContain("   at ", output.Result, "The log has no stack trace either.");
        return error;
    }
}
