using Microsoft.ML.Data;
using Microsoft.ML.MixtureOfSoftmaxes.Analysis;
using Microsoft.ML.MixtureOfSoftmaxes.Columns;
using Microsoft.ML.MixtureOfSoftmaxes.Evaluation;
using Microsoft.ML.MixtureOfSoftmaxes.Interop;
using Microsoft.ML.MixtureOfSoftmaxes.Persistence;
using Microsoft.ML.MixtureOfSoftmaxes.Scoring;

namespace Microsoft.ML.MixtureOfSoftmaxes;

/// <summary>What this library adds to ML.NET; reached as <c>mlContext.LanguageModeling</c>.</summary>
public sealed class LanguageModelingCatalog
{
    private readonly MLContext _context;

    internal LanguageModelingCatalog(MLContext context)
    {
        _context = context;
        Trainers = new(context);
    }

    /// <summary>Trainers of language models.</summary>
    public LanguageModelingTrainers Trainers { get; }

    /// <summary>Learns a word vocabulary from a text column and maps text to keys into it.</summary>
    /// <param name="outputColumnName">The token column to add: a variable vector of keys whose key values are the words.</param>
    /// <param name="inputColumnName">The text column; null for one of the same name as the output.</param>
    /// <param name="options">What counts as a word of the vocabulary; null for the defaults.</param>
    public VocabularyTokenizingEstimator TokenizeIntoVocabulary(
        string outputColumnName, string? inputColumnName = null, VocabularyTokenizingEstimator.Options? options = null)
    {
        ArgumentException.ThrowIfNullOrEmpty(outputColumnName);
        return new(_context, outputColumnName, inputColumnName ?? outputColumnName, options ?? new());
    }

    /// <summary>Learns byte pairs from a text column and maps text to keys of them: no unknown words, and back to text exactly.</summary>
    /// <param name="outputColumnName">The token column to add: a variable vector of keys whose key values are the tokens, printable.</param>
    /// <param name="inputColumnName">The text column; null for one of the same name as the output.</param>
    /// <param name="options">How many tokens are learnt; null for the defaults.</param>
    public BytePairTokenizingEstimator TokenizeIntoBytePairs(
        string outputColumnName, string? inputColumnName = null, BytePairTokenizingEstimator.Options? options = null)
    {
        ArgumentException.ThrowIfNullOrEmpty(outputColumnName);
        return new(_context, outputColumnName, inputColumnName ?? outputColumnName, options ?? new());
    }

    /// <summary>
    /// The corpus metrics of scored rows: perplexity is exp(sum of negative log-likelihoods / sum of tokens).
    /// </summary>
    /// <param name="data">The output of a language model's <c>Transform</c>.</param>
    /// <param name="columns">The names of the score columns, if the model was not left with the default ones.</param>
    /// <param name="textColumnName">
    /// The text that was scored, for perplexity a word and bits a byte, by which models of different tokens compare; null for neither.
    /// </param>
    /// <param name="progress">Told after every batch of 1,024 rows or 65,536 tokens, and at the end; null for nobody.</param>
    /// <param name="cancellation">Ends it with an <see cref="OperationCanceledException"/> once the batch in work is scored.</param>
    /// <exception cref="ArgumentException">A score column or the text column is absent or of another type.</exception>
    /// <exception cref="InvalidOperationException">There is no token, or a log-likelihood is not finite.</exception>
    public LanguageModelMetrics Evaluate(
        IDataView data, ScoringOptions? columns = null, string? textColumnName = null, IProgress<ScoringProgress>? progress = null,
        CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(data);
        TextLength? length = textColumnName is null ? null : TextLength.Of(data, textColumnName, cancellation);
        LanguageModelMetrics metrics = CorpusEvaluator.Evaluate(data, columns ?? new(), progress, cancellation);
        return metrics with { WordCount = length?.Words, ByteCount = length?.Bytes };
    }

    /// <summary>Texts in, numbers out: the score of each text and of each of its tokens, as the model's scoring options have it.</summary>
    /// <param name="model">A language model behind the transformers that make its tokens of text.</param>
    /// <param name="texts">The texts, scored in batches; null is the empty text.</param>
    /// <param name="textColumnName">The text column that the model was trained from.</param>
    /// <param name="includeTokens">Whether each score has its <see cref="TextScore.Tokens"/>; without them they are empty.</param>
    /// <param name="progress">Told after every batch of 1,024 texts or 65,536 tokens, and at the end; null for nobody.</param>
    /// <param name="cancellation">Ends it with an <see cref="OperationCanceledException"/> once the batch in work is scored.</param>
    /// <returns>As many scores as texts, in their order. For more than fits into memory use <c>Transform</c>.</returns>
    /// <exception cref="ArgumentException">There is no language model in it, or it needs another column than that.</exception>
    public IReadOnlyList<TextScore> Score(
        ITransformer model, IEnumerable<string?> texts, string textColumnName = "Text", bool includeTokens = true,
        IProgress<ScoringProgress>? progress = null, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(model);
        ArgumentNullException.ThrowIfNull(texts);
        ArgumentException.ThrowIfNullOrEmpty(textColumnName);
        return TextScorer.Score(_context, model, texts, textColumnName, includeTokens, progress, cancellation);
    }

