using Microsoft.ML.MixtureOfSoftmaxes.Analysis;
using Microsoft.ML.MixtureOfSoftmaxes.Evaluation;
using Microsoft.ML.MixtureOfSoftmaxes.Interop;
using Microsoft.ML.MixtureOfSoftmaxes.Scoring;
using Microsoft.ML.MixtureOfSoftmaxes.WordScoring;

namespace Microsoft.ML.MixtureOfSoftmaxes;

/// <content>Scoring, evaluation and analysis of trained models.</content>
public sealed partial class LanguageModelingCatalog
{
    /// <summary>
    /// The corpus metrics of scored rows: perplexity is exp(sum of negative log-likelihoods / sum of tokens), with confidence intervals by
    /// the bootstrap.
    /// </summary>
    /// <param name="data">The output of a language model's <c>Transform</c>.</param>
    /// <param name="columns">The names of the score columns; null for the default names.</param>
    /// <param name="textColumnName">
    /// The text that was scored, for perplexity per word and bits per byte, by which models of different tokens compare; null to leave
    /// these out.
    /// </param>
    /// <param name="bootstrap">How the confidence intervals come about; null for the defaults.</param>
    /// <param name="progress">Receives a report after every batch of 1,024 rows or 65,536 tokens, and at the end; may be null.</param>
    /// <param name="cancellationToken">Ends it with an <see cref="OperationCanceledException"/> once the batch in work is scored.</param>
    /// <exception cref="ArgumentOutOfRangeException">A score column or the text column is absent or of another type.</exception>
    /// <exception cref="InvalidOperationException">There is no token that counts, or a log-likelihood is not finite.</exception>
    /// <example><code>double perplexity = ml.LanguageModeling.Evaluate(model.Transform(test)).Perplexity;</code></example>
    public LanguageModelMetrics Evaluate(
        IDataView data, ScoringOptions? columns = null, string? textColumnName = null, BootstrapOptions? bootstrap = null,
        IProgress<ScoringProgress>? progress = null, CancellationToken cancellationToken = default) => CorpusEvaluator.Evaluate(
            data, columns ?? new(), textColumnName, bootstrap ?? new(), progress,
            Cancellation.Of(_context, nameof(Evaluate), cancellationToken));

    /// <summary>Texts in, numbers out: the score of each text and of each of its tokens, as the model's scoring options have it.</summary>
    /// <param name="model">A language model behind the transformers that make its tokens of text.</param>
    /// <param name="texts">The texts, scored in batches; null is the empty text.</param>
    /// <param name="textColumnName">The text column that the model was trained from.</param>
    /// <param name="includeTokens">Whether each score has its <see cref="TextScore.Tokens"/>; without them they are empty.</param>
    /// <param name="progress">Receives a report after every batch of 1,024 texts or 65,536 tokens, and at the end; may be null.</param>
    /// <param name="cancellationToken">Ends it with an <see cref="OperationCanceledException"/> once the batch in work is scored.</param>
    /// <returns>As many scores as texts, in their order. For more than fits into memory use <c>Transform</c>.</returns>
    /// <exception cref="ArgumentException">There is no language model in it.</exception>
    /// <exception cref="ArgumentOutOfRangeException">It needs another column than that.</exception>
    /// <example><code>TextScore score = ml.LanguageModeling.Score(model, ["the cat sat"]).Single();</code></example>
    public IReadOnlyList<TextScore> Score(
        ITransformer model, IEnumerable<string?> texts, string textColumnName = "Text", bool includeTokens = true,
        IProgress<ScoringProgress>? progress = null, CancellationToken cancellationToken = default) =>
        TextScorer.Score(_context, model, texts, textColumnName, includeTokens, progress, cancellationToken);

