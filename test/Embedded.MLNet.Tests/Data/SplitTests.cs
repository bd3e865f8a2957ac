using Microsoft.ML;
using Microsoft.ML.Data;

namespace Embedded.MLNet.Tests.Data;

[TestClass]
public class SplitTests
{
    // Test sets that the official library makes of these rows.
    [TestMethod]
    [DataRow(7, null, "3,16,17,19,22,32,34,36")]
    [DataRow(7, 1, "2,9,10,12,13,21,28,33,34,35,37")]
    [DataRow(null, -5, "0,6,10,22,25,31,34,38")]
    public void Seeds_give_the_split_of_the_official_library(int? contextSeed, int? seed, string testIds)
    {
        var context = new MLContext(contextSeed);
        DataOperationsCatalog.TrainTestData split = context.Data.TrainTestSplit(Numbers.To(context, 40), 0.3, seed: seed);
        Assert.AreEqual(testIds, split.TestSet.IdText());
        CollectionAssert.AreEquivalent(
            Enumerable.Range(0, 40).ToArray(), split.TrainSet.Ids().Concat(split.TestSet.Ids()).ToArray());
    }

    [TestMethod]
    [DataRow("Name", "0,1,2,3,6,7,8,9,10,13,14,15,16,17,20,21,22,23,24,27,28,29,30,31,34,35,36,37,38")]
    [DataRow("Id", "3,4,7,23,27,31,34")]
    [DataRow("Half", "0,1,2,3,4,5,6,7,8,9,10,11")]
    public void A_sampling_key_gives_the_split_of_the_official_library(string column, string testIds)
    {
        var context = new MLContext();
        DataOperationsCatalog.TrainTestData split = context.Data.TrainTestSplit(Numbers.To(context, 40), 0.3, column, seed: 3);
        Assert.AreEqual(testIds, split.TestSet.IdText());
    }

    [TestMethod]
    public void Keys_split_by_their_place_and_missing_ones_are_in_no_part()
    {
        var context = new MLContext();
        uint[] keys = [0, 1, 2, 3, 4, 99];
        IDataView data = context.Data.LoadFromEnumerable(
            keys.Select((k, i) => new EnumerableDataViewTests.Everything { Id = i, K = k }));

        // The middles of the five keys are at 0.1, 0.3, 0.5, 0.7 and 0.9.
        DataOperationsCatalog.TrainTestData split = context.Data.TrainTestSplit(data, 0.4, "K");
        Assert.AreEqual("0,1", split.TestSet.IdText());
        Assert.AreEqual("2,3,4", split.TrainSet.IdText());
    }

    [TestMethod]
    public void Parts_have_about_the_size_asked_for()
    {
        var context = new MLContext(seed: 1);
        int test = context.Data.TrainTestSplit(Numbers.To(context, 10_000), 0.2).TestSet.Ids().Length;

        // Five standard deviations of a binomial distribution.
        Assert.AreEqual(2000, test, 5 * Math.Sqrt(10_000 * 0.2 * 0.8));
    }

    [TestMethod]
    public void A_split_is_the_same_at_every_pass()
    {
        var context = new MLContext();
        IDataView test = context.Data.TrainTestSplit(Numbers.To(context, 50), 0.5).TestSet;
        Assert.AreEqual(test.IdText(), test.IdText());
    }

    [TestMethod]
    public void Each_row_is_in_the_test_set_of_one_fold()
    {
        var context = new MLContext(seed: 7);
        IReadOnlyList<DataOperationsCatalog.TrainTestData> folds = context.Data.CrossValidationSplit(Numbers.To(context, 40), 3);
        Assert.AreEqual("3,16,17,19,22,32,34,36,37", folds[0].TestSet.IdText());
        CollectionAssert.AreEquivalent(Enumerable.Range(0, 40).ToArray(), folds.SelectMany(f => f.TestSet.Ids()).ToArray());
        foreach (DataOperationsCatalog.TrainTestData fold in folds)
            Assert.AreEqual(40, fold.TrainSet.Ids().Length + fold.TestSet.Ids().Length);
    }

    [TestMethod]
    public void Fractions_and_columns_that_make_no_sense_are_refused()
    {
        var context = new MLContext();
        IDataView data = Numbers.To(context, 3);
        Assert.ThrowsExactly<ArgumentOutOfRangeException>(() => context.Data.TrainTestSplit(data, 1));
        Assert.ThrowsExactly<ArgumentOutOfRangeException>(() => context.Data.TrainTestSplit(data, 0));
        Assert.ThrowsExactly<ArgumentOutOfRangeException>(() => context.Data.CrossValidationSplit(data, 1));
        var e = Assert.ThrowsExactly<ArgumentOutOfRangeException>(
            () => context.Data.TrainTestSplit(data, samplingKeyColumnName: "Nowhere"));
        StringAssert.Contains(e.Message, "Could not find SamplingKeyColumn column 'Nowhere'");
    }
}
