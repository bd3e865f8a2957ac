using System.Diagnostics.Metrics;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Logging;
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
        /// Registers <see cref="ILanguageModelScorer"/> and <see cref="ILanguageModelCompleter"/>, which share one model, as singletons. The
        /// model is loaded when one of them is first resolved: resolve it at start-up to find a missing or damaged file there.
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
            return Add(services, null, configure);
        }

        /// <summary>
        /// As above for one model of several, whose services are keyed by its name; its metrics have the name as the tag <c>model</c>.
        /// </summary>
        /// <param name="name">The name of the model.</param>
        /// <param name="configure">Sets the model file and other options.</param>
        /// <example>
        /// <code>
        /// services.AddKeyedMixtureOfSoftmaxes("small", options => options.ModelPath = "small.zip");
        /// services.AddKeyedMixtureOfSoftmaxes("large", options => options.ModelPath = "large.zip");
        ///
        /// public sealed class Surprise([FromKeyedServices("large")] ILanguageModelScorer scorer);
        /// </code>
        /// </example>
        public IServiceCollection AddKeyedMixtureOfSoftmaxes(string name, Action<LanguageModelScorerOptions> configure)
        {
            ArgumentNullException.ThrowIfNull(services);
            ArgumentException.ThrowIfNullOrEmpty(name);
            ArgumentNullException.ThrowIfNull(configure);
            return Add(services, name, configure);
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
                ScorerSettings.Apply(settings, options, null);
                configure?.Invoke(options);
            });
        }

        /// <summary>As above for one model of several, with options from configuration.</summary>
        /// <param name="name">The name of the model.</param>
        /// <param name="settings">Has options by name; what it has beside them is left alone.</param>
        /// <param name="configure">Sets options after that; may be null.</param>
        /// <example>
        /// <code>
        /// // appsettings.json: { "models": { "small": { "ModelPath": "small.zip" } } }
        /// builder.Services.AddKeyedMixtureOfSoftmaxes("small", builder.Configuration.GetSection("models:small"));
        /// </code>
        /// </example>
        public IServiceCollection AddKeyedMixtureOfSoftmaxes(
            string name, IConfiguration settings, Action<LanguageModelScorerOptions>? configure = null)
        {
            ArgumentNullException.ThrowIfNull(settings);
            return services.AddKeyedMixtureOfSoftmaxes(name, options =>
            {
                ScorerSettings.Apply(settings, options, name);
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
        /// <param name="model">The name of the model; null for the one without.</param>
        /// <example>
        /// <code>
        /// builder.Services.AddHealthChecks().AddLanguageModel();
        /// WebApplication app = builder.Build();
        /// app.MapHealthChecks("/health");
        /// </code>
        /// </example>
        public IHealthChecksBuilder AddLanguageModel(string name = "language-model", string? model = null)
        {
            ArgumentNullException.ThrowIfNull(builder);
            return builder.Add(new(name, services => new LanguageModelHealthCheck(services, model), failureStatus: null, tags: null));
        }
    }

    private static IServiceCollection Add(IServiceCollection services, string? name, Action<LanguageModelScorerOptions> configure)
    {
        services.AddLogging();
        services.AddMetrics();
        services.AddOptions<LanguageModelScorerOptions>(name).Configure(configure);
        services.TryAddEnumerable(ServiceDescriptor
            .Singleton<IValidateOptions<LanguageModelScorerOptions>, LanguageModelScorerOptions.Validator>());
        services.TryAddKeyedSingleton(name, (provider, _) => new LanguageModelScorer(
            name,
            provider.GetRequiredService<IOptionsMonitor<LanguageModelScorerOptions>>(),
            provider.GetRequiredService<ILogger<LanguageModelScorer>>(),
            provider.GetRequiredService<IMeterFactory>()));
        services.TryAddKeyedSingleton<ILanguageModelScorer>(name, (provider, _) => provider.GetRequiredKeyedService<LanguageModelScorer>(name));
        services.TryAddKeyedSingleton<ILanguageModelCompleter>(name, (provider, _) => provider.GetRequiredKeyedService<LanguageModelScorer>(name));
        return services;
    }
}
