using System.Runtime.InteropServices;
using Microsoft.ML.Data;
using Microsoft.ML.Runtime;

namespace Microsoft.ML.Transforms.Text;

/// <summary>What transforms of text, or of vectors of text, have in common.</summary>
internal static class TextColumns
{
    public static void Check(IExceptionContext context, DataViewSchema.Column column)
    {
        if (column.Type.GetItemType() is not TextDataViewType)
            throw context.ExceptSchemaMismatch("inputSchema", "input", column.Name, "String or Vector of String", $"{column.Type}");
    }

    /// <summary>
    /// A getter of all texts that <paramref name="add"/> makes of the text, or of the texts one after the other.
    /// </summary>
    public static ValueGetter<VBuffer<ReadOnlyMemory<char>>> MakeVectorGetter(
        DataViewRow input, DataViewSchema.Column source, Action<ReadOnlyMemory<char>, List<ReadOnlyMemory<char>>> add)
    {
        var results = new List<ReadOnlyMemory<char>>();
        if (source.Type is not VectorDataViewType)
        {
            ValueGetter<ReadOnlyMemory<char>> getText = input.GetGetter<ReadOnlyMemory<char>>(source);
            ReadOnlyMemory<char> text = default;
            return (ref VBuffer<ReadOnlyMemory<char>> destination) =>
            {
                getText(ref text);
                add(text, results);
                Flush(ref destination);
            };
        }

        ValueGetter<VBuffer<ReadOnlyMemory<char>>> getTexts = input.GetGetter<VBuffer<ReadOnlyMemory<char>>>(source);
        VBuffer<ReadOnlyMemory<char>> texts = default;
        return (ref VBuffer<ReadOnlyMemory<char>> destination) =>
        {
            getTexts(ref texts);
            foreach (ReadOnlyMemory<char> text in texts.GetValues())
                add(text, results);
            Flush(ref destination);
        };

        void Flush(ref VBuffer<ReadOnlyMemory<char>> destination)
        {
            VBufferEditor<ReadOnlyMemory<char>> editor = VBufferEditor.Create(ref destination, results.Count);
            CollectionsMarshal.AsSpan(results).CopyTo(editor.Values);
            destination = editor.Commit();
            results.Clear();
        }
    }
}
