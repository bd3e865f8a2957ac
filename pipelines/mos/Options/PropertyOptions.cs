using System.CommandLine;
using System.Reflection;

namespace Mos.Options;

/// <summary>
/// An option for each property of a settings class that is a number, a word or a choice. The properties are found by reflection
/// and described by their documentation, so a setting that is added to the library is on the command line at once.
/// </summary>
/// <param name="shortNames">Additional, shorter names of options, by property.</param>
/// <param name="left">Properties that the command sets by options of its own.</param>
internal sealed class PropertyOptions<TSettings>(IReadOnlyDictionary<string, string> shortNames, params string[] left)
    where TSettings : class
{
    private readonly (PropertyInfo Property, Option<object> Option)[] _options = Create(shortNames, left);

    public IEnumerable<Option> All => _options.Select(o => o.Option);

    /// <summary>Sets the properties whose options are on the command line, and leaves the others.</summary>
    public void Apply(Session session, TSettings settings)
    {
        foreach ((PropertyInfo property, Option<object> option) in _options.Where(o => session.IsGiven(o.Option)))
        {
            property.SetValue(settings, session.Get(option));
        }
    }

    private static (PropertyInfo Property, Option<object> Option)[] Create(IReadOnlyDictionary<string, string> shortNames, string[] left)
    {
        var summaries = new XmlSummaries(typeof(TSettings).Assembly);
        IEnumerable<PropertyInfo> properties = typeof(TSettings).GetProperties();
        return [.. properties.Where(p => p.CanWrite && ScalarValue.CanBe(p.PropertyType) && !left.Contains(p.Name)).Select(CreateOne)];

        (PropertyInfo, Option<object>) CreateOne(PropertyInfo property)
        {
            string[] aliases = shortNames.TryGetValue(property.Name, out string? alias) ? [alias] : [];
            Option<object> option = ScalarValue.CreateOption(property.PropertyType, Names.OptionOf(property.Name), aliases);
            option.Description = summaries.Of(property);
            return (property, option);
        }
    }
}
