using System.Runtime.CompilerServices;
using Microsoft.ML.MixtureOfSoftmaxes.Generation;
using Microsoft.ML.MixtureOfSoftmaxes.Interop;
using Microsoft.ML.MixtureOfSoftmaxes.Modeling;
using Microsoft.ML.MixtureOfSoftmaxes.Scoring;
using Microsoft.ML.MixtureOfSoftmaxes.Tokenization;

namespace Microsoft.ML.MixtureOfSoftmaxes;

/// <summary>
/// Continues text with a language model. A prompt is read after an end of sentence, as rows are scored. For a model of words it is words
/// with white space between them, those that the model does not know counting as the unknown word; for one of other tokens it is any text.
/// The end-of-sentence mark may stand in either. Safe to call from several threads, which take turns word by word; it works while the
/// model is not disposed.
/// </summary>
public sealed class TextGenerator
{
    private readonly MLContext _context;
    private readonly LanguageModelTransformer _model;
    private readonly Vocabulary _vocabulary;
    private readonly PromptReader _prompts;
    private readonly GenerationOptions _options;

    private TextGenerator(MLContext context, LanguageModelTransformer model, PromptReader prompts, GenerationOptions options)
    {
        options.Validate();
        _context = context;
        _model = model;
        _vocabulary = model.Vocabulary;
        _prompts = prompts;
        _options = options;
    }

    /// <summary>A generator for the one language model in a chain.</summary>
    internal static TextGenerator Create(MLContext context, ITransformer model, GenerationOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        LanguageModelTransformer found = ModelChain.Find(model);
        return new(context, found, ModelChain.Prompts(model, found), options with { Seed = options.Seed ?? HostSettings.Of(context).Seed });
    }

    /// <summary>
    /// Draws words one by one from the distribution of the mixture, exact unless <see cref="GenerationOptions.SkippedPrior"/> is set, each when
    /// it is asked for; enumerating again begins anew.
    /// </summary>
    /// <param name="prompt">What the text begins with; empty for the beginning of a sentence.</param>
    /// <param name="cancellationToken">Ends the enumeration with an <see cref="OperationCanceledException"/>.</param>
    /// <exception cref="InvalidOperationException">There is a prompt, the model's tokens are not words, and the chain that the generator was
    /// created with does not hold their tokenizer.</exception>
    /// <exception cref="ArithmeticException">While enumerating: a weight of the model is not a number.</exception>
    public IEnumerable<GeneratedWord> Generate(string prompt = "", CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(prompt);
        return Draw(prompt, _prompts.Read(prompt), cancellationToken)
            .Select(drawn => new GeneratedWord(_vocabulary.Words[drawn.Word], drawn.LogProbability, drawn.IsEndOfSentence, drawn.Text));
    }

    /// <summary>As <see cref="Generate"/>, each word computed on the thread pool.</summary>
    /// <inheritdoc cref="Generate"/>
    public async IAsyncEnumerable<GeneratedWord> GenerateAsync(
        string prompt = "", [EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        using IEnumerator<GeneratedWord> words = Generate(prompt, cancellationToken).GetEnumerator();
        while (await Task.Run(words.MoveNext, cancellationToken).ConfigureAwait(false))
        {
            yield return words.Current;
        }
    }

    /// <summary>
    /// Searches for the most probable continuations. How words are drawn (temperature, cuts, seed) is without effect; which words, how many and
    /// what is skipped is not.
    /// </summary>
    /// <param name="prompt">What the text begins with; empty for the beginning of a sentence.</param>
    /// <param name="options">How wide to search, and how texts are compared; null for the defaults.</param>
    /// <param name="cancellationToken">Ends the search with an <see cref="OperationCanceledException"/>.</param>
    /// <returns>The best texts found, best first, as many as the beam is wide if there are so many.</returns>
    /// <exception cref="ArgumentException">An option is out of its range.</exception>
    /// <exception cref="InvalidOperationException">There is a prompt, the model's tokens are not words, and the chain that the generator was
    /// created with does not hold their tokenizer.</exception>
    /// <exception cref="ArithmeticException">A weight of the model is not a number.</exception>
    public IReadOnlyList<GeneratedText> Search(string prompt = "", BeamSearchOptions? options = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(prompt);
        options ??= new();
        options.Validate();
        var cancellation = Cancellation.Of(_context, nameof(TextGenerator), cancellationToken);
        int[] read = _prompts.Read(prompt);
        return DeviceErrors.Run(_model.Network.Device, () =>
        {
            using TextStates texts = TextStates.Start(_model.Network, _vocabulary.EndOfSentenceIndex);
            texts.Read([read], cancellation);
            return new BeamSearch(_vocabulary, prompt, _options, options).Run(texts, cancellation);
        });
    }

    /// <summary>A generator of other options, which shares all else.</summary>
    internal TextGenerator WithOptions(GenerationOptions options) => new(_context, _model, _prompts, options);

    /// <summary>The tokens of a prompt, and what each covers of it.</summary>
    internal PromptPieces Read(string prompt) => PromptPieces.Of(prompt, _prompts, _vocabulary);

    /// <summary>The same of a prompt that comes as tokens.</summary>
    internal PromptPieces Read(IReadOnlyList<int> tokens) => PromptPieces.Of(tokens, _vocabulary);

    /// <summary>Goes on after the tokens that a prompt is read as, with the whole distribution that each word is drawn from.</summary>
    internal IEnumerable<DrawnWord> Draw(string prompt, int[] promptTokens, CancellationToken cancellationToken)
    {
        var cancellation = Cancellation.Of(_context, nameof(TextGenerator), cancellationToken);
        var text = new IncrementalDetokenizer(_vocabulary, prompt);
        var sampler = new WordSampler(
            _options, _options.Seed is int seed ? SeededRandom.Create(seed, SeededRandom.Purpose.Generation) : new Random());
        using var state = new LanguageModelState(_model, _options.SkippedPrior);
        int[] read = promptTokens;
        bool isLast = false;
        for (int i = 1; !isLast; i++)
        {
            cancellation.ThrowIfRequested();
            state.Read(read, cancellation);
            double[] logProbabilities_v = Next(state);
            int word = sampler.Draw(logProbabilities_v);
            bool isEnd = word == _vocabulary.EndOfSentenceIndex;
            isLast = i == _options.MaximumTokens || (isEnd && _options.StopAtEndOfSentence);
            yield return new(word, logProbabilities_v, isEnd, text.Add(word, isLast));
            read = [word];
        }
    }

    /// <summary>log P of each word that may follow; of one that may not -infinity.</summary>
    private double[] Next(LanguageModelState state)
    {
        ReadOnlySpan<float> next_v = state.NextDistribution();
        double[] logProbabilities_v = new double[next_v.Length];
        for (int word = 0; word < next_v.Length; word++)
        {
            logProbabilities_v[word] = next_v[word];
        }

        if (_options.ExcludeUnknownWord)
        {
            logProbabilities_v[_vocabulary.UnknownIndex] = double.NegativeInfinity;
        }

        return logProbabilities_v;
    }
}
