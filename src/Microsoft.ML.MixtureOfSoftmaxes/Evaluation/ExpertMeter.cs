using Microsoft.ML.Data;
using Microsoft.ML.MixtureOfSoftmaxes.Columns;

namespace Microsoft.ML.MixtureOfSoftmaxes.Evaluation;

/// <summary>Adds up how many experts scored tokens, and what was skipped, over the rows that a cursor stands at.</summary>
internal sealed class ExpertMeter
{
    private readonly ValueGetter<VBuffer<int>> _experts;
    private readonly ValueGetter<VBuffer<float>> _skipped;
    private VBuffer<int> _rowExperts;
    private VBuffer<float> _rowSkipped;
    private long _tokens, _sum;
    private double _skippedSum, _largest;

    /// <param name="row">What is read.</param>
    /// <param name="columns">Two, as <see cref="Columns"/> gives them.</param>
    public ExpertMeter(DataViewRow row, DataViewSchema.Column[] columns)
    {
        _experts = row.GetGetter<VBuffer<int>>(columns[0]);
        _skipped = row.GetGetter<VBuffer<float>>(columns[1]);
    }

    /// <summary>Null before any token.</summary>
    public ExpertUse? Use => _tokens == 0 ? null : new((double)_sum / _tokens, _skippedSum / _tokens, _largest);

    /// <summary>The columns that it reads; none where not both have names.</summary>
    /// <exception cref="ArgumentOutOfRangeException">One is absent or of another type.</exception>
    public static DataViewSchema.Column[] Columns(DataViewSchema schema, ScoringOptions names) =>
        names is { TokenExpertsColumnName: string experts, TokenSkippedPriorsColumnName: string skipped }
            ? [InputColumn.Vector(schema, experts, NumberDataViewType.Int32), InputColumn.Vector(schema, skipped, NumberDataViewType.Single)]
            : [];

    /// <summary>Adds the row's tokens.</summary>
    public void Add()
    {
        _experts(ref _rowExperts);
        _skipped(ref _rowSkipped);
        foreach (int count in _rowExperts.DenseValues())
        {
            _tokens++;
            _sum += count;
        }

        foreach (float prior in _rowSkipped.DenseValues())
        {
            _skippedSum += prior;
            _largest = Math.Max(_largest, prior);
        }
    }
}
