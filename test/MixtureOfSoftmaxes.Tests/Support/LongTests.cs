namespace Microsoft.ML.MixtureOfSoftmaxes.Tests.Support;

/// <summary>How much the tests of load and endurance do: enough to see a fault, or with MOS_LONG_TESTS=1 as much as fits into minutes.</summary>
internal static class LongTests
{
    public static int Choose(int normal, int atLength) => Environment.GetEnvironmentVariable("MOS_LONG_TESTS") == "1" ? atLength : normal;
}
