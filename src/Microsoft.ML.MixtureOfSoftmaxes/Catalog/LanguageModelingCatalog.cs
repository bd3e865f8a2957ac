using Microsoft.ML.MixtureOfSoftmaxes.Columns;
using Microsoft.ML.MixtureOfSoftmaxes.Persistence;
using Microsoft.ML.MixtureOfSoftmaxes.Scoring;

namespace Microsoft.ML.MixtureOfSoftmaxes;

/// <summary>What this library adds to ML.NET; reached as <c>mlContext.LanguageModeling</c>.</summary>
public sealed partial class LanguageModelingCatalog
{
    private readonly MLContext _context;

    internal LanguageModelingCatalog(MLContext context)
    {
        _context = context;
        Trainers = new(context);
    }

    /// <summary>For what other packages add.</summary>
    internal MLContext Context => _context;

    /// <summary>Trainers of language models.</summary>
    public LanguageModelingTrainers Trainers { get; }

    /// <summary>
    /// The lines of text files in UTF-8, plain or gzip, as rows; read anew by each cursor. A line ends with a line feed, a carriage return
    /// or both, and a byte-order mark at its beginning is left out. A gzip file that was cut short is noticed only if the application sets
    /// the switch <c>System.IO.Compression.UseStrictValidation</c>, as <c>mos</c> does. A pipe can be read by one cursor only.
    /// </summary>
    /// <param name="paths">
    /// The files, in reading order; gzip is recognised by its first bytes. A named pipe is read as well, and <c>-</c> is standard input.
    /// </param>
    /// <returns>A data view with the columns of <see cref="TextLine"/>: the line, the path of its file, and the place of that file.</returns>
    /// <exception cref="FileNotFoundException">A file is not there.</exception>
    /// <example><code>IDataView train = ml.LanguageModeling.LoadTextLines("train.txt.gz");</code></example>
    public IDataView LoadTextLines(params string[] paths) => _context.Data.LoadFromEnumerable(new TextLines(paths));

    /// <summary>Learns a word vocabulary from a text column and maps text to keys into it.</summary>
    /// <param name="outputColumnName">The token column to add: a variable vector of keys whose key values are the words.</param>
    /// <param name="inputColumnName">The text column; null for one of the same name as the output.</param>
    /// <param name="minimumCount">How often a word must occur to be in the vocabulary; at least 1.</param>
    /// <param name="maximumSize">The largest vocabulary, the two marks included; the most frequent words stay. At least 3.</param>
    /// <exception cref="ArgumentException">A value is out of its range.</exception>
    /// <example><code>var tokenizer = ml.LanguageModeling.TokenizeIntoVocabulary("Tokens", "Text", minimumCount: 2).Fit(train);</code></example>
    public VocabularyTokenizingEstimator TokenizeIntoVocabulary(
        string outputColumnName, string? inputColumnName = null, int minimumCount = 1, int maximumSize = 1_000_000) => TokenizeIntoVocabulary(
            outputColumnName, inputColumnName,
            new VocabularyTokenizingEstimator.Options { MinimumCount = minimumCount, MaximumSize = maximumSize });

    /// <inheritdoc cref="TokenizeIntoVocabulary(string, string?, int, int)"/>
    /// <param name="outputColumnName">The token column to add: a variable vector of keys whose key values are the words.</param>
    /// <param name="inputColumnName">The text column; null for one of the same name as the output.</param>
    /// <param name="options">What counts as a word of the vocabulary.</param>
    /// <example>
    /// <code>
    /// var options = new VocabularyTokenizingEstimator.Options { EndOfSentence = "&lt;/s&gt;" };
    /// var tokenizer = ml.LanguageModeling.TokenizeIntoVocabulary("Tokens", "Text", options).Fit(train);
    /// </code>
    /// </example>
    public VocabularyTokenizingEstimator TokenizeIntoVocabulary(
        string outputColumnName, string? inputColumnName, VocabularyTokenizingEstimator.Options options) =>
        new(_context, outputColumnName, inputColumnName, options);

