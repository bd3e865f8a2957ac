using System.CommandLine;
using Microsoft.ML;
using Microsoft.ML.MixtureOfSoftmaxes;

namespace Mos.Options;

/// <summary>The options of the tokenizer: whether tokens are words, byte pairs or those of files, and how many are learnt.</summary>
internal sealed class TokenizerOptions
{
    private const string Words = "words";
    private const string BytePairs = "bpe";

    private readonly Option<string> _tokenizer = ScalarValue.CreateChoice(
        "--tokenizer", Words, [Words, BytePairs, .. TokenizerFileOptions.Kinds]);

    private readonly TokenizerFileOptions _files = new();

    private readonly Option<int?> _vocabularySize = new("--vocabulary-size", "--maximum-size", "--max-vocabulary")
    {
        Description =
            "The maximum size of the vocabulary. Words: includes the two marks; the most frequent words are kept [default: " +
            "1,000,000]. Byte pairs: includes the 256 bytes [default: 8,000].",
        HelpName = "integer",
        CustomParser = argument => ScalarValue.Integer(argument),
    };

    private readonly Option<int> _minimumCount = new("--minimum-count", "--min-count")
    {
        Description = "Words only: how often a word must occur in the training text to be known; at least 1.",
        HelpName = "integer",
        DefaultValueFactory = _ => new VocabularyTokenizingEstimator.Options().MinimumCount,
        CustomParser = ScalarValue.Integer,
    };

    public TokenizerOptions() => _tokenizer.Description =
        "words: what white space separates; bpe: byte pairs, learnt from the training text, which leave no word unknown; others: the " +
        "tokens of a tokenizer that exists already, see --tokenizer-files.";

    public IEnumerable<Option> All => [_tokenizer, _vocabularySize, _minimumCount, .. _files.All];

    /// <summary>What tells the tokenizer of these options from others of the same text.</summary>
    public string Identity(Session session, MixtureOfSoftmaxesTrainer.Options marks) => string.Join(
        '\n', session.Get(_tokenizer), session.Get(_vocabularySize), session.Get(_minimumCount), marks.UnknownWord, marks.EndOfSentence,
        FilesIdentity(session));

    /// <summary>What tells tokens of files from others of the same names; empty for those that are learnt, whose names tell.</summary>
    public string FilesIdentity(Session session) =>
        TokenizerFileOptions.Kinds.Contains(session.Get(_tokenizer)) ? _files.Identity(session) : "";

    /// <summary>A tokenizer of the text of <see cref="TextLine"/>.</summary>
    /// <param name="session">The run of the command.</param>
    /// <param name="ml">The context of the tokenizer.</param>
    /// <param name="tokensColumn">The column of tokens that it makes.</param>
    /// <param name="marks">
    /// The settings of the trainer, which have the marks for unknown words and for ends of sentences; the unknown token of a tokenizer of
    /// files takes the place of the default.
    /// </param>
    public IEstimator<ITransformer> Create(
        Session session, MLContext ml, string tokensColumn, MixtureOfSoftmaxesTrainer.Options marks)
    {
        if (TokenizerFileOptions.Kinds.Contains(session.Get(_tokenizer)))
        {
            return CreateOfFiles(session, ml, tokensColumn, marks);
        }

        _files.RefuseAll(session);
        int? size = session.Get(_vocabularySize);
        if (session.Get(_tokenizer) == BytePairs)
        {
            if (session.IsGiven(_minimumCount))
            {
                throw new UsageException("--minimum-count is for words: no text is unknown to byte pairs.");
            }

            var pairs = new BytePairTokenizingEstimator.Options();
            pairs.VocabularySize = size ?? pairs.VocabularySize;
            return ml.LanguageModeling.TokenizeIntoBytePairs(tokensColumn, nameof(TextLine.Text), pairs);
        }

        var words = new VocabularyTokenizingEstimator.Options
        {
            MinimumCount = session.Get(_minimumCount),
            UnknownWord = marks.UnknownWord,
            EndOfSentence = marks.EndOfSentence,
        };
        words.MaximumSize = size ?? words.MaximumSize;
        return ml.LanguageModeling.TokenizeIntoVocabulary(tokensColumn, nameof(TextLine.Text), words);
    }

    private IEstimator<ITransformer> CreateOfFiles(
        Session session, MLContext ml, string tokensColumn, MixtureOfSoftmaxesTrainer.Options marks)
    {
        foreach (Option option in new Option[] { _vocabularySize, _minimumCount })
        {
            if (session.IsGiven(option))
            {
                throw new UsageException($"{option.Name} is for tokens that are learnt; those of --tokenizer-files are as they are.");
            }
        }

        TokenizerFiles files = _files.Load(session, session.Get(_tokenizer));
        PretrainedTokenizingEstimator tokenizer = ml.LanguageModeling.TokenizeWith(tokensColumn, nameof(TextLine.Text), files);
        if (tokenizer.UnknownToken is string unknown && marks.UnknownWord == new MixtureOfSoftmaxesTrainer.Options().UnknownWord)
        {
            marks.UnknownWord = unknown;
        }

        return tokenizer;
    }
}
