using System.CommandLine;
using System.Reflection;

namespace Mos.Options;

/// <summary>
/// Every property of a class of settings that is a number, a word or a choice, under its own name. They are found by reflection, so an
/// option that the library gains is on the command line at once, described by its documentation.
/// </summary>
/// <param name="shortNames">Shorter names by property.</param>
internal class PropertyOptions<TSettings>(IReadOnlyDictionary<string, string> shortNames)
    where TSettings : class
{
    private readonly (PropertyInfo Property, Option<object> Option)[] _options = Create(shortNames);

    public IEnumerable<Option> All => _options.Select(o => o.Option);

    /// <summary>Sets what is given on the command line; the rest stays.</summary>
    public void Apply(Session session, TSettings settings)
    {
        foreach ((PropertyInfo property, Option<object> option) in _options.Where(o => session.IsGiven(o.Option)))
        {
            property.SetValue(settings, session.Get(option));
        }
    }

    private static (PropertyInfo Property, Option<object> Option)[] Create(IReadOnlyDictionary<string, string> shortNames)
    {
        var summaries = new XmlSummaries(typeof(TSettings).Assembly);
        return [.. typeof(TSettings).GetProperties().Where(p => p.CanWrite && ScalarValue.CanBe(p.PropertyType)).Select(CreateOne)];

        (PropertyInfo, Option<object>) CreateOne(PropertyInfo property)
        {
            string[] aliases = shortNames.TryGetValue(property.Name, out string? alias) ? [alias] : [];
            Option<object> option = ScalarValue.CreateOption(property.PropertyType, Names.OptionOf(property.Name), aliases);
            option.Description = summaries.Of(property);
            return (property, option);
        }
    }
}
