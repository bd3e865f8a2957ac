using Microsoft.ML.Data;
using Microsoft.ML.MixtureOfSoftmaxes.Tests.Support;
using static TorchSharp.torch;

namespace Microsoft.ML.MixtureOfSoftmaxes.Tests.Scoring.Columns;

[TestClass]
public sealed class ManyRowsTests
{
    private const int RowCount = 200_000;

    [TestMethod]
    [DataRow(ScoringContext.Row)]
    [DataRow(ScoringContext.Document)]
    public void Memory_does_not_grow_with_the_rows(ScoringContext context)
    {
        using LanguageModelTransformer model = TinyModel.UntrainedScorer(new()
        {
            Context = context,
            DocumentColumnName = "Document",
            TokenLogLikelihoodsColumnName = "LogLikelihoods",
        });
        HandMadeView rows = new HandMadeView(RowCount)
            .AddTokens("Tokens", TinyModel.Words, row => new VBuffer<uint>(2, [(uint)(row % 13) + 1, 3]))
            .Add("Text", TextDataViewType.Instance, row => $"row {row}".AsMemory())
            .Add("Document", NumberDataViewType.Int64, row => row / 100);
        IDataView scored = model.Transform(rows);
        using DataViewRowCursor cursor = scored.GetRowCursor(scored.Schema);
        ValueGetter<VBuffer<float>> getter = cursor.GetGetter<VBuffer<float>>(scored.Schema["LogLikelihoods"]);
        VBuffer<float> logLikelihoods = default;
        long bytes = 0, tensors = 0;
        for (int row = 0; cursor.MoveNext(); row++)
        {
            getter(ref logLikelihoods);
            if (row == RowCount / 10)
            {
                (bytes, tensors) = (GC.GetTotalMemory(forceFullCollection: true), Tensor.TotalCount);
            }
        }

        // The rows seen since would fill 30 MB as text alone. Other tests run at the same time, so there is some play.
        Assert.IsLessThan(bytes + (10 << 20), GC.GetTotalMemory(forceFullCollection: true));
        Assert.IsLessThan(tensors + 1000, Tensor.TotalCount);
    }
}
