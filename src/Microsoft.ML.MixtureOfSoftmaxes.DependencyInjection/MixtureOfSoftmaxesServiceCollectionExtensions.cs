using Microsoft.Extensions.Configuration;
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
        /// <param name="configure">Sets the model file and other options.</param>
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

        /// <summary>As above, with options from configuration.</summary>
        /// <param name="settings">
        /// Has options by name. Times are of the form hh:mm:ss, or a number with its unit: 500ms, 90s, 15m, 2h, 3d. An error in a value is
        /// an <see cref="OptionsValidationException"/> when the service is first resolved.
        /// </param>
        /// <param name="configure">Sets options after that; may be null.</param>
        /// <example>
        /// <code>
        /// // appsettings.json: { "scorer": { "ModelPath": "mos.zip", "ReloadInterval": "15m" } }
        /// builder.Services.AddMixtureOfSoftmaxes(builder.Configuration.GetSection("scorer"));
        /// </code>
        /// </example>
        public IServiceCollection AddMixtureOfSoftmaxes(
            IConfiguration settings, Action<LanguageModelScorerOptions>? configure = null)
        {
            ArgumentNullException.ThrowIfNull(settings);
            return services.AddMixtureOfSoftmaxes(options =>
            {
                ScorerSettings.Apply(settings, options);
                configure?.Invoke(options);
            });
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