    /// <summary>
    /// log P of texts given a context: the score of each and of each of its tokens, and whether greedy decoding gives it. The context is read
    /// once, and the texts are read side by side.
    /// </summary>
    /// <param name="model">A language model behind the transformers that make its tokens of text.</param>
    /// <param name="context">
    /// The text that all of them continue, read after an end-of-sentence mark as prompts are; such marks may stand in it.
    /// </param>
    /// <param name="continuations">
    /// What may follow it. Words begin anew, and so do word pieces and sentence pieces that begin with a space of their own; other tokens go on
    /// where the context ends, so that a word begins with the space before it.
    /// </param>
    /// <param name="textColumnName">The text column that the model was trained from.</param>
    /// <param name="includeTokens">Whether each score has its <see cref="TextScore.Tokens"/>; without them they are empty.</param>
    /// <param name="progress">Receives a report after every batch of 1,024 texts or 65,536 tokens, and at the end; may be null.</param>
    /// <param name="cancellationToken">Ends it with an <see cref="OperationCanceledException"/> once the batch in work is scored.</param>
    /// <returns>
    /// As many scores as continuations, in their order. Whether the end of the sentence counts after each is the model's scoring option.
    /// </returns>
    /// <exception cref="ArgumentException">There is no language model in it, or the context is empty.</exception>
    /// <exception cref="ArgumentOutOfRangeException">It needs another column than that.</exception>
    /// <exception cref="InvalidOperationException">
    /// A continuation is empty, or a token of the whole text lies across its beginning.
    /// </exception>
    /// <example>
    /// <code>
    /// IReadOnlyList&lt;TextScore&gt; scores = ml.LanguageModeling.Score(model, "the cat sat on", ["the mat", "a theory"]);
    /// </code>
    /// </example>
    public IReadOnlyList<TextScore> Score(
        ITransformer model, string context, IEnumerable<string> continuations, string textColumnName = "Text", bool includeTokens = true,
        IProgress<ScoringProgress>? progress = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(context);
        return TextScorer.Score(_context, model, continuations, textColumnName, includeTokens, progress, cancellationToken, context);
    }

    /// <inheritdoc cref="Score(ITransformer, string, IEnumerable{string}, string, bool, IProgress{ScoringProgress}?, CancellationToken)"/>
    /// <summary>log P of a text given a context, and whether greedy decoding gives it.</summary>
    /// <param name="model">A language model behind the transformers that make its tokens of text.</param>
    /// <param name="context">The text before it, read after an end-of-sentence mark as prompts are; such marks may stand in it.</param>
    /// <param name="continuation">What may follow it.</param>
    /// <param name="textColumnName">The text column that the model was trained from.</param>
    /// <returns>Its score. Whether the end of the sentence counts after it is the model's scoring option.</returns>
    /// <example><code>double logP = ml.LanguageModeling.Score(model, "the cat sat on", "the mat").LogLikelihood;</code></example>
    public TextScore Score(ITransformer model, string context, string continuation, string textColumnName = "Text") =>
        Score(model, context, [continuation], textColumnName).Single();

    /// <summary>
    /// The same chain, which scores each row as the continuation of the text in another column: log P(text | context), and in the column
    /// <c>IsGreedy</c>, unless the model names another, whether greedy decoding gives it. A row that has no context is an error, as is one that
    /// has no text.
    /// </summary>
    /// <param name="model">A chain of a tokenizer of this library and a language model.</param>
    /// <param name="contextColumnName">The text column of contexts. The model's own tokenizer makes tokens of it.</param>
    /// <param name="contextTokensColumnName">The token column to add for them, <see cref="ScoringOptions.ContextTokensColumnName"/>.</param>
    /// <exception cref="ArgumentException">
    /// There is no language model or no such tokenizer in it, or the model does not score rows by themselves.
    /// </exception>
    /// <example>
    /// <code>
    /// ITransformer conditional = ml.LanguageModeling.AddContextColumn(model, "Question");
    /// IDataView scored = conditional.Transform(answers);
    /// </code>
    /// </example>
    public ITransformer AddContextColumn(ITransformer model, string contextColumnName, string contextTokensColumnName = "ContextTokens") =>
        ModelChain.AddContext(model, contextColumnName, contextTokensColumnName);

    /// <summary>
    /// Where a text stands for a model, to be read on token by token: for decoders that hold many hypotheses, and ask what may follow each.
    /// </summary>
    /// <param name="model">
    /// A language model, or a chain with one in it; the state works while the model is not disposed. Where its tokens are not words the chain must
    /// hold their tokenizer.
    /// </param>
    /// <param name="context">The text before it, read after an end-of-sentence mark as prompts are; empty for the beginning of a text.</param>
    /// <param name="cancellationToken">Ends the reading of the context with an <see cref="OperationCanceledException"/>.</param>
    /// <exception cref="ArgumentException">There is no language model in it.</exception>
    /// <exception cref="InvalidOperationException">There is a context, its tokens are not words, and there is no tokenizer for them.</exception>
    /// <example>
    /// <code>
    /// using LanguageModelState state = ml.LanguageModeling.StartState(model, "the cat");
    /// float logP = state.LogProbability(ml.LanguageModeling.GetLanguageModel(model).IndexOf("sat"));
    /// </code>
    /// </example>
    public LanguageModelState StartState(ITransformer model, string context = "", CancellationToken cancellationToken = default) =>
        LanguageModelState.Start(model, context, Cancellation.Of(_context, nameof(StartState), cancellationToken));

