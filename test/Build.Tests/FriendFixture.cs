namespace Build.Tests;

/// <summary>Members of every kind and access for <see cref="PublicizeTests"/>.</summary>
internal class FriendFixture
{
    internal int Field;

    internal FriendFixture() => Field = Secret();

    internal int Property { get; private protected set; }

    private protected virtual int Unlisted => Field;

    internal void Method() => Property = Unlisted;

    internal void Method(int value) => Property = value;

    private static int Secret() => new Nested().Value;

    internal class Nested
    {
        internal int Value { get; } = 1;
    }
}
