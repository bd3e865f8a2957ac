using System.Text;
using FsCheck;
using FsCheck.Fluent;

namespace Microsoft.ML.MixtureOfSoftmaxes.Tests.Tokenization.BytePairs;

/// <summary>Random texts: valid Unicode, with enough of the same few characters that pairs repeat.</summary>
internal static class AnyText
{
    private static readonly Gen<Rune> s_common = Gen.Elements("aabb c  1\t\né".EnumerateRunes().ToArray());

    private static readonly Gen<Rune> s_rare = Gen.Choose(0, 0x10ffff).Where(Rune.IsValid).Select(value => new Rune(value));

    public static void Holds(Action<string> property) =>
        Prop.ForAll(Arbitrary(), property).Check(Config.QuickThrowOnFailure.WithMaxTest(300));

    private static Arbitrary<string> Arbitrary() => Gen.Frequency((5, s_common), (1, s_rare)).ListOf()
        .Select(runes => string.Concat(runes)).ToArbitrary();
}
