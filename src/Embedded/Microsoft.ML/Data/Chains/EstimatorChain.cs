using Microsoft.ML.Runtime;

namespace Microsoft.ML.Data;

/// <summary>Estimators in a row, each fitted on what the ones before it make of the data.</summary>
public sealed class EstimatorChain<TLastTransformer> : IEstimator<TransformerChain<TLastTransformer>>
    where TLastTransformer : class, ITransformer
{
    /// <summary>The last estimator; null in an empty chain.</summary>
    public readonly IEstimator<TLastTransformer>? LastEstimator;

    private readonly IHostEnvironment? _cacheEnvironment;
    private readonly EstimatorStep[] _steps;

    public EstimatorChain()
        : this(null, [])
    {
    }

    internal EstimatorChain(IHostEnvironment? cacheEnvironment, EstimatorStep[] steps)
    {
        _cacheEnvironment = cacheEnvironment;
        _steps = steps;
        LastEstimator = steps.LastOrDefault()?.Estimator as IEstimator<TLastTransformer>;
    }

    /// <summary>Fits the estimators in order, after the schema has been found to suit all of them.</summary>
    public TransformerChain<TLastTransformer> Fit(IDataView input)
    {
        Contracts.CheckValue(input, nameof(input));
        GetOutputSchema(SchemaShape.Create(input.Schema));

        var transformers = new ITransformer[_steps.Length];
        IDataView data = input;
        for (int i = 0; i < _steps.Length; i++)
        {
            transformers[i] = _steps[i].Estimator.Fit(data);
            data = transformers[i] is ITransformerWithDifferentMappingAtTrainingTime transformer
                ? transformer.TransformForTrainingPipeline(data)
                : transformers[i].Transform(data);
            if (_steps[i].CacheAfter && i < _steps.Length - 1)
                data = new CacheDataView(_cacheEnvironment!, data, []);
        }

        return new TransformerChain<TLastTransformer>(transformers, _steps.Select(s => s.Scope));
    }

    public SchemaShape GetOutputSchema(SchemaShape inputSchema) =>
        _steps.Aggregate(inputSchema, (shape, step) => step.Estimator.GetOutputSchema(shape));

    /// <summary>A chain with one more estimator.</summary>
    public EstimatorChain<TNewTrans> Append<TNewTrans>(
        IEstimator<TNewTrans> estimator, TransformerScope scope = TransformerScope.Everything)
        where TNewTrans : class, ITransformer
    {
        Contracts.CheckValue(estimator, nameof(estimator));
        return new EstimatorChain<TNewTrans>(
            _cacheEnvironment, [.. _steps, new EstimatorStep(estimator, scope, CacheAfter: false)]);
    }

    /// <summary>Keeps the data in memory after the last estimator, for the ones after it to read many times.</summary>
    public EstimatorChain<TLastTransformer> AppendCacheCheckpoint(IHostEnvironment env)
    {
        Contracts.CheckValue(env, nameof(env));
        Contracts.Check(_steps.Length > 0, "Current estimator chain has no estimator, can't append cache checkpoint.");
        return new EstimatorChain<TLastTransformer>(env, [.. _steps[..^1], _steps[^1] with { CacheAfter = true }]);
    }
}

/// <summary>A member of an <see cref="EstimatorChain{TLastTransformer}"/>.</summary>
internal sealed record EstimatorStep(IEstimator<ITransformer> Estimator, TransformerScope Scope, bool CacheAfter);
