using Microsoft.ML.MixtureOfSoftmaxes.Generation;
using Microsoft.ML.MixtureOfSoftmaxes.Interop;
using Microsoft.ML.MixtureOfSoftmaxes.Scoring;

namespace Microsoft.ML.MixtureOfSoftmaxes.DependencyInjection.Models;

/// <summary>
/// A model loaded from a file, which has been found to score text. It counts its users: whoever uses it disposes it afterwards, and the
/// last one frees it, who loaded it being the first.
/// </summary>
internal sealed class LoadedModel : IDisposable
{
    private readonly MLContext _ml;
    private readonly ITransformer _pipeline;
    private readonly IScoringTransformer _languageModel;
    private readonly Lazy<TextGenerator> _generator;
    private readonly LanguageModelScorerOptions _options;
    private int _users = 1;

    private LoadedModel(MLContext ml, ITransformer pipeline, LanguageModelScorerOptions options, FileStamp stamp)
    {
        _ml = ml;
        _pipeline = ml.LanguageModeling.ChangeScoring(pipeline, scoring => scoring with { Context = ScoringContext.Row });
        _languageModel = ModelChain.Find<IScoringTransformer>(_pipeline);
        _options = options;
        Stamp = stamp;
        _generator = new(() => ml.LanguageModeling.CreateTextGenerator(_pipeline));
        Names = new(_languageModel.Model.Vocabulary);
    }

    public FileStamp Stamp { get; }

    public DateTimeOffset Loaded { get; } = DateTimeOffset.UtcNow;

    /// <exception cref="ArgumentException">The model scores and does no more.</exception>
    public TextGenerator Generator => _generator.Value;

    public TokenNames Names { get; }

    /// <summary>How the GPU failed when it was last used; null if it did not.</summary>
    public string? DeviceError { get; private set; }

    public int VocabularySize => _languageModel.Model.Vocabulary.Count;

    public long ParameterCount => _languageModel.ParameterCount;

    /// <param name="options">Those of the scorer.</param>
    /// <param name="gpu">Where it computes; null for the CPU.</param>
    /// <exception cref="InvalidDataException">The file is missing, damaged, or holds no model that scores text.</exception>
    public static LoadedModel Load(LanguageModelScorerOptions options, int? gpu)
    {
        LoadedModel? model = null;
        try
        {
            FileStamp stamp = FileStamp.Of(options.ModelPath);
            var ml = new MLContext { GpuDeviceId = gpu, FallbackToCpu = options.FallbackToCpu };
            model = new(ml, options.LoadModel?.Invoke(ml, options.ModelPath) ?? ml.LanguageModeling.Load(options.ModelPath, out _), options, stamp);
            model.Score([""]); // A chain that takes no texts is no use. That its weights are sound was found when it was loaded.
            return model;
        }
        catch (Exception e) when (e is not InvalidDataException)
        {
            model?.Dispose();
            throw new InvalidDataException($"Cannot serve '{options.ModelPath}' as a language model: {e.Message}", e);
        }
    }

    /// <summary>
    /// A score for each text, from one pass over them. A log-likelihood is not finite where the network overflows.
    /// </summary>
    public IReadOnlyList<TextScore> Score(IEnumerable<string> texts) =>
        Watch(() => _ml.LanguageModeling.Score(_pipeline, texts, _options.TextColumnName, _options.IncludeTokens));

    /// <summary>The same of texts given a context.</summary>
    public IReadOnlyList<TextScore> Score(string context, IEnumerable<string> continuations) =>
        Watch(() => _ml.LanguageModeling.Score(_pipeline, context, continuations, _options.TextColumnName, _options.IncludeTokens));

    /// <exception cref="ArgumentException">The model cannot read text.</exception>
    public PromptPieces ReadPrompt(string prompt)
    {
        try
        {
            return Generator.Read(prompt);
        }
        catch (InvalidOperationException e)
        {
            throw new ArgumentException(
                "The model's tokens are not words, and its file has no tokenizer that makes them of text: send token ids.", e);
        }
    }

    /// <exception cref="ArgumentException">There is no such token.</exception>
    public PromptPieces ReadPrompt(IReadOnlyList<int> tokens)
    {
        for (int i = 0; i < tokens.Count; i++)
        {
            if (tokens[i] < 0 || tokens[i] >= VocabularySize)
            {
                throw new ArgumentException(
                    $"Token {i} of the prompt is {tokens[i]}; the model's tokens are from 0 to {VocabularySize - 1}. " +
                    "Take token ids from this model's vocabulary, or send text.");
            }
        }

        return Generator.Read(tokens);
    }

    /// <summary>
    /// The scores of the tokens of prompts, each read after an end of sentence, and of an end of sentence after each of them.
    /// </summary>
    public IReadOnlyList<SequenceScores> ScorePrompts(IReadOnlyList<int[]> prompts, int topCount) =>
        Watch(() => _languageModel.ScoreRows(prompts, new(Ranks: false, Math.Min(topCount, VocabularySize))));

    /// <summary>Uses the model, and keeps in mind whether the GPU failed at it.</summary>
    public T Watch<T>(Func<T> use)
    {
        try
        {
            T result = use();
            DeviceError = null;
            return result;
        }
        catch (GpuFailureException e)
        {
            DeviceError = e.Message;
            throw;
        }
    }

    /// <summary>One user more, unless the last has left.</summary>
    public bool TryUse()
    {
        int users = Volatile.Read(ref _users);
        while (users > 0)
        {
            int found = Interlocked.CompareExchange(ref _users, users + 1, users);
            if (found == users)
            {
                return true;
            }

            users = found;
        }

        return false;
    }

    public void Dispose()
    {
        if (Interlocked.Decrement(ref _users) == 0)
        {
            _languageModel.Dispose();
        }
    }
}