    /// <summary>
    /// Measures the rank of a model's log-probability matrix on data: whether it shows the softmax bottleneck (paper, section 2). The
    /// contexts are spread over the data, read as a stream.
    /// </summary>
    /// <param name="model">A language model, or a transformer chain with one in it.</param>
    /// <param name="data">What the model's <c>Transform</c> takes.</param>
    /// <param name="options">How many contexts, and progress; null for the defaults.</param>
    /// <exception cref="ArgumentException">There is no language model, a column it needs is absent, or an option is out of range.</exception>
    /// <exception cref="InvalidOperationException">The contexts are too few or all alike, or the model is not finite.</exception>
    /// <exception cref="InsufficientMemoryException">The matrix does not fit into memory; the message says what to lower.</exception>
    public RankAnalysis AnalyzeRank(ITransformer model, IDataView data, RankAnalysisOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(model);
        ArgumentNullException.ThrowIfNull(data);
        options ??= new();
        options.Validate();
        var contexts = new ContextSample(AnalyzedText.Read(model, data), options.Contexts);
        return new RankAnalyzer("", ModelChain.Find(model), options).Analyze(contexts);
    }

    /// <summary>
    /// Compares models on the same data: perplexity with confidence intervals, cost, perplexity by word frequency, and the words and rows
    /// that show where they differ. Each scores in its own context (<see cref="ChangeScoring"/>), which must be the same for all.
    /// </summary>
    /// <param name="models">Language models or chains with one, of the same vocabulary, each with a name; the first is the one that the
    /// others are compared with.</param>
    /// <param name="data">What each model's <c>Transform</c> takes; at least two rows.</param>
    /// <param name="options">What to measure; null for the defaults.</param>
    /// <exception cref="ArgumentException">The models do not compare, a column is absent, or an option is out of range.</exception>
    /// <exception cref="InvalidOperationException">The data is too little, or a model is not finite.</exception>
    public ModelComparison Compare(
        IReadOnlyList<(string Name, ITransformer Model)> models, IDataView data, ModelComparisonOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(models);
        ArgumentNullException.ThrowIfNull(data);
        options ??= new();
        options.Validate();
        return new ModelComparer(models, data, options).Compare();
    }

    /// <summary>
    /// Measures how far a model is from a language whose true distributions are known, as of an artificial one. The contexts are spread
    /// over the data, read as a stream.
    /// </summary>
    /// <param name="model">A language model, or a transformer chain with one in it.</param>
    /// <param name="data">Sentences of the language; what the model's <c>Transform</c> takes.</param>
    /// <param name="truth">From the words of a sentence so far to the true probability of each of the model's
    /// <see cref="LanguageModelTransformer.Words"/> to be the next.</param>
    /// <param name="options">How many contexts; null for the defaults.</param>
    /// <exception cref="ArgumentException">There is no language model, a column is absent, an option is out of range, or the truth gives no
    /// distribution over the model's words.</exception>
    /// <exception cref="InvalidOperationException">The data has no word.</exception>
    public TruthDivergence MeasureDivergence(
        ITransformer model, IDataView data, Func<IReadOnlyList<string>, IReadOnlyList<double>> truth, TruthDivergenceOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(model);
        ArgumentNullException.ThrowIfNull(data);
        ArgumentNullException.ThrowIfNull(truth);
        options ??= new();
        options.Validate();
        return new TruthMeter(ModelChain.Find(model), AnalyzedText.Read(model, data), truth, options).Measure();
    }

    /// <summary>The same model, or chain that holds one, with other score columns or another context; the weights are shared.</summary>
    /// <param name="model">A language model, or a transformer chain with one in it.</param>
    /// <param name="change">From the options in force to those wanted.</param>
    /// <exception cref="ArgumentException">There is no language model in it.</exception>
    public ITransformer ChangeScoring(ITransformer model, Func<ScoringOptions, ScoringOptions> change)
    {
        ArgumentNullException.ThrowIfNull(model);
        ArgumentNullException.ThrowIfNull(change);
        return ModelChain.Replace(model, found => found.WithScoring(change(found.Scoring)));
    }

