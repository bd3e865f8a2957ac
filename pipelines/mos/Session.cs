using System.CommandLine;
using System.Globalization;
using System.Text.Json;
using System.Text.Json.Serialization;
using Microsoft.ML;
using Microsoft.ML.Runtime;

namespace Mos;

/// <summary>One run of a command: its arguments, where it writes, and the ML.NET context it works in.</summary>
internal sealed class Session(ParseResult parse, bool isVerbose, CancellationToken cancellation)
{
    private static readonly JsonSerializerOptions s_json = new(JsonSerializerOptions.Web)
    {
        Converters = { new JsonStringEnumConverter(JsonNamingPolicy.CamelCase) },
    };

    // What is of use to everybody among the messages that only inform, by the library's channels: how far long scoring has come, and
    // that training goes on from a checkpoint, and with which differences.
    private static readonly string[] s_shownChannels = ["Scoring", "Resuming"];

    /// <summary>Results only.</summary>
    public TextWriter Output => parse.InvocationConfiguration.Output;

    /// <summary>Progress and messages.</summary>
    public TextWriter Error => parse.InvocationConfiguration.Error;

    /// <summary>Writes lines in the place of <see cref="Error"/> while something is drawn there that they would spoil; else null.</summary>
    public Action<string>? MessageWriter { get; set; }

    public bool IsErrorATerminal => Error == Console.Error && !Console.IsErrorRedirected;

    public bool IsVerbose => isVerbose;

    public CancellationToken Cancellation => cancellation;

    public T Get<T>(Option<T> option) => parse.GetValue(option)!;

    public bool IsGiven(Option option) => parse.GetResult(option) is { Implicit: false };

    /// <param name="gpu">The id of the GPU to use; null for the CPU.</param>
    /// <param name="seed">Of all random numbers.</param>
    public MLContext OpenContext(int? gpu, int? seed = null)
    {
        var context = new MLContext(seed) { GpuDeviceId = gpu };
        context.Log += (_, message) =>
        {
            if (message.Kind >= ChannelMessageKind.Warning || (message.Kind == ChannelMessageKind.Info && IsShown(message.Source)))
            {
                WriteMessage(message.RawMessage);
            }
        };
        return context;
    }

    // A source is the names of a component and of its channel, separated by semicolons.
    private bool IsShown(string source) => IsVerbose || s_shownChannels.Any(name => source.EndsWith($"; {name}", StringComparison.Ordinal));

    /// <summary>A line on standard error.</summary>
    public void WriteMessage(string message) => (MessageWriter ?? Error.WriteLine)($"mos: {message}");

    /// <summary>A line of results, numbers as everywhere.</summary>
    public void WriteLine(FormattableString line) => Output.WriteLine(line.ToString(CultureInfo.InvariantCulture));

    /// <summary>One line with one JSON object, property names and choices in camel case.</summary>
    public void WriteJson(object value) => Output.WriteLine(JsonSerializer.Serialize(value, s_json));
}
