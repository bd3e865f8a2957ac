using System.CommandLine;
using Microsoft.ML;
using Microsoft.ML.MixtureOfSoftmaxes;

namespace Mos.Options;

/// <summary>The options of dynamic evaluation: whether and how a model adapts to the text that it reads.</summary>
internal sealed class DynamicChoices
{
    private readonly Option<bool> _dynamic = new("--dynamic")
    {
        Description = "Dynamic evaluation: let the model adapt to the text as it reads it. Needs --statistics.",
    };

    private readonly Option<string[]> _statistics = CommonOptions.TextFiles(
        "--statistics", "With --dynamic: the text that the model was trained on, to measure the size of its gradients.");

    private readonly PropertyOptions<DynamicEvaluationOptions> _options = new(new Dictionary<string, string>
    {
        [nameof(DynamicEvaluationOptions.LearningRate)] = "--rate",
        [nameof(DynamicEvaluationOptions.DecayRate)] = "--lambda",
    });

    public IEnumerable<Option> All => [_dynamic, _statistics, .. _options.All];

    /// <exception cref="UsageException">One option is given without another that it needs.</exception>
    public void Check(Session session, ScoringContext context)
    {
        if (!session.Get(_dynamic))
        {
            if (All.Skip(1).FirstOrDefault(session.IsGiven) is Option option)
            {
                throw new UsageException($"{option.Name} has no effect without --dynamic.");
            }
        }
        else if (!session.IsGiven(_statistics))
        {
            throw new UsageException("--dynamic needs --statistics: the text that the model was trained on.");
        }
        else if (context != ScoringContext.Stream)
        {
            throw new UsageException(
                $"--dynamic reads the rows as one stream, so --context cannot be {Names.Short($"{context}")}.");
        }
    }

    /// <summary>The model, or one that adapts, if the user wants it; the two share the network.</summary>
    public ITransformer Apply(Session session, MLContext ml, ITransformer model, TableChoices tables)
    {
        if (!session.Get(_dynamic))
        {
            return model;
        }

        var options = new DynamicEvaluationOptions();
        _options.Apply(session, options);
        IDataView text = tables.Load(session, ml, session.Get(_statistics));
        session.WriteMessage("measuring gradient statistics.");
        return MosCommand.Checked(() => ml.LanguageModeling.AdaptDynamically(
            model, text, options, cancellationToken: session.Cancellation));
    }
}
