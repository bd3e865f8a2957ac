using System.Buffers.Binary;
using System.Text;
using Microsoft.ML;

namespace Embedded.MLNet.Tests.ModelFormat;

[TestClass]
public class ModelHeaderTests
{
    [TestMethod]
    public void Every_field_of_a_saved_component_stands_where_the_format_has_it()
    {
        using var stream = new MemoryStream();
        using (var writer = new BinaryWriter(stream))
        {
            ModelSaveContext.Save(writer, ctx =>
            {
                ctx.SetVersionInfo(new VersionInfo("AB CDEFG", 0x00010003, 0x00010002, 0x00010001, "Asm", "Loader", "Alt"));
                ctx.Writer.Write((byte)0x77);
                ctx.SaveString("xyz");
                ctx.SaveString("");
                ctx.SaveString("xyz");
                ctx.SaveStringOrNull(null);
            });
        }

        // 1 byte and 4 ids; 2 end offsets; "xyz"; "Asm"; the tail.
        const int Model = 256;
        const int StringTable = Model + 17;
        const int StringChars = StringTable + 16;
        const int Assembly = StringChars + 6;
        const int Tail = Assembly + 6;
        byte[] expected = new byte[Tail + 8];
        Encoding.ASCII.GetBytes("ML\0MODEL").CopyTo(expected, 0);
        Put32(8, 0x00010002, 0x00010002);
        Put64(0x10, Model, 17, StringTable, 16, StringChars, 6);
        Encoding.ASCII.GetBytes("AB\0CDEFG").CopyTo(expected, 0x40);
        Put32(0x48, 0x00010003, 0x00010002);
        Encoding.ASCII.GetBytes("Loader").CopyTo(expected, 0x50);
        Encoding.ASCII.GetBytes("Alt").CopyTo(expected, 0x68);
        Put64(0x80, Tail, Tail + 8, Assembly);
        Put32(0x98, 6);
        expected[Model] = 0x77;
        Put32(Model + 1, 0, 1, 0, uint.MaxValue);
        Put64(StringTable, 6, 6);
        Encoding.Unicode.GetBytes("xyz").CopyTo(expected, StringChars);
        Encoding.Unicode.GetBytes("Asm").CopyTo(expected, Assembly);
        Encoding.ASCII.GetBytes("LEDOM\0LM").CopyTo(expected, Tail);
        CollectionAssert.AreEqual(expected, stream.ToArray());

        void Put32(int offset, params uint[] values)
        {
            foreach (uint value in values)
            {
                BinaryPrimitives.WriteUInt32LittleEndian(expected.AsSpan(offset), value);
                offset += 4;
            }
        }

        void Put64(int offset, params long[] values)
        {
            foreach (long value in values)
            {
                BinaryPrimitives.WriteInt64LittleEndian(expected.AsSpan(offset), value);
                offset += 8;
            }
        }
    }

    [TestMethod]
    public void A_component_without_strings_has_no_string_table()
    {
        using var stream = new MemoryStream();
        using (var writer = new BinaryWriter(stream))
            ModelSaveContext.Save(writer, ctx => ctx.SetVersionInfo(new VersionInfo("ABCDEFGH", 1, 1, 1, "A")));

        byte[] bytes = stream.ToArray();
        Assert.HasCount(256 + 2 + 8, bytes);
        Assert.IsTrue(bytes[0x18..0x40].All(b => b == 0), "Size of the model and all positions of strings are zero.");
    }

    [TestMethod]
    public void Strings_come_back_as_saved()
    {
        using var stream = new MemoryStream();
        using (var writer = new BinaryWriter(stream, Encoding.UTF8, leaveOpen: true))
        {
            ModelSaveContext.Save(writer, ctx =>
            {
                ctx.SetVersionInfo(new VersionInfo("ABCDEFGH", 1, 1, 1, "A"));
                ctx.SaveString("");
                ctx.SaveStringOrNull(null);
                ctx.SaveNonEmptyString("naïve 𝔘nicode");
            });
        }

        stream.Position = 0;
        using var reader = new BinaryReader(stream);
        using var loaded = new ModelLoadContext(reader);
        Assert.AreEqual("", loaded.LoadString());
        Assert.IsNull(loaded.LoadStringOrNull());
        Assert.AreEqual("naïve 𝔘nicode", loaded.LoadNonEmptyString());
        loaded.Done();
        Assert.AreEqual(stream.Length, stream.Position);
    }

    [TestMethod]
    public void A_component_that_sets_no_version_cannot_be_saved()
    {
        using var writer = new BinaryWriter(new MemoryStream());
        InvalidOperationException e = Assert.ThrowsExactly<InvalidOperationException>(() => ModelSaveContext.Save(writer, _ => { }));
        Assert.AreEqual("ModelSignature not specified!", e.Message);
    }

    [TestMethod]
    public void A_model_signature_has_eight_characters() =>
        Assert.ThrowsExactly<InvalidOperationException>(() => new VersionInfo("SHORT", 1, 1, 1, "A"));

    [TestMethod]
    public void A_loader_signature_has_at_most_24_characters()
    {
        using var writer = new BinaryWriter(new MemoryStream());
        Assert.ThrowsExactly<InvalidOperationException>(() => ModelSaveContext.Save(
            writer, ctx => ctx.SetVersionInfo(new VersionInfo("ABCDEFGH", 1, 1, 1, "A", new string('x', 25)))));
    }
}
