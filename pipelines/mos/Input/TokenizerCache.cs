using Microsoft.ML;
using Microsoft.ML.MixtureOfSoftmaxes;
using Microsoft.ML.MixtureOfSoftmaxes.Persistence;

namespace Mos.Input;

/// <summary>Tokenizers in the folder of token files, so that a text is read once for its words and once for its tokens, and then no more.</summary>
internal static class TokenizerCache
{
    /// <summary>The tokenizer in the folder, else the fitted one, which is put there.</summary>
    /// <param name="session">Gets messages.</param>
    /// <param name="ml">Loads and saves.</param>
    /// <param name="folder">The folder.</param>
    /// <param name="key">What tells it from others.</param>
    /// <param name="patience">How long it waits for another process that fits the same one.</param>
    /// <param name="train">What it is fitted to.</param>
    /// <param name="fit">Fits it.</param>
    public static ITransformer Get(
        Session session, MLContext ml, string folder, string key, TimeSpan patience, IDataView train, Func<ITransformer> fit)
    {
        string path = Path.Combine(folder, $"{TextKey.Hash(key)}.tokenizer.zip");
        return SharedFile.Get(path, patience, () => TryLoad(session, ml, path), _ => Fit(), new(null, session.Cancellation));

        ITransformer Fit()
        {
            ITransformer fitted = fit();
            AtomicFile.Write(path, stream => ml.Model.Save(fitted, train.Schema, stream));
            return fitted;
        }
    }

    private static ITransformer? TryLoad(Session session, MLContext ml, string path)
    {
        if (!File.Exists(path))
        {
            return null;
        }

        try
        {
            ITransformer found = ml.LanguageModeling.Load(path, out _);
            session.WriteMessage($"the tokenizer '{path}' is used.");
            return found;
        }
        catch (InvalidDataException e)
        {
            session.WriteMessage($"{e.Message} It is made anew.");
            return null;
        }
    }
}
