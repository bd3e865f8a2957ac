using System.CommandLine;
using System.CommandLine.Parsing;
using System.Globalization;
using Microsoft.ML.MixtureOfSoftmaxes.Interop;

namespace Mos.Options;

/// <summary>Options that several commands have.</summary>
internal static class CommonOptions
{
    public static Option<string> ModelToRead() => new("--model")
    {
        Description = "The model, as 'mos train' or mlContext.Model.Save wrote it.",
        HelpName = "file.zip",
        Required = true,
    };

    public static Option<string[]> TextFiles(string name, string description, bool isRequired = false) => new(name)
    {
        Description = $"{description} '-' is standard input.",
        HelpName = "file",
        AllowMultipleArgumentsPerToken = true,
        Arity = ArgumentArity.OneOrMore,
        Required = isRequired,
    };

    public static Option<int> Integer(string name, int defaultValue, string? description = null) => new(name)
    {
        Description = description,
        HelpName = "integer",
        DefaultValueFactory = _ => defaultValue,
        CustomParser = ScalarValue.Integer,
    };

    public static Option<int> Resamples() => Integer("--resamples", 1_000, "Resamples of the text for the 95 % confidence intervals.");

    public static Option<int?> BlockLength() => new("--block-length")
    {
        Description =
            "How many rows in a row are drawn together in a resample. [default: 1 in the context of rows, else the cube root of their number]",
        HelpName = "integer",
        CustomParser = argument => ScalarValue.Integer(argument),
    };

    /// <summary>The value is the id of a GPU, or null for the CPU.</summary>
    public static Option<int?> Device() => new("--device")
    {
        Description = "Where to compute: on the CPU, or on the GPU with number N, from 0; cuda alone is cuda:0, under mpirun each process's " +
            "own. [default: cpu]",
        HelpName = "cpu|cuda:N",
        CustomParser = ParseDevice,
    };

    public static Option<bool> Json() => new("--json")
    {
        Description = "Write the results as one JSON object, on the last line of standard output.",
    };

    private static int? ParseDevice(ArgumentResult argument)
    {
        string text = argument.Tokens[0].Value;
        int id = MpiLauncher.Current?.LocalRank ?? 0;
        if (text is not ("cpu" or "cuda")
            && !(text.StartsWith("cuda:") && int.TryParse(text[5..], NumberStyles.None, CultureInfo.InvariantCulture, out id)))
        {
            argument.AddError($"--device is '{text}'; it must be cpu or cuda:N, N the number of a GPU from 0.");
        }

        return text == "cpu" ? null : id;
    }
}
