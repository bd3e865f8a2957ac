using Microsoft.ML;
using Microsoft.ML.MixtureOfSoftmaxes;
using Microsoft.ML.MixtureOfSoftmaxes.Distribution;
using Microsoft.ML.MixtureOfSoftmaxes.Interop;
using Microsoft.ML.MixtureOfSoftmaxes.Scoring;

namespace Mos;

/// <summary>
/// A model that all the processes which mpirun started have loaded. The first one reads rows and gets their scores, in whose making the others
/// help until they are released.
/// </summary>
internal sealed class RankedModel : IDisposable
{
    private readonly Ranks _ranks = Session.Ranks;
    private bool _isReleased;

    /// <param name="load">Loads the model.</param>
    public RankedModel(Func<ITransformer> load)
    {
        ITransformer loaded = _ranks.Together(load);
        Model = ModelChain.Find(loaded);
        _ranks.Tensors.CheckSame(
            Model.Network.parameters(), rank => $"Rank {rank} has another model than rank 0: give all ranks the same file.");
        Chain = ModelChain.Replace<LanguageModelTransformer>(loaded, found => found.WithRanks(_ranks));
    }

    /// <summary>The whole pipeline.</summary>
    public ITransformer Chain { get; }

    /// <summary>The language model in it.</summary>
    public LanguageModelTransformer Model { get; }

    /// <summary>On all processes but the first: scores for it until it has no more. False on the first one, whose work is still to be done.</summary>
    public bool HasServed(Session session)
    {
        if (!_ranks.IsFirst)
        {
            Model.Serve(_ranks);
            return true;
        }

        if (_ranks.Count > 1 && Model.Scoring.Context != ScoringContext.Row)
        {
            session.WriteMessage("each row depends on those before, so one process scores and the others wait: --context row shares the rows out.");
        }

        return false;
    }

    /// <summary>Lets the others end: all is scored.</summary>
    public void Release()
    {
        RankScorers.End(_ranks);
        _isReleased = true;
    }

    /// <summary>Where the work was broken off, the end of this process is to be that of the others, which may be in the middle of a batch.</summary>
    public void Dispose()
    {
        MpiWorld.HasFailed |= _ranks is { Count: > 1, IsFirst: true } && !_isReleased;
        Model.Dispose();
    }
}
