using System.CommandLine;
using System.Text.Json;
using System.Xml.Linq;
using Benchmarks.Measuring;
using Benchmarks.Reports;
using Benchmarks.Workloads;
using Microsoft.ML.MixtureOfSoftmaxes.Persistence;
using TorchSharp;

namespace Benchmarks;

/// <summary>Measures the fused mixture of softmaxes against the plain formulation and against a softmax.</summary>
internal sealed class BenchmarkCommand : RootCommand
{
    private static readonly JsonSerializerOptions s_json = new(FigureJson.Options) { WriteIndented = true };

    private readonly Option<bool> _quick = new("--quick")
    {
        Description = "Measure at the sizes of Penn Treebank only; takes a few minutes on two cores.",
    };

    private readonly Option<bool> _json = new("--json")
    {
        Description = "Write each measurement as a JSON object to standard error once it is made, and the figures of Penn Treebank as one, on " +
            "the last line of standard output.",
    };

    private readonly Option<string?> _output = new("--output")
    {
        Description = "A folder to write benchmark.json to, all figures and the machine, and benchmark.svg, a chart of them, and " +
            "growth.svg, what the head costs as vocabulary, experts, tokens and threads grow; some minutes more.",
        HelpName = "folder",
    };

    private readonly Option<string> _device = new("--device")
    {
        Description = "Where to compute; auto: on the first GPU if there is one.",
        DefaultValueFactory = _ => "auto",
    };

    private readonly Option<int?> _threads = new("--threads")
    {
        Description = "The number of CPU threads. [default: as many as the libraries choose]",
    };

    public BenchmarkCommand()
        : base(
            "Measures the fused mixture of softmaxes against the plain formulation and against a softmax: time and memory of " +
            "the head alone, of a training step, and of scoring.")
    {
        _device.AcceptOnlyFromAmong("cpu", "cuda", "auto");
        _threads.Validators.Add(result =>
        {
            if (result.GetValueOrDefault<int?>() < 1)
            {
                result.AddError("--threads must be at least 1.");
            }
        });
        foreach (Option option in (Option[])[_quick, _json, _output, _device, _threads])
        {
            Add(option);
        }

        Add(new MeasureCommand());
        SetAction(Run);
    }

    private void Run(ParseResult parse)
    {
        string device = parse.GetRequiredValue(_device);
        if (device == "auto")
        {
            device = torch.cuda.is_available() ? "cuda" : "cpu";
        }

        string? output = parse.GetValue(_output);
        if (output is not null)
        {
            Directory.CreateDirectory(output);
        }

        Agreement.Check(torch.device(device));
        var machine = Machine.Describe(device, parse.GetValue(_threads));
        var process = new MeasuringProcess(device, parse.GetValue(_threads));
        IEnumerable<Setting> settings = Setting.All.Take(parse.GetValue(_quick) ? 1 : Setting.All.Count);
        var results = new Results(
            [.. settings.SelectMany(setting => Survey.Of(setting, process, device)).Select(Tell)]);
        ResultTable.Write(Console.Out, results);
        if (output is not null)
        {
            GrowthMeasurement[] growth = [.. Growth.Measure(device, parse.GetValue(_threads))];
            string json = JsonSerializer.Serialize(new { machine, results.Measurements, growth }, s_json);
            AtomicFile.WriteText(Path.Combine(output, "benchmark.json"), writer => writer.WriteLine(json));
            Draw("benchmark.svg", BarChart.Draw(results, machine));
            Draw("growth.svg", GrowthChart.Draw(growth, machine));
        }

        if (parse.GetValue(_json))
        {
            Console.WriteLine(JsonSerializer.Serialize(results.Summary(Setting.All[0].Name), FigureJson.Options));
        }

        // Whatever ends a long run, what was measured before is there.
        Measurement Tell(Measurement measurement)
        {
            if (parse.GetValue(_json))
            {
                Console.Error.WriteLine(JsonSerializer.Serialize(measurement, FigureJson.Options));
            }

            return measurement;
        }

        void Draw(string file, XElement picture) =>
            AtomicFile.WriteText(Path.Combine(output, file), writer => writer.WriteLine(picture));
    }
}