    /// <summary>
    /// The surprisal of each word of texts, in bits, with its place in the text. Words are what white space separates, whatever the model's
    /// tokens are; the surprisals of a text's words and of its end add up to -log2 of what <c>Score</c> gives it.
    /// </summary>
    /// <param name="model">A language model behind the transformers that make its tokens of text.</param>
    /// <param name="texts">The texts, scored in batches; null is the empty text.</param>
    /// <param name="textColumnName">The text column that the model was trained from.</param>
    /// <param name="progress">Receives a report after every batch of 1,024 texts or 65,536 tokens, and at the end; may be null.</param>
    /// <param name="cancellationToken">Ends it with an <see cref="OperationCanceledException"/> once the batch in work is scored.</param>
    /// <returns>As many as texts, in their order.</returns>
    /// <exception cref="ArgumentException">There is no language model in it.</exception>
    /// <exception cref="ArgumentOutOfRangeException">It needs another column than that.</exception>
    /// <example><code>double bits = ml.LanguageModeling.ScoreWords(model, ["the cat sat"])[0].Words[1].Surprisal;</code></example>
    public IReadOnlyList<TextSurprisal> ScoreWords(
        ITransformer model, IEnumerable<string?> texts, string textColumnName = "Text", IProgress<ScoringProgress>? progress = null,
        CancellationToken cancellationToken = default) =>
        WordScorer.Score(_context, model, texts, textColumnName, progress, cancellationToken);

    /// <summary>The same model, or chain that holds one, with other score columns or another context; the weights are shared.</summary>
    /// <param name="model">A language model, or a chain with one in it.</param>
    /// <param name="change">From the options in force to those wanted.</param>
    /// <exception cref="ArgumentException">There is no language model in it, or an option is out of its range.</exception>
    /// <example>
    /// <code>
    /// ITransformer stream = ml.LanguageModeling.ChangeScoring(model, scoring => scoring with { Context = ScoringContext.Stream });
    /// </code>
    /// </example>
    public ITransformer ChangeScoring(ITransformer model, Func<ScoringOptions, ScoringOptions> change) =>
        ModelChain.Replace<IScoringTransformer>(model, found => found.WithScoring(change(found.Model.Scoring)));

    /// <summary>
    /// The same model, or chain that holds one, reading rows as one stream and adapting its weights to what it has read (dynamic
    /// evaluation). Each cursor starts anew from the trained weights, and the model itself stays as it is; the gradient statistics are
    /// saved with the result.
    /// </summary>
    /// <param name="model">A language model, or a chain with one in it.</param>
    /// <param name="trainingData">
    /// What the model was trained on, in the columns that it was fitted to: one pass over it gathers how large its gradients are there.
    /// </param>
    /// <param name="options">How strongly it adapts; null for the values published for Penn Treebank.</param>
    /// <param name="progress">Receives the share of the training data that has been read, 0 to 1; may be null.</param>
    /// <param name="cancellationToken">Ends the pass with an <see cref="OperationCanceledException"/>.</param>
    /// <exception cref="ArgumentException">There is no language model in it, or an option is out of its range.</exception>
    /// <exception cref="ArgumentOutOfRangeException">A column that is needed is absent or of another type.</exception>
    /// <exception cref="InvalidOperationException">The training data is empty.</exception>
    /// <exception cref="ArithmeticException">A gradient on the training data is not finite.</exception>
    /// <example>
    /// <code>
    /// ITransformer adaptive = ml.LanguageModeling.AdaptDynamically(model, train);
    /// double perplexity = ml.LanguageModeling.Evaluate(adaptive.Transform(test)).Perplexity;
    /// </code>
    /// </example>
    public ITransformer AdaptDynamically(
        ITransformer model, IDataView trainingData, DynamicEvaluationOptions? options = null, IProgress<double>? progress = null,
        CancellationToken cancellationToken = default) =>
        ModelAdapter.Adapt(_context, model, trainingData, options ?? new(), progress, cancellationToken);

