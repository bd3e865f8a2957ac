using System.Reflection;
using System.Reflection.Metadata;
using System.Reflection.Metadata.Ecma335;
using Publicize;

namespace Build.Tests;

/// <summary>
/// What the library uses of Microsoft.ML that is visible to friend assemblies only: the list is held to the official assemblies,
/// and the library to the list.
/// </summary>
[TestClass]
public class FriendSurfaceTests
{
    private static readonly Assembly s_library = Assembly.Load("Microsoft.ML.MixtureOfSoftmaxes");

    private static readonly FriendSurface s_surface = FriendSurface.Read(Files.FriendSurface);

    [TestMethod]
    public void Every_entry_is_an_internal_of_its_assembly()
    {
        string[] wrong =
        [
            .. from pair in s_surface.Assemblies
               from entry in pair.Value
               where !IsInternal(Assembly.Load(pair.Key), entry)
               select $"{entry} (line {entry.Line})",
        ];
        Assert.IsEmpty(wrong, $"Entries that are absent, or need no entry because they are public:\n{string.Join('\n', wrong)}\n");
    }

    [TestMethod]
    public void The_library_uses_the_internals_of_the_list_and_no_others()
    {
        string[] listed = [.. s_surface.Assemblies.Values.SelectMany(entries => entries).Select(entry => entry.ToString())];
        string[] used = [.. MembersUsedBy(s_library).SelectMany(InternalsIn).Distinct()];
        Assert.AreSequenceEqual(listed.Order(), used.Order());
    }

    [TestMethod]
    public void The_library_asks_access_to_every_assembly_of_the_list()
    {
        string[] asked =
        [
            .. s_library.GetCustomAttributesData()
                .Where(attribute => attribute.AttributeType.Name == "IgnoresAccessChecksToAttribute")
                .Select(attribute => (string)attribute.ConstructorArguments[0].Value!),
        ];
        CollectionAssert.AreEquivalent(s_surface.Assemblies.Keys.ToArray(), asked);
    }

    private static bool IsInternal(Assembly assembly, FriendEntry entry) => assembly.GetType(entry.Type) is { } type && (entry.Member is null
        ? !type.IsVisible
        : type.GetMember(entry.Member, AllMembers).Any(member => InternalsIn(member).Contains(entry.ToString())));

    private static unsafe IEnumerable<MemberInfo> MembersUsedBy(Assembly library)
    {
        Assert.IsTrue(library.TryGetRawMetadata(out byte* blob, out int length));
        var reader = new MetadataReader(blob, length);
        IEnumerable<EntityHandle> handles =
        [
            .. reader.TypeReferences.Select(handle => (EntityHandle)handle),
            .. reader.MemberReferences.Where(handle => !IsOwn(reader, handle)).Select(handle => (EntityHandle)handle),
        ];

        return [.. handles.Select(handle => Resolve(library.ManifestModule, MetadataTokens.GetToken(handle)))];
    }

    // Members of the library's own generic types are referred to as well, and may have constraints that only its own types meet.
    private static bool IsOwn(MetadataReader reader, MemberReferenceHandle handle)
    {
        EntityHandle parent = reader.GetMemberReference(handle).Parent;
        if (parent.Kind != HandleKind.TypeSpecification)
        {
            return false;
        }

        BlobReader signature = reader.GetBlobReader(reader.GetTypeSpecification((TypeSpecificationHandle)parent).Signature);
        if (signature.ReadSignatureTypeCode() != SignatureTypeCode.GenericTypeInstance)
        {
            return false;
        }

        _ = signature.ReadCompressedInteger(); // Whether it is a class or a value.
        return signature.ReadTypeHandle().Kind == HandleKind.TypeDefinition;
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

    /// <summary>What of a member of Microsoft.ML, and of the types around it, needs an entry.</summary>
    private static IEnumerable<string> InternalsIn(MemberInfo member)
    {
        for (MemberInfo? current = member; current is not null; current = current.DeclaringType)
        {
            if (!s_surface.Assemblies.ContainsKey(current.Module.Assembly.GetName().Name!))
            {
                continue;
            }

            if (current is Type type && !(type.IsPublic || type.IsNestedPublic))
            {
                yield return Definition(type);
            }

            if (current is FieldInfo or MethodBase && !IsPublicOrProtected(current))
            {
                yield return $"{Definition(current.DeclaringType!)}::{PropertyOf(current)?.Name ?? current.Name}";
            }

            if (current is PropertyInfo property && property.GetAccessors(true).All(accessor => !IsPublicOrProtected(accessor)))
            {
                yield return $"{Definition(property.DeclaringType!)}::{property.Name}";
            }
        }
    }

    private static bool IsPublicOrProtected(MemberInfo member) => member switch
    {
        FieldInfo field => field.IsPublic || field.IsFamily || field.IsFamilyOrAssembly,
        MethodBase method => method.IsPublic || method.IsFamily || method.IsFamilyOrAssembly,
        _ => throw new ArgumentException($"{member} has no access of its own.", nameof(member)),
    };

    private static string Definition(Type type) => (type.IsGenericType ? type.GetGenericTypeDefinition() : type).FullName!;

    private static PropertyInfo? PropertyOf(MemberInfo member) => member is MethodInfo { IsSpecialName: true } accessor
        ? accessor.DeclaringType!.GetProperties(AllMembers).FirstOrDefault(property => property.GetAccessors(true).Contains(accessor))
        : null;

    private const BindingFlags AllMembers =
        BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.Instance | BindingFlags.Static | BindingFlags.DeclaredOnly;
}
