using Microsoft.ML.Data;
using Microsoft.ML.Runtime;

namespace Microsoft.ML.Transforms;

/// <summary>Terms that are text, compared character by character; a model has them in its string table.</summary>
internal sealed class TextKeyMap(ReadOnlyMemory<char>[] terms)
    : KeyMap<ReadOnlyMemory<char>>(TextDataViewType.Instance, terms, TextComparer.Instance)
{
    public override void Save(ModelSaveContext ctx)
    {
        ctx.Writer.Write((byte)Format.Text);
        ctx.Writer.Write(Count);
        foreach (ReadOnlyMemory<char> term in Terms)
            ctx.SaveNonEmptyString(term);
    }

    public override void WriteTerms(TextWriter writer)
    {
        writer.WriteLine($"# Number of terms = {Count}");
        for (int i = 0; i < Count; i++)
            writer.WriteLine($"{i}\t{Terms[i]}");
    }
}

/// <summary>Terms of any other type.</summary>
internal sealed class ValueKeyMap<T>(PrimitiveDataViewType itemType, T[] terms) : KeyMap<T>(itemType, terms, comparer: null)
    where T : IEquatable<T>, IComparable<T>
{
    public override void Save(ModelSaveContext ctx)
    {
        var codec = (ValueCodec<T>)(ValueCodecs.ForTypeOrNull(ItemType)
            ?? throw Contracts.Except($"Terms of type '{ItemType}' cannot be saved."));
        ctx.Writer.Write((byte)Format.Codec);
        ValueCodecs.WriteDescription(ctx.Writer, codec);
        ctx.Writer.Write(Count);
        codec.Write(ctx.Writer, Terms);
    }

    public override void WriteTerms(TextWriter writer)
    {
        writer.WriteLine($"# Number of terms of type '{ItemType}' = {Count}");
        for (int i = 0; i < Count; i++)
            writer.WriteLine($"{i}\t{TermText.Of(Terms[i])}");
    }
}
