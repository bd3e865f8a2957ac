using Microsoft.ML;
using Microsoft.ML.Data;
using Microsoft.ML.MixtureOfSoftmaxes;
using Microsoft.ML.MixtureOfSoftmaxes.Columns;
using Microsoft.ML.MixtureOfSoftmaxes.Persistence;
using Microsoft.ML.MixtureOfSoftmaxes.Tokenization;
using Microsoft.ML.Runtime;

[assembly: LoadableClass(
    typeof(ITransformer), typeof(VocabularyTokenizingTransformer), null, typeof(SignatureLoadModel),
    "Word vocabulary tokenizer", VocabularyTokenizingTransformer.LoaderSignature)]

namespace Microsoft.ML.MixtureOfSoftmaxes;

/// <summary>
/// Maps text to a vector of keys into a word vocabulary; a word that is not in it becomes the unknown word. The key values of the
/// column are the words.
/// </summary>
public sealed class VocabularyTokenizingTransformer : ITransformer, ITextTokenizer
{
    internal const string LoaderSignature = "MosVocabularyTokenizer";

    private const string SettingsEntry = "Settings.json";
    private const string VocabularyEntry = "Vocabulary.json";

    private static readonly ComponentIdentity s_identity = new("MOSVOCAB", LoaderSignature, Version: 0x00010002, OldestReadable: 0x00010001);

    private readonly string _outputColumnName;
    private readonly string _inputColumnName;
    private readonly Vocabulary _vocabulary;

    internal VocabularyTokenizingTransformer(string outputColumnName, string inputColumnName, Vocabulary vocabulary)
    {
        _outputColumnName = outputColumnName;
        _inputColumnName = inputColumnName;
        _vocabulary = vocabulary;
    }

    /// <summary>The words in key order: the key of raw value i + 1 is word i.</summary>
    public IReadOnlyList<string> Words => _vocabulary.Words;

    internal string UnknownWord => _vocabulary.UnknownWord;

    string ITextTokenizer.OutputColumnName => _outputColumnName;

    string ITextTokenizer.InputColumnName => _inputColumnName;

    /// <inheritdoc/>
    public bool IsRowToRowMapper => true;

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
        new VocabularyTokenizingTransformer(outputColumnName, inputColumnName, _vocabulary);

    void ICanSaveModel.Save(ModelSaveContext ctx)
    {
        var writer = new ComponentWriter(ctx, s_identity);
        writer.WriteJson(
            SettingsEntry,
            new Settings(_outputColumnName, _inputColumnName, _vocabulary.UnknownWord, _vocabulary.EndOfSentence));
        writer.WriteJson(VocabularyEntry, _vocabulary.Words);
        writer.Finish();
    }

    // ML.NET finds this method by its name, to make a transformer of a saved one.
    private static ITransformer Create(IHostEnvironment env, ModelLoadContext ctx)
    {
        var reader = new ComponentReader(env, ctx, s_identity);
        Settings settings = reader.ReadSettings<Settings>(SettingsEntry, saved => saved.Validate());
        var vocabulary = Vocabulary.Read(reader, VocabularyEntry, settings.UnknownWord, settings.EndOfSentence);
        return new VocabularyTokenizingTransformer(settings.OutputColumnName, settings.InputColumnName, vocabulary);
    }

    private TokenColumn MakeColumns(DataViewSchema schema)
    {
        ArgumentNullException.ThrowIfNull(schema);
        return new(
            schema, InputColumn.Text(schema, _inputColumnName), _outputColumnName, new(_vocabulary.Words, TokenEncoding.Words),
            _vocabulary.Tokenize);
    }

    private sealed record Settings(string OutputColumnName, string InputColumnName, string UnknownWord, string EndOfSentence)
    {
        public void Validate()
        {
            OptionRange.Name(OutputColumnName);
            OptionRange.Name(InputColumnName);
            Marks.Check(UnknownWord, EndOfSentence);
        }
    }
}
