using System.Reflection;

namespace Conformance.Tests.Listing;

/// <summary>Lists the members of assemblies in the syntax of the official listings, one <c>Type :: member</c> a line.</summary>
internal static class Lister
{
    private const BindingFlags Declared =
        BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.Instance | BindingFlags.Static | BindingFlags.DeclaredOnly;

    /// <summary>What code outside the assembly can use: public and protected members of visible types.</summary>
    public static IEnumerable<string> PublicLines(Assembly assembly) => assembly.GetTypes().Where(IsVisible).SelectMany(PublicLines);

    /// <summary>What code that sees the type can use of it.</summary>
    public static IEnumerable<string> PublicLines(Type type) => Lines(
        type,
        type.IsEnum ? [MemberText.OfEnumValues(type)] : Members(type, Access.IsPublicOrProtected).Select(member => member.Text));

    /// <summary>What a friend assembly can use of one member, in all its overloads.</summary>
    public static IEnumerable<string> FriendLines(Type type, string member) => Lines(
        type,
        Members(type, Access.IsFriendVisible).Where(candidate => candidate.Name == member).Select(candidate => candidate.Text)).Skip(1);

    private static bool IsVisible(Type type) => type.IsNested
        ? (type.IsNestedPublic || type.IsNestedFamily || type.IsNestedFamORAssem) && IsVisible(type.DeclaringType!)
        : type.IsPublic;

    private static IEnumerable<string> Lines(Type type, IEnumerable<string> members) =>
        members.Prepend(MemberText.OfType(type)).Select(member => $"{TypeText.Of(type)} :: {member}");

    private static IEnumerable<(string Name, string Text)> Members(Type type, Func<MemberInfo, bool> isListed) =>
    [
        .. type.GetConstructors(Declared).Where(c => !c.IsStatic && isListed(c)).Select(c => (c.Name, MemberText.Of(c))),
        .. type.GetMethods(Declared).Where(m => isListed(m) && !IsAccessor(m)).Select(m => (m.Name, MemberText.Of(m))),
        .. type.GetProperties(Declared).Where(p => p.GetAccessors(true).Any(isListed)).Select(p => (p.Name, MemberText.Of(p, isListed))),
        .. type.GetEvents(Declared).Where(e => isListed(e.AddMethod!)).Select(e => (e.Name, MemberText.Of(e))),
        .. type.GetFields(Declared).Where(f => isListed(f)).Select(f => (f.Name, MemberText.Of(f))),
    ];

    private static bool IsAccessor(MethodInfo method) =>
        method.IsSpecialName && !method.Name.StartsWith("op_", StringComparison.Ordinal);
}
