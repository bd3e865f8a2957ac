using Microsoft.ML.Data;
using Microsoft.ML.MixtureOfSoftmaxes.Columns;
using Microsoft.ML.MixtureOfSoftmaxes.Interop;

namespace Microsoft.ML.MixtureOfSoftmaxes.Tokenization;

/// <summary>Appends the keys of a text's tokens: a token's position among the key values, from 1 on.</summary>
internal delegate void TextTokenizer(ReadOnlySpan<char> text, List<uint> keys);

/// <summary>The token column over one input schema.</summary>
internal sealed class TokenColumn(
    DataViewSchema schema, DataViewSchema.Column text, string outputColumnName, TokenSet tokenSet, TextTokenizer tokenize)
    : AddedColumns(schema, [Describe(outputColumnName, tokenSet)], text.Index)
{
    public override Delegate?[] CreateGetters(DataViewRow input, bool[] active)
    {
        if (!active[0])
        {
            return [null];
        }

        ValueGetter<ReadOnlyMemory<char>> textGetter = input.GetGetter<ReadOnlyMemory<char>>(text);
        ReadOnlyMemory<char> value = default;
        var keys = new List<uint>();
        ValueGetter<VBuffer<uint>> getter = (ref VBuffer<uint> tokens) =>
        {
            textGetter(ref value);
            keys.Clear();
            tokenize(value.Span, keys);
            VBufferEditor<uint> editor = VBufferEditor.Create(ref tokens, keys.Count);
            keys.CopyTo(editor.Values);
            tokens = editor.Commit();
        };
        return [getter];
    }

    private static DataViewSchema.DetachedColumn Describe(string name, TokenSet tokens)
    {
        ReadOnlyMemory<char>[] words = [.. tokens.Names.Select(word => word.AsMemory())];
        var annotations = new DataViewSchema.Annotations.Builder();
        annotations.Add(
            SchemaShapes.KeyValues,
            new VectorDataViewType(TextDataViewType.Instance, words.Length),
            (ref VBuffer<ReadOnlyMemory<char>> values) => Fill(words, ref values));
        TokenAnnotations.Add(annotations, tokens);
        return new(name, new VectorDataViewType(new KeyDataViewType(typeof(uint), words.Length)), annotations.ToAnnotations());
    }

    private static void Fill(ReadOnlyMemory<char>[] words, ref VBuffer<ReadOnlyMemory<char>> values)
    {
        VBufferEditor<ReadOnlyMemory<char>> editor = VBufferEditor.Create(ref values, words.Length);
        words.CopyTo(editor.Values);
        values = editor.Commit();
    }
}
