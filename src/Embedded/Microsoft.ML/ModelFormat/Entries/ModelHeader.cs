using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Text;
using Microsoft.ML.Runtime;

namespace Microsoft.ML;

/// <summary>
/// The first 256 bytes of every component's entry, little-endian. After it come, without gaps: the component's own bytes, the
/// string table (the end offset of each string), the characters of the strings (UTF-16), the name of the loader's assembly
/// (UTF-16), and the tail signature. Positions count from the start of the header, sizes are in bytes.
/// </summary>
[StructLayout(LayoutKind.Sequential, Size = Size)]
internal struct ModelHeader
{
    public const int Size = 256;

    /// <summary>"ML\0MODEL".</summary>
    public const ulong SignatureValue = 0x4C45444F4D004C4D;

    /// <summary>The signature backwards.</summary>
    public const ulong TailSignatureValue = 0x4D4C004D4F44454C;

    /// <summary>The version that added the assembly name.</summary>
    public const uint VerAssemblyName = 0x00010002;

    private const uint VerWrittenCur = VerAssemblyName;
    private const uint VerReadableCur = VerAssemblyName;
    private const uint VerWeCanReadBack = 0x00010001;

    public ulong Signature;
    public uint VerWritten;
    public uint VerReadable;
    public long FpModel;
    public long CbModel;
    public long FpStringTable;
    public long CbStringTable;
    public long FpStringChars;
    public long CbStringChars;
    public ulong ModelSignature;
    public uint ModelVerWritten;
    public uint ModelVerReadable;
    public LoaderName LoaderSignature;
    public LoaderName LoaderSignatureAlt;
    public long FpTail;
    public long FpLim;
    public long FpAssemblyName;
    public uint CbAssemblyName;

    public static ModelHeader New() =>
        new() { Signature = SignatureValue, VerWritten = VerWrittenCur, VerReadable = VerReadableCur, FpModel = Size };

    public static ModelHeader Read(BinaryReader reader)
    {
        Span<byte> bytes = stackalloc byte[Size];
        reader.BaseStream.ReadExactly(bytes);
        return MemoryMarshal.Read<ModelHeader>(bytes);
    }

    public readonly void Write(BinaryWriter writer) =>
        writer.Write(MemoryMarshal.AsBytes(new ReadOnlySpan<ModelHeader>(in this)));

    public void SetVersionInfo(VersionInfo ver)
    {
        ModelSignature = ver.ModelSignature;
        ModelVerWritten = ver.VerWrittenCur;
        ModelVerReadable = ver.VerReadableCur;
        LoaderSignature.Text = ver.LoaderSignature;
        LoaderSignatureAlt.Text = ver.LoaderSignatureAlt;
    }

    /// <summary>Throws unless the parts follow each other and end within <paramref name="size"/> bytes.</summary>
    public readonly void Validate(long size)
    {
        Demand(Signature == SignatureValue, "it does not begin with the signature of a model");
        Demand(VerReadable <= VerWritten, "its header is corrupt");
        Demand(VerReadable <= VerWrittenCur, $"its header has version {VersionText(VerReadable)}, newer than " +
            $"{VersionText(VerWrittenCur)}, the newest this library reads: load the model with a newer version of the library");
        Demand(VerWritten >= VerWeCanReadBack, $"its header has version {VersionText(VerWritten)}, which no library reads any more");

        long end = Follow(Size, FpModel, CbModel);
        if (FpStringTable != 0)
        {
            Demand(CbStringTable > 0 && CbStringTable % sizeof(long) == 0, "its string table is corrupt");
            end = Follow(Follow(end, FpStringTable, CbStringTable), FpStringChars, CbStringChars);
        }

        if (VerWritten >= VerAssemblyName && FpAssemblyName != 0)
            end = Follow(end, FpAssemblyName, CbAssemblyName);
        Demand(FpTail == end && FpLim == end + sizeof(ulong), "its parts do not follow each other");
        Demand(FpLim <= size, $"it should have {FpLim} bytes but ends after {size}");

        static long Follow(long end, long start, long length)
        {
            bool fits = length >= 0 && length <= long.MaxValue - sizeof(ulong) - end;
            Demand(start == end && fits, "its parts do not follow each other");
            return end + length;
        }
    }

    public static string VersionText(uint version) => $"{version >> 16}.{version & 0xFFFF}";

    public static void Demand(bool condition, string defect)
    {
        if (!condition)
            throw new InvalidDataException(defect);
    }

    /// <summary>Up to 24 characters, padded with zeros.</summary>
    [InlineArray(Capacity)]
    public struct LoaderName
    {
        public const int Capacity = 24;

        private byte _first;

        public string? Text
        {
            readonly get => Encoding.Latin1.GetString(this).TrimEnd('\0');
            set
            {
                Contracts.Check(
                    value is null || (value.Length <= Capacity && value.All(c => c <= '\u00FF')),
                    $"The loader signature '{value}' must have at most {Capacity} characters, none above U+00FF");
                this = default;
                Encoding.Latin1.GetBytes(value ?? "", this);
            }
        }
    }
}
