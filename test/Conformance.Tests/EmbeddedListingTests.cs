namespace Conformance.Tests;

/// <summary>
/// The embedded assemblies are subsets of the official ones: each member stands, letter for letter, in an official listing.
/// Listings/ holds the official lines they implement, so that the check also works where the listings are not at hand.
/// </summary>
[TestClass]
public class EmbeddedListingTests
{
    [TestMethod]
    [DynamicData(nameof(Subject.All), typeof(Subject))]
    public void Every_member_is_a_line_of_the_listing(object subject)
    {
        var (name, copy, implemented) = Read(subject);
        Comparison.AssertNoneMissing(implemented, copy, $"Members of embedded {name} that the official one lacks or has otherwise");
    }

    [TestMethod]
    [DynamicData(nameof(Subject.All), typeof(Subject))]
    public void Every_line_of_the_listing_is_implemented(object subject)
    {
        var (name, copy, implemented) = Read(subject);
        Comparison.AssertNoneMissing(copy, implemented, $"Lines of Listings/{name}.txt without a member (run update-listings.sh)");
    }

    [TestMethod]
    [DynamicData(nameof(Subject.All), typeof(Subject))]
    public void Every_line_of_the_listing_is_official(object subject)
    {
        var (name, copy, _) = Read(subject);
        if (((Subject)subject).Official is not { } official)
        {
            Assert.Inconclusive("The official listings (../shared/api) are not beside this checkout.");
            return;
        }

        string[] invented = [.. copy.Except(official)];
        Assert.IsEmpty(invented, $"Lines of Listings/{name}.txt that are not official:\n{string.Join('\n', invented)}\n");
    }

    private static (string Name, string[] Copy, string[] Implemented) Read(object subject)
    {
        var read = (Subject)subject;
        return (read.Name, [.. read.Copy], [.. read.Implemented()]);
    }
}
