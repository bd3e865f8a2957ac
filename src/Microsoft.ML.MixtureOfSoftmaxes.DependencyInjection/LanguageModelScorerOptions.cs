using System.Runtime.CompilerServices;
using Microsoft.Extensions.Options;

namespace Microsoft.ML.MixtureOfSoftmaxes.DependencyInjection;

/// <summary>Which model a scorer serves, and its limits.</summary>
public sealed class LanguageModelScorerOptions
{
    /// <summary>The model file: a pipeline from a text column to scores, as <c>mos train</c> writes it. Required.</summary>
    public string ModelPath { get; set; } = "";

    /// <summary>
    /// What loads the file. Default null: ML.NET. For a model in ONNX it is <c>(ml, path) => ml.LanguageModeling.LoadOnnx(path)</c> of the package
    /// <c>Microsoft.ML.MixtureOfSoftmaxes.Onnx</c>; such a model scores, and completes nothing.
    /// </summary>
    public Func<MLContext, string, ITransformer>? LoadModel { get; set; }

    /// <summary>The text column that the model reads. Default <c>Text</c>.</summary>
    public string TextColumnName { get; set; } = "Text";

    /// <summary>The id of the GPU to compute on. Default null: the CPU.</summary>
    public int? GpuDeviceId { get; set; }

    /// <summary>
    /// The ids of several GPUs. Each has the model, and takes batches from the one queue as it gets through with them; a completion stays on the GPU
    /// that generates the fewest when it begins. From configuration, numbers with commas between them. Default null:
    /// <see cref="GpuDeviceId"/> alone; set one of the two.
    /// </summary>
    public int[]? GpuDeviceIds { get; set; }

    /// <summary>Whether to compute on the CPU if there is no such GPU. Default false: it is an error.</summary>
    public bool FallbackToCpu { get; set; }

    /// <summary>
    /// Whether scores contain the log-likelihood of each token, as <see cref="TextScore.Tokens"/>. Default false: these are
    /// empty.
    /// </summary>
    public bool IncludeTokens { get; set; }

    /// <summary>The maximum number of texts that go through the network together. Default 64; at least 1.</summary>
    public int BatchSize { get; set; } = 64;

    /// <summary>
    /// The maximum number of characters that go through the network together; a longer text goes alone. Bounds how long short
    /// texts wait for long ones beside them. Default 32,768; at least 1.
    /// </summary>
    public int BatchCharacters { get; set; } = 32_768;

    /// <summary>
    /// How long the first text of a batch waits for others if the batch is not full. Texts that come while a batch is scored make
    /// up the next one in any case. Default 1 ms; from 0, for no waiting, to 1 s.
    /// </summary>
    public TimeSpan Linger { get; set; } = TimeSpan.FromMilliseconds(1);

    /// <summary>
    /// The maximum number of texts that wait; more are refused with a <see cref="ScorerQueueFullException"/>. Default 1,024; at
    /// least 1.
    /// </summary>
    public int QueueCapacity { get; set; } = 1_024;

    /// <summary>
    /// The maximum length of a text in characters; a longer one is refused with an <see cref="ArgumentException"/>, never cut.
    /// Default 100,000; at least 1.
    /// </summary>
    public int MaximumTextLength { get; set; } = 100_000;

    /// <summary>
    /// How often to look whether the model file has changed. A changed file is loaded when it has stayed the same for one
    /// interval; the current model serves until the new one is loaded. Default 5 s; above 0 and below a day, or null to load
    /// the file only once.
    /// </summary>
    public TimeSpan? ReloadInterval { get; set; } = TimeSpan.FromSeconds(5);

    /// <summary>The GPU of each copy of the model; null for the CPU.</summary>
    internal int?[] Devices => GpuDeviceIds is null ? [GpuDeviceId] : [.. GpuDeviceIds];

    /// <summary>Reports all options that are out of range together, not only the first.</summary>
    internal sealed class Validator : IValidateOptions<LanguageModelScorerOptions>
    {
        private static readonly Action<LanguageModelScorerOptions>[] s_checks =
        [
            options => NotBlank(options.ModelPath, "the path of a model file"),
            options => NotBlank(options.TextColumnName, "the name of a column"),
            options => Check(
                options.GpuDeviceIds is not { } ids || (ids.Length > 0 && ids.Distinct().Count() == ids.Length),
                $"'{string.Join(',', options.GpuDeviceIds ?? [])}'", "ids of GPUs, each once, or null", nameof(GpuDeviceIds)),
            options => Check(
                options.GpuDeviceIds is null || options.GpuDeviceId is null, options.GpuDeviceId, "null where GpuDeviceIds is set",
                nameof(GpuDeviceId)),
            options => OptionRange.Range(options.BatchSize, 1, int.MaxValue),
            options => OptionRange.Range(options.BatchCharacters, 1, int.MaxValue),
            options => Check(
                options.Linger >= TimeSpan.Zero && options.Linger <= TimeSpan.FromSeconds(1), options.Linger, "from 0 to 1 s"),
            options => OptionRange.Range(options.QueueCapacity, 1, int.MaxValue),
            options => OptionRange.Range(options.MaximumTextLength, 1, int.MaxValue),

            // Whole days are out of range, as binders of configuration read them where a number has no unit.
            options => Check(
                !(options.ReloadInterval <= TimeSpan.Zero || options.ReloadInterval >= TimeSpan.FromDays(1)),
                options.ReloadInterval,
                "above 0 and below a day, or null"),
        ];

        public ValidateOptionsResult Validate(string? name, LanguageModelScorerOptions options)
        {
            string[] failures = [.. s_checks.Select(check => Failure(check, options)).OfType<string>()];
            return failures.Length == 0 ? ValidateOptionsResult.Success : ValidateOptionsResult.Fail(ScorerSettings.Of(name, failures));
        }

        /// <summary>The error of a check, which names the option; null if there is none.</summary>
        private static string? Failure(Action<LanguageModelScorerOptions> check, LanguageModelScorerOptions options)
        {
            try
            {
                check(options);
                return null;
            }
            catch (ArgumentException e)
            {
                return OptionRange.MessageOf(e);
            }
        }

        private static void NotBlank(string value, string range, [CallerArgumentExpression(nameof(value))] string name = "") =>
            Check(!string.IsNullOrWhiteSpace(value), $"'{value}'", range, name);

        private static void Check(
            bool isInRange, object? value, string range, [CallerArgumentExpression(nameof(value))] string name = "")
        {
            if (!isInRange)
            {
                throw OptionRange.Wrong(name, value, range);
            }
        }
    }
}
