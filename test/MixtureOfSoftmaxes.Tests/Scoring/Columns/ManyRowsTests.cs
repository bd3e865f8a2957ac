using Microsoft.ML.Data;
using Microsoft.ML.MixtureOfSoftmaxes.Tests.Support;

namespace Microsoft.ML.MixtureOfSoftmaxes.Tests.Scoring.Columns;

[TestClass]
public sealed class ManyRowsTests
{
    private static readonly int s_rowCount = LongTests.Choose(200_000, 1_000_000);

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
        HandMadeView rows = new HandMadeView(s_rowCount)
            .AddTokens("Tokens", TinyModel.Words, row => new VBuffer<uint>(2, [(uint)(row % 13) + 1, 3]))
            .Add("Text", TextDataViewType.Instance, row => $"row {row}".AsMemory())
            .Add("Document", NumberDataViewType.Int64, row => row / 100);
        IDataView scored = model.Transform(rows);
        using DataViewRowCursor cursor = scored.GetRowCursor(scored.Schema);
        ValueGetter<VBuffer<float>> getter = cursor.GetGetter<VBuffer<float>>(scored.Schema["LogLikelihoods"]);
        VBuffer<float> logLikelihoods = default;
        ProcessMemory before = default;
        for (int row = 0; cursor.MoveNext(); row++)
        {
            getter(ref logLikelihoods);
            if (row == s_rowCount / 10)
            {
                before = ProcessMemory.Now();
            }
        }

        // The rows seen since would fill 30 MB as text alone, and several times that with their scores.
        ProcessMemory after = ProcessMemory.Now();
        Assert.IsLessThan(before.Megabytes + 30, after.Megabytes);
        Assert.IsLessThan(before.Tensors + 10, after.Tensors);
    }
}
