using System.CommandLine;
using System.Reflection;
using Settings = Microsoft.ML.MixtureOfSoftmaxes.Training.MixtureOfSoftmaxesTrainer.Options;

namespace Mos.Options;

/// <summary>
/// Every trainer option that is a number, a word or a choice, under its own name. They are found by reflection, so an option that
/// the trainer gains is on the command line at once, described by its documentation.
/// </summary>
internal sealed class TrainerOptions
{
    private static readonly Dictionary<string, string> s_shortNames = new()
    {
        [nameof(Settings.MaximumEpochs)] = "--epochs",
        [nameof(Settings.MaximumTokens)] = "--max-tokens",
        [nameof(Settings.CheckpointFolder)] = "--checkpoints",
    };

    private readonly List<(PropertyInfo Property, Option<object> Option)> _options = [];

    public TrainerOptions()
    {
        var summaries = new XmlSummaries(typeof(Settings).Assembly);
        foreach (PropertyInfo property in typeof(Settings).GetProperties().Where(p => p.CanWrite && ScalarValue.CanBe(p.PropertyType)))
        {
            string[] aliases = s_shortNames.TryGetValue(property.Name, out string? alias) ? [alias] : [];
            Option<object> option = ScalarValue.CreateOption(property.PropertyType, NameOf(property.Name), aliases);
            option.Description = summaries.Of(property);
            _options.Add((property, option));
        }
    }

    public IEnumerable<Option> All => _options.Select(o => o.Option);

    public static string NameOf(string property) => "--" + Names.Kebab(property);

    /// <summary>Sets what is given on the command line; the rest stays.</summary>
    public void Apply(Session session, Settings settings)
    {
        foreach ((PropertyInfo property, Option<object> option) in _options.Where(o => session.IsGiven(o.Option)))
        {
            property.SetValue(settings, session.Get(option));
        }
    }
}
