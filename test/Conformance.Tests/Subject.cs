using System.Reflection;
using Conformance.Tests.Listing;
using Publicize;

namespace Conformance.Tests;

/// <summary>A surface of an embedded assembly, the copy of its official lines here, and the official listing itself.</summary>
/// <param name="Name">Also the copy's file name.</param>
/// <param name="OfficialFile">File name in the folder of official listings.</param>
/// <param name="Mark">What an official line must start with to count.</param>
/// <param name="Implemented">The embedded members in the syntax of the listings.</param>
internal sealed record Subject(string Name, string OfficialFile, string Mark, Func<IEnumerable<string>> Implemented)
{
    public static Subject MLNet { get; } = new(
        "Microsoft.ML", "mlnet-5.0.0-public.txt", "", () => Lister.PublicLines(Assembly.Load("Microsoft.ML")));

    public static Subject MLNetFriend { get; } = new(
        "Microsoft.ML.friend", "mlnet-5.0.0-friend.txt", "", () => FriendSurfaceLines.Of(Assembly.Load("Microsoft.ML")));

    /// <remarks>"= " marks what TorchSharp 0.102 and 0.106 have in common, which is all the library may use.</remarks>
    public static Subject TorchSharp { get; } = new(
        "TorchSharp", "torchsharp-0.106.0-public.txt", "= ", () => Lister.PublicLines(Assembly.Load("TorchSharp")));

    public static IEnumerable<object[]> All => [[MLNet], [MLNetFriend], [TorchSharp]];

    public string CopyPath => Path.Combine(Files.Listings, Name + ".txt");

    public IEnumerable<string> Copy => File.ReadLines(CopyPath).Where(line => !line.StartsWith('#'));

    /// <summary>The official lines without their mark, or null where the listings are not at hand.</summary>
    public IEnumerable<string>? Official => Files.OfficialListings is { } folder
        ? File.ReadLines(Path.Combine(folder, OfficialFile))
            .Where(line => !line.StartsWith('#') && line.StartsWith(Mark, StringComparison.Ordinal))
            .Select(line => line[Mark.Length..])
        : null;

    public override string ToString() => Name;
}
