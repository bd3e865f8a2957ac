using Microsoft.ML.MixtureOfSoftmaxes;

namespace Microsoft.ML;

/// <summary>The entrance to language modelling from an <see cref="MLContext"/>.</summary>
public static class LanguageModelingExtensions
{
    extension(MLContext context)
    {
        /// <summary>Tokenizers, trainers, scoring and evaluation of language models.</summary>
        public LanguageModelingCatalog LanguageModeling
        {
            get
            {
                ArgumentNullException.ThrowIfNull(context);
                return new(context);
            }
        }
    }
}
