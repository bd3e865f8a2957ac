using Microsoft.ML.Data;

namespace Microsoft.ML;

/// <summary>A component that <c>mlContext.Model.Save</c> can write.</summary>
public interface ICanSaveModel
{
    void Save(ModelSaveContext ctx);
}

/// <summary>Adds columns to data, or drops columns or rows from it.</summary>
public interface ITransformer : ICanSaveModel
{
    /// <summary>Whether every output row depends on the input row at its place alone.</summary>
    bool IsRowToRowMapper { get; }

    /// <summary>The output for this input, or an error that names the column that does not fit.</summary>
    DataViewSchema GetOutputSchema(DataViewSchema inputSchema);

    /// <summary>Checks the schema and returns a lazy view; rows are computed when it is read.</summary>
    IDataView Transform(IDataView input);

    /// <summary>The mapper from row to row; an error where <see cref="IsRowToRowMapper"/> is false.</summary>
    IRowToRowMapper GetRowToRowMapper(DataViewSchema inputSchema);
}

/// <summary>A transformer that maps the rows it was trained on differently from rows to score.</summary>
internal interface ITransformerWithDifferentMappingAtTrainingTime : ITransformer
{
    IDataView TransformForTrainingPipeline(IDataView input);
}
