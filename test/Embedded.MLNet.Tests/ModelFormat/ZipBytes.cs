using System.IO.Compression;
using Microsoft.ML;

namespace Embedded.MLNet.Tests.ModelFormat;

/// <summary>Zip files in memory: what is in them, and changes to it.</summary>
internal static class ZipBytes
{
    public static byte[] Save(ITransformer model, DataViewSchema? schema)
    {
        using var stream = new MemoryStream();
        new MLContext(seed: 1).Model.Save(model, schema!, stream);
        return stream.ToArray();
    }

    public static ITransformer Load(byte[] zip) => Load(zip, out _);

    public static ITransformer Load(byte[] zip, out DataViewSchema schema)
    {
        using var stream = new MemoryStream(zip);
        return new MLContext(seed: 1).Model.Load(stream, out schema);
    }

    /// <summary>Names and contents, in the order of the file.</summary>
    public static (string Name, byte[] Content)[] Entries(byte[] zip)
    {
        using var archive = new ZipArchive(new MemoryStream(zip));
        return [.. archive.Entries.Select(entry => (entry.FullName, ReadAll(entry)))];
    }

    public static byte[] WithoutEntry(byte[] zip, string name) => Change(zip, archive => archive.GetEntry(name)!.Delete());

    public static byte[] WithEntry(byte[] zip, string name, byte[] content) => Change(zip, archive =>
    {
        archive.GetEntry(name)?.Delete();
        using Stream stream = archive.CreateEntry(name).Open();
        stream.Write(content);
    });

    /// <summary>The file with bytes of one entry overwritten.</summary>
    public static byte[] WithPatch(byte[] zip, string name, int offset, params byte[] bytes)
    {
        byte[] content = Entries(zip).Single(entry => entry.Name == name).Content;
        bytes.CopyTo(content, offset);
        return WithEntry(zip, name, content);
    }

    private static byte[] Change(byte[] zip, Action<ZipArchive> change)
    {
        using var stream = new MemoryStream();
        stream.Write(zip);
        using (var archive = new ZipArchive(stream, ZipArchiveMode.Update, leaveOpen: true))
            change(archive);
        return stream.ToArray();
    }

    private static byte[] ReadAll(ZipArchiveEntry entry)
    {
        using Stream source = entry.Open();
        using var content = new MemoryStream();
        source.CopyTo(content);
        return content.ToArray();
    }
}
