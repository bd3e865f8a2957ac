using System.Buffers.Binary;
using System.IO.Compression;
using System.Text;
using Microsoft.ML;
using Microsoft.ML.Data;

namespace Embedded.MLNet.Tests.ModelFormat;

[TestClass]
public class DamagedModelTests
{
    private const string Entry = "TransformerChain/Model.key";

    private static readonly byte[] Zip = ZipBytes.Save(new OffsetTransformer(5, "five", [1, 2, 3, 4]), TextSchema());

    [TestMethod]
    public void A_file_that_is_no_zip_is_named_with_the_remedy() => AssertFileError([.. "no zip at all"u8], "no zip archive");

    [TestMethod]
    public void An_empty_file_is_named_with_the_remedy() => AssertFileError([], "no zip archive");

    [TestMethod]
    [DataRow(10)]
    [DataRow(50)]
    [DataRow(90)]
    public void Loading_a_truncated_zip_names_the_file_and_the_remedy(int percent) =>
        AssertFileError(Zip[..(Zip.Length * percent / 100)], "cut short");

    [TestMethod]
    public void A_missing_file_is_named()
    {
        string path = Path.Combine(Path.GetTempPath(), "there is no such model.zip");
        FileNotFoundException e = Assert.ThrowsExactly<FileNotFoundException>(() => new MLContext().Model.Load(path, out _));
        StringAssert.Contains(e.Message, path);
    }

    [TestMethod]
    public void A_zip_without_a_model_says_which_entry_it_lacks() =>
        AssertError(ZipBytes.WithoutEntry(Zip, Entry), $"no entry '{Entry}'", "Copy or save the model again");

    [TestMethod]
    public void A_model_saved_with_a_data_loader_says_what_to_do()
    {
        byte[] zip = ZipBytes.WithEntry(ZipBytes.WithoutEntry(Zip, "Schema"), "Model.key", [1]);
        AssertError(zip, "data loader", "input schema instead");
    }

    [TestMethod]
    public void A_component_from_a_newer_version_says_so_and_what_to_do() => AssertError(
        ZipBytes.WithPatch(Zip, Entry, 0x48, [1, 0, 9, 0, 1, 0, 9, 0]),
        Entry, "format version 9.1 of 'OffsetOfTests'", "newer than 2.3", "Load the model with the version");

    [TestMethod]
    public void A_component_that_older_code_can_read_is_read_by_older_code()
    {
        // Written by version 2.9, readable from 2.3 on, and this code is 2.3.
        byte[] zip = ZipBytes.WithPatch(Zip, Entry, 0x48, [9, 0, 2, 0, 3, 0, 2, 0]);
        Assert.IsInstanceOfType<OffsetTransformer>(ZipBytes.Load(zip));
    }

    [TestMethod]
    public void A_component_from_a_version_that_is_read_no_more_says_so() => AssertError(
        ZipBytes.WithPatch(Zip, Entry, 0x48, [1, 0, 1, 0, 1, 0, 1, 0]), Entry, "format version 1.1", "older than 2.1", "again");

    [TestMethod]
    public void A_header_from_a_newer_version_says_so() => AssertError(
        ZipBytes.WithPatch(Zip, Entry, 8, [0, 0, 2, 0, 0, 0, 2, 0]), Entry, "header has version 2.0", "newer version of the library");

    [TestMethod]
    public void A_component_of_another_kind_is_refused() =>
        AssertError(ZipBytes.WithPatch(Zip, Entry, 0x40, (byte)'X'), Entry, "not of the kind", "OffsetOfTests");

    [TestMethod]
    [DataRow(0, DisplayName = "signature")]
    [DataRow(0x10, DisplayName = "position of the model")]
    [DataRow(0x1F, DisplayName = "size of the model")]
    [DataRow(0x20, DisplayName = "position of the strings")]
    [DataRow(0x2F, DisplayName = "size of the string table")]
    [DataRow(0x38, DisplayName = "size of the strings")]
    [DataRow(0x80, DisplayName = "position of the tail")]
    [DataRow(0x8F, DisplayName = "end")]
    [DataRow(0x90, DisplayName = "position of the assembly name")]
    [DataRow(0x98, DisplayName = "size of the assembly name")]
    public void A_tampered_header_is_an_error_that_names_the_entry(int offset) =>
        AssertError(ZipBytes.WithPatch(Zip, Entry, offset, 0x7F), Entry, "no readable model");

    [TestMethod]
    public void A_tampered_string_table_is_an_error_that_names_the_entry()
    {
        byte[] content = ZipBytes.Entries(Zip).Single(e => e.Name == Entry).Content;
        long table = BinaryPrimitives.ReadInt64LittleEndian(content.AsSpan(0x20));
        AssertError(ZipBytes.WithPatch(Zip, Entry, (int)table, 0xFF, 0xFF, 0xFF, 0x7F), Entry, "string table is corrupt");
    }

