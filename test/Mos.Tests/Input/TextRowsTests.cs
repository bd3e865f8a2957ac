using Microsoft.ML;
using Microsoft.ML.Data;
using Mos.Input;
using Mos.Input.Tables;
using Mos.Tests.Support;

namespace Mos.Tests.Input;

[TestClass]
public sealed class TextRowsTests : IDisposable
{
    private readonly Workspace _files = new();

    [TestMethod]
    public void Files_of_several_formats_are_one_text_with_the_context_of_each_row()
    {
        (string, TableFormat)[] files =
        [
            (_files.Write("a.csv", "q,answer,n", "who,\"the, cat\",1"), TableFormat.Csv),
            (_files.Write("b.jsonl", """{"answer":"a dog","q":null}""", """{"answer":"no one","q":"where"}"""), TableFormat.Jsonl),
        ];
        IDataView view = TextFiles.LoadOnce(new MLContext(), files, new("answer", "q"));
        Assert.AreSequenceEqual(["the, cat", "a dog", "no one"], view.GetColumn<string>("Text"));
        Assert.AreSequenceEqual(["who", "", "where"], view.GetColumn<string>("Context"));
        Assert.AreSequenceEqual([0, 1, 1], view.GetColumn<int>("FileIndex"));
        Assert.AreSequenceEqual([files[0].Item1, files[1].Item1, files[1].Item1], view.GetColumn<string>("File"));
    }

    [TestMethod]
    public void A_context_that_is_not_there_is_told_before_any_row_is_scored()
    {
        string path = _files.Write("a.csv", "text", "the cat");
        StringAssert.Contains(
            Assert.ThrowsExactly<InvalidDataException>(
                () => TextFiles.LoadOnce(new MLContext(), [(path, TableFormat.Csv)], new("text", "q"))).Message,
            "no column 'q'; it has 'text'");
    }

    public void Dispose() => _files.Dispose();
}
