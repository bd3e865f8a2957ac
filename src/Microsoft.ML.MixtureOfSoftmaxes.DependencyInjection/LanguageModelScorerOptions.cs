using Microsoft.Extensions.Options;

namespace Microsoft.ML.MixtureOfSoftmaxes.DependencyInjection;

/// <summary>Which model a scorer serves, and the limits it keeps.</summary>
public sealed class LanguageModelScorerOptions
{
    /// <summary>The model file: a chain from a text column to the scores, as <c>mos train</c> writes it. Must be given.</summary>
    public string ModelPath { get; set; } = "";

    /// <summary>The text column the model reads. Default <c>Text</c>.</summary>
    public string TextColumnName { get; set; } = "Text";

    /// <summary>The GPU to compute on. Default null: the CPU.</summary>
    public int? GpuDeviceId { get; set; }

    /// <summary>Whether the CPU will do where that GPU is not there. Default false: it is an error.</summary>
    public bool FallbackToCpu { get; set; }

    /// <summary>
    /// Whether a score has the log-likelihood of each of its <see cref="TextScore.Tokens"/>. Default false: they are empty.
    /// </summary>
    public bool IncludeTokens { get; set; }

    /// <summary>Texts that go through the network together, at most. Default 64; at least 1.</summary>
    public int BatchSize { get; set; } = 64;

    /// <summary>
    /// Characters that go through the network together, at most; a longer text goes alone. Bounds how long short texts wait for long
    /// ones beside them. Default 32,768; at least 1.
    /// </summary>
    public int BatchCharacters { get; set; } = 32_768;

    /// <summary>
    /// How long the first text of a batch that is not full waits for others. Texts that come while a batch is scored are the next
    /// one anyway. Default 1 ms; zero for no waiting, at most a second.
    /// </summary>
    public TimeSpan Linger { get; set; } = TimeSpan.FromMilliseconds(1);

    /// <summary>
    /// Texts that may wait; more are refused with a <see cref="ScorerQueueFullException"/>. Default 1,024; at least 1.
    /// </summary>
    public int QueueCapacity { get; set; } = 1_024;

    /// <summary>
    /// The longest text, characters; a longer one is refused with an <see cref="ArgumentException"/>, never cut. Default 100,000; at
    /// least 1.
    /// </summary>
    public int MaximumTextLength { get; set; } = 100_000;

    /// <summary>
    /// How often the model file is looked at. A file that has changed, and then rested for one such interval, is loaded; the model in
    /// use serves until the new one is whole. Default 5 s; null to load once and never again.
    /// </summary>
    public TimeSpan? ReloadInterval { get; set; } = TimeSpan.FromSeconds(5);

    internal sealed class Validator : IValidateOptions<LanguageModelScorerOptions>
    {
        public ValidateOptionsResult Validate(string? name, LanguageModelScorerOptions options)
        {
            var result = new ValidateOptionsResultBuilder();
            AtLeastOneCharacter(options.ModelPath, nameof(ModelPath));
            AtLeastOneCharacter(options.TextColumnName, nameof(TextColumnName));
            AtLeastOne(options.BatchSize, nameof(BatchSize));
            AtLeastOne(options.BatchCharacters, nameof(BatchCharacters));
            AtLeastOne(options.QueueCapacity, nameof(QueueCapacity));
            AtLeastOne(options.MaximumTextLength, nameof(MaximumTextLength));
            if (options.Linger < TimeSpan.Zero || options.Linger > TimeSpan.FromSeconds(1))
            {
                result.AddError($"{options.Linger}; it must be from 0 to 1 s.", nameof(Linger));
            }

            if (options.ReloadInterval is TimeSpan interval && (interval <= TimeSpan.Zero || interval > TimeSpan.FromDays(1)))
            {
                result.AddError($"{interval}; it must be above 0 and at most a day, or null.", nameof(ReloadInterval));
            }

            return result.Build();

            void AtLeastOneCharacter(string value, string property)
            {
                if (string.IsNullOrWhiteSpace(value))
                {
                    result.AddError("empty; it must be given.", property);
                }
            }

            void AtLeastOne(int value, string property)
            {
                if (value < 1)
                {
                    result.AddError($"{value}; it must be at least 1.", property);
                }
            }
        }
    }
}
