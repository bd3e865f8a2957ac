using Microsoft.ML.Data;
using Microsoft.ML.MixtureOfSoftmaxes.Columns;
using Microsoft.ML.MixtureOfSoftmaxes.Persistence;

namespace Microsoft.ML.MixtureOfSoftmaxes.Tokenization;

/// <summary>The token column over one input schema.</summary>
internal sealed class VocabularyColumn(DataViewSchema schema, DataViewSchema.Column text, string outputColumnName, Vocabulary vocabulary)
    : AddedColumns(schema, [Describe(outputColumnName, vocabulary)], text.Index)
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
            foreach (ReadOnlySpan<char> word in new WordSplitter(value.Span))
            {
                keys.Add((uint)vocabulary.IndexOf(word) + 1);
            }

            VBufferEditor<uint> editor = VBufferEditor.Create(ref tokens, keys.Count);
            keys.CopyTo(editor.Values);
            tokens = editor.Commit();
        };
        return [getter];
    }

    private static DataViewSchema.DetachedColumn Describe(string name, Vocabulary vocabulary)
    {
        ReadOnlyMemory<char>[] words = [.. vocabulary.Words.Select(word => word.AsMemory())];
        var annotations = new DataViewSchema.Annotations.Builder();
        annotations.Add(
            SchemaShapes.KeyValues,
            new VectorDataViewType(TextDataViewType.Instance, words.Length),
            (ref VBuffer<ReadOnlyMemory<char>> values) => Fill(words, ref values));
        return new(name, new VectorDataViewType(new KeyDataViewType(typeof(uint), words.Length)), annotations.ToAnnotations());
    }

    private static void Fill(ReadOnlyMemory<char>[] words, ref VBuffer<ReadOnlyMemory<char>> values)
    {
        VBufferEditor<ReadOnlyMemory<char>> editor = VBufferEditor.Create(ref values, words.Length);
        words.CopyTo(editor.Values);
        values = editor.Commit();
    }
}
