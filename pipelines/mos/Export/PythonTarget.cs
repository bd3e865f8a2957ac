using System.CommandLine;
using Microsoft.ML;
using Microsoft.ML.MixtureOfSoftmaxes;
using Mos.Options;

namespace Mos.Export;

/// <summary>What <c>mos export --python</c> writes, and what its model card says.</summary>
internal sealed class PythonTarget
{
    private readonly Option<string?> _folder = Text(
        "--python", "folder", "The folder to write for Python: one that is not there, an empty one, or an earlier export, which it then replaces.");

    private readonly Option<string?> _title = Text("--title", "text", "For the model card: its heading.");
    private readonly Option<string?> _license = Text("--license-name", "name", "For the model card: the licence of the model, such as mit.");
    private readonly Option<string?> _trainedOn = Text("--trained-on", "text", "For the model card: what the model was trained on.");

    private readonly Option<string[]> _data = CommonOptions.TextFiles(
        "--data", "For the model card: a text to evaluate on, each row by itself, as 'perplexity' in Python does.");

    private readonly TableChoices _tables = new();

    public IEnumerable<Option> All => [_folder, _title, _license, _trainedOn, _data, .. _tables.All];

    public bool IsGiven(Session session) => session.IsGiven(_folder);

    public void Write(Session session, MLContext ml, ITransformer model)
    {
        string folder = session.Get(_folder)!;
        var options = new PythonExportOptions
        {
            Title = session.Get(_title),
            License = session.Get(_license),
            TrainingData = session.Get(_trainedOn),
        };
        if (session.IsGiven(_data))
        {
            options = options with { Evaluation = Evaluation(session), Metrics = Evaluate(session, ml, model) };
        }

        ml.LanguageModeling.ExportToPython(model, folder, options);
        session.WriteLine($"{folder}");
    }

    private string Evaluation(Session session) =>
        $"`mos export --data {string.Join(' ', session.Get(_data).Select(path => Path.GetFileName(path)))}`: each row by itself; " +
        "unknown words and ends of rows count";

    private LanguageModelMetrics Evaluate(Session session, MLContext ml, ITransformer model)
    {
        ITransformer rows = ml.LanguageModeling.ChangeScoring(model, _ => new());
        return ml.LanguageModeling.Evaluate(
            rows.Transform(_tables.Load(session, ml, session.Get(_data))), textColumnName: nameof(TextLine.Text),
            cancellationToken: session.Cancellation);
    }

    private static Option<string?> Text(string name, string helpName, string description) =>
        new(name) { HelpName = helpName, Description = description };
}
