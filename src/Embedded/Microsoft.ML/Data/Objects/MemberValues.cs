using System.Numerics;
using Microsoft.ML.Internal.Utilities;

namespace Microsoft.ML.Data;

/// <summary>Converts between the values of members and of columns: strings and text, arrays and vectors, keys.</summary>
internal static class MemberValues
{
    public static Delegate MakeGetter<TMember>(Func<TMember> read, DataViewType type)
    {
        Type member = typeof(TMember);
        if (read is Func<string?> text)
            return (ValueGetter<ReadOnlyMemory<char>>)((ref ReadOnlyMemory<char> value) => value = text().AsMemory());
        if (read is Func<string?[]?> texts)
            return TextsGetter(texts);
        if (member.IsArray)
            return GenericCall.Invoke<Delegate>(ArrayGetter<int>, member.GetElementType()!, read);
        if (type is VectorDataViewType)
            return GenericCall.Invoke<Delegate>(VBufferGetter<int>, member.GetGenericArguments()[0], read);
        if (type is KeyDataViewType key)
            return GenericCall.Invoke<Delegate>(KeyGetter<uint>, member, read, key.Count);
        return (ValueGetter<TMember>)((ref TMember value) => value = read());
    }

    /// <param name="row">Where the values come from.</param>
    /// <param name="column">A column of the row.</param>
    /// <param name="peek">The present value of the member, whose array is used again where it fits.</param>
    /// <param name="poke">Sets the member.</param>
    public static Action<TRow> MakeSetter<TRow, TMember>(
        DataViewRow row, DataViewSchema.Column column, Func<TRow, TMember> peek, Action<TRow, TMember> poke)
    {
        Type member = typeof(TMember);
        if (poke is Action<TRow, string> pokeText)
            return TextSetter(row.GetGetter<ReadOnlyMemory<char>>(column), pokeText);
        if (poke is Action<TRow, string[]> pokeTexts)
        {
            var getTexts = row.GetGetter<VBuffer<ReadOnlyMemory<char>>>(column);
            return TextsSetter(getTexts, (Func<TRow, string[]>)(object)peek, pokeTexts);
        }

        if (member.IsArray)
        {
            Type[] types = [typeof(TRow), member.GetElementType()!];
            return GenericCall.Invoke<Action<TRow>>(ArraySetter<TRow, int>, types, row, column, peek, poke);
        }

        if (column.Type is VectorDataViewType)
        {
            Type[] types = [typeof(TRow), member.GetGenericArguments()[0]];
            return GenericCall.Invoke<Action<TRow>>(VBufferSetter<TRow, int>, types, row, column, peek, poke);
        }

        ValueGetter<TMember> getter = row.GetGetter<TMember>(column);
        return target =>
        {
            TMember value = default!;
            getter(ref value);
            poke(target, value);
        };
    }

    private static ValueGetter<VBuffer<ReadOnlyMemory<char>>> TextsGetter(Func<string?[]?> read) =>
        (ref VBuffer<ReadOnlyMemory<char>> value) =>
        {
            string?[] texts = read() ?? [];
            VBufferEditor<ReadOnlyMemory<char>> editor = VBufferEditor.Create(ref value, texts.Length);
            for (int i = 0; i < texts.Length; i++)
                editor.Values[i] = texts[i].AsMemory();
            value = editor.Commit();
        };

    private static ValueGetter<VBuffer<T>> ArrayGetter<T>(Func<T[]?> read) =>
        (ref VBuffer<T> value) =>
        {
            T[] items = read() ?? [];
            VBuffer<T>.Copy(items, 0, ref value, items.Length);
        };

    private static ValueGetter<VBuffer<T>> VBufferGetter<T>(Func<VBuffer<T>> read) =>
        (ref VBuffer<T> value) => read().CopyTo(ref value);

    // Members count from 0, columns from 1, where 0 means missing.
    private static ValueGetter<T> KeyGetter<T>(Func<T> read, ulong count)
        where T : IBinaryInteger<T> =>
        (ref T value) =>
        {
            value = read();
            value = ulong.CreateTruncating(value) < count ? value + T.One : T.Zero;
        };

    private static Action<TRow> TextSetter<TRow>(ValueGetter<ReadOnlyMemory<char>> getter, Action<TRow, string> poke) =>
        target =>
        {
            ReadOnlyMemory<char> value = default;
            getter(ref value);
            poke(target, value.ToString());
        };

    private static Action<TRow> TextsSetter<TRow>(
        ValueGetter<VBuffer<ReadOnlyMemory<char>>> getter, Func<TRow, string[]> peek, Action<TRow, string[]> poke)
    {
        VBuffer<ReadOnlyMemory<char>> value = default;
        return target =>
        {
            getter(ref value);
            string[]? texts = Fit(peek(target), value.Length);
            foreach ((int index, ReadOnlyMemory<char> text) in value.Items(all: true))
                texts![index] = text.ToString();
            poke(target, texts!);
        };
    }

    private static Action<TRow> ArraySetter<TRow, T>(
        DataViewRow row, DataViewSchema.Column column, Func<TRow, T[]> peek, Action<TRow, T[]> poke)
    {
        ValueGetter<VBuffer<T>> getter = row.GetGetter<VBuffer<T>>(column);
        VBuffer<T> value = default;
        return target =>
        {
            getter(ref value);
            T[]? items = Fit(peek(target), value.Length);
            value.CopyTo(items);
            poke(target, items!);
        };
    }

    private static Action<TRow> VBufferSetter<TRow, T>(
        DataViewRow row, DataViewSchema.Column column, Func<TRow, VBuffer<T>> peek, Action<TRow, VBuffer<T>> poke)
    {
        ValueGetter<VBuffer<T>> getter = row.GetGetter<VBuffer<T>>(column);
        return target =>
        {
            VBuffer<T> value = peek(target);
            getter(ref value);
            poke(target, value);
        };
    }

    // As in the official library a member that is null stays null for an empty vector.
    private static T[]? Fit<T>(T[]? array, int length) => (array?.Length ?? 0) == length ? array : new T[length];
}
