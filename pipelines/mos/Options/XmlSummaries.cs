using System.Reflection;
using System.Text.RegularExpressions;
using System.Xml.Linq;

namespace Mos.Options;

/// <summary>Summaries of properties, from the documentation file beside their assembly; empty if there is no such file.</summary>
internal sealed partial class XmlSummaries
{
    private readonly Dictionary<string, string> _summaries = [];

    public XmlSummaries(Assembly assembly)
    {
        string path = Path.ChangeExtension(assembly.Location, ".xml");
        if (File.Exists(path))
        {
            foreach (XElement member in XDocument.Load(path).Descendants("member"))
            {
                _summaries[member.Attribute("name")!.Value] = Text(member.Element("summary"));
            }
        }
    }

    public string Of(PropertyInfo property) =>
        _summaries.GetValueOrDefault($"P:{property.DeclaringType!.FullName!.Replace('+', '.')}.{property.Name}", "");

    private static string Text(XElement? summary) =>
        Space().Replace(string.Concat(summary?.DescendantNodes().Select(Text) ?? []), " ").Trim();

    private static string Text(XNode node) => node switch
    {
        XText text => text.Value,
        XElement element when element.Attribute("cref")?.Value is string reference => Reference(reference),
        _ => "",
    };

    // A member of an enumeration, "F:Namespace.Type.Member", goes by its name on the command line.
    private static string Reference(string reference)
    {
        string name = reference[(reference.LastIndexOf('.') + 1)..];
        return reference[0] == 'F' ? Names.Short(name) : name;
    }

    [GeneratedRegex(@"\s+")]
    private static partial Regex Space();
}
