using Microsoft.ML;
using Microsoft.ML.MixtureOfSoftmaxes;

namespace Mos.Input;

/// <summary>Loads models for the commands.</summary>
internal static class Models
{
    /// <summary>Loads the model of a file and changes how it scores.</summary>
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
