using System.Buffers.Binary;
using System.Text;

namespace WeakenVersion;

/// <summary>A version that a shared library needs of another one.</summary>
/// <param name="Library">The library that must have it.</param>
/// <param name="Version">Its name.</param>
/// <param name="Index">What stands for it in the table of symbol versions.</param>
/// <param name="FlagsOffset">Where in the file its flags stand.</param>
public readonly record struct VersionReference(string Library, string Version, ushort Index, int FlagsOffset);

/// <summary>The version references of a 64-bit little-endian ELF file, found as the dynamic loader finds them.</summary>
/// <remarks>Layouts: System V ABI (gabi), chapters 4 and 5, and Linux Standard Base, "Symbol Versioning".</remarks>
public readonly ref struct SharedLibrary
{
    private const int ProgramHeaderSize = 56;
    private const int SymbolSize = 24;
    private const uint Load = 1, Dynamic = 2;
    private const long Null = 0, StringTable = 5, SymbolTable = 6;
    private const long GnuHash = 0x6ffffef5, SymbolVersions = 0x6ffffff0, VersionNeeds = 0x6ffffffe;
    private const ushort Weak = 2;

    private readonly Span<byte> _image;
    private readonly Dictionary<long, long> _dynamic = [];

    /// <exception cref="BadImageFormatException">The image is not such a file, or it is cut short.</exception>
    public SharedLibrary(Span<byte> image)
    {
        _image = image;
        if (image.Length < 64 || !image.StartsWith("\u007fELF"u8) || image[4] != 2 || image[5] != 1)
        {
            throw new BadImageFormatException("It is not a 64-bit little-endian ELF file.");
        }

        // Linkers write the table of sections last, so where it ends tells a file that is cut short.
        if (Int64(40) + ((long)UInt16(58) * UInt16(60)) > image.Length)
        {
            throw CutShort();
        }

        foreach ((long type, long offset, _, long size) in ProgramHeaders())
        {
            for (long at = offset; type == Dynamic && at < offset + size && Int64(at) != Null; at += 16)
            {
                _dynamic[Int64(at)] = Int64(at + 8);
            }
        }
    }

    public List<VersionReference> VersionReferences()
    {
        List<VersionReference> references = [];
        foreach (long needs in _dynamic.ContainsKey(VersionNeeds) ? Chain(Table(VersionNeeds)) : [])
        {
            string library = String(UInt32(needs + 4));
            foreach (long need in Chain(needs + UInt32(needs + 8)))
            {
                references.Add(new(library, String(UInt32(need + 8)), UInt16(need + 6), (int)need + 4));
            }
        }

        return references;
    }

    /// <summary>The names of the symbols that are looked up elsewhere, in one version.</summary>
    public List<string> UndefinedSymbols(ushort version)
    {
        List<string> symbols = [];
        long table = Table(SymbolTable), versions = Table(SymbolVersions);
        // A hash table in GNU's style holds defined symbols; those looked up elsewhere stand before its first one.
        uint end = UInt32(Table(GnuHash) + 4);
        for (uint i = 1; i < end; i++)
        {
            if ((UInt16(versions + (2 * i)) & 0x7fff) == version)
            {
                symbols.Add(String(UInt32(table + (SymbolSize * i))));
            }
        }

        return symbols;
    }

    /// <summary>Whether the reference was not marked weak before.</summary>
    public bool MarkWeak(VersionReference reference)
    {
        ushort flags = UInt16(reference.FlagsOffset);
        BinaryPrimitives.WriteUInt16LittleEndian(_image[reference.FlagsOffset..], (ushort)(flags | Weak));
        return (flags & Weak) == 0;
    }

    private List<(long Type, long Offset, long Address, long Size)> ProgramHeaders()
    {
        List<(long, long, long, long)> headers = [];
        long at = Int64(32);
        for (int left = UInt16(56); left > 0; left--, at += ProgramHeaderSize)
        {
            headers.Add((UInt32(at), Int64(at + 8), Int64(at + 16), Int64(at + 32)));
        }

        return headers;
    }

    /// <summary>Where in the file a table of the dynamic section stands.</summary>
    private long Table(long tag)
    {
        if (_dynamic.TryGetValue(tag, out long address))
        {
            foreach ((long type, long offset, long start, long size) in ProgramHeaders())
            {
                if (type == Load && address >= start && address < start + size)
                {
                    return address - start + offset;
                }
            }
        }

        throw new BadImageFormatException($"Its dynamic section lacks the table 0x{tag:x}.");
    }

    /// <summary>Where the records of a list stand: each says at its end how far the next one is, the last one 0.</summary>
    private List<long> Chain(long first)
    {
        List<long> records = [first];
        while (UInt32(records[^1] + 12) is var step and > 0)
        {
            records.Add(records[^1] + step);
        }

        return records;
    }

    private string String(uint offset)
    {
        long start = Table(StringTable) + offset;
        int length = Slice(start, 0).IndexOf((byte)0);
        return length >= 0 ? Encoding.UTF8.GetString(Slice(start, length)[..length]) : throw CutShort();
    }

    private ushort UInt16(long offset) => BinaryPrimitives.ReadUInt16LittleEndian(Slice(offset, sizeof(ushort)));

    private uint UInt32(long offset) => BinaryPrimitives.ReadUInt32LittleEndian(Slice(offset, sizeof(uint)));

    private long Int64(long offset) => BinaryPrimitives.ReadInt64LittleEndian(Slice(offset, sizeof(long)));

    private Span<byte> Slice(long offset, int size) =>
        offset >= 0 && offset <= _image.Length - size ? _image[(int)offset..] : throw CutShort();

    private static BadImageFormatException CutShort() => new("It is cut short or damaged. Restore the packages again.");
}
