using Microsoft.ML;
using Microsoft.ML.Data;
using Microsoft.ML.MixtureOfSoftmaxes;
using Microsoft.ML.MixtureOfSoftmaxes.Columns;
using Microsoft.ML.MixtureOfSoftmaxes.Persistence;
using Microsoft.ML.MixtureOfSoftmaxes.Tokenization;
using Microsoft.ML.Runtime;

[assembly: LoadableClass(
    typeof(ITransformer), typeof(PretrainedTokenizingTransformer), null, typeof(SignatureLoadModel),
    "Pretrained tokenizer", PretrainedTokenizingTransformer.LoaderSignature)]

namespace Microsoft.ML.MixtureOfSoftmaxes;

/// <summary>
/// Maps text to a vector of keys of the tokens of a tokenizer of <c>Microsoft.ML.Tokenizers</c>, and back. The key values are the tokens'
/// names in the order of their ids; those of bytes are printable, a space is Ġ. The tokenizer's files are saved with it.
/// </summary>
public sealed class PretrainedTokenizingTransformer : ITransformer, ISubwordTokenizer
{
    internal const string LoaderSignature = "MosPretrainedTokenizer";

    private const string SettingsEntry = "Settings.json";

    private static readonly ComponentIdentity s_identity = new("MOSPRETK", LoaderSignature, Version: 0x00010003, OldestReadable: 0x00010003);

    private readonly string _outputColumnName;
    private readonly string _inputColumnName;
    private readonly PretrainedTokenizer _tokenizer;

    internal PretrainedTokenizingTransformer(
        string outputColumnName, string inputColumnName, TokenizerFiles files, PretrainedTokenizer tokenizer)
    {
        _outputColumnName = outputColumnName;
        _inputColumnName = inputColumnName;
        Files = files;
        _tokenizer = tokenizer;
    }

    /// <summary>What the tokenizer is made of.</summary>
    public TokenizerFiles Files { get; }

    /// <summary>The tokens in key order, which is that of their ids: the key of raw value i + 1 is token i.</summary>
    public IReadOnlyList<string> Tokens => _tokenizer.Tokens.Names;

    /// <summary>The token that stands for text which has no tokens; null where every text has some.</summary>
    internal string? UnknownToken => _tokenizer.Tokens.UnknownToken;

    string ITextTokenizer.OutputColumnName => _outputColumnName;

    string ITextTokenizer.InputColumnName => _inputColumnName;

    /// <inheritdoc/>
    public bool IsRowToRowMapper => true;

    /// <summary>
    /// The text that keys of the token column stand for; bytes that are not UTF-8 become U+FFFD, and the unknown token stands for itself.
    /// </summary>
    /// <param name="keys">Raw key values, from 1 to the number of tokens.</param>
    /// <exception cref="ArgumentOutOfRangeException">There is no such key; 0 is a missing one.</exception>
    public string Detokenize(IEnumerable<uint> keys)
    {
        ArgumentNullException.ThrowIfNull(keys);
        return _tokenizer.Decode(keys.Select(key => key >= 1 && key <= Tokens.Count
            ? key
            : throw new ArgumentOutOfRangeException(nameof(keys), key, $"Keys are from 1 to {Tokens.Count}.")));
    }

    IEnumerable<string> ISubwordTokenizer.Tokenize(string text) => _tokenizer.Split(text);

    /// <inheritdoc/>
    public DataViewSchema GetOutputSchema(DataViewSchema inputSchema) => MakeColumns(inputSchema).OutputSchema;

    /// <inheritdoc/>
    public IDataView Transform(IDataView input)
    {
        ArgumentNullException.ThrowIfNull(input);
        return new AddedColumnsView(this, input, MakeColumns(input.Schema));
    }

    /// <inheritdoc/>
    public IRowToRowMapper GetRowToRowMapper(DataViewSchema inputSchema) => new AddedColumnsMapper(MakeColumns(inputSchema));

    ITransformer ITextTokenizer.ForColumns(string outputColumnName, string inputColumnName) =>
        new PretrainedTokenizingTransformer(outputColumnName, inputColumnName, Files, _tokenizer);

    void ICanSaveModel.Save(ModelSaveContext ctx)
    {
        var writer = new ComponentWriter(ctx, s_identity);
        writer.WriteJson(SettingsEntry, new Settings(_outputColumnName, _inputColumnName, Files.Kind, Files.Pieces, Files.LowerCase));
        for (int i = 0; i < Files.Contents.Count; i++)
        {
            writer.WriteBinary(Files.FileNames[i], stream => stream.Write(Files.Contents[i]));
        }

        writer.Finish();
    }

    // ML.NET finds this method by its name, to make a transformer of a saved one.
    private static ITransformer Create(IHostEnvironment env, ModelLoadContext ctx)
    {
        var reader = new ComponentReader(env, ctx, s_identity);
        Settings settings = reader.ReadSettings<Settings>(SettingsEntry, saved => saved.Validate());
        TokenizerFiles files = TokenizerFiles.Of(settings.Kind, [.. TokenizerFiles.NamesOf(settings.Kind).Select(Read)]) with
        {
            Pieces = settings.Pieces,
            LowerCase = settings.LowerCase,
        };
        try
        {
            return new PretrainedTokenizingTransformer(
                settings.OutputColumnName, settings.InputColumnName, files, PretrainedTokenizer.Create(files));
        }
        catch (InvalidDataException e)
        {
            throw ComponentReader.Malformed(files.FileNames[0], e.Message, e);
        }

        byte[] Read(string name) => reader.ReadFile(name, TokenizerFiles.LongestFile);
    }

    private TokenColumn MakeColumns(DataViewSchema schema)
    {
        ArgumentNullException.ThrowIfNull(schema);
        return new(schema, InputColumn.Text(schema, _inputColumnName), _outputColumnName, _tokenizer.Tokens, _tokenizer.Encode);
    }

    private sealed record Settings(string OutputColumnName, string InputColumnName, TokenizerKind Kind, string Pieces, bool LowerCase)
    {
        public void Validate()
        {
            OptionRange.Name(OutputColumnName);
            OptionRange.Name(InputColumnName);
            OptionRange.Defined(Kind);
            TextPieces.Create(Pieces);
        }
    }
}
