namespace Publicize;

/// <summary>A line of the list: a type, or with <see cref="Member"/> all overloads of one of its members.</summary>
/// <param name="Type">Reflection name: <c>Namespace.Outer+Inner</c>.</param>
/// <param name="Member">Metadata name of a method, constructor (<c>.ctor</c>), field, property or event.</param>
/// <param name="Line">1-based line in the list.</param>
public sealed record FriendEntry(string Type, string? Member, int Line)
{
    public override string ToString() => Member is null ? Type : $"{Type}::{Member}";
}

/// <summary>The list of friend members a project compiles against, by assembly.</summary>
/// <remarks>Lines: <c># comment</c>, <c>[Assembly]</c>, <c>Namespace.Type</c>, <c>Namespace.Type::Member</c>.</remarks>
public sealed class FriendSurface
{
    private FriendSurface(IReadOnlyDictionary<string, IReadOnlyList<FriendEntry>> assemblies) => Assemblies = assemblies;

    public IReadOnlyDictionary<string, IReadOnlyList<FriendEntry>> Assemblies { get; }

    public static FriendSurface Read(string path) => Parse(File.ReadLines(path), path);

    public static FriendSurface Parse(IEnumerable<string> lines, string origin)
    {
        var assemblies = new Dictionary<string, IReadOnlyList<FriendEntry>>();
        List<FriendEntry>? entries = null;
        int number = 0;
        foreach (string raw in lines)
        {
            number++;
            string line = raw.Split('#')[0].Trim();
            if (line.Length == 0)
            {
                continue;
            }

            if (line is ['[', .. var assembly, ']'])
            {
                entries = [];
                if (!assemblies.TryAdd(assembly, entries))
                {
                    throw new FriendSurfaceException($"{origin}({number}): assembly {assembly} has a group already.");
                }

                continue;
            }

            if (entries is null)
            {
                throw new FriendSurfaceException($"{origin}({number}): '{line}' stands before the first [Assembly] line.");
            }

            string[] parts = line.Split("::");
            if (parts.Length > 2 || parts.Any(part => part.Length == 0 || part.Any(char.IsWhiteSpace)))
            {
                throw new FriendSurfaceException($"{origin}({number}): '{line}' is neither Namespace.Type nor Namespace.Type::Member.");
            }

            entries.Add(new FriendEntry(parts[0], parts.ElementAtOrDefault(1), number));
        }

        return new FriendSurface(assemblies);
    }
}

/// <summary>The list, or an assembly it names, is not as the other expects.</summary>
public sealed class FriendSurfaceException(string message) : Exception(message);
