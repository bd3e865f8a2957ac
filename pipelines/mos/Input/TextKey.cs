using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using Microsoft.ML.MixtureOfSoftmaxes.Columns;
using Microsoft.ML.MixtureOfSoftmaxes.Persistence;
using Mos.Input.Tables;

namespace Mos.Input;

/// <summary>What tells the text of files from other text: their bytes, and how they are read.</summary>
internal static class TextKey
{
    /// <summary>The key; null where a file is a pipe, which can be read but once.</summary>
    public static string? Of((string Path, TableFormat Format)[] files, TextColumns columns)
    {
        if (files.Any(file => file.Path == TextSource.StandardInput || SpecialFile.Is(file.Path)))
        {
            return null;
        }

        var key = new StringBuilder();
        foreach ((string path, TableFormat format) in files)
        {
            using FileStream stream = File.OpenRead(path);
            key.Append(CultureInfo.InvariantCulture, $"{Convert.ToHexStringLower(SHA256.HashData(stream))} {format} {columns.Text}\n");
        }

        return Hash(key.ToString());
    }

    /// <summary>A short name for whatever is told apart by a text.</summary>
    public static string Hash(string text) => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(text)))[..32];
}
