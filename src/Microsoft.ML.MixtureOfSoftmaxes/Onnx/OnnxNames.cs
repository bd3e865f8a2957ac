namespace Microsoft.ML.MixtureOfSoftmaxes.Onnx;

/// <summary>The inputs and outputs of a model in ONNX, and its metadata.</summary>
internal static class OnnxNames
{
    /// <summary>int64 [batch, time].</summary>
    public const string Tokens = "tokens";

    /// <summary>How many tokens of each row there are, int64 [batch]; what stands behind them does not matter.</summary>
    public const string Lengths = "lengths";

    /// <summary>What is remembered of the texts so far, [batch, state]; without it, the start of a text.</summary>
    public const string State = "state";

    /// <summary>How many of the likeliest tokens are wanted in the place of each, int64 [1]; 0 or absent: none, and no ranks.</summary>
    public const string TopCount = "top_count";

    public const string LogLikelihoods = "log_likelihoods";
    public const string NextState = "next_state";
    public const string Ranks = "ranks";
    public const string TopTokens = "top_tokens";
    public const string TopLogProbabilities = "top_log_probabilities";
    public const string NextLogProbabilities = "next_log_probabilities";

    public const string FormatVersion = "format_version";
    public const string Settings = "settings";
    public const string Vocabulary = "vocabulary";
    public const string Tokenizer = "tokenizer";
    public const string License = "license";
}
