using System.Buffers.Binary;
using System.Reflection;
using System.Reflection.Metadata;
using System.Reflection.Metadata.Ecma335;
using System.Reflection.PortableExecutable;

namespace Publicize;

/// <summary>
/// Rewrites the accessibility flags of listed types and members in the metadata tables of an assembly. Nothing moves, so
/// everything else, the assembly's identity included, stays byte for byte. The copy is to compile against, never to load.
/// </summary>
public sealed class PublicCopy
{
    // Offset of the Flags column in a row: ECMA-335 II.22.37 (TypeDef), II.22.26 (MethodDef: RVA, ImplFlags, Flags), II.22.15 (Field).
    private const int TypeFlagsOffset = 0;
    private const int MethodFlagsOffset = 6;
    private const int FieldFlagsOffset = 0;

    private readonly byte[] _image;
    private readonly MetadataReader _reader;
    private readonly int _metadataStart;

    private PublicCopy(byte[] image, MetadataReader reader, int metadataStart)
    {
        _image = image;
        _reader = reader;
        _metadataStart = metadataStart;
    }

    /// <summary>A copy of <paramref name="image"/> in which <paramref name="entries"/> are public.</summary>
    /// <exception cref="FriendSurfaceException">An entry is not in the assembly; all such entries are named.</exception>
    public static byte[] Of(byte[] image, IReadOnlyList<FriendEntry> entries, string origin)
    {
        byte[] result = [.. image];
        using var pe = new PEReader(new MemoryStream(image));
        MetadataReader reader = pe.GetMetadataReader();
        var copy = new PublicCopy(result, reader, pe.PEHeaders.MetadataStartOffset);
        Dictionary<string, TypeDefinitionHandle> types = reader.TypeDefinitions.ToDictionary(handle => NameOf(reader, handle));
        List<FriendEntry> absent = [];
        foreach (FriendEntry entry in entries)
        {
            bool found = types.TryGetValue(entry.Type, out TypeDefinitionHandle type)
                && (entry.Member is null ? copy.OpenType(type) : copy.OpenMembers(type, entry.Member));
            if (!found)
            {
                absent.Add(entry);
            }
        }

        return absent.Count == 0 ? result : throw new FriendSurfaceException(
            $"{origin} does not have {string.Join(", ", absent.Select(entry => $"{entry} (line {entry.Line})"))}.");
    }

    private static string NameOf(MetadataReader reader, TypeDefinitionHandle handle)
    {
        TypeDefinition type = reader.GetTypeDefinition(handle);
        string name = reader.GetString(type.Name);
        if (!type.GetDeclaringType().IsNil)
        {
            return $"{NameOf(reader, type.GetDeclaringType())}+{name}";
        }

        return type.Namespace.IsNil ? name : $"{reader.GetString(type.Namespace)}.{name}";
    }

    private bool OpenType(TypeDefinitionHandle handle)
    {
        bool nested = !_reader.GetTypeDefinition(handle).GetDeclaringType().IsNil;
        TypeAttributes access = nested ? TypeAttributes.NestedPublic : TypeAttributes.Public;
        Span<byte> flags = Flags(handle, TypeFlagsOffset);
        uint old = BinaryPrimitives.ReadUInt32LittleEndian(flags);
        BinaryPrimitives.WriteUInt32LittleEndian(flags, (old & ~(uint)TypeAttributes.VisibilityMask) | (uint)access);
        return true;
    }

    private bool OpenMembers(TypeDefinitionHandle handle, string name)
    {
        TypeDefinition type = _reader.GetTypeDefinition(handle);
        List<MethodDefinitionHandle> methods = [.. type.GetMethods().Where(m => Is(_reader.GetMethodDefinition(m).Name, name))];
        foreach (PropertyDefinition property in type.GetProperties().Select(_reader.GetPropertyDefinition))
        {
            if (Is(property.Name, name))
            {
                methods.AddRange([property.GetAccessors().Getter, property.GetAccessors().Setter]);
            }
        }

        foreach (EventDefinition @event in type.GetEvents().Select(_reader.GetEventDefinition))
        {
            if (Is(@event.Name, name))
            {
                methods.AddRange([@event.GetAccessors().Adder, @event.GetAccessors().Remover]);
            }
        }

        List<FieldDefinitionHandle> fields = [.. type.GetFields().Where(f => Is(_reader.GetFieldDefinition(f).Name, name))];
        int opened = methods.Count(method => !method.IsNil && TryOpenMember(Flags(method, MethodFlagsOffset)));
        return opened + fields.Count(field => TryOpenMember(Flags(field, FieldFlagsOffset))) > 0;
    }

    private static bool TryOpenMember(Span<byte> flags)
    {
        // Methods and fields have the same access values under the same mask. What is private is no friend's business.
        int old = BinaryPrimitives.ReadUInt16LittleEndian(flags);
        if (((MethodAttributes)old & MethodAttributes.MemberAccessMask) is MethodAttributes.Private or MethodAttributes.PrivateScope)
        {
            return false;
        }

        int opened = (old & ~(int)MethodAttributes.MemberAccessMask) | (int)MethodAttributes.Public;
        BinaryPrimitives.WriteUInt16LittleEndian(flags, (ushort)opened);
        return true;
    }

    private bool Is(StringHandle handle, string name) => _reader.StringComparer.Equals(handle, name);

    private Span<byte> Flags(EntityHandle handle, int column)
    {
        MetadataTokens.TryGetTableIndex(handle.Kind, out TableIndex table);
        int row = MetadataTokens.GetRowNumber(handle) - 1;
        return _image.AsSpan(
            _metadataStart + _reader.GetTableMetadataOffset(table) + (row * _reader.GetTableRowSize(table)) + column);
    }
}
