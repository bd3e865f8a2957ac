using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;

namespace Microsoft.ML.MixtureOfSoftmaxes.Tests.Support;

/// <summary>What disks, networks, and people do to files, drawn from a seed.</summary>
internal sealed class Mutants(int seed)
{
    /// <summary>The entry of a model that has numbers, those of the language model.</summary>
    public const string WithNumbers = "Transform_001/Settings.json";

    private const int Sector = 512;

    private static readonly string[] s_numbers =
        ["0", "-1", "1", "2147483647", "2147483648", "-2147483648", "1000000000", "1e400", "-1e-30", "NaN", "1e9", "20000", "null", "\"1\""];

    private readonly Random _random = new(seed);

    public static int Count(int normally) => LongTests.Choose(normally, 20 * normally);

    /// <summary>Damage to bytes: a flipped bit, a lost, doubled or shifted sector, a run of noise, an end too early.</summary>
    public byte[] Bytes(byte[] whole)
    {
        byte[] bytes = [.. whole];
        int at = _random.Next(bytes.Length), sector = at / Sector * Sector, end = Math.Min(sector + Sector, bytes.Length);
        switch (_random.Next(6))
        {
            case 0 or 1:
                bytes[at] ^= (byte)(1 << _random.Next(8));
                break;
            case 2:
                bytes.AsSpan(sector..end).Clear();
                break;
            case 3:
                whole.AsSpan(_random.Next(bytes.Length - (end - sector) + 1), end - sector).CopyTo(bytes.AsSpan(sector));
                break;
            case 4:
                _random.NextBytes(bytes.AsSpan(at, Math.Min(_random.Next(1, 9), bytes.Length - at)));
                break;
            default:
                return bytes[..at];
        }

        return bytes;
    }

    /// <summary>Damage to a zip archive as a file, to what is in an entry, to which entries there are, or to a number in JSON.</summary>
    public byte[] Zip(byte[] whole)
    {
        if (_random.Next(2) == 0)
        {
            return Bytes(whole);
        }

        List<(string Name, byte[] Content)> entries = ModelZip.Entries(whole);
        int one = _random.Next(entries.Count), other = _random.Next(entries.Count);
        switch (_random.Next(5))
        {
            case 0 or 1:
                entries[one] = entries[one] with { Content = Bytes(entries[one].Content) };
                break;
            case 2:
                (entries[one], entries[other]) =
                    (entries[one] with { Content = entries[other].Content }, entries[other] with { Content = entries[one].Content });
                break;
            case 3:
                entries.RemoveAt(one);
                break;
            default:
                one = entries.FindIndex(entry => entry.Name.EndsWith(WithNumbers, StringComparison.Ordinal));
                entries[one] = entries[one] with { Content = Number(entries[one].Content) };
                break;
        }

        return ModelZip.Write(entries);
    }

    /// <summary>JSON with one of its numbers replaced.</summary>
    public byte[] Number(byte[] json)
    {
        string text = Encoding.UTF8.GetString(json);
        MatchCollection numbers = Regex.Matches(text, "(?<=[:\\[,]\\s*)-?[0-9][0-9.eE+-]*");
        Match number = numbers[_random.Next(numbers.Count)];
        string value = s_numbers[_random.Next(s_numbers.Length)];
        return Encoding.UTF8.GetBytes(text[..number.Index] + value + text[(number.Index + number.Length)..]);
    }
}
