using Microsoft.ML;
using Microsoft.ML.MixtureOfSoftmaxes.Scoring;

namespace Mos;

/// <summary>Reads models for the commands that use one.</summary>
internal static class Models
{
    /// <summary>The model of a file, its rows conditioned as asked.</summary>
    /// <param name="context">A member of <see cref="ScoringContext"/>, in any case; null for that of the file.</param>
    public static ITransformer Load(MLContext ml, string path, string? context = null)
    {
        if (!File.Exists(path))
        {
            throw new FileNotFoundException($"There is no model file '{path}'.", path);
        }

        try
        {
            ITransformer model = ml.Model.Load(path, out _);
            return ml.LanguageModeling.ChangeScoring(
                model, scoring => context is null ? scoring : scoring with { Context = Enum.Parse<ScoringContext>(context, ignoreCase: true) });
        }
        catch (Exception e)
        {
            // What a damaged file raises depends on where the damage is; the message says so, the file is named here.
            throw new InvalidDataException($"Cannot use '{path}' as a model: {Failure.Describe(e)}", e);
        }
    }
}
