using System.CommandLine;
using System.Text.Json;
using Microsoft.ML.MixtureOfSoftmaxes.Persistence;
using static TorchSharp.torch;

namespace Benchmarks.Measuring;

/// <summary>Makes one measurement and writes it to standard output as JSON; <see cref="MeasuringProcess"/> starts it.</summary>
internal sealed class MeasureCommand : Command
{
    public const string CommandName = "measure";
    public const string Time = "time";
    public const string Memory = "memory";

    private readonly Argument<string> _what = new("what");
    private readonly Argument<string> _setting = new("setting");
    private readonly Argument<Part> _part = new("part");
    private readonly Argument<string[]> _cases = new("cases");
    private readonly Option<string> _device = new("--device");

    public MeasureCommand() : base(CommandName)
    {
        Hidden = true;
        Add(_what);
        Add(_setting);
        Add(_part);
        Add(_cases);
        Add(_device);
        SetAction(Run);
    }

    /// <summary>The argument that stands for a case.</summary>
    public static string Text(Case which) => $"{which.Formulation}:{which.Precision}";

    private void Run(ParseResult parse)
    {
        var setting = Setting.Find(parse.GetRequiredValue(_setting));
        Part part = parse.GetValue(_part);
        Case[] cases = [.. parse.GetRequiredValue(_cases).Select(text => Case.All.Single(which => Text(which) == text))];
        string name = parse.GetRequiredValue(_device);
        Device on = device(name == "cuda" ? "cuda:0" : name);
        object result = parse.GetValue(_what) == Memory
            ? Measure.ExtraBytes(setting, part, cases[0], on)
            : Measure.Time(setting, part, cases, on);
        Console.WriteLine(JsonSerializer.Serialize(result, FigureJson.Options));
    }
}
