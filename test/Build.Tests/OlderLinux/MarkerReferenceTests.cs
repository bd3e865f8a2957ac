using WeakenVersion;

namespace Build.Tests.OlderLinux;

/// <summary>The step that makes TorchSharp's library load on older systems, on a library made up for it.</summary>
[TestClass]
public class MarkerReferenceTests
{
    private const ushort Weak = 2;

    [TestMethod]
    public void The_version_that_only_the_marker_needs_is_marked_weak_in_one_bit()
    {
        byte[] original = MadeUpLibrary.WithMarker().ToArray();
        byte[] copy = [.. original];

        Assert.IsTrue(MarkerReference.Weaken(copy));

        int changed = Enumerable.Range(0, copy.Length).Single(i => copy[i] != original[i]);
        VersionReference marked = new SharedLibrary(copy).VersionReferences()
            .Single(reference => reference.FlagsOffset == changed);
        Assert.AreEqual("GLIBCXX_3.4.32", marked.Version);
        Assert.AreEqual(Weak, copy[changed]);
    }

    [TestMethod]
    public void A_second_time_changes_nothing()
    {
        byte[] once = MadeUpLibrary.WithMarker().ToArray();
        MarkerReference.Weaken(once);
        byte[] twice = [.. once];

        Assert.IsFalse(MarkerReference.Weaken(twice));
        CollectionAssert.AreEqual(once, twice);
    }

    [TestMethod]
    public void A_library_without_that_reference_stays_as_it_is()
    {
        MadeUpLibrary[] libraries =
        [
            new(),
            new MadeUpLibrary().Needs("libstdc++.so.6", "GLIBCXX_3.4.30").Calls("other", "GLIBCXX_3.4.30"),
            new MadeUpLibrary().Needs("libother.so", "GLIBCXX_3.4.32").Calls("_ZSt21ios_base_library_initv", "GLIBCXX_3.4.32"),
        ];
        foreach (byte[] original in libraries.Select(library => library.ToArray()))
        {
            byte[] copy = [.. original];
            Assert.IsFalse(MarkerReference.Weaken(copy));
            CollectionAssert.AreEqual(original, copy);
        }
    }

    [TestMethod]
    public void A_library_that_calls_more_of_that_version_is_refused()
    {
        byte[] image = MadeUpLibrary.WithMarker().Calls("_ZNSt6chronoltE", "GLIBCXX_3.4.32").ToArray();
        byte[] copy = [.. image];

        var error = Assert.ThrowsExactly<BadImageFormatException>(() => MarkerReference.Weaken(copy));

        StringAssert.Contains(error.Message, "_ZNSt6chronoltE");
        CollectionAssert.AreEqual(image, copy);
    }

    [TestMethod]
    public void A_library_cut_short_anywhere_is_refused()
    {
        byte[] whole = MadeUpLibrary.WithMarker().ToArray();
        for (int length = 0; length < whole.Length; length++)
        {
            byte[] cut = whole[..length];
            Assert.ThrowsExactly<BadImageFormatException>(() => MarkerReference.Weaken(cut), $"of {length} bytes");
        }
    }

    [TestMethod]
    public void A_damaged_library_is_refused_or_changed_by_no_more_than_one_bit()
    {
        byte[] whole = MadeUpLibrary.WithMarker().ToArray();
        foreach (byte damage in (byte[])[0x00, 0x01, 0x7f, 0x80, 0xff])
        {
            for (int at = 0; at < whole.Length; at++)
            {
                byte[] damaged = [.. whole];
                damaged[at] = damage;
                byte[] copy = [.. damaged];
                try
                {
                    MarkerReference.Weaken(copy);
                }
                catch (BadImageFormatException)
                {
                    CollectionAssert.AreEqual(damaged, copy);
                    continue;
                }

                int changed = Enumerable.Range(0, copy.Length).Count(i => copy[i] != damaged[i]);
                Assert.IsLessThanOrEqualTo(1, changed, $"{damage:x2} at {at}");
            }
        }
    }

    [TestMethod]
    [DataRow(4, (byte)1, DisplayName = "32 bits")]
    [DataRow(5, (byte)2, DisplayName = "big-endian")]
    [DataRow(1, (byte)'M', DisplayName = "not ELF")]
    public void A_file_of_another_kind_is_refused(int at, byte value)
    {
        byte[] image = MadeUpLibrary.WithMarker().ToArray();
        image[at] = value;
        var error = Assert.ThrowsExactly<BadImageFormatException>(() => MarkerReference.Weaken(image));
        StringAssert.Contains(error.Message, "not a 64-bit little-endian ELF file");
    }
}
