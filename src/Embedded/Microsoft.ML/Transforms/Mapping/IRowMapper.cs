namespace Microsoft.ML.Data;

/// <summary>Computes new columns of a row from those of one input schema, which it is bound to.</summary>
internal interface IRowMapper : ICanSaveModel
{
    DataViewSchema.DetachedColumn[] GetOutputColumns();

    /// <summary>Which input columns the new columns need, both by index.</summary>
    Func<int, bool> GetDependencies(Func<int, bool> activeOutput);

    /// <summary>A getter for every active new column, null for the others, and what to do when they are of no more use.</summary>
    Delegate?[] CreateGetters(DataViewRow input, Func<int, bool> activeOutput, out Action? disposer);

    ITransformer GetTransformer();
}

/// <summary>The signature of what loads a component as a row mapper.</summary>
internal delegate void SignatureLoadRowMapper(ModelLoadContext ctx, DataViewSchema schema);
