using System.Text;

namespace Mos.Sweeps;

/// <summary>Passes on what a command says about a run, marked with the run's name.</summary>
internal sealed class RunMessages(TextWriter inner, string run) : TextWriter
{
    private const string Speaker = "mos: ";

    private string _last = "";

    public override Encoding Encoding => inner.Encoding;

    /// <summary>Why the command failed: the last that it said of itself.</summary>
    public string Failure => _last;

    public override void Write(char value) => inner.Write(value);

    public override void WriteLine(string? value)
    {
        string message = value ?? "";
        if (message.StartsWith(Speaker, StringComparison.Ordinal))
        {
            message = _last = message[Speaker.Length..];
        }

        inner.WriteLine($"mos: {run}: {message}");
    }
}
