using Microsoft.ML.MixtureOfSoftmaxes;

namespace Mos.Reports;

/// <summary>The rank of a model that has a name.</summary>
internal sealed record NamedRank(string Name, RankAnalysis Rank);
