using Microsoft.ML;
using Microsoft.ML.MixtureOfSoftmaxes;

namespace Mos;

/// <summary>Reads models for the commands that use one.</summary>
internal static class Models
{
    /// <summary>The model of a file, which scores as asked.</summary>
    public static ITransformer Load(MLContext ml, string path, Func<ScoringOptions, ScoringOptions> change)
    {
        ITransformer model = ml.LanguageModeling.Load(path, out _);
        try
        {
            return ml.LanguageModeling.ChangeScoring(model, change);
        }
        catch (ArgumentException e)
        {
            throw new InvalidDataException($"Cannot use '{path}' as a model: {Failure.Describe(e)}", e);
        }
    }
}
