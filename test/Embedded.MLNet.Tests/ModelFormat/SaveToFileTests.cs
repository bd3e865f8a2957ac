using Microsoft.ML;
using Microsoft.ML.Data;

namespace Embedded.MLNet.Tests.ModelFormat;

[TestClass]
public class SaveToFileTests
{
    [TestMethod]
    public void A_failed_save_leaves_the_old_file_whole_and_nothing_beside_it()
    {
        string folder = Directory.CreateTempSubdirectory().FullName;
        try
        {
            string path = Path.Combine(folder, "model.zip");
            var context = new MLContext();
            context.Model.Save(new OffsetTransformer(1, "old", []), null!, path);
            Assert.ThrowsExactly<NotSupportedException>(() => context.Model.Save(new Unsavable(), null!, path));
            Assert.AreEqual("old", ((OffsetTransformer)context.Model.Load(path, out _)).Name);
            CollectionAssert.AreEqual(new[] { path }, Directory.GetFiles(folder));

            context.Model.Save(new OffsetTransformer(2, "new", []), null!, path);
            Assert.AreEqual("new", ((OffsetTransformer)context.Model.Load(path, out _)).Name);
            CollectionAssert.AreEqual(new[] { path }, Directory.GetFiles(folder));
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    [TestMethod]
    public void Without_a_schema_the_loaded_schema_is_null()
    {
        ZipBytes.Load(ZipBytes.Save(new OffsetTransformer(1, "n", []), null), out DataViewSchema schema);
        Assert.IsNull(schema);
    }

    private sealed class Unsavable : ITransformer
    {
        public bool IsRowToRowMapper => false;

        public DataViewSchema GetOutputSchema(DataViewSchema inputSchema) => inputSchema;

        public IDataView Transform(IDataView input) => input;

        public IRowToRowMapper GetRowToRowMapper(DataViewSchema inputSchema) => throw new NotSupportedException();

        public void Save(ModelSaveContext ctx)
        {
            ctx.SaveTextStream("Started.txt", writer => writer.Write("some of it"));
            throw new NotSupportedException();
        }
    }
}
