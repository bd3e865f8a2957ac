using Microsoft.ML;
using Microsoft.ML.Data;
using Microsoft.ML.MixtureOfSoftmaxes;
using Microsoft.ML.MixtureOfSoftmaxes.Columns;
using Microsoft.ML.MixtureOfSoftmaxes.Persistence;
using Microsoft.ML.MixtureOfSoftmaxes.Tokenization;
using Microsoft.ML.Runtime;

[assembly: LoadableClass(
    typeof(ITransformer), typeof(BytePairTokenizingTransformer), null, typeof(SignatureLoadModel),
    "Byte-pair tokenizer", BytePairTokenizingTransformer.LoaderSignature)]

namespace Microsoft.ML.MixtureOfSoftmaxes;

/// <summary>
/// Maps text to a vector of keys of byte-pair tokens, and back. The key values of the column are the tokens in printable characters:
/// a space is Ġ, and other bytes without a visible Latin-1 character are shown as characters from U+0100 on too.
/// </summary>
public sealed class BytePairTokenizingTransformer : ITransformer, ISubwordTokenizer
{
    internal const string LoaderSignature = "MosBytePairTokenizer";

    private const string SettingsEntry = "Settings.json";
    private const string MergesEntry = "Merges.json";

    private static readonly ComponentIdentity s_identity = new("MOSBPAIR", LoaderSignature, Version: 0x00010002, OldestReadable: 0x00010001);

    private readonly string _outputColumnName;
    private readonly string _inputColumnName;
    private readonly BytePairEncoding _encoding;

    internal BytePairTokenizingTransformer(string outputColumnName, string inputColumnName, BytePairEncoding encoding)
    {
        _outputColumnName = outputColumnName;
        _inputColumnName = inputColumnName;
        _encoding = encoding;
    }

    /// <summary>
    /// The tokens in key order, in printable characters: the key of raw value i + 1 is token i. The first 256 are the bytes.
    /// </summary>
    public IReadOnlyList<string> Tokens => _encoding.Names;

    /// <summary>The merges in the order learnt, each as the names of its two tokens with a space between.</summary>
    internal IReadOnlyList<string> Merges => _encoding.Merges;

    string ITextTokenizer.OutputColumnName => _outputColumnName;

    string ITextTokenizer.InputColumnName => _inputColumnName;

    /// <inheritdoc/>
    public bool IsRowToRowMapper => true;

    /// <summary>The text that tokens stand for; bytes that are not UTF-8, as a model may produce them, become U+FFFD.</summary>
    /// <param name="tokens">Tokens in printable characters, as <see cref="Tokens"/> has them; no marks.</param>
    /// <exception cref="ArgumentException">A name cannot be that of a token.</exception>
    public static string Detokenize(IEnumerable<string> tokens)
    {
        ArgumentNullException.ThrowIfNull(tokens);
        return ByteNames.Decode(tokens);
    }

    IEnumerable<string> ISubwordTokenizer.Tokenize(string text)
    {
        var keys = new List<uint>();
        _encoding.Encode(text, keys);
        return keys.Select(key => Tokens[(int)key - 1]);
    }

    /// <summary>The text that keys of the token column stand for.</summary>
    /// <param name="keys">Raw key values, from 1 to the number of tokens.</param>
    /// <exception cref="ArgumentOutOfRangeException">There is no such key; 0 is a missing one.</exception>
    public string Detokenize(IEnumerable<uint> keys)
    {
        ArgumentNullException.ThrowIfNull(keys);
        return _encoding.Decode(keys.Select(key => key >= 1 && key <= Tokens.Count
            ? (int)key - 1
            : throw new ArgumentOutOfRangeException(nameof(keys), key, $"Keys are from 1 to {Tokens.Count}.")));
    }

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
        new BytePairTokenizingTransformer(outputColumnName, inputColumnName, _encoding);

    void ICanSaveModel.Save(ModelSaveContext ctx)
    {
        var writer = new ComponentWriter(ctx, s_identity);
        writer.WriteJson(SettingsEntry, new Settings(_outputColumnName, _inputColumnName));
        writer.WriteJson(MergesEntry, _encoding.Merges);
        writer.Finish();
    }

    // ML.NET finds this method by its name, to make a transformer of a saved one.
    private static ITransformer Create(IHostEnvironment env, ModelLoadContext ctx)
    {
        var reader = new ComponentReader(env, ctx, s_identity);
        Settings settings = reader.ReadSettings<Settings>(SettingsEntry, saved => saved.Validate());
        BytePairEncoding encoding = reader.ReadTexts(MergesEntry, BytePairEncoding.Parse);
        return new BytePairTokenizingTransformer(settings.OutputColumnName, settings.InputColumnName, encoding);
    }

    private TokenColumn MakeColumns(DataViewSchema schema)
    {
        ArgumentNullException.ThrowIfNull(schema);
        return new(
            schema, InputColumn.Text(schema, _inputColumnName), _outputColumnName, _encoding.Tokens, _encoding.Encode);
    }

    private sealed record Settings(string OutputColumnName, string InputColumnName)
    {
        public void Validate()
        {
            OptionRange.Name(OutputColumnName);
            OptionRange.Name(InputColumnName);
        }
    }
}