    /// <summary>
    /// Learns byte pairs from a text column and maps text to keys of them: there are no unknown words, and tokens turn back into the exact
    /// text.
    /// </summary>
    /// <param name="outputColumnName">
    /// The token column to add: a variable vector of keys whose key values are the tokens in printable characters.
    /// </param>
    /// <param name="inputColumnName">The text column; null for one of the same name as the output.</param>
    /// <param name="vocabularySize">The largest vocabulary, the 256 bytes included; 256 to 1,000,000.</param>
    /// <param name="minimumPairCount">How often a pair must occur to be merged; at least 1.</param>
    /// <exception cref="ArgumentException">A value is out of its range.</exception>
    /// <example><code>var tokenizer = ml.LanguageModeling.TokenizeIntoBytePairs("Tokens", "Text", vocabularySize: 4_000).Fit(train);</code></example>
    public BytePairTokenizingEstimator TokenizeIntoBytePairs(
        string outputColumnName, string? inputColumnName = null, int vocabularySize = 8_000, int minimumPairCount = 2) => TokenizeIntoBytePairs(
            outputColumnName, inputColumnName,
            new BytePairTokenizingEstimator.Options { VocabularySize = vocabularySize, MinimumPairCount = minimumPairCount });

    /// <inheritdoc cref="TokenizeIntoBytePairs(string, string?, int, int)"/>
    /// <param name="outputColumnName">The token column to add.</param>
    /// <param name="inputColumnName">The text column; null for one of the same name as the output.</param>
    /// <param name="options">Which tokens are learnt, and how many.</param>
    /// <example>
    /// <code>
    /// var options = new BytePairTokenizingEstimator.Options { VocabularySize = 4_000, MinimumPairCount = 10 };
    /// var tokenizer = ml.LanguageModeling.TokenizeIntoBytePairs("Tokens", "Text", options).Fit(train);
    /// </code>
    /// </example>
    public BytePairTokenizingEstimator TokenizeIntoBytePairs(
        string outputColumnName, string? inputColumnName, BytePairTokenizingEstimator.Options options) =>
        new(_context, outputColumnName, inputColumnName, options);

    /// <summary>
    /// Maps text to keys of a tokenizer that exists already: byte pairs with their merges, tiktoken files, SentencePiece models or BERT's
    /// word pieces. Its files become part of the model.
    /// </summary>
    /// <param name="outputColumnName">The token column to add: a variable vector of keys whose key values are the tokens.</param>
    /// <param name="inputColumnName">The text column; null for one of the same name as the output.</param>
    /// <param name="files">The tokenizer's files, and how they are read.</param>
    /// <exception cref="ArgumentException">A setting is out of its range.</exception>
    /// <exception cref="InvalidDataException">The files are damaged, of another kind, or do not belong together.</exception>
    /// <example>
    /// <code>
    /// var files = TokenizerFiles.Load(TokenizerKind.SentencePiece, "tokenizer.model");
    /// var pipeline = ml.LanguageModeling.TokenizeWith("Tokens", "Text", files)
    ///     .Append(ml.LanguageModeling.Trainers.MixtureOfSoftmaxes("Tokens"));
    /// </code>
    /// </example>
    public PretrainedTokenizingEstimator TokenizeWith(string outputColumnName, string? inputColumnName, TokenizerFiles files) =>
        new(outputColumnName, inputColumnName, files);

    /// <summary>
    /// The files of a model's tokenizer: those that it was made of, or, of learnt byte pairs, <c>vocab.json</c> and <c>merges.txt</c>.
    /// </summary>
    /// <param name="model">A tokenizer of byte pairs or of files, or a chain with one.</param>
    /// <exception cref="ArgumentException">There is none.</exception>
    /// <example><code>ml.LanguageModeling.GetTokenizerFiles(model).Save("tokenizer");</code></example>
    public TokenizerFiles GetTokenizerFiles(ITransformer model) => ModelChain.FindTokenizerFiles(model);

