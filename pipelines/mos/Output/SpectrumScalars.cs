using Microsoft.ML.MixtureOfSoftmaxes;
using Microsoft.ML.MixtureOfSoftmaxes.Persistence;
using Mos.Reports.Tables;

namespace Mos.Output;

/// <summary>Writes what <c>mos rank</c> measures of a model for TensorBoard.</summary>
internal static class SpectrumScalars
{
    /// <summary>The singular values, at the steps 1, 2 and so on, and the ranks, into a folder of the model's name.</summary>
    public static void Write(string folder, NamedRank model)
    {
        // Models whose files share a name are shown by their paths.
        var board = new TensorBoardFolder(Path.Combine(folder, string.Join('_', model.Name.Split(Path.GetInvalidFileNameChars()))));
        RankAnalysis rank = model.Rank;
        board.Add("rank/rank", rank.Rank, 0);
        board.Add("rank/effective_rank", rank.EffectiveRank, 0);
        foreach ((int i, double value) in rank.SingularValues.Index())
        {
            board.Add("rank/singular_value", value, i + 1);
        }
    }
}
