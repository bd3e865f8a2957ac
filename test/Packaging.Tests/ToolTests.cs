using System.Text.Json;

namespace Packaging.Tests;

[TestClass]
public class ToolTests
{
    [TestMethod]
    public void The_tool_is_installed_from_its_packages_trains_and_evaluates()
    {
        string tools = Path.Combine(Packages.Folder, "the tools");
        string text = Path.Combine(Packages.Folder, "text.txt"), model = Path.Combine(Packages.Folder, "model.zip");
        File.WriteAllLines(text, Enumerable.Range(0, 100).Select(i => $"the cat sat on mat {i % 5}"));

        Dotnet.Run(Packages.Folder, "tool", "install", "Microsoft.ML.MixtureOfSoftmaxes.Tool", "--version", Packages.Version,
            "--source", Packages.Packed, "--tool-path", tools);
        string mos = Path.Combine(tools, "mos");
        Dotnet.Start(mos, Packages.Folder, "train", "--train", text, "--model", model, "--epochs", "1",
            "--embedding-size", "8", "--hidden-size", "8");
        string json = Dotnet.Start(mos, Packages.Folder, "evaluate", "--model", model, "--data", text, "--json")[^1];

        using JsonDocument figures = JsonDocument.Parse(json);
        Assert.IsGreaterThan(1, figures.RootElement.GetProperty("perplexity").GetDouble());
        StringAssert.StartsWith(Dotnet.Start(mos, Packages.Folder, "--version").Single(), Packages.Version);
    }
}
