namespace Sample;

/// <summary>Shares as whole percent.</summary>
internal static class Percent
{
    // Rounded before it is written, and minus zero made zero: "-0 %" would read as a loss.
    public static string Of(double share) =>
        FormattableString.Invariant($"{Math.Round(share, 2, MidpointRounding.AwayFromZero) + 0.0:P0}");
}
