using System.Diagnostics;
using System.Globalization;

namespace Microsoft.ML.MixtureOfSoftmaxes.Persistence;

/// <summary>
/// The name of what is written beside its place and not complete: <c>NAME.PROCESS.ID.tmp</c>. By it, what a killed process left is told from
/// what another is writing.
/// </summary>
internal static class BesideName
{
    private const string Unfinished = ".tmp";

    /// <summary>What all such names fit.</summary>
    public const string Pattern = "*" + Unfinished;

    public static string New(string target) => $"{target}.{Environment.ProcessId}.{Guid.NewGuid():N}{Unfinished}";

    /// <summary>The id of the process that writes or wrote what is beside <paramref name="target"/>; null for what has another name.</summary>
    public static int? ProcessOf(string path, string target) =>
        Path.GetFileName(path).Split('.') is [.. string[] of, string process, string unique, _]
        && string.Join('.', of) == Path.GetFileName(target)
        && int.TryParse(process, NumberStyles.None, CultureInfo.InvariantCulture, out int id)
        && Guid.TryParseExact(unique, "N", out _)
            ? id
            : null;

    public static bool IsRunning(int id)
    {
        try
        {
            Process.GetProcessById(id).Dispose();
            return true;
        }
        catch (ArgumentException)
        {
            return false;
        }
    }
}
