using System.Reflection;
using System.Reflection.Metadata;
using System.Reflection.Metadata.Ecma335;
using Conformance.Tests.Listing;
using Publicize;

namespace Conformance.Tests;

/// <summary>
/// The library sees every internal of embedded Microsoft.ML, but of the official one only what FriendSurface.txt lists. So the
/// list is held to the embedded assembly, and the library to the list.
/// </summary>
[TestClass]
public class FriendSurfaceTests
{
    private const string Library = "Microsoft.ML.MixtureOfSoftmaxes";

    private static readonly Assembly s_embedded = Assembly.Load("Microsoft.ML");

    [TestMethod]
    public void Every_entry_is_an_internal_of_embedded_Microsoft_ML()
    {
        string[] wrong = [.. FriendSurfaceLines.Entries.Where(entry => !IsInternal(entry)).Select(entry => $"{entry} (line {entry.Line})")];
        Assert.IsEmpty(wrong, $"Entries that are absent, or need no entry because they are public:\n{string.Join('\n', wrong)}\n");
    }

    [TestMethod]
    public void The_library_uses_no_internal_that_is_not_listed()
    {
        HashSet<string> listed = [.. FriendSurfaceLines.Entries.Select(entry => entry.ToString())];
        string[] unlisted = [.. MembersUsedBy(LoadLibrary()).SelectMany(InternalsIn).Distinct().Where(name => !listed.Contains(name))];
        Assert.IsEmpty(unlisted, $"Internals of Microsoft.ML used but not in FriendSurface.txt:\n{string.Join('\n', unlisted)}\n");
    }

    [TestMethod]
    public void The_library_asks_access_to_every_assembly_of_the_list()
    {
        string[] asked =
        [
            .. LoadLibrary().GetCustomAttributesData()
                .Where(attribute => attribute.AttributeType.Name == "IgnoresAccessChecksToAttribute")
                .Select(attribute => (string)attribute.ConstructorArguments[0].Value!),
        ];
        CollectionAssert.AreEquivalent(FriendSurface.Read(Files.FriendSurface).Assemblies.Keys.ToArray(), asked);
    }

    private static Assembly LoadLibrary()
    {
        if (!File.Exists(Path.Combine(AppContext.BaseDirectory, Library + ".dll")))
        {
            Assert.Inconclusive("On stack nuget the compiler holds the library to the list.");
        }

        return Assembly.Load(Library);
    }

    private static bool IsInternal(FriendEntry entry) => s_embedded.GetType(entry.Type) is { } type && (entry.Member is null
        ? !type.IsVisible
        : type.GetMember(entry.Member, AllMembers).Any(member => InternalsIn(member).Contains(entry.ToString())));

    private static unsafe IEnumerable<MemberInfo> MembersUsedBy(Assembly library)
    {
        Assert.IsTrue(library.TryGetRawMetadata(out byte* blob, out int length));
        var reader = new MetadataReader(blob, length);
        IEnumerable<EntityHandle> handles =
        [
            .. reader.TypeReferences.Select(handle => (EntityHandle)handle),
            .. reader.MemberReferences.Select(handle => (EntityHandle)handle),
        ];

        return [.. handles.Select(handle => Resolve(library.ManifestModule, MetadataTokens.GetToken(handle)))];
    }

    /// <summary>A reference inside generic code resolves for any arguments that meet its constraints, a class or a number.</summary>
    private static MemberInfo Resolve(Module module, int token)
    {
        try
        {
            return ResolveWith(typeof(object));
        }
        catch (TypeLoadException)
        {
            return ResolveWith(typeof(int));
        }

        MemberInfo ResolveWith(Type argument)
        {
            Type[] arguments = [.. Enumerable.Repeat(argument, 8)];
            return module.ResolveMember(token, arguments, arguments)!;
        }
    }

    /// <summary>What of a member of embedded Microsoft.ML, and of the types around it, needs an entry.</summary>
    private static IEnumerable<string> InternalsIn(MemberInfo member)
    {
        for (MemberInfo? current = member; current is not null; current = current.DeclaringType)
        {
            if (current.Module.Assembly != s_embedded)
            {
                continue;
            }

            if (current is Type type && !(type.IsPublic || type.IsNestedPublic))
            {
                yield return Definition(type);
            }

            if (current is FieldInfo or MethodBase && !Access.IsPublicOrProtected(current))
            {
                yield return $"{Definition(current.DeclaringType!)}::{PropertyOf(current)?.Name ?? current.Name}";
            }

            if (current is PropertyInfo property && property.GetAccessors(true).All(accessor => !Access.IsPublicOrProtected(accessor)))
            {
                yield return $"{Definition(property.DeclaringType!)}::{property.Name}";
            }
        }
    }

    private static string Definition(Type type) => (type.IsGenericType ? type.GetGenericTypeDefinition() : type).FullName!;

    private static PropertyInfo? PropertyOf(MemberInfo member) => member is MethodInfo { IsSpecialName: true } accessor
        ? accessor.DeclaringType!.GetProperties(AllMembers).FirstOrDefault(property => property.GetAccessors(true).Contains(accessor))
        : null;

    private const BindingFlags AllMembers =
        BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.Instance | BindingFlags.Static | BindingFlags.DeclaredOnly;
}
