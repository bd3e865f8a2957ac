using Microsoft.ML.MixtureOfSoftmaxes.Interop;

namespace Microsoft.ML.MixtureOfSoftmaxes.Tests.Interop.Mpi;

/// <summary>What the programs that start processes together say to each, and what is no sign of them.</summary>
[TestClass]
public sealed class MpiLauncherTests
{
    [TestMethod]
    public void Open_MPI() => Assert.AreEqual(
        new MpiLauncher(2, 4, 1, IsOpenMpi: true),
        Of("OMPI_COMM_WORLD_RANK=2 OMPI_COMM_WORLD_SIZE=4 OMPI_COMM_WORLD_LOCAL_RANK=1 PMIX_RANK=2"));

    [TestMethod]
    public void MPICH() => Assert.AreEqual(
        new MpiLauncher(1, 2, 0, IsOpenMpi: false), Of("PMI_RANK=1 PMI_SIZE=2 MPI_LOCALRANKID=0"));

    [TestMethod]
    [DataRow("PMIX_RANK", DisplayName = "srun --mpi=pmix")]
    [DataRow("PMI_RANK", DisplayName = "srun --mpi=pmi2")]
    public void Slurm(string rank) => Assert.AreEqual(
        new MpiLauncher(3, 8, 3, IsOpenMpi: null), Of($"{rank}=3 SLURM_STEP_NUM_TASKS=8 SLURM_LOCALID=3 SLURM_NTASKS=8"));

    [TestMethod]
    [DataRow("", DisplayName = "a shell")]
    [DataRow("SLURM_NTASKS=8 SLURM_PROCID=0 SLURM_LOCALID=0", DisplayName = "a batch script")]
    [DataRow("OMPI_COMM_WORLD_RANK=0 OMPI_COMM_WORLD_SIZE=1", DisplayName = "one process")]
    [DataRow("PMIX_RANK=0 SLURM_STEP_NUM_TASKS=1", DisplayName = "an interactive step of one task")]
    [DataRow("PMI_RANK=x PMI_SIZE=2", DisplayName = "no number")]
    public void A_process_that_stands_alone(string environment) => Assert.IsNull(Of(environment));

    private static MpiLauncher? Of(string environment)
    {
        Dictionary<string, string> variables = environment.Split(' ', StringSplitOptions.RemoveEmptyEntries)
            .Select(variable => variable.Split('=')).ToDictionary(parts => parts[0], parts => parts[1]);
        return MpiLauncher.Of(name => variables.GetValueOrDefault(name));
    }
}
