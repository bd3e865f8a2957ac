namespace Mos.Sweeps;

/// <summary>The items for which no other one is better in one respect and at least as good in the other; less is better in both.</summary>
internal static class ParetoFront
{
    /// <returns>By rising cost. Items that are equal in both are all on it; those that have no finite figure are not.</returns>
    public static IReadOnlyList<T> Of<T>(IEnumerable<T> items, Func<T, double> cost, Func<T, double> loss)
    {
        T[] finite = [.. items.Where(item => double.IsFinite(cost(item)) && double.IsFinite(loss(item)))];
        return [.. finite.Where(item => !finite.Any(other => Beats(other, item))).OrderBy(cost).ThenBy(loss)];

        bool Beats(T other, T item) => cost(other) <= cost(item) && loss(other) <= loss(item)
            && (cost(other) < cost(item) || loss(other) < loss(item));
    }
}
