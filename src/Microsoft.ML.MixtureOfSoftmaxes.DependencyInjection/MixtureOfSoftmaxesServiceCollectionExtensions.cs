using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Options;
using Microsoft.ML.MixtureOfSoftmaxes.DependencyInjection;
using Microsoft.ML.MixtureOfSoftmaxes.DependencyInjection.Observability;

namespace Microsoft.Extensions.DependencyInjection;

/// <summary>Registers a language model as a service.</summary>
public static class MixtureOfSoftmaxesServiceCollectionExtensions
{
    extension(IServiceCollection services)
    {
        /// <summary>
        /// Registers <see cref="ILanguageModelScorer"/>, one for all callers. The model is loaded when the service is first resolved, so
        /// resolve it at start-up to learn of a missing or damaged file there.
        /// </summary>
        /// <param name="configure">Names the model file and changes limits; runs after what configuration has bound.</param>
        public IServiceCollection AddMixtureOfSoftmaxes(Action<LanguageModelScorerOptions> configure)
        {
            ArgumentNullException.ThrowIfNull(services);
            ArgumentNullException.ThrowIfNull(configure);
            services.AddLogging();
            services.AddMetrics();
            services.AddOptions<LanguageModelScorerOptions>().Configure(configure);
            services.TryAddEnumerable(
                ServiceDescriptor.Singleton<IValidateOptions<LanguageModelScorerOptions>, LanguageModelScorerOptions.Validator>());
            services.TryAddSingleton<ILanguageModelScorer, LanguageModelScorer>();
            return services;
        }
    }

    extension(IHealthChecksBuilder builder)
    {
        /// <summary>
        /// Adds a health check of the scorer: degraded while the queue is full or the newest model file could not be loaded.
        /// </summary>
        /// <param name="name">Under which it is reported.</param>
        public IHealthChecksBuilder AddLanguageModel(string name = "language-model")
        {
            ArgumentNullException.ThrowIfNull(builder);
            return builder.AddCheck<LanguageModelHealthCheck>(name);
        }
    }
}
