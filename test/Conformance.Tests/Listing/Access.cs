using System.Reflection;

namespace Conformance.Tests.Listing;

/// <summary>Who may see a member, and how the official listings say so.</summary>
internal static class Access
{
    public static bool IsPublicOrProtected(MemberInfo member) => Of(member) is "" or "protected ";

    public static bool IsFriendVisible(MemberInfo member) => Of(member) != "private ";

    /// <param name="member">A field, method or constructor; the three have the same access values.</param>
    public static string Of(MemberInfo member)
    {
        FieldAttributes attributes = member is FieldInfo field ? field.Attributes : (FieldAttributes)((MethodBase)member).Attributes;
        return (attributes & FieldAttributes.FieldAccessMask) switch
        {
            FieldAttributes.Public => "",
            FieldAttributes.Family or FieldAttributes.FamORAssem => "protected ",
            FieldAttributes.Assembly => "internal ",
            FieldAttributes.FamANDAssem => "private protected ",
            _ => "private ",
        };
    }
}
