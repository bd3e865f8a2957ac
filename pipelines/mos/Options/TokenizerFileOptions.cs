using System.CommandLine;
using Microsoft.ML.MixtureOfSoftmaxes;
using Mos.Input;

namespace Mos.Options;

/// <summary>The options of a tokenizer that exists already: its files, and how they are read.</summary>
internal sealed class TokenizerFileOptions
{
    private static readonly Dictionary<string, TokenizerKind> s_kinds = new()
    {
        ["byte-level-bpe"] = TokenizerKind.ByteLevelBpe,
        ["tiktoken"] = TokenizerKind.Tiktoken,
        ["sentencepiece"] = TokenizerKind.SentencePiece,
        ["wordpiece"] = TokenizerKind.WordPiece,
    };

    private readonly Option<string[]> _files = new("--tokenizer-files")
    {
        Description =
            "The tokenizer's files: vocab.json and merges.txt for byte-level-bpe, a file of base64 and ranks for tiktoken, a model for " +
            "sentencepiece, vocab.txt for wordpiece. They become part of the model.",
        HelpName = "file",
        AllowMultipleArgumentsPerToken = true,
        Arity = ArgumentArity.OneOrMore,
    };

    private readonly Option<string> _pieces = new("--tokenizer-pieces")
    {
        Description =
            $"For byte-level-bpe and tiktoken: how text is cut before bytes are merged: '{TextPieces.Gpt2}', '{TextPieces.Runs}' (as 'bpe' does), " +
            "or a regular expression of .NET.",
        HelpName = "name|regex",
        DefaultValueFactory = _ => TextPieces.Gpt2,
    };

    private readonly Option<bool> _keepCase = new("--tokenizer-keep-case")
    {
        Description = "For wordpiece: text keeps its capitals and accents, as for cased models.",
    };

    /// <summary>The names of the kinds, which are values of <c>--tokenizer</c>.</summary>
    public static IEnumerable<string> Kinds => s_kinds.Keys;

    public IEnumerable<Option> All => [_files, _pieces, _keepCase];

    /// <summary>The files that the options name.</summary>
    /// <param name="session">The run of the command.</param>
    /// <param name="kind">One of <see cref="Kinds"/>.</param>
    public TokenizerFiles Load(Session session, string kind)
    {
        bool cutsPieces = s_kinds[kind] is TokenizerKind.ByteLevelBpe or TokenizerKind.Tiktoken;
        if (!session.IsGiven(_files))
        {
            throw new UsageException($"--tokenizer {kind} needs its files: name them with --tokenizer-files.");
        }

        Refuse(session, _pieces, !cutsPieces, "byte-level-bpe and tiktoken");
        Refuse(session, _keepCase, s_kinds[kind] != TokenizerKind.WordPiece, "wordpiece");
        return TokenizerFiles.Load(s_kinds[kind], session.Get(_files)) with
        {
            Pieces = session.Get(_pieces),
            LowerCase = !session.Get(_keepCase),
        };
    }

    /// <summary>What tells the tokenizer of the files from others: their bytes, and how they are read.</summary>
    public string Identity(Session session) => string.Join(
        '\n', [session.Get(_pieces), $"{session.Get(_keepCase)}", .. session.Get(_files).Select(TextKey.OfBytes)]);

    /// <summary>Refuses the options beside a tokenizer that is learnt.</summary>
    public void RefuseAll(Session session)
    {
        foreach (Option option in All)
        {
            Refuse(session, option, isWrong: true, string.Join(", ", Kinds));
        }
    }

    private static void Refuse(Session session, Option option, bool isWrong, string where)
    {
        if (isWrong && session.IsGiven(option))
        {
            throw new UsageException($"{option.Name} is for --tokenizer {where}.");
        }
    }
}
