using System.Globalization;
using Mos.Reports.Runs;

namespace Mos.Tests.Support;

/// <summary>Logs of training runs.</summary>
internal static class Logs
{
    /// <summary>A line as the trainer writes it, at 100 tokens per second.</summary>
    public static string Line(long tokens, int epoch = 1, double? validation = null, double rate = 20, string loss = "5.5")
    {
        TimeSpan time = TimeSpan.FromSeconds(tokens / 100.0);
        string perplexity = validation?.ToString(CultureInfo.InvariantCulture) ?? "null";
        return string.Create(
            CultureInfo.InvariantCulture,
            $$"""
            {"epoch":{{epoch}},"maximumEpochs":40,"step":1,"stepsPerEpoch":9,"tokens":{{tokens}},"loss":{{loss}},
            "validationPerplexity":{{perplexity}},"learningRate":{{rate}},"tokensPerSecond":100,"elapsed":"{{time:c}}",
            "remaining":"01:00:00","perplexity":244.69,"isEpochEnd":false}
            """).ReplaceLineEndings("");
    }

    public static LoggedRun Read(string log) => RunLog.ReadAll([log]).Single();
}
