using Microsoft.ML;
using Microsoft.ML.Data;
using Microsoft.ML.Runtime;
using Microsoft.ML.Transforms;

[assembly: LoadableClass(
    typeof(ValueToKeyMappingTransformer), null, typeof(SignatureLoadModel),
    "Term Transform", ValueToKeyMappingTransformer.LoaderSignature)]

namespace Microsoft.ML.Transforms;

/// <summary>
/// Maps values to the keys they were given when it was fitted; a value not seen then becomes the missing key, 0.
/// </summary>
public sealed class ValueToKeyMappingTransformer : OneToOneTransformerBase
{
    internal const string LoaderSignature = "TermTransform";
    private const string RegistrationName = "Term";
    private const string VocabularyDirectory = "Vocabulary";

    private static readonly VersionInfo Version =
        new("TERMTRNF", 0x00010003, 0x00010003, 0x00010003, LoaderAssemblies.Data, LoaderSignature);

    private static readonly VersionInfo VocabularyVersion =
        new("TERM MAN", 0x00010002, 0x00010002, 0x00010002, LoaderAssemblies.Data, "TermManager");

    private readonly KeyMap[] _maps;
    private readonly bool[] _keyValuesAsText;

    internal ValueToKeyMappingTransformer(
        IHostEnvironment env, (string OutputColumnName, string InputColumnName)[] columns, KeyMap[] maps, bool keyValuesAsText)
        : base(env.Register(RegistrationName), columns)
    {
        _maps = maps;
        _keyValuesAsText = [.. maps.Select(_ => keyValuesAsText)];
    }

    private ValueToKeyMappingTransformer(IHost host, ModelLoadContext ctx)
        : base(host, ctx)
    {
        // *** Binary format ***
        // <base>
        // of each column: bool: whether its key values are text
        // sub-model Vocabulary:
        //   int: number of columns
        //   of each: its key map
        //   the terms for people to read, in an entry of their own
        _keyValuesAsText = [.. ColumnPairs.Select(_ => ctx.Reader.ReadBoolByte())];
        _maps = new KeyMap[ColumnPairs.Length];
        bool found = ctx.TryProcessSubModel(VocabularyDirectory, vocabulary =>
        {
            vocabulary.CheckAtModel(VocabularyVersion);
            host.CheckDecode(
                vocabulary.Reader.ReadInt32() == _maps.Length, "The vocabulary of the model has another number of columns than it.");
            for (int i = 0; i < _maps.Length; i++)
                _maps[i] = KeyMap.Load(vocabulary);
        });
        host.CheckDecode(found, $"The model has no {VocabularyDirectory}. Copy or save it again.");
    }

    private protected override void SaveModel(ModelSaveContext ctx)
    {
        ctx.CheckAtModel();
        ctx.SetVersionInfo(Version);
        SaveColumns(ctx);
        foreach (bool asText in _keyValuesAsText)
            ctx.Writer.WriteBoolByte(asText);
        ctx.SaveSubModel(VocabularyDirectory, vocabulary =>
        {
            vocabulary.CheckAtModel();
            vocabulary.SetVersionInfo(VocabularyVersion);
            vocabulary.Writer.Write(_maps.Length);
            foreach (KeyMap map in _maps)
                map.Save(vocabulary);
            vocabulary.SaveTextStream("Terms.txt", writer =>
            {
                foreach (KeyMap map in _maps)
                    map.WriteTerms(writer);
            });
        });
    }

    private protected override IRowMapper MakeRowMapper(DataViewSchema schema) => new Mapper(this, schema);

    private static ValueToKeyMappingTransformer Create(IHostEnvironment env, ModelLoadContext ctx)
    {
        ctx.CheckAtModel(Version);
        return new(env.Register(RegistrationName), ctx);
    }

    private sealed class Mapper : OneToOneMapperBase
    {
        private readonly ValueToKeyMappingTransformer _parent;

        public Mapper(ValueToKeyMappingTransformer parent, DataViewSchema inputSchema)
            : base(parent, inputSchema)
        {
            _parent = parent;
            foreach ((DataViewSchema.Column source, KeyMap map) in Sources.Zip(parent._maps))
            {
                if (!source.Type.GetItemType().Equals(map.ItemType))
                    throw Host.ExceptSchemaMismatch(nameof(inputSchema), "input", source.Name, $"{map.ItemType}", $"{source.Type}");
            }
        }

        protected override DataViewSchema.DetachedColumn OutputColumn(int index, string name, DataViewSchema.Column source)
        {
            KeyMap map = _parent._maps[index];
            var builder = new DataViewSchema.Annotations.Builder();
            if (map.Count > 0)
                map.AddKeyValues(builder, _parent._keyValuesAsText[index] && map.ItemType is not TextDataViewType);
            builder.Add(source.Annotations, kind => kind == AnnotationUtils.Kinds.SlotNames);
            DataViewType type = source.Type is VectorDataViewType vector
                ? new VectorDataViewType(map.KeyType, vector.Dimensions)
                : map.KeyType;
            return new DataViewSchema.DetachedColumn(name, type, builder.ToAnnotations());
        }

        protected override Delegate MakeGetter(DataViewRow input, int index, DataViewSchema.Column source) =>
            _parent._maps[index].MakeGetter(input, source);
    }
}
