using System.Reflection;
using Microsoft.ML.MixtureOfSoftmaxes;
using Mos.Tests.Support;

namespace Mos.Tests;

[TestClass]
public class HelpTests
{
    [TestMethod]
    public void The_help_names_every_command_and_the_exit_codes()
    {
        string help = CommandRun.Of("--help").Succeeded().Output;
        string[] words = ["train", "evaluate", "score", "generate", "report", "rank", "compare", "sweep", "export", "import", "130 cancelled"];
        foreach (string word in words)
        {
            StringAssert.Contains(help, word);
        }
    }

    [TestMethod]
    [DataRow("train")]
    [DataRow("evaluate")]
    [DataRow("score")]
    [DataRow("generate")]
    [DataRow("report")]
    [DataRow("tokenizer")]
    [DataRow("rank")]
    [DataRow("compare")]
    [DataRow("sweep")]
    [DataRow("export")]
    [DataRow("import")]
    public void The_help_of_a_command_ends_with_examples_that_name_only_options_it_has(string command)
    {
        CommandRun run = CommandRun.Of(command, "--help").Succeeded();
        string[] parts = run.Output.Split("Examples:");
        Assert.HasCount(2, parts);
        string[] examples = [.. parts[1].Split('\n').Where(line => line.Contains("mos "))];
        Assert.IsGreaterThanOrEqualTo(2, examples.Length);
        foreach (string option in examples.SelectMany(line => line.Split(' ')).Where(word => word.StartsWith("--")))
        {
            Assert.Contains(option, parts[0].Split(' ', ',', '\n'));
        }

        Assert.AreEqual("", run.Error);
    }

    [TestMethod]
    public void Every_trainer_option_that_is_a_number_a_word_or_a_choice_is_an_option_with_its_documentation()
    {
        // Set by --shuffle-files, and by what --cache finds in the files.
        string[] set = [nameof(MixtureOfSoftmaxesTrainer.Options.ShardColumnName), nameof(MixtureOfSoftmaxesTrainer.Options.TokenCacheKey)];
        string[] lines = CommandRun.Of("train", "--help").Succeeded().OutputLines;
        string[] properties = [.. typeof(MixtureOfSoftmaxesTrainer.Options).GetProperties().Where(IsScalar).Select(p => p.Name).Except(set)];
        CollectionAssert.IsSubsetOf(new[] { "Head", "Experts", "LastHiddenSize", "ClipNorm", "MaximumTokens" }, properties);
        foreach (string property in properties)
        {
            string option = "--" + string.Concat(
                property.Select((c, i) => char.IsUpper(c) ? (i > 0 ? "-" : "") + char.ToLower(c) : $"{c}"));
            string line = lines.Single(l => l.StartsWith("  --") && (l.Contains(option + " ") || l.Contains(option + ",")));
            StringAssert.Contains(line, "Default ");
        }

        static bool IsScalar(PropertyInfo property) =>
            (Nullable.GetUnderlyingType(property.PropertyType) ?? property.PropertyType) is var type
            && (type == typeof(int) || type == typeof(long) || type == typeof(double) || type == typeof(string) || type.IsEnum);
    }
}
