using System.CommandLine;
using Microsoft.ML;
using Microsoft.ML.MixtureOfSoftmaxes;
using Mos.Input;
using Mos.Options;
using Mos.Output;

namespace Mos.Commands;

/// <summary><c>mos generate</c>: text from a model.</summary>
internal sealed class GenerateCommand : MosCommand
{
    private readonly Option<string> _model = CommonOptions.ModelToRead();
    private readonly Option<string> _prompt = new("--prompt")
    {
        Description = "The text to continue. [default: the beginning of a sentence]",
        HelpName = "text",
        DefaultValueFactory = _ => "",
    };

    private readonly Option<int> _count = CommonOptions.Integer(
        "--count", 1, "How many texts to draw, with seeds counted up from --seed, or how many results of a search; at least 1.");

    private readonly Option<bool> _logProbabilities = new("--log-probabilities")
    {
        Description = "Write one line per token: its name, a tab, and its log-probability under the model in nats.",
    };

    private readonly PropertyOptions<GenerationOptions> _generation = new(new Dictionary<string, string>
    {
        [nameof(GenerationOptions.MaximumTokens)] = "--max-tokens",
    });

    private readonly PropertyOptions<BeamSearchOptions> _search = new(new Dictionary<string, string>
    {
        [nameof(BeamSearchOptions.Width)] = "--beam",
    });

    private readonly Option<int?> _device = CommonOptions.Device();
    private readonly Option<bool> _json = CommonOptions.Json();

    public GenerateCommand()
        : base(
            "generate",
            "Continues a prompt. Draws word by word and writes each as soon as it is drawn; with --width or " +
            "--length-normalization, searches for the most probable text instead.",
            "mos generate --model ptb.zip --prompt \"the company said\" --temperature 0.8 --top-p 0.9",
            "mos generate --model ptb.zip --count 5 --seed 1 --max-tokens 200 --stop-at-end-of-sentence false",
            "mos generate --model ptb.zip --prompt \"the company said\" --beam 10 --count 3 --json")
    {
        AddOptions([_model, _prompt, _count, .. _generation.All, .. _search.All, _logProbabilities, _device, _json]);
    }

    protected override int Run(Session session)
    {
        if (session.Get(_count) is < 1 and int count)
        {
            throw new UsageException($"--count is {count}; it must be at least 1.");
        }

        MLContext ml = session.OpenContext(session.Get(_device));
        ITransformer model = Models.Load(ml, session.Get(_model), scoring => scoring);
        using LanguageModelTransformer languageModel = ml.LanguageModeling.GetLanguageModel(model);
        var options = new GenerationOptions();
        _generation.Apply(session, options);
        bool searches = _search.All.Any(session.IsGiven);
        Write(session, searches ? Search(session, ml, model, options) : Draw(session, ml, model, options));
        return ExitCode.Done;
    }

    private IEnumerable<IEnumerable<GeneratedWord>> Search(
        Session session, MLContext ml, ITransformer model, GenerationOptions options)
    {
        var search = new BeamSearchOptions();
        _search.Apply(session, search);
        TextGenerator generator = Checked(() => ml.LanguageModeling.CreateTextGenerator(model, options));
        return Checked(() => generator.Search(session.Get(_prompt), search, session.Cancellation))
            .Take(session.Get(_count)).Select(text => text.Words);
    }

    /// <summary>Draws texts one after the other, each with its own seed.</summary>
    private IEnumerable<IEnumerable<GeneratedWord>> Draw(
        Session session, MLContext ml, ITransformer model, GenerationOptions options)
    {
        int seed = options.Seed ?? Random.Shared.Next();
        for (int i = 0; i < session.Get(_count); i++)
        {
            TextGenerator generator = Checked(
                () => ml.LanguageModeling.CreateTextGenerator(model, options with { Seed = unchecked(seed + i) }));
            yield return generator.Generate(session.Get(_prompt), session.Cancellation);
        }
    }

    private void Write(Session session, IEnumerable<IEnumerable<GeneratedWord>> texts)
    {
        if (session.Get(_json))
        {
            session.WriteJson(new { Texts = texts.Select(words => GeneratedTextLines.Json([.. words])) });
            return;
        }

        Action<TextWriter, IEnumerable<GeneratedWord>> write =
            session.Get(_logProbabilities) ? GeneratedTextLines.WriteTable : GeneratedTextLines.Write;
        foreach (IEnumerable<GeneratedWord> words in texts)
        {
            write(session.Output, words);
        }
    }
}
