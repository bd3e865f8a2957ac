using System.Buffers.Binary;
using System.IO.Compression;
using System.Text;

namespace Microsoft.ML.MixtureOfSoftmaxes.Persistence;

/// <summary>What a model file says of a part that no package here loads, by ML.NET's header of it.</summary>
internal static class UnknownPart
{
    // Places in ML.NET's ModelHeader.
    private const int Version = 0x48;
    private const int Loader = 0x50;
    private const int LoaderEnd = 0x68;

    /// <param name="model">The file, a zip archive.</param>
    /// <param name="message">The end of ML.NET's message, which has the part's folder in quotation marks.</param>
    /// <returns>The part's folder, name and format; the folder alone if there is no header in it.</returns>
    public static string Describe(Stream model, string message)
    {
        string folder = message.Split('\'') is [_, string quoted, ..] ? quoted : "";
        using var zip = new ZipArchive(model, ZipArchiveMode.Read, leaveOpen: true);
        ZipArchiveEntry? entry = zip.Entries.FirstOrDefault(
            candidate => candidate.FullName.Replace('\\', '/') == $"{folder.Replace('\\', '/')}/Model.key");
        if (entry is null)
        {
            return $"'{folder}'";
        }

        byte[] header = new byte[LoaderEnd];
        using Stream stream = entry.Open();
        bool isWhole = stream.ReadAtLeast(header, header.Length, throwOnEndOfStream: false) == header.Length;
        uint version = BinaryPrimitives.ReadUInt32LittleEndian(header.AsSpan(Version));
        return isWhole
            ? $"'{folder}', '{Encoding.ASCII.GetString(header[Loader..LoaderEnd]).TrimEnd('\0')}' in format {ComponentIdentity.Show(version)}"
            : $"'{folder}'";
    }
}
