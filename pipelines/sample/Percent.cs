namespace Sample;

/// <summary>Writes shares as whole percents.</summary>
internal static class Percent
{
    // Adding 0.0 to the rounded share turns -0 into 0: "-0 %" would read as a loss.
    public static string Of(double share) =>
        FormattableString.Invariant($"{Math.Round(share, 2, MidpointRounding.AwayFromZero) + 0.0:P0}");
}
