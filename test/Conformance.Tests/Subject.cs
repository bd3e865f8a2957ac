using System.Reflection;
using Conformance.Tests.Listing;

namespace Conformance.Tests;

/// <summary>A surface of an embedded assembly, the copy of its official lines here, and the official listing itself.</summary>
/// <param name="Name">Also the copy's file name.</param>
/// <param name="OfficialFile">File name in the folder of official listings.</param>
/// <param name="IsMarked">Whether the lines of the official listing start with a mark of two characters.</param>
/// <param name="Implemented">The embedded members in the syntax of the listings.</param>
internal sealed record Subject(string Name, string OfficialFile, bool IsMarked, Func<IEnumerable<string>> Implemented)
{
    public static Subject MLNet { get; } = new(
        "Microsoft.ML", "mlnet-5.0.0-public.txt", false, () => Lister.PublicLines(Assembly.Load("Microsoft.ML")));

    public static Subject MLNetFriend { get; } = new(
        "Microsoft.ML.friend", "mlnet-5.0.0-friend.txt", false, () => FriendSurfaceLines.Of(Assembly.Load("Microsoft.ML")));

    /// <remarks>
    /// "= " marks what TorchSharp 0.102 and 0.106 have in common, which is all the library may use. Of the type itself a later base
    /// class, "+ ", counts too: the library does not see the difference.
    /// </remarks>
    public static Subject TorchSharp { get; } = new(
        "TorchSharp", "torchsharp-0.106.0-public.txt", true, () => Lister.PublicLines(Assembly.Load("TorchSharp")));

    public static IEnumerable<object[]> All => [[MLNet], [MLNetFriend], [TorchSharp]];

    public string CopyPath => Path.Combine(Files.Listings, Name + ".txt");

    public IEnumerable<string> Copy => File.ReadLines(CopyPath).Where(line => !line.StartsWith('#'));

    /// <summary>The official lines that count, without their mark, or null where the listings are not at hand.</summary>
    public IEnumerable<string>? Official => Files.OfficialListings is not { } folder
        ? null
        : from line in File.ReadLines(Path.Combine(folder, OfficialFile))
          where !line.StartsWith('#')
          where !IsMarked || line.StartsWith('=') || line.Contains(" :: TYPE ", StringComparison.Ordinal)
          select IsMarked ? line[2..] : line;

    public override string ToString() => Name;
}
