using System.Text.RegularExpressions;
using Mos.Tests.Support;

namespace Mos.Tests;

[TestClass]
public class UsageTests
{
    private static readonly string[] s_train = ["train", "--train", "absent.txt", "--model", "never.zip"];

    [TestMethod]
    [DataRow("--experts", "0", "Experts is 0")]
    [DataRow("--experts", "1.5", "'1.5'")]
    [DataRow("--word-dropout", "1", "WordDropout is 1")]
    [DataRow("--learning-rate", "fast", "'fast'")]
    [DataRow("--max-tokens", "0", "MaximumTokens is 0")]
    [DataRow("--min-count", "0", "--minimum-count")]
    [DataRow("--max-vocabulary", "2", "--maximum-size")]
    [DataRow("--tokenizer", "letters", "words|bpe")]
    [DataRow("--head", "mix", "doc|mfs|mixtape|moc|mos|moss|plif|softmax")]
    [DataRow("--preset", "huge", "'huge'")]
    [DataRow("--device", "gpu", "cpu or cuda:N")]
    [DataRow("--device", "cuda:-1", "'cuda:-1'")]
    [DataRow("--end-of-sentence", "<unk>", "EndOfSentence")]
    public void A_wrong_value_is_wrong_usage_and_named_before_any_file_is_opened(string option, string value, string named) =>
        CommandRun.Of([.. s_train, option, value]).FailedWith(2, named);

    [TestMethod]
    [DataRow("train", "--train", "absent.txt", "--model", "never.zip")]
    [DataRow("evaluate", "--model", "absent.zip", "--data", "absent.txt", "--dynamic", "--statistics", "absent.txt")]
    [DataRow("score", "--model", "absent.zip", "--input", "absent.txt")]
    [DataRow("generate", "--model", "absent.zip")]
    [DataRow("rank", "--model", "absent.zip", "--data", "absent.txt")]
    [DataRow("compare", "--model", "absent.zip", "--data", "absent.txt")]
    public void What_may_separate_thousands_or_decimals_is_wrong_usage_for_every_number(params string[] command)
    {
        // Of the options in the help, those of numbers: "  --temperature <number>  …".
        foreach (string line in CommandRun.Of(command[0], "--help").OutputLines.Where(line => Regex.IsMatch(line, "^  -.*<(number|integer)>")))
        {
            string[] names = [.. line.Split([' ', ','], StringSplitOptions.RemoveEmptyEntries).TakeWhile(word => word[0] == '-')];
            foreach (string value in line.Contains("<number>") ? (string[])["0,5", "2,0,0", "1,000.5"] : ["1,000", "1.000"])
            {
                CommandRun run = CommandRun.Of([.. command, names[0], value]);
                run.FailedWith(2, $" is '{value}'; it must be ");
                Assert.IsTrue(names.Any(name => run.ErrorLines[0].StartsWith($"mos: {name} ")), run.Error);
            }
        }
    }

    [TestMethod]
    [DataRow("--maximum-time", "90")]
    [DataRow("--maximum-time", "1.5")]
    [DataRow("--maximum-time", "1:30")]
    [DataRow("--checkpoint-interval", "10")]
    [DataRow("--checkpoint-interval", "1,5h")]
    public void A_time_without_a_unit_is_wrong_usage_and_the_forms_are_told(string option, string value) =>
        CommandRun.Of([.. s_train, option, value]).FailedWith(2, option, $"'{value}'", "hh:mm:ss", "90s", "15m", "2h");

    [TestMethod]
    [DataRow("48:00:00")]
    [DataRow("24:30:00")]
    [DataRow("90s")]
    [DataRow("2h")]
    public void A_time_may_be_longer_than_a_day_or_have_a_unit(string value) =>
        CommandRun.Of([.. s_train, "--maximum-time", value]).FailedWith(1, "absent.txt");

    [TestMethod]
    [DataRow("--vocabulary-size", "255", "--vocabulary-size: VocabularySize")]
    [DataRow("--min-count", "2", "for words")]
    public void What_byte_pairs_cannot_have_is_wrong_usage(string option, string value, string named) =>
        CommandRun.Of([.. s_train, "--tokenizer", "bpe", option, value]).FailedWith(2, named);

    [TestMethod]
    [DataRow("--model")]
    [DataRow("--train")]
    public void A_missing_required_option_is_wrong_usage_and_named(string missing)
    {
        int at = Array.IndexOf(s_train, missing);
        CommandRun.Of([.. s_train[..at], .. s_train[(at + 2)..]]).FailedWith(2, missing);
    }

    [TestMethod]
    public void An_unknown_option_a_wrong_command_and_no_command_are_wrong_usage()
    {
        CommandRun.Of([.. s_train, "--colour=red"]).FailedWith(2, "--colour");
        CommandRun.Of("evaluate", "--model", "m.zip", "--data", "d.txt", "--context", "page").FailedWith(2, "page");
        Assert.AreEqual(2, CommandRun.Of("translate").ExitCode);
        Assert.AreEqual(2, CommandRun.Of().ExitCode);
    }

    [TestMethod]
    public void Wrong_usage_points_to_the_help_of_the_command() =>
        Assert.AreEqual("Try 'mos train --help'.", CommandRun.Of("train").ErrorLines[^1]);
}
