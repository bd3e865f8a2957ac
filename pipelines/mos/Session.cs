using System.CommandLine;
using System.Globalization;
using System.Text.Json;
using Microsoft.ML;
using Microsoft.ML.MixtureOfSoftmaxes;
using Microsoft.ML.MixtureOfSoftmaxes.Distribution;
using Microsoft.ML.MixtureOfSoftmaxes.Interop;
using Microsoft.ML.MixtureOfSoftmaxes.Persistence;
using Microsoft.ML.Runtime;

namespace Mos;

/// <summary>One run of a command: its arguments, its streams, its messages and its ML.NET context.</summary>
internal sealed class Session(ParseResult parse, bool isVerbose, CancellationToken cancellation) : IDisposable
{
    // The library's channels whose informative messages are shown without --verbose: the progress of long scoring, and from which
    // checkpoint training resumes and which options differ.
    private static readonly string[] s_shownChannels = ["Scoring", "Resuming"];

    private TemporaryFolder? _temporary;

    /// <summary>Standard output, for results only.</summary>
    public TextWriter Output => parse.InvocationConfiguration.Output;

    /// <summary>Standard error, for progress and messages.</summary>
    public TextWriter Error => parse.InvocationConfiguration.Error;

    /// <summary>
    /// Writes messages while a progress bar is drawn on <see cref="Error"/>, which they would damage; otherwise null.
    /// </summary>
    public Action<string>? MessageWriter { get; set; }

    public bool IsErrorATerminal => Error == Console.Error && !Console.IsErrorRedirected;

    public bool IsVerbose => isVerbose;

    public CancellationToken Cancellation => cancellation;

    /// <summary>Which of the processes that mpirun or srun started this is; null for one alone.</summary>
    public MpiLauncher? Launcher { get; } = MpiLauncher.Current;

    /// <summary>Whether this process speaks, and writes files, for all.</summary>
    public bool IsFirst => Launcher is null or { Rank: 0 };

    /// <summary>The processes that mpirun or srun started, which wait for each other as long as those that train do by default.</summary>
    public static Ranks Ranks => Ranks.Of(DistributedMode.Auto, new MixtureOfSoftmaxesTrainer.Options().DistributedTimeout);

    /// <summary>The value of an option, or its default.</summary>
    public T Get<T>(Option<T> option) => parse.GetValue(option)!;

    /// <summary>Whether the option is on the command line.</summary>
    public bool IsGiven(Option option) => parse.GetResult(option) is { Implicit: false };

    /// <summary>The option and its values as they stand on the command line.</summary>
    public string[] Values(Option option) => [.. parse.GetResult(option)!.Tokens.Select(token => token.Value)];

    /// <param name="gpu">The id of the GPU to compute on; null for the CPU.</param>
    /// <param name="seed">The seed of all random numbers; null for another one in each run.</param>
    public MLContext OpenContext(int? gpu, int? seed = null)
    {
        _temporary ??= new TemporaryFolder();
        var context = new MLContext(seed) { GpuDeviceId = gpu, TempFilePath = _temporary.Path };
        context.Log += (_, message) =>
        {
            if (message.Kind >= ChannelMessageKind.Warning
                || (message.Kind == ChannelMessageKind.Info && IsShown(message.Source)))
            {
                WriteMessage(message.RawMessage);
            }
        };
        return context;
    }

    /// <summary>Removes the temporary files of its contexts.</summary>
    public void Dispose() => _temporary?.Dispose();

    // A source consists of the names of the component and its channel, separated by semicolons.
    private bool IsShown(string source) =>
        IsVerbose || s_shownChannels.Any(name => source.EndsWith($"; {name}", StringComparison.Ordinal));

    /// <summary>Says what went wrong, and on another process than the first one where.</summary>
    public void WriteFailure(Exception exception)
    {
        TextWriter error = Speaker.FailureWriter(Error);
        string message = Failure.Describe(exception);
        if (IsFirst)
        {
            WriteMessage(message);
        }
        else
        {
            error.WriteLine($"mos: rank {Launcher!.Rank}: {message}");
        }

        if (IsVerbose)
        {
            error.WriteLine(exception);
        }
    }

    /// <summary>Writes a line to standard error.</summary>
    public void WriteMessage(string message) => (MessageWriter ?? Error.WriteLine)($"mos: {message}");

    /// <summary>Writes a line of results, with numbers as in the invariant culture.</summary>
    public void WriteLine(FormattableString line) => Output.WriteLine(line.ToString(CultureInfo.InvariantCulture));

    /// <summary>
    /// Writes the results as one JSON object on one line, with property names and enumeration values in camel case.
    /// </summary>
    public void WriteJson(object value) => Output.WriteLine(JsonSerializer.Serialize(value, FigureJson.Options));
}
