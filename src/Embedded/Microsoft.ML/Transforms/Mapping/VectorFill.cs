namespace Microsoft.ML.Data;

/// <summary>
/// Stores values in a vector as the official transforms do: sparse where fewer than half of them differ from the default. What
/// reads such vectors thus meets both forms here, too.
/// </summary>
internal static class VectorFill
{
    public static void Fill<T>(ref VBuffer<T> destination, ReadOnlySpan<T> values, Func<T, bool> isDefault)
    {
        int count = 0;
        foreach (T value in values)
            count += isDefault(value) ? 0 : 1;
        if (count > 0 && count >= values.Length / 2)
        {
            VBufferEditor<T> dense = VBufferEditor.Create(ref destination, values.Length);
            values.CopyTo(dense.Values);
            destination = dense.Commit();
            return;
        }

        VBufferEditor<T> sparse = VBufferEditor.Create(ref destination, values.Length, count);
        for (int i = 0, slot = 0; slot < count; i++)
        {
            if (isDefault(values[i]))
                continue;
            sparse.Values[slot] = values[i];
            sparse.Indices[slot++] = i;
        }

        destination = sparse.Commit();
    }
}