    [TestMethod]
    public void A_string_number_out_of_range_is_an_error_that_names_the_entry() =>
        AssertError(ZipBytes.WithPatch(Zip, Entry, 256 + 4, 3), Entry, "no string 3");

    [TestMethod]
    public void A_tampered_tail_is_an_error_that_names_the_entry()
    {
        byte[] content = ZipBytes.Entries(Zip).Single(e => e.Name == Entry).Content;
        AssertError(ZipBytes.WithPatch(Zip, Entry, content.Length - 1, 0), Entry, "tail is corrupt");
    }

    [TestMethod]
    [DataRow(0)]
    [DataRow(100)]
    [DataRow(260)]
    public void An_entry_that_was_cut_short_is_named(int length)
    {
        byte[] content = ZipBytes.Entries(Zip).Single(e => e.Name == Entry).Content;
        AssertError(ZipBytes.WithEntry(Zip, Entry, content[..length]), Entry, "no readable model");
    }

    [TestMethod]
    public void An_entry_whose_compressed_bytes_are_damaged_is_named()
    {
        byte[] zip = [.. Zip];

        // The first entry: 30 bytes of local header, the name, then the deflated bytes.
        int start = 30 + "TrainingInfo/Version.txt".Length;
        int next = zip.AsSpan(start).IndexOf("PK\u0003\u0004"u8) + start;
        int data = next + 30 + Entry.Length + "/Weights".Length - "/Model.key".Length;
        zip.AsSpan(data, 3).Fill(0xFF);
        AssertError(zip, "Weights", "damaged");
    }

    [TestMethod]
    public void A_single_wrong_bit_in_an_entry_is_noticed()
    {
        // Random bytes are stored as they are: no decompression would fail.
        byte[] weights = new byte[10_000];
        new Random(1).NextBytes(weights);
        byte[] zip = ZipBytes.Save(new OffsetTransformer(5, "five", weights), null);
        int at = zip.AsSpan().IndexOf(weights.AsSpan(5_000, 8));
        Assert.AreNotEqual(-1, at);
        zip[at] ^= 1;
        AssertError(zip, "Weights", "damaged");
    }

    [TestMethod]
    public void An_assembly_that_is_not_there_is_named_with_the_remedy()
    {
        string zipName = typeof(OffsetTransformer).Assembly.GetName().Name!;
        byte[] content = ZipBytes.Entries(Zip).Single(e => e.Name == Entry).Content;
        int at = content.AsSpan().IndexOf(Encoding.Unicode.GetBytes(zipName));
        byte[] zip = ZipBytes.WithPatch(Zip, Entry, at, Encoding.Unicode.GetBytes("Absentia"));
        AssertError(zip, Entry, "Absentia", "Reference the library");
    }

    [TestMethod]
    public void A_loader_that_is_not_there_is_named_with_the_remedy() => AssertError(
        ZipBytes.WithPatch(Zip, Entry, 0x50, (byte)'Q'), Entry, "'QffsetOfTests'", "Reference the library");

    [TestMethod]
    [DataRow(0, DisplayName = "signature")]
    [DataRow(0x1F, DisplayName = "position of the table of columns")]
    [DataRow(0x20, DisplayName = "position of the tail")]
    [DataRow(0x33, DisplayName = "number of columns")]
    [DataRow(0x100, DisplayName = "length of the name of the first column")]
    [DataRow(0x105, DisplayName = "length of the name of its type")]
    public void A_tampered_schema_is_an_error_that_names_the_entry(int offset) =>
        AssertError(ZipBytes.WithPatch(Zip, "Schema", offset, 0x7F), "Entry 'Schema'", "no readable schema");

    [TestMethod]
    public void A_schema_from_a_newer_version_says_so() =>
        AssertError(ZipBytes.WithPatch(Zip, "Schema", 0x10, 7), "Entry 'Schema'", "newer than 0001000100010006");

    private static DataViewSchema TextSchema()
    {
        var builder = new DataViewSchema.Builder();
        builder.AddColumn("Text", TextDataViewType.Instance);
        return builder.ToSchema();
    }

    private static void AssertFileError(byte[] bytes, string part)
    {
        string path = Path.GetTempFileName();
        try
        {
            File.WriteAllBytes(path, bytes);
            FormatException e = Assert.ThrowsExactly<FormatException>(() => new MLContext().Model.Load(path, out _));
            StringAssert.Contains(e.Message, path);
            StringAssert.Contains(e.Message, part);
            StringAssert.Contains(e.Message, "Copy or save the model again");
        }
        finally
        {
            File.Delete(path);
        }
    }

    private static void AssertError(byte[] zip, params string[] parts)
    {
        FormatException e = Assert.ThrowsExactly<FormatException>(() => ZipBytes.Load(zip));
        foreach (string part in parts)
            StringAssert.Contains(e.Message, part);
    }
}
