using Mos.Reports;

namespace Mos.Tests.Reports;

/// <summary>Logs of training runs.</summary>
internal static class Logs
{
    /// <summary>A line as the trainer writes it, at 100 tokens a second.</summary>
    public static string Line(long tokens, int epoch = 1, double? validation = null, double rate = 20, string loss = "5.5")
    {
        string time = TimeSpan.FromSeconds(tokens / 100.0).ToString("c");
        return "{\"epoch\":" + epoch + ",\"maximumEpochs\":40,\"step\":1,\"stepsPerEpoch\":9,\"tokens\":" + tokens + ",\"loss\":" + loss +
            FormattableString.Invariant($",\"validationPerplexity\":{(validation is double v ? v : "null")},\"learningRate\":{rate}") +
            ",\"tokensPerSecond\":100,\"elapsed\":\"" + time + "\",\"remaining\":\"01:00:00\",\"perplexity\":244.69,\"isEpochEnd\":false}";
    }

    public static Run Read(string log) => RunLog.ReadAll([log]).Single();
}