    /// <summary>
    /// As <c>mlContext.Model.Load</c>, but the message of an error says which file cannot be loaded, why, and what to do; ML.NET leaves
    /// the reason to an inner exception of an inner exception.
    /// </summary>
    /// <param name="path">The file of any model of ML.NET.</param>
    /// <param name="inputSchema">The input schema; null if the model was saved without one.</param>
    /// <exception cref="FileNotFoundException">There is no such file.</exception>
    /// <exception cref="InvalidDataException">It is no model, damaged, or of other packages or versions than these.</exception>
    /// <exception cref="InvalidOperationException">
    /// It cannot be loaded here: there is no such GPU, too little memory, or no room to unpack it.
    /// </exception>
    /// <example><code>ITransformer model = ml.LanguageModeling.Load("mos.zip", out DataViewSchema inputSchema);</code></example>
    public ITransformer Load(string path, out DataViewSchema inputSchema) => ModelLoader.Load(_context, path, out inputSchema);

    /// <summary>
    /// As <c>mlContext.Model.Save</c>, but written beside the file and renamed: if saving fails, an older file stays whole. A symbolic link is
    /// followed, mode and owner of an older file are kept, and a pipe or device is written as it is.
    /// </summary>
    /// <param name="model">Any model of ML.NET.</param>
    /// <param name="inputSchema">What its <c>Transform</c> takes; null to leave it out.</param>
    /// <param name="path">The file to write.</param>
    /// <exception cref="IOException">The folder is missing, the disk is full, and the like.</exception>
    /// <exception cref="InvalidOperationException">The folder where ML.NET packs models cannot be written.</exception>
    /// <example><code>ml.LanguageModeling.Save(model, train.Schema, "mos.zip");</code></example>
    public void Save(ITransformer model, DataViewSchema? inputSchema, string path)
    {
        UnpackingFolder.Check(_context, 0);
        AtomicFile.Write(path, stream => _context.Model.Save(model, inputSchema, stream));
    }

    /// <summary>The language model in a transformer chain, or the transformer itself if it is one.</summary>
    /// <param name="model">A language model, or a chain with one in it.</param>
    /// <exception cref="ArgumentException">There is none.</exception>
    /// <example><code>IReadOnlyList&lt;string&gt; words = ml.LanguageModeling.GetLanguageModel(model).Words;</code></example>
    public LanguageModelTransformer GetLanguageModel(ITransformer model) => ModelChain.Find(model);

    /// <summary>
    /// Continues text with a language model: draws it word by word, or searches for the most probable text.
    /// </summary>
    /// <param name="model">
    /// A language model, or a chain with one in it; the generator works while the model is not disposed. Where tokens are not words the
    /// chain must hold their tokenizer, or there can be no prompts.
    /// </param>
    /// <param name="temperature">What logits are divided by before a word is drawn; at least 0, and 0 takes the most probable word.</param>
    /// <param name="maximumTokens">The text ends after so many words, ends of sentences counted; at least 1.</param>
    /// <param name="seed">Of the draws; null for that of the context, or without one for another text each time.</param>
    /// <exception cref="ArgumentException">There is no language model in it, or a value is out of its range.</exception>
    /// <example>
    /// <code>
    /// TextGenerator generator = ml.LanguageModeling.CreateTextGenerator(model, temperature: 0.8, seed: 1);
    /// string text = string.Join(' ', generator.Generate("the company said").Select(word => word.Word));
    /// </code>
    /// </example>
    public TextGenerator CreateTextGenerator(ITransformer model, double temperature = 1, int maximumTokens = 100, int? seed = null) =>
        CreateTextGenerator(model, new GenerationOptions { Temperature = temperature, MaximumTokens = maximumTokens, Seed = seed });

    /// <inheritdoc cref="CreateTextGenerator(ITransformer, double, int, int?)"/>
    /// <param name="model">A language model, or a chain with one in it.</param>
    /// <param name="options">Which words, how many, and how they are drawn.</param>
    /// <example><code>var generator = ml.LanguageModeling.CreateTextGenerator(model, new GenerationOptions { TopP = 0.9 });</code></example>
    public TextGenerator CreateTextGenerator(ITransformer model, GenerationOptions options) => TextGenerator.Create(_context, model, options);
}
