using System.Text;
using FsCheck;
using FsCheck.Fluent;

namespace Microsoft.ML.MixtureOfSoftmaxes.Tests.Tokenization.BytePairs;

/// <summary>Random texts, with enough of the same few characters that pairs repeat.</summary>
internal static class AnyText
{
    private static readonly Gen<string> s_common =
        Gen.Elements("aabb c  1\t\né".ToCharArray()).Select(character => character.ToString());

    private static readonly Gen<string> s_rare =
        Gen.Choose(0, 0x10ffff).Where(Rune.IsValid).Select(value => new Rune(value).ToString());

    // Combining marks, characters that others join, controls, and what U+FFFD may be mistaken for.
    private static readonly Gen<string> s_special = Gen.Elements(
        "e\u0301", "\u0300\u0323", "नि", "👩\u200D🔬", "🇩🇪", "👍🏽",
        "\0", "\u001b", "\u007f", "\u0085", "\u00ad", "\ufeff", "\ufffd", "\r\n");

    private static readonly Gen<string> s_long =
        from unit in Gen.OneOf(s_common, s_special)
        from count in Gen.Choose(30, 200)
        select string.Concat(Enumerable.Repeat(unit, count));

    private static readonly Gen<string> s_halfPair = Gen.Choose(0xd800, 0xdfff).Select(value => ((char)value).ToString());

    /// <summary>Of valid Unicode.</summary>
    public static void Holds(Action<string> property) => Holds(property, (5, s_common), (1, s_rare));

    /// <summary>Of any UTF-16, halves of surrogate pairs and very long words among them.</summary>
    public static void HoldsForAnyString(Action<string> property) =>
        Holds(property, (20, s_common), (4, s_rare), (4, s_special), (1, s_long), (2, s_halfPair));

    private static void Holds(Action<string> property, params (int Weight, Gen<string> Part)[] parts) =>
        Prop.ForAll(Gen.Frequency(parts).ListOf().Select(string.Concat).ToArbitrary(), property)
            .Check(Config.QuickThrowOnFailure.WithMaxTest(300));
}
