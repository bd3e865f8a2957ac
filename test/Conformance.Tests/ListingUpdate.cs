namespace Conformance.Tests;

/// <summary>With UPDATE_LISTINGS=1 (update-listings.sh) rebuilds Listings/ before the tests, which then judge the outcome.</summary>
[TestClass]
public static class ListingUpdate
{
    [AssemblyInitialize]
    public static void Update(TestContext _)
    {
        if (Environment.GetEnvironmentVariable("UPDATE_LISTINGS") != "1")
        {
            return;
        }

        foreach (Subject subject in Subject.All.Select(row => (Subject)row[0]))
        {
            string[] official = [.. subject.Official
                ?? throw new InvalidOperationException("The official listings are needed: put them at ../shared/api.")];
            // What is implemented and official, never what is implemented alone.
            HashSet<string> foreign = [.. Comparison.Missing(official, subject.Implemented())];
            string[] header =
            [
                $"# Lines of the official listing {subject.OfficialFile} that the embedded assembly implements.",
                "# Made by update-listings.sh; not to be edited.",
            ];
            File.WriteAllLines(subject.CopyPath, [.. header, .. official.Where(line => !foreign.Contains(line))]);
        }
    }
}