    /// <summary>The language model in a transformer chain, or the transformer itself if it is one.</summary>
    /// <exception cref="ArgumentException">There is none.</exception>
    public LanguageModelTransformer GetLanguageModel(ITransformer model)
    {
        ArgumentNullException.ThrowIfNull(model);
        return ModelChain.Find(model);
    }

    /// <summary>
    /// The same model, or chain that holds one, reading rows as one stream and adapting its weights to what it has read (dynamic
    /// evaluation). Each cursor starts anew from the trained weights, and the model itself stays as it is; the gradient statistics are
    /// saved with the result.
    /// </summary>
    /// <param name="model">A language model, or a transformer chain with one in it.</param>
    /// <param name="trainingData">
    /// What the model was trained on, in the columns that it was fitted to: how large its gradients are there is gathered in one pass.
    /// </param>
    /// <param name="options">How strongly it adapts; null for the published values for Penn Treebank.</param>
    /// <param name="cancellation">Ends the pass with an <see cref="OperationCanceledException"/>.</param>
    /// <exception cref="ArgumentException">There is no language model in it, or an option is out of its range.</exception>
    /// <exception cref="InvalidOperationException">The training data is empty.</exception>
    /// <exception cref="ArithmeticException">A gradient on the training data is not finite.</exception>
    public ITransformer AdaptDynamically(
        ITransformer model, IDataView trainingData, DynamicEvaluationOptions? options = null, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(model);
        ArgumentNullException.ThrowIfNull(trainingData);
        options ??= new();
        options.Validate();
        return ModelChain.Replace(
            model, found => ModelAdapter.Adapt(_context, found, model.Transform(trainingData), options, cancellation));
    }

    /// <summary>Generates text with a language model: draws it word by word, or searches for the most probable.</summary>
    /// <param name="model">
    /// A language model, or a transformer chain with one in it; the generator works while it is not disposed. For a model of byte pairs
    /// the chain must hold their tokenizer, or there can be no prompts.
    /// </param>
    /// <param name="options">Which words, how many, and how they are drawn; null for the defaults.</param>
    /// <exception cref="ArgumentException">There is no language model in it, or an option is out of its range.</exception>
    public TextGenerator CreateTextGenerator(ITransformer model, GenerationOptions? options = null)
    {
        options ??= new();
        options.Validate();
        LanguageModelTransformer found = GetLanguageModel(model);
        BytePairTokenizingTransformer? tokenizer = ModelChain.FindTokenizer(model, found.Vocabulary);
        return new(found, tokenizer, options with { Seed = options.Seed ?? HostSettings.Of(_context).Seed });
    }

    /// <summary>
    /// The lines of text files, plain or gzip, as rows; read anew by each cursor. That a gzip file was cut short is
    /// noticed only if the application sets the switch <c>System.IO.Compression.UseStrictValidation</c>, as <c>mos</c> does.
    /// </summary>
    /// <param name="paths">The files, in reading order; gzip is told by its first bytes.</param>
    /// <returns>A data view with two String columns: <c>Text</c>, the line, and <c>File</c>, its path.</returns>
    /// <exception cref="FileNotFoundException">A file is not there.</exception>
    public IDataView LoadTextLines(params string[] paths) => _context.Data.LoadFromEnumerable(new TextLines(paths));

    /// <summary>
    /// As <c>mlContext.Model.Load</c>, but the message of an error says which file cannot be loaded, why, and what to do; ML.NET leaves
    /// the reason to an inner exception of an inner exception.
    /// </summary>
    /// <param name="path">The file of any model of ML.NET.</param>
    /// <param name="inputSchema">The input schema; null if the model was saved without one.</param>
    /// <exception cref="FileNotFoundException">There is no such file.</exception>
    /// <exception cref="InvalidDataException">It is no model, damaged, or of other packages or versions than these.</exception>
    /// <exception cref="InvalidOperationException">It cannot be loaded here: there is no such GPU, or too little memory.</exception>
    public ITransformer Load(string path, out DataViewSchema inputSchema) => ModelLoader.Load(_context, path, out inputSchema);

    /// <summary>
    /// As <c>mlContext.Model.Save</c>, but written beside the file and renamed: if saving fails, an older file stays whole.
    /// </summary>
    public void Save(ITransformer model, DataViewSchema inputSchema, string path) =>
        AtomicFile.Write(path, stream => _context.Model.Save(model, inputSchema, stream));
}
