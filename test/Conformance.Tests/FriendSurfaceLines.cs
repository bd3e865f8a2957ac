using System.Reflection;
using Conformance.Tests.Listing;
using Publicize;

namespace Conformance.Tests;

/// <summary>What the friend surface opens of an assembly, in the syntax of the official listings.</summary>
internal static class FriendSurfaceLines
{
    public static IEnumerable<FriendEntry> Entries => FriendSurface.Read(Files.FriendSurface).Assemblies.SelectMany(pair => pair.Value);

    public static IEnumerable<string> Of(Assembly assembly) => Entries.SelectMany(entry => Of(assembly, entry)).Distinct();

    public static IEnumerable<string> Of(Assembly assembly, FriendEntry entry) => assembly.GetType(entry.Type) is not { } type ? []
        : entry.Member is null ? Lister.PublicLines(type)
        : Lister.FriendLines(type, entry.Member);
}
