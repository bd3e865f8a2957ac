using System.Buffers.Binary;
using System.Reflection;
using System.Reflection.Emit;
using System.Reflection.Metadata;
using System.Reflection.Metadata.Ecma335;
using Microsoft.ML.TorchSharp;

namespace BesideMLNetTorchSharp.Tests;

/// <summary>
/// Microsoft.ML.TorchSharp was compiled against TorchSharp 0.102.7 and runs here on 0.107: all that it refers to is looked up
/// there, which otherwise happens when a program first calls it.
/// </summary>
[TestClass]
public class MemberReferenceTests
{
    private static readonly Module s_module = typeof(TorchSharpCatalog).Module;

    [TestMethod]
    public void All_it_refers_to_is_there_but_interpolate()
    {
        (int Token, string Name)[] references = MemberReferences();
        string[] absent = [.. references.Where(reference => !IsThere(reference.Token)).Select(reference => reference.Name)];

        Assert.IsGreaterThan(1_000, references.Length);
        CollectionAssert.AreEqual(new[] { "interpolate" }, absent);
    }

    [TestMethod]
    public void Interpolate_is_called_by_object_detection_alone()
    {
        int interpolate = MemberReferences().Single(reference => reference.Name == "interpolate").Token;
        string[] callers =
        [
            .. s_module.GetTypes()
                .SelectMany(type => type.GetMembers(AllMembers).OfType<MethodBase>())
                .Where(method => Calls(method, interpolate))
                .Select(method => $"{method.DeclaringType!.Namespace}"),
        ];

        Assert.AreNotEqual(0, callers.Length);
        CollectionAssert.AreEqual(new[] { "Microsoft.ML.TorchSharp.AutoFormerV2" }, callers.Distinct().ToArray());
    }

    private static unsafe (int Token, string Name)[] MemberReferences()
    {
        Assert.IsTrue(s_module.Assembly.TryGetRawMetadata(out byte* blob, out int length));
        var reader = new MetadataReader(blob, length);
        return
        [
            .. reader.MemberReferences.Select(handle =>
                (MetadataTokens.GetToken(handle), reader.GetString(reader.GetMemberReference(handle).Name))),
        ];
    }

    private static bool IsThere(int token)
    {
        try
        {
            // A reference inside generic code resolves for any arguments that meet its constraints, a class or a number.
            return Resolves(token, typeof(object)) || Resolves(token, typeof(int));
        }
        catch (MissingMemberException)
        {
            return false;
        }
    }

    private static bool Resolves(int token, Type argument)
    {
        Type[] arguments = [.. Enumerable.Repeat(argument, 8)];
        try
        {
            return s_module.ResolveMember(token, arguments, arguments) is not null;
        }
        catch (TypeLoadException)
        {
            return false;
        }
    }

    private static bool Calls(MethodBase method, int token)
    {
        Span<byte> call = [(byte)OpCodes.Call.Value, 0, 0, 0, 0];
        BinaryPrimitives.WriteInt32LittleEndian(call[1..], token);
        return method.GetMethodBody()?.GetILAsByteArray() is { } code && code.AsSpan().IndexOf(call) >= 0;
    }

    private const BindingFlags AllMembers =
        BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.Instance | BindingFlags.Static | BindingFlags.DeclaredOnly;
}
