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

    /// <summary>Results only.</summary>
    public TextWriter Output => parse.InvocationConfiguration.Output;

    /// <summary>Progress and messages.</summary>
    public TextWriter Error => parse.InvocationConfiguration.Error;

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
            if (message.Kind >= (IsVerbose ? ChannelMessageKind.Info : ChannelMessageKind.Warning))
            {
                Error.WriteLine($"mos: {message.RawMessage}");
            }
        };
        return context;
    }

    /// <summary>A line of results, numbers as everywhere.</summary>
    public void WriteLine(FormattableString line) => Output.WriteLine(line.ToString(CultureInfo.InvariantCulture));

    /// <summary>One line with one JSON object, property names and choices in camel case.</summary>
    public void WriteJson(object value) => Output.WriteLine(JsonSerializer.Serialize(value, s_json));
}
