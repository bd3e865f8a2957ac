using System.Buffers;
using Microsoft.ML;
using Microsoft.ML.Data;
using Microsoft.ML.Runtime;
using Microsoft.ML.Transforms.Text;

[assembly: LoadableClass(
    typeof(WordTokenizingTransformer), null, typeof(SignatureLoadModel),
    "Word Tokenizer Transform", WordTokenizingTransformer.LoaderSignature)]

namespace Microsoft.ML.Transforms.Text;

/// <summary>Splits text at separators into a vector of words, none of them empty.</summary>
public sealed class WordTokenizingTransformer : OneToOneTransformerBase
{
    internal const string LoaderSignature = "TokenizeTextTransform";
    private const string RegistrationName = "DelimitedTokenize";

    private static readonly VersionInfo Version =
        new("WRDTOKNS", 0x00010001, 0x00010001, 0x00010001, LoaderAssemblies.Transforms, LoaderSignature);

    private readonly char[][] _separators;

    internal WordTokenizingTransformer(IHostEnvironment env, string outputColumnName, string inputColumnName, char[] separators)
        : base(env.Register(RegistrationName), (outputColumnName, inputColumnName))
    {
        Host.CheckParam(separators.Length > 0, nameof(separators), "There must be at least one separator");
        _separators = [separators];
    }

    private WordTokenizingTransformer(IHost host, ModelLoadContext ctx)
        : base(host, ctx)
    {
        // *** Binary format ***
        // <base>
        // of each column: the separators as an array of characters
        _separators = [.. ColumnPairs.Select(_ => ctx.Reader.ReadCharArray())];
        host.CheckDecode(_separators.All(s => s.Length > 0), "The model has a word tokenizer without separators.");
    }

    private protected override void SaveModel(ModelSaveContext ctx)
    {
        ctx.CheckAtModel();
        ctx.SetVersionInfo(Version);
        SaveColumns(ctx);
        foreach (char[] separators in _separators)
            ctx.Writer.WriteCharArray(separators);
    }

    private protected override void CheckInputColumn(DataViewSchema.Column column) => TextColumns.Check(Host, column);

    private protected override IRowMapper MakeRowMapper(DataViewSchema schema) => new Mapper(this, schema);

    private static WordTokenizingTransformer Create(IHostEnvironment env, ModelLoadContext ctx)
    {
        ctx.CheckAtModel(Version);
        return new(env.Register(RegistrationName), ctx);
    }

    private static void AddWords(ReadOnlyMemory<char> text, SearchValues<char> separators, List<ReadOnlyMemory<char>> words)
    {
        while (!text.IsEmpty)
        {
            int end = text.Span.IndexOfAny(separators);
            ReadOnlyMemory<char> word = (end < 0 ? text : text[..end]).Trim(' ');
            if (!word.IsEmpty)
                words.Add(word);
            text = end < 0 ? default : text[(end + 1)..];
        }
    }

    private sealed class Mapper(WordTokenizingTransformer parent, DataViewSchema inputSchema)
        : OneToOneMapperBase(parent, inputSchema)
    {
        protected override DataViewSchema.DetachedColumn OutputColumn(int index, string name, DataViewSchema.Column source) =>
            new(name, new VectorDataViewType(TextDataViewType.Instance));

        protected override Delegate MakeGetter(DataViewRow input, int index, DataViewSchema.Column source)
        {
            SearchValues<char> separators = SearchValues.Create(parent._separators[index]);
            return TextColumns.MakeVectorGetter(input, source, (text, words) => AddWords(text, separators, words));
        }
    }
}
