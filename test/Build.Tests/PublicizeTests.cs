using System.Reflection;
using System.Runtime.Loader;
using Publicize;

namespace Build.Tests;

/// <summary>The build tool that opens the friend surface, tried on the fixtures of this very assembly.</summary>
[TestClass]
public class PublicizeTests
{
    private const string Fixtures = "Build.Tests.FriendFixture";

    [TestMethod]
    public void Listed_members_become_public_and_no_others()
    {
        Type opened = Open(
            Fixtures, $"{Fixtures}::.ctor", $"{Fixtures}::Method", $"{Fixtures}::Property", $"{Fixtures}::Field", $"{Fixtures}+Nested");

        Assert.IsTrue(opened.IsPublic);
        CollectionAssert.AreEquivalent(
            new[] { ".ctor", "Method", "Method", "get_Property", "set_Property", "Property", "Field", "Nested" },
            opened.GetMembers(BindingFlags.Public | BindingFlags.Instance | BindingFlags.DeclaredOnly).Select(m => m.Name).ToArray());
    }

    [TestMethod]
    public void The_copy_keeps_the_identity_of_the_assembly() =>
        Assert.AreEqual(typeof(FriendFixture).Assembly.FullName, Open(Fixtures).Assembly.FullName);

    [TestMethod]
    [DataRow(Fixtures + "::Methud", DisplayName = "absent member")]
    [DataRow(Fixtures + "s", DisplayName = "absent type")]
    [DataRow(Fixtures + "::Secret", DisplayName = "private member")]
    public void An_entry_that_cannot_be_opened_is_named_with_its_line(string entry)
    {
        var error = Assert.ThrowsExactly<FriendSurfaceException>(() => Open(Fixtures, entry));
        StringAssert.Contains(error.Message, $"does not have {entry} (line 3)");
    }

    [TestMethod]
    [DataRow("Namespace.Type", "list.txt(1): 'Namespace.Type' stands before the first [Assembly] line.")]
    [DataRow("[A]|[A]", "list.txt(2): assembly A has a group already.")]
    [DataRow("[A]|# good|B C", "list.txt(3): 'B C' is neither Namespace.Type nor Namespace.Type::Member.")]
    [DataRow("[A]|B::", "list.txt(2): 'B::' is neither Namespace.Type nor Namespace.Type::Member.")]
    public void A_malformed_line_is_named_with_its_number(string lines, string message)
    {
        var error = Assert.ThrowsExactly<FriendSurfaceException>(() => FriendSurface.Parse(lines.Split('|'), "list.txt"));
        Assert.AreEqual(message, error.Message);
    }

    private static Type Open(params string[] entries)
    {
        string path = typeof(FriendFixture).Assembly.Location;
        FriendSurface surface = FriendSurface.Parse(["[Build.Tests]", .. entries], "list.txt");
        byte[] copy = PublicCopy.Of(File.ReadAllBytes(path), surface.Assemblies["Build.Tests"], path);
        var context = new AssemblyLoadContext(nameof(PublicizeTests), isCollectible: true);
        return context.LoadFromStream(new MemoryStream(copy)).GetType(Fixtures)!;
    }
}
