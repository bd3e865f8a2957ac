namespace Conformance.Tests;

/// <summary>Members of every kind for <see cref="ListerTests"/>.</summary>
public abstract class ListerFixture<T> : List<T>
{
    public const int Limit = 3;
    public static readonly T[,] Table = new T[1, 1];
    public readonly Order Current;

    protected ListerFixture(int? size = null, char separator = ',') => Name = $"{size}{separator}";

    public event EventHandler<EventArgs>? Changed;

    public enum Order
    {
        None = 0,
        Unknown = -1,
        Falling = 2,
        Rising = 1,
    }

    public string Name { get; set; }

    public string this[int row, T column] => $"{row}{column}";

    public static implicit operator ListerFixture<T>(T value) => throw new NotSupportedException($"{value}");

    public abstract (T2, int)[] Pair<T2>(ref long? first, out T second, params string[] rest);

    public virtual (long Low, double Share) Split(DayOfWeek day = DayOfWeek.Friday, float share = 0.5f) => ((long)day, share);

    [Obsolete("shows the mark")]
    public string Sealed() => Name;

    public override string ToString()
    {
        Changed?.Invoke(this, EventArgs.Empty);
        Reset();
        return Name;
    }

    internal void Reset(bool all) => Name = $"{all}";

    private void Reset() => Reset(all: true);
}
