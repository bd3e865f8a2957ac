using Microsoft.ML;
using Microsoft.ML.MixtureOfSoftmaxes.Scoring;

namespace Mos;

/// <summary>Reads models for the commands that use one.</summary>
internal static class Models
{
    /// <summary>The model of a file, which scores as asked.</summary>
    public static ITransformer Load(MLContext ml, string path, Func<ScoringOptions, ScoringOptions> change)
    {
        if (!File.Exists(path))
        {
            throw new FileNotFoundException($"There is no model file '{path}'.", path);
        }

        try
        {
            ITransformer model = ml.Model.Load(path, out _);
            return ml.LanguageModeling.ChangeScoring(model, change);
        }
        catch (Exception e)
        {
            // What a damaged file raises depends on where the damage is; the message says so, the file is named here.
            throw new InvalidDataException($"Cannot use '{path}' as a model: {Failure.Describe(e)}", e);
        }
    }
}
