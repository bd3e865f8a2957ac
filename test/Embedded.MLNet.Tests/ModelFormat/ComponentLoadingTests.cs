using System.Reflection;
using Microsoft.ML;
using Microsoft.ML.Data;
using Microsoft.ML.Runtime;

namespace Embedded.MLNet.Tests.ModelFormat;

[TestClass]
public class ComponentLoadingTests
{
    [TestMethod]
    public void A_component_of_another_assembly_loads_as_itself_in_a_context_that_never_heard_of_it()
    {
        byte[] zip = ZipBytes.Save(new OffsetTransformer(-42, "naïve", [1, 2, 3]), null);
        var loaded = Assert.IsInstanceOfType<OffsetTransformer>(ZipBytes.Load(zip));
        Assert.AreEqual(-42, loaded.Offset);
        Assert.AreEqual("naïve", loaded.Name);
        CollectionAssert.AreEqual(new byte[] { 1, 2, 3 }, loaded.Weights);
    }

    [TestMethod]
    public void A_component_loads_as_itself_inside_a_chain()
    {
        var chain = new TransformerChain<ITransformer>(new OffsetTransformer(7, "inner", []), new OffsetTransformer(8, "last", [9]));
        byte[] zip = ZipBytes.Save(chain, null);
        CollectionAssert.IsSubsetOf(
            new[]
            {
                "TransformerChain/Model.key", "TransformerChain/Transform_000/Model.key", "TransformerChain/Transform_001/Weights",
            },
            ZipBytes.Entries(zip).Select(e => e.Name).ToArray());
        OffsetTransformer[] loaded = [.. ((IEnumerable<ITransformer>)ZipBytes.Load(zip)).Cast<OffsetTransformer>()];
        CollectionAssert.AreEqual(new[] { 7, 8 }, loaded.Select(t => t.Offset).ToArray());
    }

    [TestMethod]
    public void A_component_saved_by_another_release_of_its_assembly_loads()
    {
        var name = new AssemblyName(typeof(OffsetTransformer).Assembly.FullName!) { Version = new Version(99, 0, 0, 0) };
        var context = new MLContext();
        LoaderAssemblies.Register(context, name.FullName, "The test");
        Assert.IsNotNull(context.ComponentCatalog.GetLoadableClassInfo<SignatureLoadModel>(OffsetTransformer.LoaderSignature));
    }

    [TestMethod]
    public void Loader_names_ignore_case()
    {
        var catalog = new ComponentCatalog();
        catalog.RegisterAssembly(typeof(OffsetTransformer).Assembly);
        Assert.IsNotNull(catalog.GetLoadableClassInfo<SignatureLoadModel>(" offsetoftests"));
        Assert.IsNull(catalog.GetLoadableClassInfo<SignatureLoadRowMapper>("OffsetOfTests"));
    }

    [TestMethod]
    public void A_constructor_serves_where_there_is_no_Create()
    {
        var attribute = new LoadableClassAttribute(typeof(Constructed), null, typeof(SignatureLoadModel), "Constructed");
        LoadableClassInfo info = LoadableClassInfo.CreateOrNull(attribute)!;
        Assert.IsInstanceOfType<Constructed>(info.CreateInstance(new MLContext(), [null!]));
    }

    [TestMethod]
    public void A_class_that_nothing_can_create_is_an_error_or_passed_over() =>
        Assert.IsNull(LoadableClassInfo.CreateOrNull(
            new LoadableClassAttribute(typeof(string), null, typeof(SignatureLoadModel), "Text")));

    [TestMethod]
    public void An_official_assembly_is_this_one()
    {
        var context = new MLContext();
        LoaderAssemblies.Register(context, LoaderAssemblies.Transforms, "The test");
        Assert.IsNotNull(context.ComponentCatalog.GetLoadableClassInfo<SignatureLoadModel>("TokenizeTextTransform"));
    }

    private sealed class Constructed
    {
        internal Constructed(IHostEnvironment env, ModelLoadContext ctx)
        {
            Assert.IsNotNull(env);
            Assert.IsNull(ctx);
        }
    }
}
