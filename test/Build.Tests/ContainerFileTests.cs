using System.Text.Json;
using System.Xml.Linq;

namespace Build.Tests;

/// <summary>The service's container file, without a container engine: its instructions, and that what they name is there.</summary>
[TestClass]
public sealed class ContainerFileTests
{
    private static readonly string s_path = Path.Combine(Files.Root, "pipelines/service/Dockerfile");

    private static readonly (string Name, string Argument)[] s_instructions =
    [
        .. File.ReadAllLines(s_path)
            .Where(line => line.Length > 0 && line[0] != '#')
            .Select(line => line.Split(' ', 2))
            .Select(parts => (parts[0], parts[1].Trim())),
    ];

    [TestMethod]
    public void It_builds_in_one_image_and_runs_in_another_that_has_no_compiler() => Assert.AreSequenceEqual(
        [
            "ARG", "FROM", "WORKDIR", "COPY", "RUN",
            "FROM", "WORKDIR", "COPY", "ENV", "EXPOSE", "USER", "ENTRYPOINT", "CMD",
        ],
        s_instructions.Select(instruction => instruction.Name));

    [TestMethod]
    public void Its_images_are_of_the_framework_that_the_projects_are_built_for()
    {
        string version = Property("Directory.Build.props", "TargetFramework")["net".Length..];
        string[] images = Arguments("FROM");
        Assert.AreEqual($"${{{Arguments("ARG").Single()}}}/sdk:{version} AS build", images[0]);
        Assert.AreEqual($"${{{Arguments("ARG").Single()}}}/aspnet:{version}", images[1]);
    }

    [TestMethod]
    public void It_publishes_the_service_and_starts_what_that_makes()
    {
        string[] publish = Arguments("RUN").Single().Split(' ');
        Assert.AreSequenceEqual(["dotnet", "publish"], publish[..2]);
        string project = publish[2];
        Assert.IsTrue(File.Exists(Path.Combine(Files.Root, project)), project);
        Assert.AreEqual($"--from=build {publish[^1]} .", Arguments("COPY")[1]);
        Assert.AreSequenceEqual(
            ["dotnet", $"{Property(project, "AssemblyName")}.dll"], JsonSerializer.Deserialize<string[]>(Arguments("ENTRYPOINT").Single())!,
            "An array, so that signals reach the service.");
    }

    [TestMethod]
    public void It_serves_a_mounted_model_as_nobody_in_particular_and_writes_to_the_temporary_folder_alone()
    {
        Assert.AreSequenceEqual(["--model", "/models/model.zip"], JsonSerializer.Deserialize<string[]>(Arguments("CMD").Single())!);
        Assert.AreEqual("$APP_UID", Arguments("USER").Single(), "The user of the image, who is not root.");
        string[] variables = Arguments("ENV").Single().Split(' ');
        Assert.Contains($"ASPNETCORE_HTTP_PORTS={Arguments("EXPOSE").Single()}", variables);
        Assert.Contains("TMPDIR=/tmp", variables);
        Assert.Contains("--read-only --tmpfs /tmp", File.ReadAllText(s_path));
    }

    [TestMethod]
    public void Build_outputs_stay_outside() =>
        Assert.IsEmpty(new[] { ".git", "**/bin", "**/obj" }.Except(File.ReadAllLines(s_path + ".dockerignore")));

    private static string[] Arguments(string name) =>
        [.. s_instructions.Where(instruction => instruction.Name == name).Select(instruction => instruction.Argument)];

    private static string Property(string file, string name) =>
        XDocument.Load(Path.Combine(Files.Root, file)).Descendants(name).Single().Value;
}
