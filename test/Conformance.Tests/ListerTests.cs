using Conformance.Tests.Listing;

namespace Conformance.Tests;

/// <summary>The syntax of the official listings, which the whole comparison rests on.</summary>
[TestClass]
public class ListerTests
{
    [TestMethod]
    public void Members_are_written_as_the_official_listings_write_them() => CollectionAssert.AreEquivalent(
        new[]
        {
            "ListerFixture<T> :: TYPE abstract class : List<T> [Conformance.Tests]",
            "ListerFixture<T> :: protected ctor(int? size = null, char separator = ,)",
            "ListerFixture<T> :: abstract ValueTuple<T2, int>[] Pair<T2>(ref long? first, out T second, params string[] rest)",
            "ListerFixture<T> :: virtual (long, double) Split(DayOfWeek day = Friday, float share = 0.5)",
            "ListerFixture<T> :: override string ToString()",
            "ListerFixture<T> :: string Sealed() [Obsolete]",
            "ListerFixture<T> :: static ListerFixture<T> op_Implicit(T value)",
            "ListerFixture<T> :: string Item[int row, T column] { get; }",
            "ListerFixture<T> :: string Name { get; set; }",
            "ListerFixture<T> :: event EventHandler<EventArgs> Changed",
            "ListerFixture<T> :: const int Limit",
            "ListerFixture<T> :: static readonly T[,] Table",
            "ListerFixture<T> :: readonly ListerFixture<T>.Order Current",
        },
        Lister.PublicLines(typeof(ListerFixture<>)).ToArray());

    [TestMethod]
    public void Enum_values_come_in_numeric_order_with_negative_ones_last() => CollectionAssert.AreEqual(
        new[]
        {
            "ListerFixture<T>.Order :: TYPE enum [Conformance.Tests]",
            "ListerFixture<T>.Order :: values None=0, Rising=1, Falling=2, Unknown=-1",
        },
        Lister.PublicLines(typeof(ListerFixture<>.Order)).ToArray());

    [TestMethod]
    public void Friend_lines_show_internal_overloads_and_leave_private_ones_out() => CollectionAssert.AreEqual(
        new[] { "ListerFixture<T> :: internal void Reset(bool all)" },
        Lister.FriendLines(typeof(ListerFixture<>), "Reset").ToArray());

    [TestMethod]
    [DataRow("void F(string? a, long? b, (int, int)? c, Mode? d, IList<string>? e)", "void F(string a, long? b, (int, int)? c, Mode? d, IList<string> e)")]
    [DataRow("Func<T?, long?> G(params string?[] a)", "Func<T, long?> G(params string[] a)")]
    public void Only_the_nullability_of_references_is_ignored(string line, string expected) =>
        Assert.AreEqual(expected, new Nullability(["Mode :: TYPE enum [N]"]).Ignore(line));

    [TestMethod]
    [DataRow("A :: void F(int x)", DisplayName = "renamed parameter")]
    [DataRow("A :: void F(int n = 1)", DisplayName = "other default")]
    [DataRow("A :: virtual void F(int n)", DisplayName = "other modifier")]
    [DataRow("A :: void F(int? n)", DisplayName = "nullable value")]
    public void A_differing_line_is_an_offender(string line) =>
        CollectionAssert.AreEqual(new[] { line }, Comparison.Missing(["A :: int G()", line], ["A :: void F(int n)", "A :: int G()"]).ToArray());
}
