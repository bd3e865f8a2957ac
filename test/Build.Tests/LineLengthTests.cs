using System.Globalization;

namespace Build.Tests;

/// <summary>The longest line that .editorconfig allows, which no analyzer checks.</summary>
[TestClass]
public class LineLengthTests
{
    private static readonly string[] s_folders = ["src", "pipelines", "bench", "build", "test"];

    [TestMethod]
    public void No_line_of_code_is_longer_than_the_editor_is_told()
    {
        const string Rule = "max_line_length = ";
        string line = File.ReadLines(Path.Combine(Files.Root, ".editorconfig")).Single(line => line.StartsWith(Rule, StringComparison.Ordinal));
        int longest = int.Parse(line[Rule.Length..], CultureInfo.InvariantCulture);
        string[] tooLong =
        [
            .. from folder in s_folders
               from path in Directory.EnumerateFiles(Path.Combine(Files.Root, folder), "*.cs", SearchOption.AllDirectories)
               let relative = Path.GetRelativePath(Files.Root, path)
               where !relative.Split(Path.DirectorySeparatorChar).Contains("obj")
               from numbered in File.ReadLines(path).Index()
               where numbered.Item.Length > longest
               select $"{relative}({numbered.Index + 1})",
        ];
        Assert.IsEmpty(tooLong, string.Join(Environment.NewLine, tooLong));
    }
}
