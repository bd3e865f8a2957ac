using Microsoft.ML.MixtureOfSoftmaxes.Persistence;
using Microsoft.ML.MixtureOfSoftmaxes.Tokenization;
using Microsoft.ML.Tokenizers;

namespace Microsoft.ML.MixtureOfSoftmaxes;

/// <summary>
/// The files of a tokenizer, whole and in memory, and how they are read. A tokenizer of <c>Microsoft.ML.Tokenizers</c> cannot give back the
/// files it was made of, so this is what a model is saved with.
/// </summary>
public sealed record TokenizerFiles
{
    /// <summary>The most bytes of a file: ten times the largest that are known, and far below what memory holds.</summary>
    internal const int LongestFile = 64 << 20;

    private TokenizerFiles(TokenizerKind kind, IReadOnlyList<byte[]> contents)
    {
        for (int i = 0; i < contents.Count; i++)
        {
            if (contents[i].Length > LongestFile)
            {
                throw new ArgumentException(
                    $"{NamesOf(kind)[i]} has {contents[i].Length:N0} bytes, and no tokenizer has more than {LongestFile:N0}: give another file.");
            }
        }

        Kind = kind;
        Contents = contents;
    }

    /// <summary>What the files are.</summary>
    public TokenizerKind Kind { get; }

    /// <summary>
    /// How text is cut into pieces before bytes are merged: one of <see cref="TextPieces"/>, or a regular expression, whose matches, and what
    /// is between them, are the pieces. Of <see cref="TokenizerKind.ByteLevelBpe"/> and <see cref="TokenizerKind.Tiktoken"/>. Default
    /// <see cref="TextPieces.Gpt2"/>.
    /// </summary>
    public string Pieces { get; init; } = TextPieces.Gpt2;

    /// <summary>
    /// Whether text is made lower case and loses its accents first, as for the uncased models of BERT. Of
    /// <see cref="TokenizerKind.WordPiece"/>. Default true.
    /// </summary>
    public bool LowerCase { get; init; } = true;

    /// <summary>The files' usual names, which <see cref="Save"/> gives them.</summary>
    public IReadOnlyList<string> FileNames => NamesOf(Kind);

    internal IReadOnlyList<byte[]> Contents { get; }

    /// <summary>Files from a disk; they are not needed afterwards.</summary>
    /// <param name="kind">What they are.</param>
    /// <param name="paths">As many as the kind has, in its order.</param>
    /// <exception cref="ArgumentException">They are too few or too many, or one is longer than 64 MiB.</exception>
    /// <exception cref="IOException">One cannot be read.</exception>
    /// <example><code>TokenizerFiles files = TokenizerFiles.Load(TokenizerKind.ByteLevelBpe, "vocab.json", "merges.txt");</code></example>
    public static TokenizerFiles Load(TokenizerKind kind, params IReadOnlyList<string> paths)
    {
        ArgumentNullException.ThrowIfNull(paths);
        CheckCount(kind, paths.Count);
        return new(kind, [.. paths.Select(File.ReadAllBytes)]);
    }

    /// <summary>Files from streams, which are read to their ends and stay open.</summary>
    /// <param name="kind">What they are.</param>
    /// <param name="streams">As many as the kind has, in its order.</param>
    /// <exception cref="ArgumentException">They are too few or too many, or one is longer than 64 MiB.</exception>
    /// <exception cref="IOException">One cannot be read.</exception>
    public static TokenizerFiles Read(TokenizerKind kind, params IReadOnlyList<Stream> streams)
    {
        ArgumentNullException.ThrowIfNull(streams);
        CheckCount(kind, streams.Count);
        return new(kind, [.. streams.Select(ReadToEnd)]);
    }

    /// <summary>The tokenizer of <c>Microsoft.ML.Tokenizers</c> that the files make.</summary>
    /// <exception cref="ArgumentException"><see cref="Pieces"/> is no regular expression.</exception>
    /// <exception cref="InvalidDataException">The files are damaged, of another kind, or do not belong together.</exception>
    public Tokenizer CreateTokenizer() => PretrainedTokenizer.Create(this).Tokenizer;

    /// <summary>Writes the files into a folder, which is made if need be; older ones of their names are replaced.</summary>
    /// <param name="folder">The folder.</param>
    /// <returns>The paths of the files.</returns>
    /// <exception cref="IOException">They cannot be written.</exception>
    public IReadOnlyList<string> Save(string folder)
    {
        ArgumentException.ThrowIfNullOrEmpty(folder);
        Directory.CreateDirectory(folder);
        string[] paths = [.. FileNames.Select(name => Path.Combine(folder, name))];
        for (int i = 0; i < paths.Length; i++)
        {
            AtomicFile.Write(paths[i], stream => stream.Write(Contents[i]));
        }

        return paths;
    }

    internal static TokenizerFiles Of(TokenizerKind kind, params IReadOnlyList<byte[]> contents) => new(kind, contents);

    internal static string[] NamesOf(TokenizerKind kind) => kind switch
    {
        TokenizerKind.ByteLevelBpe => ["vocab.json", "merges.txt"],
        TokenizerKind.Tiktoken => ["vocab.tiktoken"],
        TokenizerKind.SentencePiece => ["tokenizer.model"],
        _ => ["vocab.txt"],
    };

    private static void CheckCount(TokenizerKind kind, int count)
    {
        OptionRange.Defined(kind);
        if (count != NamesOf(kind).Length)
        {
            throw new ArgumentException($"{kind} takes {string.Join(", then ", NamesOf(kind))}, but the number of files given is {count}.");
        }
    }

    private static byte[] ReadToEnd(Stream stream)
    {
        using var content = new MemoryStream();
        stream.CopyTo(content);
        return content.ToArray();
    }
}
