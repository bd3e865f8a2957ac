using Microsoft.ML.MixtureOfSoftmaxes.Distribution;
using Microsoft.ML.MixtureOfSoftmaxes.Interop;
using Microsoft.ML.MixtureOfSoftmaxes.Tests.Training;

namespace Microsoft.ML.MixtureOfSoftmaxes.Tests.Interop.Mpi;

/// <summary>Which library is looked for, what is said where there is none, and that none is where nobody asked.</summary>
[TestClass]
public sealed class MpiLibraryTests
{
    [TestMethod]
    [DataRow(true, "apt-get install openmpi-bin", DisplayName = "Open MPI")]
    [DataRow(false, "apt-get install mpich", DisplayName = "MPICH")]
    [DataRow(null, "Open MPI or MPICH", DisplayName = "Either")]
    public void Without_MPI_the_error_names_the_package(bool? isOpenMpi, string package)
    {
        var error = Assert.ThrowsExactly<DllNotFoundException>(() => MpiLibrary.Find(new(0, 2, 0, isOpenMpi), Nothing));
        StringAssert.Contains(error.Message, "No MPI was found (libmp");
        StringAssert.Contains(error.Message, package);
    }

    [TestMethod]
    [DataRow(true, "libmpi.so.40", DisplayName = "Open MPI's, though MPICH is there")]
    [DataRow(false, "libmpich.so.12", DisplayName = "MPICH's, though Open MPI is there")]
    public void The_library_is_that_of_the_launcher(bool isOpenMpi, string name) => Assert.AreEqual(
        (name, 7), MpiLibrary.Find(new(0, 2, 0, isOpenMpi), (string asked, out nint library) =>
        {
            library = 7;
            return asked is "libmpi.so.40" or "libmpich.so.12";
        }));

    [TestMethod]
    [OSCondition(OperatingSystems.Linux)]
    public void Nothing_of_MPI_is_loaded_by_a_process_that_stands_alone()
    {
        _ = ShortRun.Hash(ShortRun.Options());
        Assert.AreSame(Ranks.Alone, Ranks.Of(DistributedMode.Auto, TimeSpan.FromMinutes(1)));
        Assert.DoesNotContain("libmpi", File.ReadAllText("/proc/self/maps"), StringComparison.Ordinal);
    }

    private static bool Nothing(string name, out nint library)
    {
        library = 0;
        return false;
    }
}
