using System.Collections;
using Microsoft.ML.Runtime;

namespace Microsoft.ML.Data;

/// <summary>Transformers in a row, each applied to what the ones before it give.</summary>
public sealed class TransformerChain<TLastTransformer> : ITransformer, IEnumerable<ITransformer>, IDisposable
    where TLastTransformer : class, ITransformer
{
    /// <summary>The last transformer; null in an empty chain, which nobody who appends can hold.</summary>
    public readonly TLastTransformer LastTransformer;

    private readonly ITransformer[] _transformers;
    private readonly TransformerScope[] _scopes;
    private bool _disposed;

    public TransformerChain(IEnumerable<ITransformer> transformers, IEnumerable<TransformerScope> scopes)
    {
        _transformers = [.. transformers ?? []];
        _scopes = [.. scopes ?? []];
        Contracts.Check(
            _transformers.Length == _scopes.Length, $"{_transformers.Length} transformers cannot have {_scopes.Length} scopes.");
        LastTransformer = (_transformers.LastOrDefault() as TLastTransformer)!;
        Contracts.Check(
            _transformers.Length == 0 || LastTransformer is not null,
            $"The last transformer of the chain is no {typeof(TLastTransformer)}.");
    }

    public TransformerChain(params ITransformer[] transformers)
        : this(transformers, (transformers ?? []).Select(_ => TransformerScope.Everything))
    {
    }

    bool ITransformer.IsRowToRowMapper => _transformers.All(t => t.IsRowToRowMapper);

    public DataViewSchema GetOutputSchema(DataViewSchema inputSchema) => GetOutputSchema(inputSchema, TransformerScope.Scoring);

    /// <summary>The output schema of the transformers of this scope.</summary>
    public DataViewSchema GetOutputSchema(DataViewSchema inputSchema, TransformerScope scope)
    {
        Contracts.CheckValue(inputSchema, nameof(inputSchema));
        return GetModelFor(scope).Aggregate(inputSchema, (schema, transformer) => transformer.GetOutputSchema(schema));
    }

    public IDataView Transform(IDataView input) => Transform(input, TransformerScope.Scoring);

    /// <summary>Applies the transformers of this scope, after the schema has been found to suit all of them.</summary>
    public IDataView Transform(IDataView input, TransformerScope scope)
    {
        Contracts.CheckValue(input, nameof(input));
        GetOutputSchema(input.Schema, scope);
        return GetModelFor(scope).Aggregate(input, (data, transformer) => transformer.Transform(data));
    }

    /// <summary>The chain of the transformers of this scope.</summary>
    public TransformerChain<ITransformer> GetModelFor(TransformerScope scopeFilter)
    {
        (ITransformer Transformer, TransformerScope Scope)[] kept =
            [.. _transformers.Zip(_scopes).Where(step => (step.Second & scopeFilter) != TransformerScope.None)];
        return new TransformerChain<ITransformer>(kept.Select(step => step.Transformer), kept.Select(step => step.Scope));
    }

    /// <summary>A chain with one more transformer.</summary>
    public TransformerChain<TNewLast> Append<TNewLast>(TNewLast transformer, TransformerScope scope = TransformerScope.Everything)
        where TNewLast : class, ITransformer
    {
        Contracts.CheckValue(transformer, nameof(transformer));
        return new TransformerChain<TNewLast>([.. _transformers, transformer], [.. _scopes, scope]);
    }

    public IEnumerator<ITransformer> GetEnumerator() => _transformers.AsEnumerable().GetEnumerator();

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();

    IRowToRowMapper ITransformer.GetRowToRowMapper(DataViewSchema inputSchema)
    {
        Contracts.CheckValue(inputSchema, nameof(inputSchema));
        var mappers = new IRowToRowMapper[_transformers.Length];
        for (int i = 0; i < mappers.Length; i++)
        {
            Contracts.Check(
                _transformers[i].IsRowToRowMapper,
                $"GetRowToRowMapper method called despite IsRowToRowMapper being false for {_transformers[i].GetType().Name}.");
            mappers[i] = _transformers[i].GetRowToRowMapper(i == 0 ? inputSchema : mappers[i - 1].OutputSchema);
        }

        return new CompositeRowToRowMapper(inputSchema, mappers);
    }

    void ICanSaveModel.Save(ModelSaveContext ctx) => TransformerChain.Save(ctx, _transformers, _scopes);

    /// <summary>Disposes the transformers that can be.</summary>
    public void Dispose()
    {
        if (_disposed)
            return;
        _disposed = true;
        foreach (IDisposable transformer in _transformers.OfType<IDisposable>())
            transformer.Dispose();
    }
}
