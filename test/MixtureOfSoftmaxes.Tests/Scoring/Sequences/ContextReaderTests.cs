using Microsoft.ML.MixtureOfSoftmaxes.Modeling;
using Microsoft.ML.MixtureOfSoftmaxes.Scoring;
using Microsoft.ML.MixtureOfSoftmaxes.Tests.Support;

namespace Microsoft.ML.MixtureOfSoftmaxes.Tests.Scoring.Sequences;

[TestClass]
public sealed class ContextReaderTests
{
    private readonly LanguageModelNetwork _network = Shapes.Network();

    [TestMethod]
    public void Each_context_has_the_state_after_it_and_equal_ones_share_it()
    {
        using var reader = new ContextReader(_network, endOfSentence: 1);
        int[][] contexts = [[2, 3], [4], [2, 3], [5, 6, 7, 8], [4], [2, 4]];
        (TextStates states, int[] places) = reader.Read(contexts, default);
        Assert.HasCount(4, places.Distinct());
        Assert.AreEqual(places[0], places[2]);
        Assert.AreEqual(places[1], places[4]);
        double[][] next = [.. Tensors.Values(states.NextLogProbabilities()).Chunk(Shapes.Vocabulary)];
        foreach ((int[] context, int place) in contexts.Zip(places))
        {
            Numbers.AssertClose(StepByStep.Distributions(_network, [.. context, 0], first: 1)[^1], next[place], 1e-5, "log P");
        }
    }

    [TestMethod]
    public void One_context_of_a_whole_batch_is_read_once_for_the_next_too()
    {
        using var reader = new ContextReader(_network, endOfSentence: 1);
        TextStates first = reader.Read([[2, 3], [2, 3]], default).States;
        Assert.AreSame(first, reader.Read([[2, 3]], default).States);
        Assert.AreNotSame(first, reader.Read([[2, 4]], default).States);
    }
}
