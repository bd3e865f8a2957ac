using Microsoft.ML;
using Microsoft.ML.Data;
using Microsoft.ML.Runtime;
using Microsoft.ML.Transforms.Text;

[assembly: LoadableClass(
    typeof(TextNormalizingTransformer), null, typeof(SignatureLoadModel),
    "Text Normalizer Transform", TextNormalizingTransformer.LoaderSignature)]

namespace Microsoft.ML.Transforms.Text;

/// <summary>
/// Changes the case of text and removes diacritics, punctuation and numbers, as asked. Of a vector of texts, those that become
/// empty are left out.
/// </summary>
public sealed class TextNormalizingTransformer : OneToOneTransformerBase
{
    internal const string LoaderSignature = "TextNormalizerTransform";
    private const string RegistrationName = "TextNormalizer";

    private static readonly VersionInfo Version =
        new("TEXTNORM", 0x00010001, 0x00010001, 0x00010001, LoaderAssemblies.Transforms, LoaderSignature);

    private readonly CharacterNormalizer _normalizer;

    internal TextNormalizingTransformer(
        IHostEnvironment env, string outputColumnName, string inputColumnName, CharacterNormalizer normalizer)
        : base(env.Register(RegistrationName), (outputColumnName, inputColumnName)) => _normalizer = normalizer;

    private TextNormalizingTransformer(IHost host, ModelLoadContext ctx)
        : base(host, ctx)
    {
        // *** Binary format ***
        // <base>
        // byte: case
        // bool: whether to keep diacritics, then punctuation, then numbers
        _normalizer = new(
            (TextNormalizingEstimator.CaseMode)ctx.Reader.ReadByte(),
            KeepDiacritics: ctx.Reader.ReadBoolByte(),
            KeepPunctuations: ctx.Reader.ReadBoolByte(),
            KeepNumbers: ctx.Reader.ReadBoolByte());
        host.CheckDecode(Enum.IsDefined(_normalizer.Case), $"The model normalizes text to the unknown case {_normalizer.Case}.");
    }

    private protected override void SaveModel(ModelSaveContext ctx)
    {
        ctx.CheckAtModel();
        ctx.SetVersionInfo(Version);
        SaveColumns(ctx);
        ctx.Writer.Write((byte)_normalizer.Case);
        ctx.Writer.WriteBoolByte(_normalizer.KeepDiacritics);
        ctx.Writer.WriteBoolByte(_normalizer.KeepPunctuations);
        ctx.Writer.WriteBoolByte(_normalizer.KeepNumbers);
    }

    private protected override void CheckInputColumn(DataViewSchema.Column column) => TextColumns.Check(Host, column);

    private protected override IRowMapper MakeRowMapper(DataViewSchema schema) => new Mapper(this, schema);

    private static TextNormalizingTransformer Create(IHostEnvironment env, ModelLoadContext ctx)
    {
        ctx.CheckAtModel(Version);
        return new(env.Register(RegistrationName), ctx);
    }

    private sealed class Mapper(TextNormalizingTransformer parent, DataViewSchema inputSchema)
        : OneToOneMapperBase(parent, inputSchema)
    {
        protected override DataViewSchema.DetachedColumn OutputColumn(int index, string name, DataViewSchema.Column source) =>
            new(name, source.Type is VectorDataViewType ? new VectorDataViewType(TextDataViewType.Instance) : source.Type);

        protected override Delegate MakeGetter(DataViewRow input, int index, DataViewSchema.Column source)
        {
            CharacterNormalizer normalizer = parent._normalizer;
            if (source.Type is VectorDataViewType)
            {
                return TextColumns.MakeVectorGetter(input, source, (text, results) =>
                {
                    ReadOnlyMemory<char> normalized = normalizer.Normalize(text);
                    if (!normalized.IsEmpty)
                        results.Add(normalized);
                });
            }

            ValueGetter<ReadOnlyMemory<char>> getText = input.GetGetter<ReadOnlyMemory<char>>(source);
            ReadOnlyMemory<char> text = default;
            return (ValueGetter<ReadOnlyMemory<char>>)((ref ReadOnlyMemory<char> destination) =>
            {
                getText(ref text);
                destination = normalizer.Normalize(text);
            });
        }
    }
}
