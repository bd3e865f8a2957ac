using Microsoft.ML.MixtureOfSoftmaxes.Distribution;
using Microsoft.ML.MixtureOfSoftmaxes.Modeling;
using TorchSharp;
using static TorchSharp.torch;

namespace Microsoft.ML.MixtureOfSoftmaxes.Training;

/// <summary>
/// What the network remembers of the columns of a batch: here of those of this rank, pass by pass; in a checkpoint of all, in the passes of one
/// process, so that as many ranks as one likes go on from it.
/// </summary>
internal sealed class BatchMemory : IDisposable
{
    private readonly LanguageModelNetwork _network;
    private readonly Ranks _ranks;
    private readonly int _columns;
    private readonly int _perPass;
    private readonly int _count;

    /// <param name="network">Whose memory it is.</param>
    /// <param name="columns">B, of all ranks.</param>
    /// <param name="perPass">Columns of a pass at most.</param>
    /// <param name="ranks">Which share the columns.</param>
    public BatchMemory(LanguageModelNetwork network, int columns, int perPass, Ranks ranks)
    {
        _network = network;
        _ranks = ranks;
        _columns = columns;
        _perPass = perPass;
        (FirstColumn, _count) = ranks.Share(columns);
        Passes = New(_count);
    }

    /// <summary>The first column of this rank.</summary>
    public int FirstColumn { get; }

    /// <summary>The states of this rank's passes.</summary>
    public RecurrentState[] Passes { get; private set; }

    /// <summary>Forgets the text read so far.</summary>
    public void Clear()
    {
        Dispose();
        Passes = New(_count);
    }

    /// <summary>The states of all columns by name. All ranks take part.</summary>
    public Dictionary<string, Tensor> Gather()
    {
        using IDisposable noGrad = no_grad();
        RecurrentState[] all = New(_columns);
        Dictionary<string, Tensor> whole = Named(all), own = Named(Passes);
        ForEachOwnColumn((pass, column, allPass, allColumn, name) =>
        {
            using Tensor from = own[$"pass{pass}.{name}"].narrow(1, column, 1);
            using Tensor to = whole[$"pass{allPass}.{name}"].narrow(1, allColumn, 1);
            to.copy_(from);
        });
        _ranks.Tensors.Sum(whole.Values);
        return whole;
    }

    /// <summary>Takes this rank's columns out of the states of all.</summary>
    /// <param name="read">Fills the states of all columns, by name.</param>
    public void Load(Action<IReadOnlyDictionary<string, Tensor>> read)
    {
        using IDisposable noGrad = no_grad();
        RecurrentState[] all = New(_columns);
        Dictionary<string, Tensor> whole = Named(all), own = Named(Passes);
        read(whole);
        ForEachOwnColumn((pass, column, allPass, allColumn, name) =>
        {
            using Tensor from = whole[$"pass{allPass}.{name}"].narrow(1, allColumn, 1);
            using Tensor to = own[$"pass{pass}.{name}"].narrow(1, column, 1);
            to.copy_(from);
        });
        Array.ForEach(all, state => state.Dispose());
    }

    public void Dispose() => Array.ForEach(Passes, state => state.Dispose());

    private RecurrentState[] New(int columns) =>
        [.. Enumerable.Range(0, columns).Chunk(_perPass).Select(pass => _network.InitialState(pass.Length))];

    private static Dictionary<string, Tensor> Named(RecurrentState[] passes) => passes
        .SelectMany((state, pass) => state.Named.Select(tensor => KeyValuePair.Create($"pass{pass}.{tensor.Key}", tensor.Value)))
        .ToDictionary();

    /// <summary>Visits where each column of this rank stands in its passes, and where in those of all, for each tensor of a state.</summary>
    private void ForEachOwnColumn(Action<int, int, int, int, string> visit)
    {
        string[] names = [.. Passes[0].Named.Select(tensor => tensor.Key)];
        for (int column = 0; column < _count; column++)
        {
            int among = FirstColumn + column;
            foreach (string name in names)
            {
                visit(column / _perPass, column % _perPass, among / _perPass, among % _perPass, name);
            }
        }
    }
}
