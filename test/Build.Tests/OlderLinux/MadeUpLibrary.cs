using System.Text;

namespace Build.Tests.OlderLinux;

/// <summary>
/// A 64-bit ELF shared library with what the dynamic loader reads before it looks at code: the versions that the library needs of
/// others, and the symbols that it looks up in them. The names of versions come last, so a file cut short anywhere lacks one.
/// </summary>
internal sealed class MadeUpLibrary
{
    private const long Base = 0x10000;
    private const int HeadersSize = 64 + (2 * 56);

    private readonly List<(string Library, string[] Versions)> _needs = [];
    private readonly List<(string Name, string Version)> _calls = [];

    /// <summary>A library like TorchSharp's: all that it calls in GLIBCXX_3.4.32 is the marker.</summary>
    public static MadeUpLibrary WithMarker() => new MadeUpLibrary()
        .Needs("libc.so.6", "GLIBC_2.34")
        .Needs("libstdc++.so.6", "GLIBCXX_3.4.30", "GLIBCXX_3.4.32", "CXXABI_1.3")
        .Calls("pthread_cond_clockwait", "GLIBC_2.34")
        .Calls("_ZSt21ios_base_library_initv", "GLIBCXX_3.4.32")
        .Calls("_ZNSt18condition_variable4waitERSt11unique_lockISt5mutexE", "GLIBCXX_3.4.30");

    public MadeUpLibrary Needs(string library, params string[] versions)
    {
        _needs.Add((library, versions));
        return this;
    }

    public MadeUpLibrary Calls(string name, string version)
    {
        _calls.Add((name, version));
        return this;
    }

    public byte[] ToArray()
    {
        var names = new StringBuilder("\0");
        List<(long Tag, byte[] Content)> tables =
            [(6, Symbols(names)), (0x6ffffef5, HashTable()), (0x6ffffff0, SymbolVersions())];
        if (_needs.Count > 0)
        {
            tables.Add((0x6ffffffe, VersionNeeds(names)));
        }

        tables.Add((5, Encoding.ASCII.GetBytes(names.ToString())));

        int dynamicSize = (tables.Count + 1) * 16;
        long at = HeadersSize + dynamicSize;
        List<long> dynamic = [];
        foreach ((long tag, byte[] content) in tables)
        {
            dynamic.AddRange([tag, Base + at]);
            at += content.Length;
        }

        dynamic.AddRange([0, 0]);
        return
        [
            .. Headers(at, dynamicSize),
            .. Bytes(section => Write64(section, [.. dynamic])),
            .. tables.SelectMany(table => table.Content),
        ];
    }

    private static byte[] Headers(long fileSize, long dynamicSize) => Bytes(header =>
    {
        header.Write("\u007fELF\u0002\u0001\u0001\0\0\0\0\0\0\0\0\0"u8);
        Write16(header, 3, 62, 1, 0);
        Write64(header, 0, 64, 0);
        Write16(header, 0, 0, 64, 56, 2, 0, 0, 0);
        foreach ((int type, long offset, long size) in ((int, long, long)[])[(1, 0, fileSize), (2, HeadersSize, dynamicSize)])
        {
            header.Write(type);
            header.Write(4);
            Write64(header, offset, Base + offset, Base + offset, size, size, 8);
        }
    });

    /// <summary>Symbol 0 is nothing, then come those looked up elsewhere, then the library's own one.</summary>
    private byte[] Symbols(StringBuilder names) => Bytes(table =>
    {
        table.Write(new byte[24]);
        foreach (string name in (string[])[.. _calls.Select(call => call.Name), "own"])
        {
            table.Write(Add(names, name));
            table.Write((byte)0x12);
            table.Write((byte)0);
            table.Write((ushort)(name == "own" ? 1 : 0));
            Write64(table, 0, 0);
        }
    });

    /// <summary>One bucket that holds the library's own symbol, which GNU's style of hash tables leaves to the end.</summary>
    private byte[] HashTable() => Bytes(table =>
    {
        int own = _calls.Count + 1;
        foreach (int number in (int[])[1, own, 1, 0, -1, -1, own, 1])
        {
            table.Write(number);
        }
    });

    private byte[] SymbolVersions() => Bytes(table => Write16(table, [0, .. _calls.Select(call => IndexOf(call.Version)), 1]));

    private byte[] VersionNeeds(StringBuilder names) => Bytes(table =>
    {
        foreach ((string library, string[] versions) in _needs)
        {
            Write16(table, 1, (ushort)versions.Length);
            table.Write(Add(names, library));
            table.Write(16);
            table.Write(library == _needs[^1].Library ? 0 : 16 * (versions.Length + 1));
            foreach (string version in versions)
            {
                table.Write(0);
                Write16(table, 0, IndexOf(version));
                table.Write(Add(names, version));
                table.Write(version == versions[^1] ? 0 : 16);
            }
        }
    });

    /// <summary>0 and 1 mean no version; the needed ones are counted from 2.</summary>
    private ushort IndexOf(string version) => (ushort)(_needs.SelectMany(need => need.Versions).ToList().IndexOf(version) + 2);

    private static int Add(StringBuilder names, string name)
    {
        int offset = names.Length;
        names.Append(name).Append('\0');
        return offset;
    }

    private static byte[] Bytes(Action<BinaryWriter> write)
    {
        var stream = new MemoryStream();
        write(new BinaryWriter(stream));
        return stream.ToArray();
    }

    private static void Write16(BinaryWriter writer, params ReadOnlySpan<ushort> numbers)
    {
        foreach (ushort number in numbers)
        {
            writer.Write(number);
        }
    }

    private static void Write64(BinaryWriter writer, params ReadOnlySpan<long> numbers)
    {
        foreach (long number in numbers)
        {
            writer.Write(number);
        }
    }
}
