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
        /// Registers <see cref="ILanguageModelScorer"/> as a singleton. The model is loaded when the service is first resolved:
        /// resolve it at start-up to find a missing or damaged file there.
        /// </summary>
        /// <param name="configure">Sets the model file and other options; runs after options are bound to configuration.</param>
        /// <example>
        /// <code>
        /// builder.Services.AddMixtureOfSoftmaxes(options =>
        /// {
        ///     options.ModelPath = "mos.zip";
        ///     options.QueueCapacity = 4096;
        /// });
        /// WebApplication app = builder.Build();
        /// app.Services.GetRequiredService&lt;ILanguageModelScorer&gt;(); // Loads the model.
        /// app.MapPost("/perplexity", async (string text, ILanguageModelScorer scorer, CancellationToken cancellationToken) =>
        ///     (await scorer.ScoreAsync(text, cancellationToken)).Perplexity);
        /// </code>
        /// </example>
        public IServiceCollection AddMixtureOfSoftmaxes(Action<LanguageModelScorerOptions> configure)
        {
            ArgumentNullException.ThrowIfNull(services);
            ArgumentNullException.ThrowIfNull(configure);
            services.AddLogging();
            services.AddMetrics();
            services.AddOptions<LanguageModelScorerOptions>().Configure(configure);
            services.TryAddEnumerable(ServiceDescriptor
                .Singleton<IValidateOptions<LanguageModelScorerOptions>, LanguageModelScorerOptions.Validator>());
            services.TryAddSingleton<ILanguageModelScorer, LanguageModelScorer>();
            return services;
        }
    }

    extension(IHealthChecksBuilder builder)
    {
        /// <summary>
        /// Adds a health check of the scorer. It is degraded while the queue is full or the newest model file could not be
        /// loaded.
        /// </summary>
        /// <param name="name">The name of the check in reports.</param>
        /// <example>
        /// <code>
        /// builder.Services.AddHealthChecks().AddLanguageModel();
        /// WebApplication app = builder.Build();
        /// app.MapHealthChecks("/health");
        /// </code>
        /// </example>
        public IHealthChecksBuilder AddLanguageModel(string name = "language-model")
        {
            ArgumentNullException.ThrowIfNull(builder);
            return builder.AddCheck<LanguageModelHealthCheck>(name);
        }
    }
}