    /// <summary>
    /// Measures the rank of a model's log-probability matrix on data: whether it shows the softmax bottleneck (paper, section 2). The
    /// contexts are spread over the data, read as a stream.
    /// </summary>
    /// <param name="model">A language model, or a chain with one in it.</param>
    /// <param name="data">What the model's <c>Transform</c> takes.</param>
    /// <param name="options">How many contexts; null for the defaults.</param>
    /// <param name="progress">Receives a report after every block of contexts; may be null.</param>
    /// <param name="cancellationToken">Ends it with an <see cref="OperationCanceledException"/>; a decomposition is finished first.</param>
    /// <exception cref="ArgumentException">There is no language model, or an option is out of range.</exception>
    /// <exception cref="ArgumentOutOfRangeException">A column that is needed is absent or of another type.</exception>
    /// <exception cref="InvalidOperationException">The contexts are too few or all alike, or the model is not finite.</exception>
    /// <exception cref="InsufficientMemoryException">The matrix does not fit into memory; the message says what to lower.</exception>
    /// <example><code>int rank = ml.LanguageModeling.AnalyzeRank(model, test).Rank;</code></example>
    public RankAnalysis AnalyzeRank(
        ITransformer model, IDataView data, RankAnalysisOptions? options = null, IProgress<AnalysisProgress>? progress = null,
        CancellationToken cancellationToken = default) =>
        RankAnalyzer.Analyze(model, data, options ?? new(), progress, Cancellation.Of(_context, nameof(AnalyzeRank), cancellationToken));

    /// <summary>
    /// Compares models on the same data: perplexity with confidence intervals, cost, perplexity by word frequency, and the words and rows
    /// that show where they differ. Each scores in its own context (<see cref="ChangeScoring"/>), which must be the same for all.
    /// </summary>
    /// <param name="models">
    /// Language models or chains with one, of the same vocabulary, each with a name; the others are compared with the first.
    /// </param>
    /// <param name="data">What each model's <c>Transform</c> takes; at least two rows.</param>
    /// <param name="options">What to measure; null for the defaults.</param>
    /// <param name="progress">Receives a report after every block of rows or contexts; may be null.</param>
    /// <param name="cancellationToken">Ends it with an <see cref="OperationCanceledException"/>; a decomposition is finished first.</param>
    /// <exception cref="ArgumentException">The models do not compare, or an option is out of range.</exception>
    /// <exception cref="ArgumentOutOfRangeException">A column that is needed is absent or of another type.</exception>
    /// <exception cref="InvalidOperationException">The data is too little, or a model is not finite.</exception>
    /// <example><code>ModelComparison comparison = ml.LanguageModeling.Compare([("softmax", softmax), ("mos", mos)], test);</code></example>
    public ModelComparison Compare(
        IReadOnlyList<(string Name, ITransformer Model)> models, IDataView data, ModelComparisonOptions? options = null,
        IProgress<AnalysisProgress>? progress = null, CancellationToken cancellationToken = default) =>
        new ModelComparer(_context, models, data, options ?? new(), progress, cancellationToken).Compare();

    /// <summary>
    /// Measures how far a model is from a language whose true distributions are known, as of an artificial one. The contexts are spread
    /// over the data, read as a stream.
    /// </summary>
    /// <param name="model">A language model, or a chain with one in it.</param>
    /// <param name="data">Sentences of the language; what the model's <c>Transform</c> takes.</param>
    /// <param name="truth">
    /// From the words of a sentence so far to the true probability of each of the model's <see cref="LanguageModelTransformer.Words"/> to
    /// be the next.
    /// </param>
    /// <param name="options">How many contexts; null for the defaults.</param>
    /// <param name="progress">Receives a report after every block of contexts; may be null.</param>
    /// <param name="cancellationToken">Ends it with an <see cref="OperationCanceledException"/>.</param>
    /// <exception cref="ArgumentException">
    /// There is no language model, an option is out of range, or the truth gives no distribution over the model's words.
    /// </exception>
    /// <exception cref="ArgumentOutOfRangeException">A column that is needed is absent or of another type.</exception>
    /// <exception cref="InvalidOperationException">The data has no word.</exception>
    /// <example>
    /// <code>
    /// double nats = ml.LanguageModeling.MeasureDivergence(model, test, words => language.NextProbabilities(words)).Divergence;
    /// </code>
    /// </example>
    public TruthDivergence MeasureDivergence(
        ITransformer model, IDataView data, Func<IReadOnlyList<string>, IReadOnlyList<double>> truth, TruthDivergenceOptions? options = null,
        IProgress<AnalysisProgress>? progress = null, CancellationToken cancellationToken = default) =>
        TruthMeter.Measure(
            model, data, truth, options ?? new(), progress, Cancellation.Of(_context, nameof(MeasureDivergence), cancellationToken));
}
